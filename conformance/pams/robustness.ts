import type { HttpReply } from "../engine/http.js";
import { NoAnswer } from "../engine/outcome.js";
import { refused } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import { dynamicStatus, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { paths, registerOverlay, registerPeer, report } from "./primitives.js";
import { lived, refuses } from "./refusals.js";

const requirement = "PAMP-9.2-02";
/** What is too much, or no HTTP, may also find the connection closed: then there is no reply. */
async function orCutOff(t: PamsTest, what: string, send: () => Promise<HttpReply>): Promise<HttpReply | undefined> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof NoAnswer) || error.kind !== "closed") throw error;
    t.warn(`${what}: the connection was closed without an answer`, requirement);
    return undefined;
  }
}

const aboutErrors = { requirements: [requirement], errata: ["E-PAMP-67"], group: "behaviour" } as const;

/** Text on its way as a body, with the header that names its type; one difference makes it wrong. */
interface Message {
  readonly text: string;
  readonly type: string;
}

type Target = "overlay-registration" | "peer-registration" | "status-report";

/** A valid message as text, where it goes, and what has to be as it was afterwards. */
async function textFor(t: PamsTest, target: Target) {
  const { overlay, peer, intact } = await witness(t);
  // In an overlay of its own, so that the valid twin does not show with the witness.
  const apart = await overlayNetwork(t);
  const other = await peerIn(t, apart);
  const valid = (): Message => {
    const body =
      target === "overlay-registration"
        ? overlayOf(t)
        : target === "peer-registration"
          ? peerOf(t)
          : reportOf(t, dynamicStatus(), staticStatus());
    return { text: JSON.stringify(body), type: "application/json" };
  };
  const send = async ({ text, type }: Message): Promise<HttpReply> => {
    const as = { raw: text, contentType: type, malformed: true };
    const body = parsed(text);
    if (target === "overlay-registration") return await registerOverlay(t, body, as);
    if (target === "peer-registration") return await registerPeer(t, apart, body, as);
    return await report(t, apart, other, body, as);
  };
  return { valid, send, intact: () => intact(requirement), overlay, peer };
}

/** For the clean-up only: what of a broken text can be read. */
function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

interface Damage {
  readonly name: string;
  readonly what: string;
  readonly delta: (message: Message) => Message;
  /** What HTTP leaves to the server; see PamsRefusal. */
  readonly tolerated?: string;
}

const damages: readonly Damage[] = [
  { name: "cut-short", what: "JSON that ends in its middle", delta: (m) => ({ ...m, text: m.text.slice(0, -5) }) },
  { name: "no-json", what: "a body that is no JSON", delta: (m) => ({ ...m, text: "<peer id='1'/>" }) },
  {
    name: "trailing-comma",
    what: "JSON with a comma too many",
    delta: (m) => ({ ...m, text: m.text.replace(/}$/, ",}") }),
  },
  { name: "empty-body", what: "a body of no octets", delta: (m) => ({ ...m, text: "" }) },
  { name: "list-body", what: "a JSON list around the message", delta: (m) => ({ ...m, text: `[${m.text}]` }) },
  { name: "number-body", what: "a body that is a JSON number", delta: (m) => ({ ...m, text: "7" }) },
  { name: "null-body", what: "a body that is JSON null", delta: (m) => ({ ...m, text: "null" }) },
  {
    name: "media-type",
    what: "a body said to be image/png",
    delta: (m) => ({ ...m, type: "image/png" }),
    tolerated: "a body is read as JSON whatever its Content-Type says",
  },
];

const damaged = (["overlay-registration", "peer-registration", "status-report"] as const).flatMap((target) =>
  damages.map(({ name, what, delta, tolerated }) =>
    defineCase({
      id: `pams/robustness/${target}-${name}`,
      title: `${target.replace("-", " ")}: ${what} is refused and changes nothing${tolerated ? ", or is read all the same" : ""}`,
      ...aboutErrors,
      async run(t) {
        const { valid, send, intact } = await textFor(t, target);
        const more = tolerated === undefined ? {} : { tolerated };
        await refuses(t, {
          what: `${target} with ${what}`,
          requirement,
          valid,
          send,
          delta,
          unchanged: intact,
          ...more,
        });
      },
    }),
  ),
);

interface WrongMethod {
  readonly name: string;
  readonly what: string;
  readonly right: string;
  readonly wrong: string;
  readonly path: (t: PamsTest, overlay: string, peer: string) => string;
  readonly body: (t: PamsTest) => Record<string, unknown>;
}

const methods: readonly WrongMethod[] = [
  {
    name: "put-overlays",
    what: "an overlay registration by PUT",
    right: "POST",
    wrong: "PUT",
    path: () => paths.overlays(),
    body: (t) => overlayOf(t),
  },
  {
    name: "post-report",
    what: "a status report by POST",
    right: "PUT",
    wrong: "POST",
    path: (t, overlay, peer) => paths.report(t, overlay, peer),
    body: (t) => reportOf(t, dynamicStatus(), staticStatus()),
  },
  {
    name: "put-peers",
    what: "a peer registration by PUT",
    right: "POST",
    wrong: "PUT",
    path: (t, overlay) => paths.registration(t, overlay),
    body: (t) => peerOf(t),
  },
];

const wrongMethods = methods.map(({ name, what, right, wrong, path, body }) =>
  defineCase({
    id: `pams/robustness/${name}`,
    title: `${what} is refused and changes nothing`,
    ...aboutErrors,
    needs: (declared) => declared.value("peer-token-header") === "" || name !== "post-report",
    async run(t) {
      const { intact } = await witness(t);
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      await refuses(t, {
        what,
        requirement,
        valid: () => ({ method: right, body: body(t) }),
        send: async ({ method, body }, as) => {
          const reply = await t.http.send(method, path(t, overlay, peer), {
            body,
            ...as,
            malformed: as.malformed || t.declared.reading("E-PAMP-08") === "B",
          });
          const { overlay_network_id: made } = (body.overlay_network_information ?? {}) as {
            overlay_network_id?: string;
          };
          if (made !== undefined) t.cleanup(`overlay ${made}`, () => t.http.delete(paths.overlay(made)));
          return reply;
        },
        delta: (message) => ({ ...message, method: wrong }),
        unchanged: () => intact(requirement),
      });
    },
  }),
);

interface Excess {
  readonly name: string;
  readonly what: string;
  /** Text in place of the blank members of a valid report. */
  readonly filling: () => string;
}

const excesses: readonly Excess[] = [
  { name: "huge-body", what: "a report of four million octets", filling: () => `"${"x".repeat(4_000_000)}"` },
  {
    name: "deep-nesting",
    what: "a report with 50,000 lists in each other",
    filling: () => "[".repeat(50_000) + "]".repeat(50_000),
  },
  {
    name: "many-members",
    what: "a report with 20,000 unknown members",
    filling: () => `{${Array.from({ length: 20_000 }, (_, i) => `"m${i}":${i}`).join(",")}}`,
  },
  { name: "long-number", what: "a report with a number of 100,000 digits", filling: () => "9".repeat(100_000) },
];

/** Refused or not, it is answered or cut off, and the product lives. */
const excessive = excesses.map(({ name, what, filling }) =>
  defineCase({
    id: `pams/robustness/${name}`,
    title: `${what} is taken or refused, and lived through`,
    requirements: [requirement],
    errata: ["E-PAMP-67"],
    group: "behaviour",
    async run(t) {
      const { intact } = await witness(t);
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      const whole = JSON.stringify(reportOf(t, dynamicStatus(), staticStatus()));
      const raw = whole.replace(/}$/, `,"x-conformance":${filling()}}`);
      const reply = await orCutOff(t, what, () => report(t, overlay, peer, {}, { raw, malformed: true }));
      if (reply) t.answers(reply, lived, { what: `the status of ${what}` });
      const entry = t.transcript.lastMessage();
      t.that(await t.alive(), "the product still answers afterwards", "it no longer answers", {
        what: `the product after ${what}`,
        entry,
      });
      await intact(requirement);
    },
  }),
);

const identifiers = [
  defineCase({
    id: "pams/robustness/long-overlay-id",
    title: "an overlay ID of 100,000 characters is taken or refused, and lived through",
    ...aboutErrors,
    async run(t) {
      const { intact } = await witness(t);
      const long = `${t.unique("overlay")}-${"x".repeat(100_000)}`;
      const what = "the registration of an overlay ID of 100,000 characters";
      const body = overlayOf(t, { overlay_network_id: long });
      const reply = await orCutOff(t, what, () => registerOverlay(t, body, { malformed: true }));
      if (reply) t.answers(reply, lived, { what: `the status of ${what}` });
      await intact(requirement);
    },
  }),
  defineCase({
    id: "pams/robustness/long-path",
    title: "a path of 100,000 characters is refused, or the connection closed, and lived through",
    ...aboutErrors,
    async run(t) {
      const { intact } = await witness(t);
      const what = "a query with a path of 100,000 characters";
      const reply = await orCutOff(t, what, () =>
        t.http.get(`/pams/${"x".repeat(100_000)}/peers/p`, { malformed: true }),
      );
      if (reply) t.answers(reply, refused, { what: `the status of ${what}` });
      await intact(requirement);
    },
  }),
  ...(
    [
      ["dot-segments", "dots that lead upwards", "..%2f..%2fpams"],
      ["null-octet", "a null octet", "a%00b"],
      ["broken-escape", "an escape that is none", "%zz"],
      ["no-utf8", "octets that are no UTF-8", "%ff%fe"],
    ] as const
  ).map(([name, what, id]) =>
    defineCase({
      id: `pams/robustness/identifier-${name}`,
      title: `a query for an overlay whose ID has ${what} is refused`,
      ...aboutErrors,
      async run(t) {
        const { intact } = await witness(t);
        const host = new URL(t.http.base).host;
        const lines = (t.declared.value("headers") as readonly string[]).map((line) => `${line}\r\n`).join("");
        const reply = await t.http.raw(
          `GET /pams/${id}/peers/p HTTP/1.1\r\nHost: ${host}\r\n${lines}Connection: close\r\n\r\n`,
        );
        const query = `a query for an overlay whose ID has ${what}`;
        if (reply.status === undefined) t.warn(`${query}: the connection was closed without an answer`, requirement);
        else t.answers(reply, refused, { what: `the status of ${query}` });
        await intact(requirement);
      },
    }),
  ),
  defineCase({
    id: "pams/robustness/member-names-of-objects",
    title: "names that objects of some languages have anyway are names like others",
    ...aboutErrors,
    async run(t) {
      const { intact } = await witness(t);
      const overlay = await overlayNetwork(t);
      for (const id of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
        const reply = await registerPeer(t, overlay, peerOf(t, { peer_id: id }));
        t.answers(reply, lived, { what: `the status of the registration of a peer called ${id}` });
      }
      const raw = '{"peer_information":{"peer_id":"plain","type":"PEER","__proto__":{"type":"CS"}}}';
      const reply = await registerPeer(t, overlay, { peer_information: { peer_id: "plain" } }, { raw });
      t.answers(reply, lived, { what: "the status of a registration with a member __proto__" });
      await intact(requirement);
    },
  }),
];

/** What is no PAMP message is refused by the rules of HTTP, changes nothing and brings nothing down [9.2, E-PAMP-67]. */
export const robustnessCases = [...damaged, ...wrongMethods, ...excessive, ...identifiers];
