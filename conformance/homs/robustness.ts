import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import { NoAnswer } from "../engine/outcome.js";
import type { Outcome } from "../engine/refuses.js";
import { set } from "../engine/refuses.js";
import type { Cite } from "../engine/test.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import { refusesCreation } from "./creation-refusals.js";
import type { Json } from "./messages.js";
import { creationOf, deletion, joinOf, newPeer, overlayInfo, removalOf } from "./messages.js";
import { accepted, made, refused, shown, tidy, view } from "./overlays.js";
import type { Message } from "./primitives.js";
import { primitives } from "./primitives.js";
import { refuses } from "./refusals.js";

/** A message as it goes out: octets, of which one may be wrong. */
async function sendText(t: HomsTest, { method, path, body }: Message, text: unknown): Promise<HttpReply> {
  const reply = await t.http.send(method, path, { raw: String(text), malformed: true });
  return path === "/homs" && method === "POST" ? tidy(t, body[t.dialect.wrapper], reply) : reply;
}

interface BodyRow {
  readonly name: string;
  readonly what: string;
  readonly spoil: (text: string) => string;
}

/** Bodies that are no JSON object with the members of the table. */
const bodies: readonly BodyRow[] = [
  { name: "cut-short", what: "JSON that ends too early", spoil: (text) => text.slice(0, -2) },
  { name: "no-json", what: "text that is no JSON", spoil: () => "<overlay>core</overlay>" },
  { name: "empty", what: "an empty body", spoil: () => "" },
  { name: "list", what: "a list", spoil: (text) => `[${text}]` },
  { name: "null", what: "null", spoil: () => "null" },
];

/** One case for each primitive: every spoilt body is refused, and the next valid message is carried out. */
const bodyCases = primitives.map((primitive) =>
  defineCase({
    id: `homs/robustness/${primitive.name}-body`,
    title: `a ${primitive.name} whose body is no object of JSON is refused`,
    requirements: [primitive.failure, "HOMP-6.2-03"],
    errata: ["E-HOMP-31"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      for (const { what, spoil } of bodies) {
        let message: Message | undefined;
        const requirement = [primitive.failure, "HOMP-6.2-03"] as const;
        await refuses(t, {
          what: `a ${primitive.name} whose body is ${what}`,
          requirement,
          valid: async () => {
            message = await primitive.valid(t);
            return { text: JSON.stringify(message.body) };
          },
          send: ({ text }) => sendText(t, message as Message, text),
          delta: (wire) => ({ ...wire, text: spoil(String((wire as Json).text)) }),
          unchanged: () => intact(t, message, requirement),
        });
      }
    },
  }),
);

async function intact(t: HomsTest, message: Message | undefined, requirement: Cite["requirement"]): Promise<void> {
  if (!message?.untouched) return;
  t.that(await message.untouched(), "nothing changed", "something changed", {
    ...(requirement === undefined ? {} : { requirement }),
    what: "what the refused message was about",
  });
}

/** Values of another JSON type that no sensible conversion makes fit. */
const wrongValues: readonly (readonly [string, unknown])[] = [
  ["an object", {}],
  ["a list", []],
  ["null", null],
];

const typeCases = primitives.flatMap((primitive) =>
  primitive.strings.map(({ path, requirement }) =>
    defineCase({
      id: `homs/robustness/${primitive.name}-${path.split(".").at(-1)}-type`,
      title: `a ${primitive.name} whose ${path.replace(".", "'s ")} is of another type is refused`,
      requirements: [requirement],
      errata: ["E-HOMP-31"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        for (const [name, value] of wrongValues) {
          const what = `a ${primitive.name} whose ${path} is ${name}`;
          if (primitive.name === "creation") {
            await refusesCreation(t, { what, requirement, member: path, value });
            continue;
          }
          let message: Message | undefined;
          await refuses(t, {
            what,
            requirement,
            valid: async () => {
              message = await primitive.valid(t);
              return message.body;
            },
            send: (body, as) => primitive.send(t, body, as.malformed),
            delta: set(path, value),
            unchanged: () => intact(t, message, requirement),
          });
        }
      },
    }),
  ),
);

const numberCases = (["heartbeat-interval", "heartbeat-timeout"] as const).map((member) => {
  const requirement: RequirementId = member === "heartbeat-interval" ? "HOMP-6.2.1-10" : "HOMP-6.2.1-11";
  return defineCase({
    id: `homs/robustness/creation-${member}-type`,
    title: `a creation whose ${member} is no number is refused`,
    requirements: [requirement],
    errata: ["E-HOMP-31"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      for (const value of [{}, [], null, "often"]) {
        await refusesCreation(t, {
          what: `a creation whose ${member} is ${JSON.stringify(value)}`,
          requirement,
          member,
          value,
        });
      }
    },
  });
});

type Seen = Outcome & { readonly status: number | undefined };

/**
 * Sends what is strange rather than wrong, and makes sure that the server and an overlay of the case are as before. A connection that is
 * cut instead of answered is a refusal too, as when a body is too large to read to its end.
 */
async function survives(t: HomsTest, send: () => Promise<Seen>): Promise<void> {
  const overlay = await made(t);
  const reply = await send().catch((error: unknown): Seen => {
    if (!(error instanceof NoAnswer) || error.kind !== "closed") throw error;
    return { status: undefined, outcome: error.message, entry: error.entry ?? 0 };
  });
  t.that(
    reply.status === undefined || reply.status < 500,
    ["any 4xx", "any 2xx", "a closed connection"],
    reply.outcome,
    { what: "the answer", entry: reply.entry },
  );
  t.equal((await shown(t, overlay.id))?.title, overlay.info.title, { what: "an overlay made before" });
}

const megabytes = (count: number): string => "x".repeat(count * 1024 * 1024);

const strange: readonly (readonly [string, string, (t: HomsTest, info: Json) => Promise<HttpReply>])[] = [
  [
    "huge-body",
    "a creation of 8 MiB is refused or carried out, and the server goes on",
    (t, info) =>
      t.http.post("/homs", {
        body: creationOf(t, { ...info, description: megabytes(8) }),
        malformed: true,
        timeoutMs: 8_000,
      }),
  ],
  [
    "deep-nesting",
    "JSON 50,000 levels deep is refused or ignored, and the server goes on",
    (t, info) => {
      const text = JSON.stringify(creationOf(t, info)).slice(0, -2);
      return t.http.post("/homs", { raw: `${text},"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`, malformed: true });
    },
  ],
  [
    "long-identifier",
    "an overlay-id of 4,000 characters finds nothing, and the server goes on",
    (t) => t.http.get(`/homs?overlay-id=${"i".repeat(4_000)}`),
  ],
  [
    "long-peer-identifier",
    "a peer-id of 100,000 characters is refused or taken, and the server goes on",
    async (t) => {
      const body = joinOf(await made(t), newPeer(t, "p".repeat(100_000)));
      return await t.http.post("/peer", { body, malformed: true });
    },
  ],
  [
    "control-characters",
    "identifiers of control characters are refused or taken, and the server goes on",
    async (t) => {
      const body = joinOf(await made(t), newPeer(t, "\u0000\u0007\u001b[31m\u007f\u2028"));
      return await t.http.post("/peer", { body, malformed: true });
    },
  ],
  [
    "invalid-utf-8",
    "octets that are no UTF-8 are refused or replaced, and the server goes on",
    (t, info) => {
      const [head = "", tail = ""] = JSON.stringify(creationOf(t, { ...info, title: "@@" })).split("@@");
      const raw = Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(tail)]);
      return t.http.post("/homs", { raw, malformed: true });
    },
  ],
  [
    "prototype-members",
    "members named like those of a language's own objects are refused or ignored, and the server goes on",
    (t, info) => {
      const text = JSON.stringify(creationOf(t, info));
      return t.http.post("/homs", {
        raw: text.replace("{", '{"__proto__":{"title":"x"},"constructor":{"prototype":{}},'),
        malformed: true,
      });
    },
  ],
  [
    "unknown-members",
    "members that the Recommendation does not know are refused or ignored, and the server goes on",
    async (t, info) => {
      const more = { ...info, colour: "blue", extension: { list: [1, null, { deep: true }] } };
      const reply = await t.http.post("/homs", { body: { ...creationOf(t, more), version: 2 }, malformed: true });
      if (!accepted.test(reply)) t.warn("unknown members are refused: there is no room for extension");
      return reply;
    },
  ],
  [
    "wrong-content-type",
    "JSON that says it is something else is refused or read, and the server goes on",
    (t, info) => t.http.post("/homs", { body: creationOf(t, info), contentType: "text/plain", malformed: true }),
  ],
];

const strangeCases = strange.map(([name, title, send]) =>
  defineCase({
    id: `homs/robustness/${name}`,
    title,
    requirements: ["HOMP-6.2-03"],
    group: "behaviour",
    budgetMs: 20_000,
    run: (t) => {
      const info = overlayInfo(t);
      return survives(t, async () => tidy(t, info, await send(t, info)));
    },
  }),
);

const httpCases = [
  ...(
    [
      ["PATCH", "/homs"],
      ["PATCH", "/peer"],
      ["PUT", "/peer/report"],
      ["DELETE", "/peer/report"],
    ] as const
  ).map(([method, path]) =>
    defineCase({
      id: `homs/robustness/${method.toLowerCase()}${path.replaceAll("/", "-")}`,
      title: `${method} on ${path}, which has no such method, is refused`,
      requirements: ["HOMP-6.2-03"],
      group: "behaviour",
      async run(t) {
        const overlay = await made(t);
        const reply = await t.http.send(method, path, {
          body: { overlay: { "overlay-id": overlay.id } },
          malformed: true,
        });
        t.answers(reply, status("4xx", 501), { what: `the status of ${method} ${path}` });
        if (reply.status === 405 && reply.headers.allow === undefined) t.warn("405 without the header field Allow");
        t.equal((await view(t, overlay)).title, overlay.info.title, { what: "an overlay afterwards" });
      },
    }),
  ),
  defineCase({
    id: "homs/robustness/unknown-path",
    title: "a path that HOMP does not have is refused",
    requirements: ["HOMP-6.2-03"],
    group: "behaviour",
    async run(t) {
      const reply = await t.http.get(`/${t.unique("nothing")}`, { malformed: true });
      t.answers(reply, refused, { what: "the status for an unknown path" });
      await made(t);
    },
  }),
  defineCase({
    id: "homs/robustness/no-http",
    title: "octets that are no HTTP are refused or cut off, and the server goes on",
    requirements: ["HOMP-6.2-03"],
    group: "behaviour",
    run: (t) => survives(t, () => t.http.raw("JOIN homs\r\n\u0000\u0001\u0002\r\n\r\n")),
  }),
  defineCase({
    id: "homs/robustness/chunked",
    title: "a body sent in chunks is read like any other",
    requirements: ["HOMP-6.2-03"],
    group: "behaviour",
    async run(t) {
      const info = overlayInfo(t);
      const text = JSON.stringify(creationOf(t, info));
      const head = [
        "POST /homs HTTP/1.1",
        `Host: ${new URL(t.http.base).host}`,
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "Connection: close",
        ...t.declared.value("headers"),
      ];
      const chunks = [text.slice(0, 20), text.slice(20)].map((part) => {
        return `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`;
      });
      const path = new URL(t.http.base).pathname;
      if (path !== "/") t.inconclusive("the address has a path, which the octets of this case do not");
      const reply = await t.http.raw(`${head.join("\r\n")}\r\n\r\n${chunks.join("")}0\r\n\r\n`);
      t.answers(reply, status("2xx", 411), { what: "the status of a valid creation in chunks" });
      const [, id] = /"overlay-id" *: *"([^"]+)"/.exec(reply.text) ?? [];
      const owner = { id: id ?? "", ownerId: String(info["owner-id"]), auth: info.auth as Json };
      t.cleanup(`overlay ${id}`, () => deletion(t, "/homs", removalOf(owner), { malformed: true }));
    },
  }),
];

/** What is wrong or strange: a clear refusal, the server alive, the state unchanged [6.2]. */
export const robustnessCases = [...bodyCases, ...typeCases, ...numberCases, ...strangeCases, ...httpCases];
