import type { CaseDefinition } from "../engine/case.js";
import { status } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import {
  askForPeers,
  create,
  creationOf,
  idsIn,
  join,
  joinOf,
  listIn,
  member,
  overlay,
  remove,
} from "../oms/primitives.js";
import { accepted, ready, succeeds } from "../streaming/answers.js";
import { distances, ok, rights } from "../streaming/servers.js";
import type { ManagingOmsTest } from "./case.js";
import { defineCase } from "./case.js";

const REG = "PAMP_OVERLAY_NW_REG";
const DEREG = "PAMP_OVERLAY_NW_DEREG";
const LIST = "PAMP_PEER_LIST_QUERY";
const DISTANCES = "UNIS_DISTANCE_QUERY";
const ACCESS = "UMS_ACCESS_QUERY";
const ALLOCATE = "CS_ALLOCATE";
const RELEASE = "CS_RELEASE";

const registered = (t: ManagingOmsTest, interval: number) =>
  ok({ pam_conf_info: { pams_url: `${t.servers.url}/pams/`, pam_enabled: true, report_interval: interval } });

/** Identifiers that a question to the UNIS is about. */
const askedAbout = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : []).flatMap((one) => (isObject(one) ? [String(one.peer_id)] : []));

/** What an OMS does with the servers behind it [8.1, 8.3, 8.7, 8.8]. */
export const managingOmsCases: readonly CaseDefinition<ManagingOmsTest>[] = [
  defineCase({
    id: "managing-oms/pams/registration",
    title: "a new overlay network is made known to the PAMS, and peers are told where that is",
    requirements: ["DS-7.1.1-06", "DS-8.1-a-i", "PAMP-8.2.1-06"],
    errata: ["E-PAMP-48"],
    needs: ["pams"],
    group: "basic",
    async run(t) {
      const r5 = await t.serve();
      const made = await overlay(r5);
      const request = await t.servers.next(REG, { withinMs: t.actsWithinMs });
      t.that(!request.silent, REG, request.outcome, {
        requirement: "DS-7.1.1-06",
        what: "what the PAMS hears after a creation",
        entry: request.entry,
      });
      t.equal(request.get("overlay_network_information.overlay_network_id"), made.id, {
        requirement: "DS-8.1-a-i",
        what: "the overlay network registered",
        entry: request.entry,
      });
      await t.sleep(200);
      const one = await member(r5, made.id);
      t.match(one.reply.get("membership.pams_url"), /^http/, {
        requirement: "PAMP-8.2.1-06",
        what: "the PAMS that a joining peer is told",
        entry: one.reply.entry,
      });
    },
  }),
  defineCase({
    id: "managing-oms/pams/keep-alive",
    title: "the registration comes again at each report interval, also where the PAMS says that it has it",
    requirements: ["DS-8.1-c"],
    errata: ["E-DS-03", "E-X-01"],
    needs: ["pams", "repeats-registration"],
    group: "behaviour",
    async run(t) {
      t.servers.answer(REG, { status: 409 });
      t.servers.answer(REG, () => registered(t, 1), { times: 1 });
      const r5 = await t.serve();
      const made = await overlay(r5);
      for (const which of ["first", "second", "third"]) {
        const request = await t.servers.next(REG, { withinMs: which === "first" ? t.actsWithinMs : 3_500 });
        t.that(!request.silent, `${REG} about every second`, request.outcome, {
          what: `the ${which} registration of an overlay network whose report interval is 1 s`,
          entry: request.entry,
        });
        t.equal(request.get("overlay_network_information.overlay_network_id"), made.id, {
          what: `the overlay network of the ${which} registration`,
          entry: request.entry,
        });
      }
      t.answers(await join(r5, made.id, joinOf(r5)), accepted, {
        what: "the status of a join while the PAMS answers 409",
      });
    },
  }),
  defineCase({
    id: "managing-oms/pams/deregistration",
    title: "an overlay network that is removed, or that nobody refreshed, is taken off the PAMS",
    requirements: ["DS-7.1.3-04", "DS-8.1-e-i", "DS-8.5-c"],
    errata: ["E-DS-07"],
    needs: ["pams"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const [ended, expired] = [await overlay(r5), await overlay(r5, { refresh_expiration: 2 })];
      await t.setup("the registrations", async () => {
        for (const _ of [1, 2])
          if ((await t.servers.next(REG, { withinMs: t.actsWithinMs })).silent) t.inconclusive("no registration came");
      });
      await t.setup("the removal", async () => void ready(r5, "a removal", await remove(r5, ended.id, ended.token)));
      for (const { what, id, requirement } of [
        { what: "was removed", id: ended.id, requirement: ["DS-7.1.3-04", "DS-8.1-e-i"] as const },
        { what: "nobody refreshed", id: expired.id, requirement: "DS-8.5-c" as const },
      ]) {
        const request = await t.servers.next(DEREG, {
          withinMs: t.actsWithinMs + 2_000,
          where: ({ params }) => params.NID === id,
        });
        t.that(!request.silent, `${DEREG} of ${id}`, request.outcome, {
          requirement,
          what: `what the PAMS hears of an overlay network that ${what}`,
          entry: request.entry,
        });
      }
    },
  }),
  defineCase({
    id: "managing-oms/pams/lists",
    title: "what a peer asks for reaches the PAMS as conditions, and its peers and advice come back",
    requirements: ["DS-8.1-02", "PAMP-8.2.2-02", "PAMP-8.2.2-04", "PAMP-8.2.4-07"],
    errata: ["E-DS-32", "E-PAMP-52"],
    needs: ["pams"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const made = await overlay(r5);
      await t.servers.next(REG, { withinMs: t.actsWithinMs });
      await t.sleep(200);
      const members = [await member(r5, made.id), await member(r5, made.id), await member(r5, made.id)];
      const [asker, , best] = members;
      if (!asker || !best) return;
      t.servers.answer(LIST, () => ok({ peer_list: { peer_id: [best.id], fragment_list: { fragment: [4, 9] } } }));
      const since = t.transcript.now();
      const reply = await askForPeers(r5, asker, {
        max_peer_num: 1,
        ordering: "UPLOADED",
        fragment_list: { fragment: [4] },
      });
      succeeds(r5, reply, { requirement: "PAMP-8.2.2-04", what: "the status of a request for a list" });
      const [query] = t.servers.of(LIST, since);
      t.that(query !== undefined, LIST, "no query", {
        requirement: ["DS-8.1-02", "PAMP-8.2.2-02"],
        what: "what the PAMS hears of a request with conditions",
      });
      t.equal(query?.get("peer_query_condition.fragment_list.fragment"), [4], {
        requirement: ["DS-8.1-02", "PAMP-8.2.2-02"],
        what: "the fragments in the query",
        entry: query?.entry,
      });
      t.that(idsIn(reply)?.includes(best.id) === true, `a list with ${best.id}`, idsIn(reply), {
        requirement: "PAMP-8.2.2-04",
        what: "the peers in the answer",
        entry: reply.entry,
      });
      t.equal(reply.get("fragment_list.fragment"), [4, 9], {
        requirement: "PAMP-8.2.4-07",
        what: "the fragments advised in the answer",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "managing-oms/pams/down",
    title: "without its PAMS an OMS goes on: peers join and get lists",
    requirements: ["DS-8.5-01", "DS-8.5-a"],
    needs: ["pams"],
    group: "behaviour",
    async run(t) {
      for (const primitive of [REG, LIST]) t.servers.answer(primitive, { status: 503 });
      const r5 = await t.serve();
      const reply = await create(r5, creationOf(r5));
      succeeds(r5, reply, { requirement: "DS-8.5-a", what: "the status of a creation while the PAMS refuses" });
      const NID = String(reply.get("overlay_network.overlay_network_id"));
      const one = await member(r5, NID);
      const joined = await join(r5, NID, joinOf(r5));
      succeeds(r5, joined, { requirement: "DS-8.5-01", what: "the status of a join while the PAMS refuses" });
      t.that(idsIn(joined)?.includes(one.id) === true, `a list with ${one.id}`, idsIn(joined), {
        requirement: "DS-8.5-01",
        what: "the list of a newcomer while the PAMS refuses",
        entry: joined.entry,
      });
    },
  }),
  defineCase({
    id: "managing-oms/unis/asked",
    title: "the UNIS is given the peers of the overlay network, and its distances show in lists",
    requirements: ["DS-8.3-01"],
    errata: ["E-DS-31"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const made = await overlay(r5);
      const members = [await member(r5, made.id), await member(r5, made.id), await member(r5, made.id)];
      const [asker, far, near] = members;
      if (!asker || !far || !near) return;
      t.servers.answer(DISTANCES, (request) => ok(distances(request, 600, [near.id, made.sourcePeer, far.id])));
      const newcomer = await member(r5, made.id);
      const reply = await askForPeers(r5, newcomer, { max_peer_num: 10 });
      const query = t.servers.of(DISTANCES).at(-1);
      const asked = askedAbout(query?.get("distance_query.peers"));
      const known = [made.sourcePeer, ...members.map(({ id }) => id), newcomer.id];
      t.that(
        query !== undefined && asked.length > 0 && asked.every((id) => known.includes(id)),
        `${DISTANCES} about members of the overlay network`,
        query ? asked : "no question",
        { what: "what the UNIS is asked", entry: query?.entry },
      );
      const order = (listIn(ready(r5, "a request for a list", reply)) ?? []).map(({ peer_id }) => peer_id);
      if (order.includes(near.id) && order.includes(far.id) && order.indexOf(near.id) > order.indexOf(far.id))
        t.warn("the list has a far peer before a near one");
    },
  }),
  defineCase({
    id: "managing-oms/unis/cache",
    title: "within the interval the UNIS is not asked about the same peers again",
    requirements: ["DS-8.3-b", "DS-8.3-c"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      t.servers.answer(DISTANCES, (request) => ok(distances(request, 600)));
      const r5 = await t.serve();
      const made = await overlay(r5);
      const one = await member(r5, made.id);
      await member(r5, made.id);
      await askForPeers(r5, one, { max_peer_num: 10 });
      const before = t.servers.of(DISTANCES).length;
      if (before === 0) t.inconclusive("the product asks no UNIS at all");
      for (let count = 0; count < 4; count++) await askForPeers(r5, one, { max_peer_num: 10 });
      t.equal(t.servers.of(DISTANCES).length - before, 0, {
        requirement: ["DS-8.3-b", "DS-8.3-c"],
        what: "the number of questions about the same peers within the interval of 600 s",
      });
    },
  }),
  defineCase({
    id: "managing-oms/unis/interval",
    title: "after the interval the UNIS is asked again",
    requirements: ["DS-8.3-c"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      t.servers.answer(DISTANCES, (request) => ok(distances(request, 2)));
      const r5 = await t.serve();
      const made = await overlay(r5);
      const one = await member(r5, made.id);
      await member(r5, made.id);
      const since = t.transcript.now();
      const end = t.world.now() + 6_000;
      while (t.world.now() < end) {
        await askForPeers(r5, one, { max_peer_num: 10 });
        await t.sleep(400);
      }
      const times = t.servers
        .of(DISTANCES, since)
        .filter((request) => request.get("distance_query.peer.peer_id") === one.id)
        .map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      t.that(times.length > 1, "another question after 2 s", `${times.length} questions in 6 s`, {
        what: "the questions to a UNIS whose interval is 2 s",
      });
      t.that(
        gaps.every((gap) => gap >= 1_700),
        "2 s or more",
        gaps,
        { what: "the times between questions about the same peers" },
      );
    },
  }),
  defineCase({
    id: "managing-oms/ums/rights",
    title:
      "where a session has access rights, the UMS is asked for the user of who joins, and who is refused stays out",
    requirements: ["DS-8.7-01"],
    errata: ["E-DS-27"],
    needs: ["ums"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const ums_session = t.unique("session");
      const made = await overlay(r5, { ums_session });
      const who = { user_id: t.unique("user"), user_credential: t.random.hex(16) };
      const body = joinOf(r5, who);
      succeeds(r5, await join(r5, made.id, body), { what: "the status of a join by a user who may" });
      const [question] = t.servers.of(ACCESS);
      t.match(
        question?.get("access_request"),
        { ...who, peer_id: String(body.peer_id), session_id: ums_session },
        { what: "what the UMS is asked", entry: question?.entry },
      );
      t.servers.answer(ACCESS, () => ok({ access_rights: rights(t.clock(), { granted: false }) }));
      const refused = await join(r5, made.id, joinOf(r5, { ...who, user_id: t.unique("user") }));
      t.answers(refused, status("2xx", "4xx"), { what: "the status of a join by a user who may not" });
      if (accepted.test(refused)) t.warn("a user whom the UMS refuses is let in (E-DS-27)");
    },
  }),
  defineCase({
    id: "managing-oms/ums/validity",
    title: "when the result of the UMS is over, it is asked again",
    requirements: ["DS-8.7-b"],
    needs: ["ums"],
    group: "behaviour",
    async run(t) {
      t.servers.answer(ACCESS, () => ok({ access_rights: rights(t.clock(), { granted: true }, 2) }));
      const r5 = await t.serve();
      const made = await overlay(r5, { ums_session: t.unique("session") });
      const who = { user_id: t.unique("user"), user_credential: t.random.hex(16) };
      const one = await member(r5, made.id, who);
      const before = t.servers.of(ACCESS).length;
      await t.sleep(2_500);
      const reply = await askForPeers(r5, one, { max_peer_num: 5 });
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a request after the validity period" });
      // Who is not listed any more until it shows its credential again is asked about then.
      if (t.servers.of(ACCESS).length === before && !accepted.test(reply)) {
        t.warn(`a member whose rights are over is refused: ${reply.status}`, "DS-8.7-b");
        return;
      }
      t.that(t.servers.of(ACCESS).length > before, "another question to the UMS", "none", {
        what: "the questions to the UMS after the validity period of 2 s",
      });
    },
  }),
  defineCase({
    id: "managing-oms/classes/lists",
    title: "users of two classes get lists by their class: the UMS tells it, and the PAMS is asked by it",
    requirements: ["DS-8.5-g", "PAMP-8.2.5-03", "PAMP-8.2.5-05"],
    errata: ["E-PAMP-29", "E-X-14"],
    needs: ["ums", "pams", "service-classes"],
    group: "behaviour",
    async run(t) {
      const classes = new Map<string, number>();
      t.servers.answer(ACCESS, (request) =>
        ok({
          access_rights: rights(t.clock(), {
            granted: true,
            service_class: classes.get(String(request.get("access_request.user_id"))) ?? 9,
          }),
        }),
      );
      const r5 = await t.serve();
      const made = await overlay(r5, {
        content_type: "STREAM",
        service_classes: true,
        ums_session: t.unique("session"),
      });
      await t.servers.next(REG, { withinMs: t.actsWithinMs });
      await t.sleep(200);
      const user = (service: number) => {
        const user_id = t.unique("user");
        classes.set(user_id, service);
        return { user_id, user_credential: t.random.hex(16) };
      };
      const [gold, iron] = [await member(r5, made.id, user(1)), await member(r5, made.id, user(5))];
      const [near, far] = [await member(r5, made.id, user(5)), await member(r5, made.id, user(5))];
      const cite = { requirement: ["DS-8.5-g", "PAMP-8.2.5-03", "PAMP-8.2.5-05"] } as const;
      t.servers.answer(LIST, (request) => {
        const service = request.get("peer_query_condition.service_class");
        return ok({ peer_list: { peer_id: [Number(service) === 1 ? near.id : far.id] } });
      });
      const since = t.transcript.now();
      const lists: (readonly string[] | undefined)[] = [];
      for (const one of [gold, iron]) {
        const reply = await askForPeers(r5, one, { max_peer_num: 2 });
        succeeds(r5, reply, { ...cite, what: "the status of a request for a list" });
        lists.push(idsIn(reply));
      }
      t.that(t.servers.of(ACCESS).length > 0, ACCESS, "no question", { ...cite, what: "what the UMS is asked" });
      t.equal(
        t.servers.of(LIST, since).map((request) => Number(request.get("peer_query_condition.service_class"))),
        [1, 5],
        { ...cite, what: "the classes in the queries to the PAMS" },
      );
      t.that(JSON.stringify(lists[0]) !== JSON.stringify(lists[1]), "two different lists", lists, {
        ...cite,
        what: "the lists of users of two classes",
      });
    },
  }),
  defineCase({
    id: "managing-oms/cs/allocation",
    title:
      "resources that a source peer asks for are ordered from the CS: for which overlay network, by which PAMS, with which priority",
    requirements: ["DS-7.1.1-05", "DS-7.2.2-02", "DS-8.8-a", "DS-8.8-b", "DS-8.8-c"],
    errata: ["E-DS-34"],
    needs: ["cache-servers", "pams"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const made = await overlay(r5, { cs_resources: { wanted: 1, priority: 33 } });
      const order = await t.servers.next(ALLOCATE, { withinMs: t.actsWithinMs });
      t.that(!order.silent, ALLOCATE, order.outcome, {
        requirement: ["DS-7.1.1-05", "DS-7.2.2-02", "DS-8.8-a"],
        what: "what the CS hears after a creation that asks for resources",
        entry: order.entry,
      });
      t.equal(order.get("allocation.overlay_network_id"), made.id, {
        requirement: ["DS-7.1.1-05", "DS-7.2.2-02", "DS-8.8-a"],
        what: "the overlay network of the allocation",
        entry: order.entry,
      });
      t.match(order.get("allocation.pams_url"), /^http/, {
        requirement: "DS-8.8-b",
        what: "the PAMS in the allocation",
        entry: order.entry,
      });
      t.equal(order.get("allocation.priority"), 33, {
        requirement: "DS-8.8-c",
        what: "the priority of the allocation",
        entry: order.entry,
      });
    },
  }),
  defineCase({
    id: "managing-oms/cs/release",
    title: "what was allocated is released when its overlay network is over",
    requirements: ["DS-7.2.4-04", "DS-7.2.2-02", "DS-8.8-a"],
    needs: ["cache-servers"],
    group: "behaviour",
    async run(t) {
      const r5 = await t.serve();
      const made = await overlay(r5, { cs_resources: { wanted: 1 } });
      await t.setup("an allocation", async () => {
        if ((await t.servers.next(ALLOCATE, { withinMs: t.actsWithinMs })).silent)
          t.inconclusive("no allocation is ordered");
        await t.sleep(300);
        ready(r5, "a removal", await remove(r5, made.id, made.token));
      });
      const order = await t.servers.next(RELEASE, { withinMs: t.actsWithinMs });
      t.that(!order.silent, RELEASE, order.outcome, {
        requirement: ["DS-7.2.4-04", "DS-7.2.2-02", "DS-8.8-a"],
        what: "what the CS hears after the end of the overlay network",
        entry: order.entry,
      });
    },
  }),
];
