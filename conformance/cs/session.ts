import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { set } from "../engine/refuses.js";
import { formOnly, lived, memberOf, notThere, ready, refuses, succeeds } from "../streaming/answers.js";
import type { CsTest } from "./case.js";
import { defineCase } from "./case.js";
import {
  createSession,
  FORM,
  hand,
  ingestBy,
  session,
  sessionOf,
  sessionStatus,
  terminate,
  upload,
} from "./primitives.js";

/** Octets that tell themselves apart. */
export function octets(t: CsTest, length: number): Buffer {
  const seed = Buffer.from(t.random.hex(64), "hex");
  return Buffer.from(Array.from({ length }, (_, at) => (seed[at % seed.length] ?? 0) ^ (at >> 5)));
}

const FRAGMENT = 4096;

/** A CS that is the source peer of what data sources hand to it [8.11], on R12. */
export const sessionCases = [
  defineCase({
    id: "cs/session/created",
    title: "a data source is given a session: an overlay network, and an address for each method that it asked for",
    requirements: ["DS-8.11-01"],
    errata: ["E-DS-06", "E-DS-22"],
    needs: ["ingest"],
    group: "basic",
    budgetMs: 15_000,
    async run(t) {
      const wanted = sessionOf(t);
      const reply = await createSession(t, wanted);
      succeeds(t, reply, { what: "the status of a request for a session" });
      t.match(
        reply.json,
        {
          session: {
            session_id: is.nonEmptyString,
            session_token: is.nonEmptyString,
            overlay_network_id: is.nonEmptyString,
          },
        },
        { what: "the session made", entry: reply.entry, ...memberOf(FORM)("/session") },
      );
      t.match(ingestBy(reply, "http"), /^https?:\/\//, { what: "the address for http", entry: reply.entry });
    },
  }),
  defineCase({
    id: "cs/session/on-ixs-and-oms",
    title:
      "a session that a data source asked for is on the IXS and on the OMS, and on neither any more when it is over",
    requirements: ["DS-6-08", "DS-8.11-01"],
    errata: ["E-DS-06"],
    needs: (declared) =>
      !declared.option("ingest")
        ? "the product takes no streams"
        : (declared.value("oms-url") !== "" && declared.value("ixs-url") !== "") ||
          "declare oms-url and ixs-url, where the product makes its sessions",
    options: ["ingest"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const cite = { requirement: ["DS-6-08", "DS-8.11-01"] } as const;
      const made = await session(t);
      const ixs = t.source.with({ base: t.declared.value("ixs-url"), headers: {} });
      const oms = t.source.with({ base: t.declared.value("oms-url"), headers: {} });
      const names = new URLSearchParams(
        ["title", "data_source_id", "data_id"].map((name) => [name, String(made.wanted[name])]),
      ).toString();
      const find = () => ixs.get(`/ixs/index-files?${names}`, { malformed: true });
      const show = () => oms.get(`/oms/overlays/${encodeURIComponent(made.overlay)}`, { malformed: true });
      const found = await find();
      t.equal(found.get("index_file_list.index_file.0.overlay_network_id"), made.overlay, {
        ...cite,
        what: "the overlay network in the index file at the IXS",
        entry: found.entry,
      });
      t.answers(await show(), status("2xx"), {
        ...cite,
        what: "the status of a query for the overlay network at the OMS",
      });
      succeeds(t, await terminate(t, made), { ...cite, what: "the status of a termination" });
      const gone = await find();
      t.that(gone.get("index_file_list.index_file.0") === undefined, "no index file", gone.outcome, {
        ...cite,
        what: "the IXS after the end of the session",
        entry: gone.entry,
      });
      t.answers(await show(), notThere, {
        ...cite,
        what: "the status of a query at the OMS after the end of the session",
      });
    },
  }),
  defineCase({
    id: "cs/session/each-its-own",
    title: "two sessions have identifiers and overlay networks of their own",
    requirements: ["DS-8.11-01"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const [one, other] = [await session(t), await session(t)];
      t.that(one.id !== other.id, "another identifier than the first session has", other.id, {
        what: "the identifier of the second session",
        entry: other.reply.entry,
      });
      t.that(one.overlay !== other.overlay, "another overlay network than the first session has", other.overlay, {
        what: "the overlay network of the second session",
        entry: other.reply.entry,
      });
    },
  }),
  defineCase({
    id: "cs/session/upload",
    title: "octets that are uploaded become fragments of the session's size",
    requirements: ["DS-8.11-01", "DS-8.11-a"],
    errata: ["E-DS-22", "E-DS-25"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const made = await session(t, { fragment_size: FRAGMENT });
      const data = octets(t, 3 * FRAGMENT + 100);
      const reply = await upload(t, made, data, "?offset=0&last=true");
      succeeds(t, reply, { requirement: "DS-8.11-a", what: "the status of an upload" });
      const seen = await sessionStatus(t, made);
      succeeds(t, seen, { requirement: "DS-8.11-a", what: "the status of a query for the session" });
      t.equal(seen.get("session_status.received"), data.length, {
        requirement: "DS-8.11-a",
        what: "the octets taken",
        entry: seen.entry,
      });
      // The last one is smaller, or has been put with others.
      t.equal(seen.get("session_status.fragments"), 4, {
        requirement: "DS-8.11-01",
        what: `the fragments of ${data.length} octets in fragments of ${FRAGMENT}`,
        entry: seen.entry,
      });
    },
  }),
  defineCase({
    id: "cs/session/datum",
    title: "data are taken one by one as well: text and octets",
    requirements: ["DS-8.11-a"],
    errata: ["E-DS-22"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const made = await session(t, { content_type: "STREAM" });
      const data = octets(t, 200);
      succeeds(t, await hand(t, made, { text: "21.5 °C" }), { what: "the status of a datum of text" });
      succeeds(t, await hand(t, made, { octets: data.toString("base64"), last: true }), {
        what: "the status of a datum of octets",
      });
      const seen = await sessionStatus(t, made);
      t.equal(seen.get("session_status.received"), Buffer.byteLength("21.5 °C") + data.length, {
        what: "the octets taken of both data",
        entry: seen.entry,
      });
    },
  }),
  defineCase({
    id: "cs/session/goes-on",
    title: "an upload in two parts goes on where the first one ended, and nowhere else",
    requirements: ["DS-8.11-a"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const made = await session(t, { fragment_size: FRAGMENT });
      const data = octets(t, 2 * FRAGMENT);
      ready(t, "the first part of an upload", await upload(t, made, data.subarray(0, 5000), "?offset=0"));
      let at = 5000;
      await refuses<{ readonly offset: number }>(t, {
        what: "a part of an upload that begins elsewhere",
        valid: () => ({ offset: at }),
        send: async ({ offset }) => {
          const reply = await upload(t, made, data.subarray(at, at + 100), `?offset=${offset}`);
          if (reply.status < 300) at += 100;
          return reply;
        },
        delta: set("offset", 5),
        permitted: status("4xx"),
        unchanged: async () => {
          const seen = await sessionStatus(t, made);
          t.equal(seen.get("session_status.received"), at, { what: "the octets taken afterwards", entry: seen.entry });
        },
      });
    },
  }),
  defineCase({
    id: "cs/session/nothing-after-the-last",
    title: "a stream that has ended takes no more",
    requirements: ["DS-8.11-a"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const made = await session(t);
      ready(t, "a last datum", await hand(t, made, { text: "the end", last: true }));
      const reply = await hand(t, made, { text: "more" });
      t.answers(reply, status("4xx"), { what: "the status of a datum after the last one" });
      const seen = await sessionStatus(t, made);
      t.equal(seen.get("session_status.received"), "the end".length, {
        what: "the octets taken of an ended stream",
        entry: seen.entry,
      });
    },
  }),
  defineCase({
    id: "cs/session/terminated",
    title: "a session that its data source ended is unknown, and another one is not",
    requirements: ["DS-8.11-01"],
    errata: ["E-DS-06"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const [made, other] = [await session(t), await session(t)];
      succeeds(t, await terminate(t, made), { what: "the status of a termination" });
      t.answers(await sessionStatus(t, made), notThere, { what: "the status of a query for a session that ended" });
      t.answers(await hand(t, made, { text: "late" }), notThere, { what: "the status of a datum for it" });
      succeeds(t, await hand(t, other, { text: "in time" }), { what: "the status of a datum for another session" });
    },
  }),
  defineCase({
    id: "cs/session/stranger",
    title: "who did not make a session cannot write into it, nor end it",
    requirements: ["DS-8.11-01"],
    errata: ["E-DS-36"],
    needs: ["ingest"],
    group: "behaviour",
    security: true,
    budgetMs: 15_000,
    async run(t) {
      const [made, other] = [await session(t), await session(t)];
      const stranger = { id: made.id, token: other.token };
      for (const [what, reply] of [
        ["a datum", await hand(t, stranger, { text: "forged" })],
        ["a termination", await terminate(t, stranger)],
      ] as const) {
        t.answers(reply, t.declared.reading("E-DS-36") === "A" ? notThere : lived, {
          what: `the status of ${what} by a stranger`,
        });
      }
      if (t.declared.reading("E-DS-36") === "B") return;
      const seen = await sessionStatus(t, made);
      t.equal(seen.get("session_status.received"), 0, { what: "the octets taken afterwards", entry: seen.entry });
    },
  }),
  defineCase({
    id: "cs/session/content-type",
    title:
      "a session whose content is neither FILE nor STREAM is not made, or let pass where the profile is not held to",
    requirements: ["DS-8.11-01"],
    needs: ["ingest"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      await refuses(t, {
        what: "a request for a session of no content type",
        valid: () => sessionOf(t),
        send: (wanted, as) => createSession(t, wanted, as),
        delta: set("content_type", "SOMETHING"),
        tolerated: formOnly("a session of another content type", FORM),
      });
    },
  }),
  defineCase({
    id: "cs/session/methods",
    title: "several methods are offered to hand over a stream",
    requirements: ["DS-8.11-a"],
    errata: ["E-DS-22"],
    needs: ["ingest"],
    group: "capability",
    async run(t) {
      const reply = await t.http.get("/cs");
      succeeds(t, reply, { what: "the status of a query for the cache server" });
      const methods = reply.get("cache_server.methods");
      t.match(methods, is.listOf(is.nonEmptyString), { what: "the methods offered", entry: reply.entry });
      if (Array.isArray(methods) && methods.length < 2) t.warn(`one method only: ${methods.join()} (E-DS-22)`);
    },
  }),
];
