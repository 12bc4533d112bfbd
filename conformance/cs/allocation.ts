import { hostHttp } from "../client/http-host.js";
import { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import {
  accepted,
  formOnly,
  lived,
  memberOf,
  needed,
  notThere,
  ready,
  refuses,
  succeeds,
} from "../streaming/answers.js";
import { serverOperations } from "../streaming/servers.js";
import type { Session } from "../streaming/session.js";
import { indexFileOf, newSession, sessionAnswer, stand } from "../streaming/session.js";
import type { CsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./primitives.js";
import { allocate, allocation, FORM, release, weigh } from "./primitives.js";

const at = memberOf(FORM);
const JOIN = "OMS_JOIN";
const LEAVE = "OMS_LEAVE";

/** An overlay network of which the suite plays OMS and PAMS. */
interface Stage {
  readonly servers: StandIn;
  readonly session: Session;
  /** What an OMS asks of the CS for it. */
  readonly wanted: Json;
}

const within = (t: CsTest): number => 1000 * t.declared.value("acts-within");
const budget = (declared: Declaration): number => 15_000 + 3000 * Number(declared.value("acts-within"));

async function stage(t: CsTest, more: Json = {}, pams = false): Promise<Stage> {
  return await t.setup("an overlay network", async () => {
    const session = newSession(t, t.clock);
    session.pams = pams;
    const servers = new StandIn(t, {
      protocol: {
        operations: serverOperations,
        usual: (request, standIn) => sessionAnswer(request, standIn, session, t.clock),
      },
    });
    const host = await hostHttp(
      t.world,
      { host: "127.0.0.1", port: 0 },
      {
        onRequest: (request) => servers.receive(request, host),
        onEnd: (connection, rest) => servers.lost(connection, rest, host),
      },
    );
    t.cleanup("the stand-in for the OMS", () => host.close());
    servers.attach(host);
    const source = await stand(t, session, t.clock(), { role: "source-peer" });
    session.listed = [source];
    const wanted = {
      overlay_network_id: session.overlay,
      oms_url: servers.url,
      priority: 20,
      provider_public_key: session.provider.publicKey,
      index_file: indexFileOf(session, servers.url),
      ...(pams ? { pams_url: `${servers.url}/pams/` } : {}),
      ...more,
    };
    return { servers, session, wanted };
  });
}

/** The virtual peer's join, which has to come. */
async function joins(t: CsTest, { servers }: Stage, cite: { readonly what: string; readonly requirement?: never }) {
  const request = await servers.next(JOIN, { withinMs: within(t) });
  t.that(!request.silent, JOIN, request.outcome, { ...cite, entry: request.entry });
  return request;
}

/** Resources of a CS in overlay networks, on the order of an OMS [8.8]. */
export const allocationCases = [
  defineCase({
    id: "cs/allocation/accepted",
    title: "an OMS is given an allocation for an overlay network, with the peer that will join it",
    requirements: ["DS-8.8-a"],
    errata: ["E-DS-34"],
    group: "basic",
    budgetMs: budget,
    async run(t) {
      const { wanted, session } = await stage(t);
      const reply = await allocate(t, wanted);
      succeeds(t, reply, { what: "the status of an allocation" });
      t.match(
        reply.json,
        {
          allocation: {
            allocation_id: is.nonEmptyString,
            peer_id: is.nonEmptyString,
            overlay_network_id: session.overlay,
            priority: 20,
          },
        },
        { what: "the allocation", entry: reply.entry, ...at("/allocation") },
      );
    },
  }),
  defineCase({
    id: "cs/allocation/joins",
    title: "an allocation joins the overlay network at its OMS, as a virtual peer with an identifier of its own",
    requirements: ["DS-7.2.2-03", "DS-8.8-a"],
    errata: ["E-DS-30"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const made = await stage(t);
      const reply = ready(t, "an allocation", await allocate(t, made.wanted));
      const cite = { requirement: ["DS-7.2.2-03", "DS-8.8-a"] } as const;
      const request = await made.servers.next(JOIN, { withinMs: within(t) });
      t.that(!request.silent, JOIN, request.outcome, {
        ...cite,
        what: "what the OMS hears after an allocation",
        entry: request.entry,
      });
      t.equal(request.params.NID, made.session.overlay, {
        ...cite,
        what: "the overlay network joined",
        entry: request.entry,
      });
      t.equal(
        [request.get("join.peer_id"), request.get("join.role")],
        [reply.get("allocation.peer_id"), "virtual-peer"],
        {
          ...cite,
          what: "identifier and role of who joins",
          entry: request.entry,
          ...memberOf("spec/oms")("/join"),
        },
      );
    },
  }),
  defineCase({
    id: "cs/allocation/several",
    title: "a CS lends to two overlay networks at once, by a virtual peer in each",
    requirements: ["DS-8.8-01", "DS-7.2.2-03"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const stages = [await stage(t), await stage(t)];
      const cite = { requirement: ["DS-8.8-01", "DS-7.2.2-03"] } as const;
      const peers: unknown[] = [];
      for (const one of stages) {
        const reply = await allocate(t, one.wanted);
        succeeds(t, reply, { ...cite, what: "the status of an allocation" });
        const request = await one.servers.next(JOIN, { withinMs: within(t) });
        t.equal(request.params.NID, one.session.overlay, {
          ...cite,
          what: "the overlay network joined",
          entry: request.entry,
        });
        peers.push(request.get("join.peer_id"));
      }
      t.equal(new Set(peers).size, 2, { ...cite, what: "the number of identifiers of two virtual peers" });
    },
  }),
  defineCase({
    id: "cs/allocation/caches",
    title: "a virtual peer fetches what the overlay network distributes, and hands it on",
    requirements: ["DS-7.2.2-01"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const { servers, session, wanted } = await stage(t);
      ready(t, "an allocation", await allocate(t, wanted));
      const request = await servers.next(JOIN, { withinMs: within(t) });
      if (request.silent) t.inconclusive("no virtual peer joins");
      const [source] = session.listed;
      const fetched = await source?.until(() => source.of("request").length > 0, within(t));
      t.equal(fetched, true, { what: "whether the virtual peer requests fragments of the source peer" });
      const [address] = request.get("join.addresses") as readonly string[];
      const other = await stand(t, session, t.clock(), { holds: [] });
      const link = await other.connect(String(address));
      t.equal(await link.ready(within(t)), true, { what: "whether the virtual peer takes another peer's link" });
      const end = t.world.now() + within(t);
      let got = link.of("fragment");
      while (got.length === 0 && t.world.now() < end) {
        link.send({ type: "request", runs: [{ first: 0, count: 1 }] });
        await link.next(["fragment", "refuse"], { withinMs: 500 });
        await t.sleep(100);
        got = link.of("fragment");
      }
      t.that(got.length > 0, "a fragment", "none came", { what: "what a peer gets of the virtual peer" });
    },
  }),
  defineCase({
    id: "cs/allocation/pams",
    title: "told of a PAMS, the virtual peer registers there",
    requirements: ["DS-8.8-b", "PAMP-6-12"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const { servers, wanted, session } = await stage(t, {}, true);
      const reply = ready(t, "an allocation", await allocate(t, wanted));
      const request = await servers.next("PAMP_PEER_REG", { withinMs: within(t) });
      const cite = { requirement: ["DS-8.8-b", "PAMP-6-12"] } as const;
      t.that(!request.silent, "PAMP_PEER_REG", request.outcome, {
        ...cite,
        what: "what the PAMS hears",
        entry: request.entry,
      });
      t.equal(
        [request.params.NID, request.get("peer_information.peer_id")],
        [session.overlay, reply.get("allocation.peer_id")],
        { ...cite, what: "overlay network and peer registered", entry: request.entry },
      );
    },
  }),
  defineCase({
    id: "cs/allocation/released",
    title: "what is released leaves the overlay network, and the allocation is gone",
    requirements: ["DS-8.8-a"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const { servers, wanted } = await stage(t);
      const reply = ready(t, "an allocation", await allocate(t, wanted));
      const id = needed(t, reply, "/allocation/allocation_id", FORM);
      if ((await servers.next(JOIN, { withinMs: within(t) })).silent) t.inconclusive("no virtual peer joins");
      await t.sleep(300);
      succeeds(t, await release(t, id), { what: "the status of a release" });
      const bye = await servers.next(LEAVE, { withinMs: within(t) });
      t.that(!bye.silent, LEAVE, bye.outcome, { what: "what the OMS hears after a release", entry: bye.entry });
      t.answers(await allocation(t, id), notThere, { what: "the status of a query for what was released" });
    },
  }),
  defineCase({
    id: "cs/allocation/others-stay",
    title: "a release takes no other allocation along",
    requirements: ["DS-8.8-a"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const [one, other] = [await stage(t), await stage(t)];
      const ids: string[] = [];
      for (const { wanted } of [one, other])
        ids.push(String(ready(t, "an allocation", await allocate(t, wanted)).get("allocation.allocation_id")));
      await t.setup("a release", async () => void ready(t, "a release", await release(t, ids[0] ?? "")));
      t.answers(await allocation(t, ids[1] ?? ""), accepted, {
        what: "the status of a query for the other allocation",
      });
      t.equal(other.servers.of(LEAVE).length, 0, { what: "the number of leaves of the other overlay network" });
    },
  }),
  defineCase({
    id: "cs/allocation/weighed",
    title: "an OMS changes the priority of an allocation",
    requirements: ["DS-8.8-a"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const { wanted } = await stage(t);
      const id = String(ready(t, "an allocation", await allocate(t, wanted)).get("allocation.allocation_id"));
      succeeds(t, await weigh(t, id, 77), { what: "the status of a change of priority" });
      const seen = await allocation(t, id);
      t.equal(seen.get("allocation.priority"), 77, {
        what: "the priority afterwards",
        entry: seen.entry,
        ...at("/allocation/priority"),
      });
    },
  }),
  defineCase({
    id: "cs/allocation/again",
    title: "an overlay network that is allocated to once more has one virtual peer all the same",
    requirements: ["DS-8.8-a"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const one = await stage(t);
      const first = ready(t, "an allocation", await allocate(t, one.wanted));
      await joins(t, one, { what: "what the OMS hears after an allocation" });
      const second = await allocate(t, { ...one.wanted, priority: 50 });
      t.answers(second, lived, { what: "the status of the second allocation" });
      if (accepted.test(second))
        t.equal(second.get("allocation.peer_id"), first.get("allocation.peer_id"), {
          what: "the virtual peer of the second allocation",
          entry: second.entry,
        });
    },
  }),
  defineCase({
    id: "cs/allocation/unknown",
    title: "what was not allocated is not released",
    requirements: ["DS-8.8-a"],
    group: "behaviour",
    budgetMs: budget,
    async run(t) {
      const ids: string[] = [];
      await refuses<{ readonly id: string }>(t, {
        what: "the release of an allocation that there is not",
        valid: async () => {
          const { wanted } = await stage(t);
          const id = String(ready(t, "an allocation", await allocate(t, wanted)).get("allocation.allocation_id"));
          ids.push(id);
          return { id };
        },
        send: ({ id }, as) => release(t, id, as),
        delta: set("id", "no-such-allocation"),
        permitted: notThere,
        tolerated: "what is not there is released: idempotent, where the profile has 404",
        unchanged: async () => {
          t.answers(await allocation(t, ids.at(-1) ?? ""), accepted, { what: "the status of a query for another one" });
        },
      });
    },
  }),
  ...(
    [
      ["oms-missing", "no OMS", without("oms_url")],
      ["overlay-missing", "no overlay network", without("overlay_network_id")],
      ["priority-zero", "a priority of 0", set("priority", 0)],
      ["priority-high", "a priority of 101", set("priority", 101)],
      ["oms-no-address", "an OMS whose address is none", set("oms_url", "nowhere")],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `cs/allocation/${name}`,
      title: `an allocation with ${what} is refused, or let pass where the profile is not held to`,
      requirements: ["DS-8.8-a"],
      group: "behaviour",
      budgetMs: budget,
      run: (t) =>
        refuses<Json>(t, {
          what: `an allocation with ${what}`,
          valid: async () => (await stage(t)).wanted,
          send: (wanted, as) => allocate(t, wanted, as),
          delta,
          tolerated: formOnly(`an allocation with ${what}`, FORM),
        }),
    }),
  ),
];
