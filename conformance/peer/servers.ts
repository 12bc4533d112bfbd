import { is, isObject } from "../engine/matchers.js";
import { moment } from "../streaming/clock.js";
import { distances, ok } from "../streaming/servers.js";
import { indexFileOf } from "../streaming/session.js";
import type { PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { FIND, JOIN, LIST } from "./session.js";

const DISTANCES = "UNIS_DISTANCE_QUERY";

/** A parameter of a query, decoded. */
const parameter = (target: string, name: string): string | null =>
  new URLSearchParams(target.split("?")[1] ?? "").get(name);

/** The product asks for peers so many times, a little apart. */
async function asksForPeers(
  t: PeerTest,
  product: Awaited<ReturnType<PeerTest["enter"]>>["product"],
  times: number,
  everyMs: number,
) {
  for (let count = 0; count < times; count++) {
    const act = product.do("ask-for-peers");
    const { how, reason } = await t.outcome(act);
    if (how !== "asked") t.inconclusive(`the product cannot be made to ask for peers: ${reason}`);
    await t.sleep(everyMs);
  }
}

/** What a peer asks IXS, OMS, UNIS and UMS for [8.4 to 8.6, 8.12]. */
export const serverCases = [
  defineCase({
    id: "peer/join/index-first",
    title: "a newcomer fetches the index file first, and then asks the OMS that it names",
    requirements: ["DS-8.6-01", "DS-8.5-01"],
    errata: ["E-DS-08"],
    group: "basic",
    async run(t) {
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const { request, id } = await t.enter();
      const query = t.server.of(FIND)[0];
      t.that(query !== undefined && query.at <= request.at, `${FIND} before ${JOIN}`, query?.outcome ?? "no query", {
        requirement: "DS-8.6-01",
        what: "what a newcomer asks for first",
        entry: query?.entry ?? request.entry,
      });
      t.equal(request.params.NID, t.session.overlay, {
        requirement: ["DS-8.6-01", "DS-8.5-01"],
        what: "the overlay network that it joins",
        entry: request.entry,
      });
      t.match(
        { id, issues: request.issues.length },
        { id: is.nonEmptyString, issues: 0 },
        { requirement: "DS-8.5-01", what: "what it joins with", entry: request.entry },
      );
    },
  }),
  defineCase({
    id: "peer/join/named-oms",
    title: "the OMS that is asked is the one in the index file, wherever that is",
    requirements: ["DS-8.6-01"],
    group: "behaviour",
    async run(t) {
      const other = await t.another("the OMS of the index file");
      t.session.oms = other.url;
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const product = await t.start({
        actions: ["join"],
        settings: {
          title: t.session.title,
          "data-source-id": t.session.dataSource,
          "data-id": t.session.data,
          listen: true,
        },
      });
      const join = product.do("join");
      const request = await other.next(JOIN, {
        withinMs: t.actsWithinMs,
        unless: () => product.ended() !== undefined || t.server.of(JOIN).length > 0,
      });
      const [stray] = t.server.of(JOIN);
      if (request.silent && !stray) t.inconclusive(`no join came anywhere (${join.done?.reason ?? "under way"})`);
      t.that(!request.silent && !stray, `${JOIN} at the OMS of the index file`, stray?.outcome ?? request.outcome, {
        what: "where a newcomer joins",
        entry: stray?.entry ?? request.entry,
      });
    },
  }),
  ...(
    [
      ["title", "title", "DS-8.6-e-ii"],
      ["data-source", "data_source_id", "DS-8.6-e-iii"],
      ["data", "data_id", "DS-8.6-e-iv"],
    ] as const
  ).map(([name, member, requirement]) =>
    defineCase({
      id: `peer/query/${name}`,
      title: `a query for a session names its ${member}`,
      requirements: [requirement],
      errata: ["E-DS-09", "E-DS-12"],
      group: "behaviour",
      async run(t) {
        t.session.listed = [await t.stand({ role: "source-peer" })];
        await t.enter();
        const [query] = t.server.of(FIND);
        const expected = { title: t.session.title, data_source_id: t.session.dataSource, data_id: t.session.data }[
          member
        ];
        t.equal(query ? parameter(query.target, member) : null, expected, {
          what: `${member} in the query`,
          entry: query?.entry,
        });
      },
    }),
  ),
  defineCase({
    id: "peer/query/version",
    title: "a query names the version that the peer holds, where it holds one",
    requirements: ["DS-8.6-e-i"],
    errata: ["E-DS-12"],
    group: "behaviour",
    async run(t) {
      t.session.listed = [await t.stand({ role: "source-peer" })];
      await t.enter();
      const [query] = t.server.of(FIND);
      const version = query ? parameter(query.target, "version") : null;
      // One that holds none has none to name.
      t.that(
        version === null || /^\d+$/.test(version),
        "a number, or none where the peer holds no index file",
        version,
        {
          what: "the version in the query",
          entry: query?.entry,
        },
      );
    },
  }),
  defineCase({
    id: "peer/join/key",
    title: "a peer that has a key hands it over when it joins",
    requirements: ["PAMP-8.2.6-02"],
    errata: ["E-PAMP-51"],
    needs: ["session-keys"],
    group: "behaviour",
    async run(t) {
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const { request } = await t.enter();
      t.match(request.get("join.public_key"), /^[A-Za-z0-9_-]{43}$/, {
        what: "the key in the join",
        entry: request.entry,
      });
    },
  }),
  defineCase({
    id: "peer/list/asked-for",
    title: "a peer asks the OMS for peers, by its identifier",
    requirements: ["PAMP-8.2.3-02", "PAMP-8.2.4-03", "PAMP-8.2.5-02"],
    errata: ["E-PAMP-52"],
    group: "behaviour",
    async run(t) {
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const { product, id, request } = await t.enter({ later: ["ask-for-peers"] });
      const act = product.do("ask-for-peers");
      const cite = { requirement: ["PAMP-8.2.3-02", "PAMP-8.2.4-03", "PAMP-8.2.5-02"] } as const;
      const asked = await t.due(LIST, act, { ...cite, what: "what a peer sends that wants a list" });
      t.equal([asked.params.NID, asked.params.PID], [request.params.NID, id], {
        ...cite,
        what: "overlay network and peer in the request",
        entry: asked.entry,
      });
      t.equal(asked.header("authorization"), "Bearer token-of-a-peer", {
        ...cite,
        what: "what shows that it is a member",
        entry: asked.entry,
      });
    },
  }),
  defineCase({
    id: "peer/unis/asked",
    title: "a peer asks the UNIS how far the peers of its list are",
    requirements: ["DS-8.4-01"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      const peers = [await t.stand({ role: "source-peer" }), await t.stand()];
      Object.assign(t.session, { listed: peers, unis: true });
      await t.enter();
      const query = await t.server.next(DISTANCES, { withinMs: t.actsWithinMs });
      t.that(!query.silent, DISTANCES, query.outcome, { what: "what a peer asks the UNIS for", entry: query.entry });
      const asked = query.get("distance_query.peers");
      const ids = (Array.isArray(asked) ? asked : []).flatMap((one) => (isObject(one) ? [one.peer_id] : []));
      t.that(ids.length > 0 && ids.every((id) => peers.some((peer) => peer.id === id)), "peers of the list", ids, {
        what: "the peers asked about",
        entry: query.entry,
      });
    },
  }),
  defineCase({
    id: "peer/unis/cache",
    title: "peers that were asked about are not asked about again within the interval",
    requirements: ["DS-8.4-a", "DS-8.4-b"],
    errata: ["E-DS-16"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      Object.assign(t.session, { listed: [await t.stand({ role: "source-peer" }), await t.stand()], unis: true });
      t.server.answer(DISTANCES, (request) => ok(distances(request, 600)));
      const { product } = await t.enter({ later: ["ask-for-peers"] });
      const first = await t.server.next(DISTANCES, { withinMs: t.actsWithinMs });
      if (first.silent) t.inconclusive("the product asks no UNIS at all");
      await asksForPeers(t, product, 3, 400);
      t.equal(t.server.of(DISTANCES).length, 1, {
        requirement: ["DS-8.4-a", "DS-8.4-b"],
        what: "the number of questions about the same peers within the interval of 600 s",
      });
    },
  }),
  defineCase({
    id: "peer/unis/interval",
    title: "after the interval a peer asks the UNIS again, and not before",
    requirements: ["DS-8.4-b"],
    needs: ["unis"],
    group: "behaviour",
    async run(t) {
      Object.assign(t.session, { listed: [await t.stand({ role: "source-peer" }), await t.stand()], unis: true });
      const interval = 2;
      t.server.answer(DISTANCES, (request) => ok(distances(request, interval)));
      const { product } = await t.enter({ later: ["ask-for-peers"] });
      const first = await t.server.next(DISTANCES, { withinMs: t.actsWithinMs });
      if (first.silent) t.inconclusive("the product asks no UNIS at all");
      await asksForPeers(t, product, 8, 700);
      const times = t.server.of(DISTANCES).map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      t.that(times.length > 1, "another question after the interval", `${times.length} questions`, {
        what: `the questions to a UNIS whose interval is ${interval} s`,
      });
      t.that(
        gaps.every((gap) => gap >= 1000 * interval - 300),
        `${interval} s or more`,
        gaps,
        {
          what: "the times between two questions",
        },
      );
    },
  }),
  defineCase({
    id: "peer/unis/preferences",
    title: "a peer tells the UNIS what it prefers",
    requirements: ["DS-8.4-c"],
    errata: ["E-DS-16"],
    needs: ["unis", "unis-preferences"],
    group: "behaviour",
    async run(t) {
      Object.assign(t.session, { listed: [await t.stand({ role: "source-peer" }), await t.stand()], unis: true });
      await t.enter();
      const query = await t.server.next(DISTANCES, { withinMs: t.actsWithinMs });
      t.match(query.get("distance_query.preferences"), is.object, {
        what: "preferences in the question",
        entry: query.entry,
      });
    },
  }),
  defineCase({
    id: "peer/channels/asked",
    title: "a peer gets the list of channels of its user from the UMS, by the user's credential",
    requirements: ["DS-8.12-a"],
    errata: ["E-DS-17", "E-DS-23"],
    needs: ["ums"],
    group: "behaviour",
    async run(t) {
      const credential = t.random.hex(32);
      const { title, dataSource, data } = t.session;
      t.server.answer("UMS_CHANNEL_LIST", () =>
        ok({ channels: [{ title, ixs_url: t.server.url, data_source_id: dataSource, data_id: data }] }),
      );
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const { product } = await t.enter({ later: ["channels"] });
      const act = product.do("channels", { "user-credential": credential });
      const asked = await t.due("UMS_CHANNEL_LIST", act, { what: "what a peer sends that wants its channels" });
      t.equal(asked.header("authorization"), `Bearer ${credential}`, {
        what: "what shows whose channels are wanted",
        entry: asked.entry,
      });
      const { how, result } = await t.outcome(act);
      if (how === "asked" && isObject(result))
        t.match(
          result.channels,
          is.where("a list with the channel", (list) => Array.isArray(list) && list.length === 1),
          {
            what: "the channels that the peer gives",
          },
        );
    },
  }),
  defineCase({
    id: "peer/query/newest",
    title: "of what the IXS has the newest index file is what a peer goes by",
    requirements: ["DS-8.6-01"],
    group: "behaviour",
    async run(t) {
      t.session.listed = [await t.stand({ role: "source-peer" })];
      const { product } = await t.enter({ later: ["find"] });
      const newer = {
        ...indexFileOf(t.session, t.server.url),
        version: 9,
        description: `Made at ${moment(t.clock())}`,
      };
      t.server.answer(FIND, () => ok({ index_file_list: { index_file: [newer] } }));
      const { title, dataSource, data } = t.session;
      const act = product.do("find", { title, "data-source-id": dataSource, "data-id": data });
      const { how, result, reason } = await t.outcome(act);
      if (how !== "asked") t.inconclusive(`what a peer finds shows by an adapter only: ${reason}`);
      t.match(
        isObject(result) ? result.index_file : undefined,
        { version: 9, description: newer.description },
        { what: "the index file that the peer has" },
      );
    },
  }),
];
