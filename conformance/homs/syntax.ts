import { is } from "../engine/matchers.js";
import { without } from "../engine/refuses.js";
import { defineCase } from "./case.js";
import {
  creationOf,
  deletion,
  inCreation,
  joinOf,
  leaveOf,
  modificationOf,
  newPeer,
  overlayInfo,
  refreshOf,
  removalOf,
  reportOf,
} from "./messages.js";
import { accepted, create, entriesOf, joined, made, queryPath, view } from "./overlays.js";
import { refuses } from "./refusals.js";

/** What holds for all messages: JSON, its types, and which members may be left out [5, 6, 6.2]. */
export const syntaxCases = [
  defineCase({
    id: "homs/syntax/json",
    title: "answers are JSON, and say so",
    requirements: ["HOMP-6-01"],
    errata: ["E-HOMP-12"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      for (const reply of [
        overlay.reply,
        await t.http.get(queryPath({ "overlay-id": overlay.id })),
        await t.http.put("/homs", { body: modificationOf(overlay, { title: t.unique("title") }) }),
        member.reply,
        await t.http.put("/peer", { body: refreshOf(overlay.id, member) }),
      ]) {
        const { entry } = reply;
        t.that(reply.json !== undefined, "a body that is JSON", reply.outcome, {
          what: "the body of an answer",
          entry,
        });
        const type = reply.headers["content-type"];
        if (type === undefined) t.warn("an answer with a body has no Content-Type");
        else t.match(type, /^application\/([\w.-]+\+)?json\b/i, { what: "the Content-Type of an answer", entry });
      }
    },
  }),
  defineCase({
    id: "homs/syntax/types",
    title: "members are of the JSON types printed: STRING, NUMBER, LIST",
    requirements: ["HOMP-5-01", "HOMP-5-02"],
    errata: ["E-HOMP-06"],
    group: "capability",
    async run(t) {
      const overlay = await made(t, { "cr-policy": { mN_Cache: 4, mD_Cache: 30, "recovery-by": "pull" } });
      const created = overlay.reply.get("overlay");
      const words = { type: is.oneOf("core", "sub"), "sub-type": is.oneOf("tree", "mesh") };
      const first = await joined(t, overlay);
      const second = await joined(t, overlay);
      const numbers = { expires: is.number, "heartbeat-interval": is.number, "heartbeat-timeout": is.number };
      t.match(
        created,
        { "overlay-id": is.string, "owner-id": is.string, ...numbers },
        { requirement: "HOMP-5-01", what: "the types in a creation answer", entry: overlay.reply.entry },
      );
      t.match(created, words, { requirement: "HOMP-5-02", what: "alternatives in a creation answer" });
      const entry = await view(t, overlay);
      t.match(
        entry,
        {
          "overlay-id": is.string,
          title: is.string,
          "owner-id": is.string,
          expires: is.amount,
          status: { num_peers: is.number, status: is.string },
        },
        { requirement: "HOMP-5-01", what: "the types in a query answer" },
      );
      t.match(
        entry,
        { ...words, auth: { type: is.oneOf("open", "closed") } },
        { requirement: "HOMP-5-02", what: "alternatives in a query answer" },
      );
      const join = { "overlay-id": is.string, type: is.string, "sub-type": is.string, expires: is.number };
      t.match(second.reply.get("overlay"), join, {
        requirement: "HOMP-5-01",
        what: "the types in a join answer",
        entry: second.reply.entry,
      });
      t.match(second.reply.get("overlay.status.peer_info_list"), is.listOf({ "peer-id": is.string }), {
        requirement: "HOMP-5-02",
        what: "peer_info_list, a LIST",
        entry: second.reply.entry,
      });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, first) });
      t.match(
        refresh.json,
        { overlay: { "overlay-id": is.string, expires: is.number }, peer: { "peer-id": is.string } },
        { requirement: "HOMP-5-01", what: "the types in a refresh answer" },
      );
    },
  }),
  defineCase({
    id: "homs/syntax/optional-members",
    title: "every message does without its optional members, and not without its mandatory ones",
    requirements: ["HOMP-6.2-02"],
    errata: ["E-HOMP-10"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      await joined(t, overlay);
      const peer = newPeer(t);
      const steps = [
        ["query", () => t.http.get("/homs")],
        ["modification", () => t.http.put("/homs", { body: modificationOf(overlay) })],
        ["join", () => t.http.post("/peer", { body: joinOf(overlay, peer) })],
        ["report", () => t.http.post("/peer/report", { body: reportOf(t, overlay.id, peer) })],
        ["refresh", () => t.http.put("/peer", { body: refreshOf(overlay.id, peer) })],
        ["leave", () => deletion(t, "/peer", leaveOf(overlay.id, peer))],
        ["removal", () => deletion(t, "/homs", removalOf(overlay))],
      ] as const;
      for (const [name, send] of steps) {
        t.answers(await send(), accepted, { what: `the status of a ${name} with its mandatory members only` });
      }
      await refuses(t, {
        what: "a creation without one of its mandatory members",
        valid: () => creationOf(t, overlayInfo(t)),
        send: (body, as) => create(t, body, as),
        delta: without(inCreation(t, "owner-id")),
      });
      t.equal(entriesOf(await t.http.get(queryPath({ "overlay-id": overlay.id })))?.length ?? 0, 0, {
        what: "the number of overlays found after the removal",
      });
    },
  }),
];
