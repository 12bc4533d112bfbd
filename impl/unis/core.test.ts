import { beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../net/logger.js";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import { UnisCore } from "./core.js";
import { StoreJournal } from "./journal.js";
import type { Network } from "./network.js";
import { defaultPolicy, PolicyError, readPolicy, type UnisPolicy } from "./policy.js";
import { defaultLimits, defaultSettings, type UnisLimits, type UnisSettings } from "./settings.js";
import { loadTables } from "./tables.js";

let now = 0;
let network: Network;

beforeEach(async () => {
  now = 0;
  network = await loadTables(
    { prefixes: ["impl/unis/test/prefixes.pfx2as"], relations: ["impl/unis/test/relations.serial-1"] },
    silentLogger,
  );
});

function create(
  policy: Partial<UnisPolicy> = {},
  settings: Partial<UnisSettings> = {},
  limits: Partial<UnisLimits> = {},
  disk?: MemoryDisk,
) {
  const journal = new StoreJournal(createMemoryStore(disk === undefined ? {} : { disk }));
  const core = new UnisCore({
    settings: { ...defaultSettings, ...settings },
    limits: { ...defaultLimits, ...limits },
    clock: { now: () => now },
    journal,
  });
  journal.load(core.measurements);
  core.use(network, { ...defaultPolicy, ...policy });
  return core;
}

const peer = (address: string, peer_id = address) => ({ peer_id, address });
const me = peer("192.0.2.10");

/** Every class, farthest first: what a UNIS has to turn round. */
const all = [
  "name.example",
  "10.1.2.3",
  "203.0.113.5", // 64502, a provider
  "203.0.113.200", // 64504, a peer
  "203.0.113.130", // 64503 and 64501, a customer
  "198.51.100.200", // 64501, a customer
  "2001:db8::5", // 64500
  "198.51.100.5", // 64500
  "192.0.2.99",
  "192.0.2.10",
].map((address) => peer(address));

const order = (core: UnisCore, prefer?: string[], from = me, peers = all) =>
  core.order({ peer: from, peers, ...(prefer === undefined ? {} : { preferences: { prefer } }) }).peer;
const names = (found: { peer_id: string }[]) => found.map(({ peer_id }) => peer_id);

describe("the order of peers [X.609.10 8.3]", () => {
  test("same host, same prefix, same system, neighbour by cost, other, unknown", () => {
    expect(order(create()).map((found) => [found.peer_id, found.class])).toEqual([
      ["192.0.2.10", "same-host"],
      ["192.0.2.99", "same-prefix"],
      ["2001:db8::5", "same-as"],
      ["198.51.100.5", "same-as"],
      ["203.0.113.130", "neighbour-as"],
      ["198.51.100.200", "neighbour-as"],
      ["203.0.113.200", "neighbour-as"],
      ["203.0.113.5", "neighbour-as"],
      ["name.example", "unknown"],
      ["10.1.2.3", "unknown"],
    ]);
  });

  test("peers in different networks get different orders [8.3 a]", () => {
    const ends = (from: string) =>
      names(order(create(), undefined, peer(from), [peer("192.0.2.1"), peer("203.0.113.1")]));
    expect(ends("198.51.100.1")).toEqual(["192.0.2.1", "203.0.113.1"]);
    expect(ends("203.0.113.9")).toEqual(["203.0.113.1", "192.0.2.1"]);
    expect(ends("nowhere.example")).toEqual(["192.0.2.1", "203.0.113.1"]);
    expect(order(create(), undefined, peer("198.51.100.200"), [peer("203.0.113.1")])[0]?.class).toBe("other-as");
  });

  test("an answer is a permutation of the question, or its beginning where a maximum is wanted [E-DS-31]", () => {
    const core = create();
    expect(names(order(core)).sort()).toEqual(names(all).sort());
    const distances = core.order({ peer: me, peers: all, preferences: { max: 3 } });
    expect(names(distances.peer)).toEqual(["192.0.2.10", "192.0.2.99", "2001:db8::5"]);
    expect(distances.update_request_interval).toBe(300);
    expect(create({}, { updateRequestInterval: 5 }).order({ peer: me, peers: [] })).toEqual({
      peer: [],
      update_request_interval: 5,
    });
  });

  test("two addresses of one block of which no table knows are near each other", () => {
    const found = order(create(), undefined, peer("10.1.2.9"), [peer("10.1.3.1"), peer("10.1.2.1")]);
    expect(found.map((one) => one.class)).toEqual(["same-prefix", "unknown"]);
  });
});

describe("what the ISP prefers [X.609.10 8.3 a]", () => {
  test.each<[string, string, string]>([
    ["nothing special", "", "203.0.113.130"],
    ["a system that is not to be used", "pairs: [{ from: 64500, to: 64501, cost: 50000 }]", "203.0.113.200"],
    ["a system that is liked", "pairs: [{ from: 64500, to: 64502, cost: 1 }]", "203.0.113.5"],
    ["providers first", "relations: { provider: 0, customer: 5, peer: 5 }", "203.0.113.5"],
    ["what is not known first", "classes: { unknown: 0 }", "name.example"],
  ])("%s", (_, text, first) => {
    const core = create(readPolicy(text));
    const near = ["192.0.2.10", "192.0.2.99", "2001:db8::5", "198.51.100.5"];
    const strangers = all.filter(({ peer_id }) => !near.includes(peer_id));
    expect(order(core, undefined, me, strangers)[0]?.peer_id).toBe(first);
  });

  test.each([
    ["classes: 5", /classes: a map is wanted/],
    ["classes: { near: 5 }", /classes.near is not known: same-host, /],
    ["classes: { unknown: -1 }", /classes.unknown: a whole number/],
    ["relations: { peer: 1.5 }", /relations.peer: a whole number/],
    ["pairs: { from: 1 }", /pairs: a list/],
    ["pairs: [{ from: 1, to: 2 }]", /pairs\[0\].cost: a whole number/],
    ["pairs: [{ from: x, to: 2, cost: 1 }]", /pairs\[0\].from/],
    ["preferences: sometimes", /preferences: honour or ignore/],
    ["cost: 5", /cost is not known/],
    ["- 5", /the policy: a map/],
    ["{", /the policy is no YAML/],
  ])("a policy that says %j is refused", (text, message) => {
    expect(() => readPolicy(text)).toThrow(PolicyError);
    expect(() => readPolicy(text)).toThrow(message);
  });
});

/** Reports of as many peers of the own network as there are round trips, each from an address of its own. */
function report(core: UnisCore, address: string, ...trips: number[]): void {
  for (const [index, milliseconds] of trips.entries()) {
    const own = `192.0.2.${100 + index}`;
    const receipt = core.report({ peer: peer(own), round_trip: [{ address, milliseconds }] }, own);
    expect(receipt).toEqual({ taken: 1, report_interval: 300 });
  }
}

describe("measured round trips [X.609.10 8.4]", () => {
  const trip = (core: UnisCore, address = "203.0.113.5") => order(core, undefined, me, [peer(address)])[0]?.round_trip;

  test("count from the quorum on, for the two prefixes, both ways", () => {
    const core = create();
    report(core, "203.0.113.5", 20, 30);
    expect(trip(core)).toBeUndefined();
    report(core, "203.0.113.5", 20, 30, 40);
    expect(trip(core)).toBe(30);
    expect(trip(core, "203.0.113.77")).toBe(30);
    expect(trip(core, "203.0.113.130")).toBeUndefined();
    expect(order(core, undefined, peer("203.0.113.1"), [me])[0]?.round_trip).toBe(30);
    report(core, "203.0.113.5", 20, 30, 40, 50);
    expect(trip(core)).toBe(35);
  });

  test("order peers of one cost, and come before the cost where the peer wishes it [8.4 c]", () => {
    const core = create();
    report(core, "198.51.100.200", 80, 80, 80);
    report(core, "203.0.113.130", 90, 90, 90);
    report(core, "203.0.113.5", 5, 5, 5);
    const strangers = ["203.0.113.130", "198.51.100.200", "203.0.113.5"].map((address) => peer(address));
    expect(names(order(core, undefined, me, strangers))).toEqual(["198.51.100.200", "203.0.113.130", "203.0.113.5"]);
    expect(names(order(core, ["low-rtt"], me, strangers))).toEqual(["203.0.113.5", "198.51.100.200", "203.0.113.130"]);
  });

  test("one voice for each reporter: liars below half of them move nothing", () => {
    const core = create();
    report(core, "203.0.113.5", 20, 22, 24);
    const liar = peer("192.0.2.250");
    for (let i = 0; i < 50; i++) {
      const lie = { ...liar, peer_id: `liar-${i}` };
      core.report({ peer: lie, round_trip: [{ address: "203.0.113.5", milliseconds: 60_000 }] }, liar.address);
    }
    expect(trip(core)).toBe(23);
    const other = peer("192.0.2.251");
    core.report({ peer: other, round_trip: [{ address: "203.0.113.5", milliseconds: 0.01 }] }, other.address);
    expect(trip(core)).toBe(22);
  });

  test("an IPv6 host has one voice, however many addresses it uses", () => {
    const core = create();
    for (const last of ["1", "2", "3", "4"]) {
      const own = `2001:db8:5:5::${last}`;
      core.report({ peer: peer(own), round_trip: [{ address: "2001:db8:1::1", milliseconds: 9 }] }, own);
    }
    expect(order(core, undefined, peer("2001:db8:5:5::9"), [peer("2001:db8:1::1")])[0]).not.toHaveProperty(
      "round_trip",
    );
  });

  test("on loopback, a laboratory's peers are told apart by what they say", () => {
    const core = create();
    for (const id of ["a", "b", "c"]) {
      core.report({ peer: peer("192.0.2.1", id), round_trip: [{ address: "203.0.113.5", milliseconds: 9 }] }, "::1");
    }
    expect(trip(core)).toBe(9);
  });

  test("are forgotten when they are old", () => {
    const core = create({}, { maxAge: 60 });
    report(core, "203.0.113.5", 20, 30, 40);
    now = 59_999;
    expect(trip(core)).toBe(30);
    now = 60_000;
    expect(trip(core)).toBeUndefined();
    expect(core.measurements.size).toBe(1);
    core.measurements.sweep(now);
    expect(core.measurements.size).toBe(0);
  });

  test.each([
    ["an address of another network", "203.0.113.5", "198.51.100.200", 403],
    ["a name", "name.example", "192.0.2.1", 400],
    ["no connection any more", "192.0.2.1", "", 403],
  ])("a report from %s is refused", (_, stated, remote, status) => {
    const round_trip = [{ address: "203.0.113.9", milliseconds: 1 }];
    expect(create().report({ peer: peer(stated), round_trip }, remote)).toMatchObject({
      ...{ status, member: "/measurements/peer/address", clause: "8.4" },
    });
  });

  test("a report from another prefix of the same system is taken; of names and of oneself nothing is", () => {
    const core = create();
    const round_trip = ["name.example", "198.51.100.5", "203.0.113.9"].map((address) => ({ address, milliseconds: 1 }));
    expect(core.report({ peer: peer("198.51.100.5"), round_trip }, "2001:db8::7")).toMatchObject({ taken: 1 });
  });

  test("no more is kept than allowed: the oldest goes", () => {
    const core = create({}, { quorum: 1 }, { pairs: 2, reportersPerPair: 2, perReporter: 2 });
    const own = peer("192.0.2.1");
    for (const [index, address] of ["198.51.100.5", "198.51.100.200", "203.0.113.5"].entries()) {
      core.report({ peer: own, round_trip: [{ address, milliseconds: index + 1 }] }, own.address);
    }
    expect([trip(core, "198.51.100.5"), trip(core, "198.51.100.200"), trip(core, "203.0.113.5")]).toEqual([
      undefined,
      2,
      3,
    ]);
    report(core, "203.0.113.5", 10, 20);
    expect(trip(core, "203.0.113.5")).toBe(15);
    report(core, "203.0.113.200", 1);
    report(core, "203.0.113.130", 1);
    expect(core.measurements.size).toBe(2);
  });

  test("the journal brings them back", () => {
    const disk: MemoryDisk = new Map();
    const journal = new StoreJournal(createMemoryStore({ disk }));
    const core = new UnisCore({ settings: defaultSettings, limits: defaultLimits, clock: { now: () => now }, journal });
    core.use(network, defaultPolicy);
    report(core, "203.0.113.5", 20, 30, 40);
    // Loading writes what is queued first.
    journal.load(core.measurements);
    expect(trip(create({}, {}, {}, disk))).toBe(30);
  });
});

describe("what the peer prefers [X.609.10 8.4 c, E-DS-16]", () => {
  const cheap = { pairs: [{ from: 64500, to: 64502, cost: 1 }] };
  const trio = ["203.0.113.5", "198.51.100.5", "192.0.2.99"].map((address) => peer(address));
  test.each([
    [undefined, "honour", "203.0.113.5 192.0.2.99 198.51.100.5"],
    [["same-as"], "honour", "192.0.2.99 198.51.100.5 203.0.113.5"],
    [["same-prefix"], "honour", "192.0.2.99 203.0.113.5 198.51.100.5"],
    [["same-prefix", "same-as"], "honour", "192.0.2.99 198.51.100.5 203.0.113.5"],
    [["of another planet", "same-as"], "honour", "192.0.2.99 198.51.100.5 203.0.113.5"],
    [["low-rtt"], "honour", "192.0.2.99 198.51.100.5 203.0.113.5"],
    [["same-as"], "ignore", "203.0.113.5 192.0.2.99 198.51.100.5"],
  ] as const)("%j, which the policy is to %s", (prefer, preferences, expected) => {
    const core = create({ ...cheap, preferences });
    expect(names(order(core, prefer && [...prefer], me, trio)).join(" ")).toBe(expected);
  });
});
