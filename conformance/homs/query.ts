import { is, isObject } from "../engine/matchers.js";
import { defineCase } from "./case.js";
import { crPolicy } from "./cr-policy.js";
import { closedAuth, creationOf, deletion, joinOf, leaveOf, newPeer, overlayInfo, removalOf } from "./messages.js";
import {
  accepted,
  create,
  entriesOf,
  joined,
  made,
  peersOf,
  queryPath,
  refused,
  shown,
  succeeds,
  view,
} from "./overlays.js";

const shapes = 'an object whose member "overlay" is a list, a list of OVERLAY_INFO, or a list of such objects';

/** HybridOverlayQuery, and what it shows of an overlay [6.2.2, 7.1.2]. */
export const queryCases = [
  defineCase({
    id: "homs/query/list",
    title: "a query is answered 200 with a list of OVERLAY_INFO",
    requirements: ["HOMP-6.2.2-09", "HP2P-7.3.1.1-03"],
    errata: ["E-HOMP-17", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      const { id } = await made(t);
      const reply = await t.http.get(queryPath({ "overlay-id": id }));
      succeeds(t, reply, { requirement, what: "the status of a query" });
      const entries = entriesOf(reply);
      t.that(entries !== undefined, shapes, reply.outcome, { requirement, what: "the shape of the list" });
    },
  }),
  defineCase({
    id: "homs/query/all",
    title: "a query without parameters finds every overlay there is, and none that was removed",
    requirements: ["HOMP-6.2.2-06", "HOMP-7.1.2-03"],
    errata: ["E-HOMP-56"],
    group: "basic",
    async run(t) {
      const both = ["HOMP-6.2.2-06", "HOMP-7.1.2-03"] as const;
      const overlays = [await made(t), await made(t)];
      if (t.declared.reading("E-HOMP-56") === "A") {
        overlays.push(await made(t, { auth: closedAuth(t, { key: t.unique("key") }) }));
      }
      const gone = await made(t);
      await t.setup("the removal of a third overlay", async () => {
        const removed = await deletion(t, "/homs", removalOf(gone));
        if (!accepted.test(removed)) t.inconclusive(`a valid removal got ${removed.outcome}`);
      });
      const reply = await t.http.get("/homs");
      succeeds(t, reply, { requirement: both, what: "the status of a query without parameters" });
      const ids = entriesOf(reply)?.map((one) => one["overlay-id"]) ?? [];
      for (const { id } of overlays) {
        t.that(ids.includes(id), `a list with ${id}`, `${ids.length} overlays without it`, {
          requirement: both,
          what: "the overlays listed",
          entry: reply.entry,
        });
      }
      t.that(!ids.includes(gone.id), `a list without ${gone.id}, which was removed`, "a list with it", {
        requirement: "HOMP-7.1.2-03",
        what: "the overlays listed",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "homs/query/by-identifier",
    title: "a query by overlay-id finds that overlay and no other",
    requirements: ["HOMP-6.2.2-03"],
    errata: ["E-HOMP-15"],
    group: "capability",
    async run(t) {
      const [wanted] = [await made(t), await made(t)];
      const reply = await t.http.get(queryPath({ "overlay-id": wanted.id }));
      succeeds(t, reply, { what: "the status of a query by overlay-id" });
      t.equal(
        entriesOf(reply)?.map((one) => one["overlay-id"]),
        [wanted.id],
        { what: "the overlays found" },
      );
    },
  }),
  ...(["title", "description"] as const).map((member) =>
    defineCase({
      id: `homs/query/by-${member}`,
      title: `a query by ${member} finds the overlays whose ${member} contains the keyword, and no other`,
      requirements: member === "title" ? ["HOMP-6.2.2-04", "HOMP-6.2.2-08"] : ["HOMP-6.2.2-05", "HOMP-6.2.2-07"],
      errata: ["E-HOMP-15"],
      group: "capability",
      async run(t) {
        const claimed = t.definition.requirements;
        const word = t.random.hex(12);
        // The other overlay has the word in the other member: the parameter looks in one place only.
        const other = member === "title" ? "description" : "title";
        const wanted = await made(t, { [member]: `before ${word}after`, [other]: "nothing of the kind" });
        const unwanted = await made(t, { [member]: "nothing of the kind", [other]: `before ${word}after` });
        const reply = await t.http.get(queryPath({ [member]: word }));
        succeeds(t, reply, { requirement: claimed, what: `the status of a query by ${member}` });
        const ids = entriesOf(reply)?.map((one) => one["overlay-id"]) ?? [];
        t.that(ids.includes(wanted.id), `${wanted.id}, whose ${member} contains ${word}`, ids, {
          requirement: claimed,
          what: "the overlays found",
          entry: reply.entry,
        });
        t.that(!ids.includes(unwanted.id), `no ${unwanted.id}, whose ${member} does not contain ${word}`, ids, {
          requirement: claimed,
          what: "the overlays found",
          entry: reply.entry,
        });
      },
    }),
  ),
  defineCase({
    id: "homs/query/members",
    title: "an overlay found has overlay-id, title, type, sub-type and owner-id as created",
    requirements: ["HOMP-6.2.2-10", "HOMP-6.1.1-05"],
    group: "capability",
    async run(t) {
      const { id, info, ownerId } = await made(t);
      const entries = entriesOf(await t.http.get(queryPath({ "overlay-id": id })));
      // An entry that does not say whose it is can only be the one asked for.
      const entry = t.need(
        entries?.find((one) => one["overlay-id"] === id) ?? (entries?.length === 1 ? entries[0] : undefined),
        "overlay in answer to a query",
      );
      const expected = { "overlay-id": id, title: String(info.title), type: "core", "sub-type": "tree" };
      t.match(entry, expected, { requirement: "HOMP-6.2.2-10", what: "the mandatory members" });
      t.equal(entry["owner-id"], ownerId, { requirement: ["HOMP-6.2.2-10", "HOMP-6.1.1-05"], what: "owner-id" });
    },
  }),
  defineCase({
    id: "homs/query/expires",
    title: "an overlay found has expires, not above what was granted",
    requirements: ["HOMP-6.2.2-11"],
    errata: ["E-HOMP-06", "E-HOMP-21"],
    group: "capability",
    async run(t) {
      const overlay = await made(t, { expires: 600 });
      const { expires } = await view(t, overlay);
      t.match(expires, is.amount, { what: "expires in a query" });
      const seconds = Number(expires);
      t.that(seconds >= 0 && seconds <= 600, "0 to 600 seconds", expires, { what: "expires in a query" });
    },
  }),
  defineCase({
    id: "homs/query/status",
    title: "an overlay found has status with the number of peers and a word for people",
    requirements: ["HOMP-6.2.2-12", "HOMP-6.1.1-07", "HOMP-6.1.4-03"],
    errata: ["E-HOMP-14", "E-HOMP-65"],
    group: "capability",
    async run(t) {
      const { status } = await view(t, await made(t));
      t.match(status, is.object, { requirement: ["HOMP-6.2.2-12", "HOMP-6.1.1-07"], what: "status" });
      t.match(
        status,
        { num_peers: is.where("a whole number, 0 or above", (one) => Number.isInteger(one) && Number(one) >= 0) },
        { requirement: "HOMP-6.1.1-07", what: "num_peers" },
      );
      t.match(status, { status: is.nonEmptyString }, { requirement: "HOMP-6.1.4-03", what: "status.status" });
    },
  }),
  defineCase({
    id: "homs/query/number-of-peers",
    title: "the number of peers goes up by one with a join and down by one with a leave",
    requirements: ["HOMP-6.1.4-01", "HP2P-7.3.1.3-01"],
    errata: ["E-HOMP-48", "E-HOMP-64"],
    group: "capability",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await made(t);
      await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const peer = newPeer(t);
      const join = await t.http.post("/peer", { body: joinOf(overlay, peer) });
      t.answers(join, accepted, { requirement, what: "the status of a valid join" });
      t.equal(await peersOf(t, overlay), before + 1, { requirement, what: "num_peers after one more join" });
      const leave = await deletion(t, "/peer", leaveOf(overlay.id, peer));
      t.answers(leave, accepted, { requirement, what: "the status of a valid leave" });
      t.equal(await peersOf(t, overlay), before, { requirement, what: "num_peers after that peer left" });
    },
  }),
  defineCase({
    id: "homs/query/description",
    title: "the description of an overlay found, if there is one, is that of the creation",
    requirements: ["HOMP-6.2.2-13", "HOMP-6.1.1-08"],
    errata: ["E-HOMP-47"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const { description } = await view(t, overlay);
      t.oneOf(description, [overlay.info.description, undefined], {
        requirement: ["HOMP-6.2.2-13", "HOMP-6.1.1-08"],
        what: "description in a query",
      });
    },
  }),
  defineCase({
    id: "homs/query/auth",
    title: "an overlay found has auth that says whether it is open or closed",
    requirements: ["HOMP-6.2.2-14"],
    errata: ["E-HOMP-13", "E-HOMP-56"],
    group: "capability",
    async run(t) {
      const open = await view(t, await made(t));
      t.match(open.auth, { type: "open" }, { what: "auth of an open overlay" });
      const closed = await shown(t, (await made(t, { auth: closedAuth(t, { key: t.unique("key") }) })).id);
      // Nothing says that a stranger is shown closed overlays at all.
      if (closed) t.match(closed.auth, { type: "closed" }, { what: "auth of a closed overlay" });
      else t.step("closed overlays are hidden from strangers (E-HOMP-56 B)");
    },
  }),
  defineCase({
    id: "homs/query/cr-policy",
    title: "an overlay found has its cr-policy, if it was given one",
    requirements: ["HOMP-6.2.2-15", "HOMP-6.1.1-12"],
    errata: ["E-HOMP-10", "E-HOMP-26"],
    group: "capability",
    async run(t) {
      const asked = { mN_Cache: 7, mD_Cache: 60, "recovery-by": "push" };
      const entry = await view(t, await made(t, { "cr-policy": asked }));
      t.match(entry["cr-policy"], crPolicy(asked), {
        requirement: ["HOMP-6.2.2-15", "HOMP-6.1.1-12"],
        what: "cr-policy in a query",
      });
    },
  }),
  defineCase({
    id: "homs/query/non-ascii-title",
    title: "a title in any language comes back unchanged and is found by a part of it",
    requirements: ["HOMP-6.1.1-02"],
    group: "behaviour",
    async run(t) {
      const title = `방송 채널 é ß 🛰 ${t.random.hex(8)} & more=less?`;
      const overlay = await made(t, { title });
      t.equal((await view(t, overlay)).title, title, { what: "the title in a query" });
      const part = title.slice(4);
      const found = entriesOf(await t.http.get(queryPath({ title: part })))?.map((one) => one["overlay-id"]) ?? [];
      if (!found.includes(overlay.id)) t.warn(`a query by the title ${JSON.stringify(part)} does not find it`);
    },
  }),
  defineCase({
    id: "homs/query/unknown-identifier",
    title: "a query for an overlay-id that nothing has finds nothing",
    requirements: ["HOMP-6.2.2-17"],
    errata: ["E-HOMP-16", "E-HOMP-31"],
    group: "behaviour",
    async run(t) {
      const { id } = await made(t);
      const reply = await t.http.get(queryPath({ "overlay-id": `${id}-${t.unique("none")}` }));
      const found = accepted.test(reply) ? entriesOf(reply)?.length : 0;
      t.that(
        refused.test(reply) || (accepted.test(reply) && found === 0),
        ["200 OK with an empty list", "404 Not Found, or another 4xx"],
        reply.outcome,
        { what: "the answer to a query for an unknown overlay-id", entry: reply.entry },
      );
    },
  }),
  defineCase({
    id: "homs/query/unknown-keyword",
    title: "a query by a keyword that nothing contains finds nothing",
    requirements: ["HOMP-6.2.2-08", "HOMP-6.2.2-07"],
    errata: ["E-HOMP-16"],
    group: "behaviour",
    async run(t) {
      await made(t);
      for (const [member, requirement] of [
        ["title", "HOMP-6.2.2-08"],
        ["description", "HOMP-6.2.2-07"],
      ] as const) {
        const reply = await t.http.get(queryPath({ [member]: t.random.hex(24) }));
        const nothing = refused.test(reply) || (accepted.test(reply) && entriesOf(reply)?.length === 0);
        t.that(nothing, ["200 OK with an empty list", "404 Not Found, or another 4xx"], reply.outcome, {
          requirement,
          what: `the answer to a query by an unknown ${member}`,
          entry: reply.entry,
        });
        if (!accepted.test(reply))
          t.warn(`a keyword without match gets ${reply.status}, not an empty list (E-HOMP-16)`);
      }
    },
  }),
  defineCase({
    id: "homs/query/any-case",
    title: "a keyword is found in whatever case",
    requirements: ["HOMP-6.2.2-08"],
    errata: ["E-HOMP-15"],
    needs: ["query-any-case"],
    group: "capability",
    async run(t) {
      const word = `aB${t.random.hex(10)}`;
      const { id } = await made(t, { title: `about ${word}` });
      const reply = await t.http.get(queryPath({ title: word.toUpperCase() }));
      const ids = entriesOf(reply)?.map((one) => one["overlay-id"]);
      t.equal(ids, [id], { what: "the overlays found by the word in capitals" });
    },
  }),
  defineCase({
    id: "homs/query/combined",
    title: "a query by title and description finds what contains both",
    requirements: ["HOMP-6.2.2-07", "HOMP-6.2.2-08"],
    errata: ["E-HOMP-15"],
    needs: ["query-combined"],
    group: "capability",
    async run(t) {
      const [title, description] = [t.random.hex(12), t.random.hex(12)];
      const both = await made(t, { title, description });
      await made(t, { title });
      await made(t, { description });
      const reply = await t.http.get(queryPath({ title, description }));
      t.equal(
        entriesOf(reply)?.map((one) => one["overlay-id"]),
        [both.id],
        { requirement: ["HOMP-6.2.2-07", "HOMP-6.2.2-08"], what: "the overlays found" },
      );
    },
  }),
  defineCase({
    id: "homs/query/unknown-parameter",
    title: "a parameter that the Recommendation does not know breaks nothing",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-57"],
    group: "behaviour",
    async run(t) {
      const { id } = await made(t);
      const reply = await t.http.get(queryPath({ "overlay-id": id, shape: "tree" }));
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, { what: "the status", entry: reply.entry });
      if (!accepted.test(reply)) t.warn("a query with an unknown parameter is refused (E-HOMP-57)");
    },
  }),
  defineCase({
    id: "homs/query/same-title",
    title: "a query shows the owner of each of two overlays of the same title",
    requirements: ["HOMP-6.2.2-10"],
    group: "behaviour",
    async run(t) {
      const { title } = overlayInfo(t);
      const owners = [];
      for (let count = 0; count < 2; count++) {
        const info = overlayInfo(t, { title });
        owners.push(info["owner-id"]);
        await create(t, creationOf(t, info));
      }
      const entries = entriesOf(await t.http.get(queryPath({ title: String(title) }))) ?? [];
      const seen = entries.filter((one) => isObject(one) && one.title === title).map((one) => one["owner-id"]);
      t.equal(seen.sort(), owners.sort(), { what: "the owners of the overlays found" });
    },
  }),
];
