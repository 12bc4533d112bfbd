import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Buffermap, Run } from "../core/message.js";
import type { SwarmHost } from "../core/ports.js";
import { defaultSwarmSettings } from "../core/settings.js";
import { Claims } from "./claims.js";
import { Conduct } from "./conduct.js";
import { type Context, Held } from "./context.js";
import { DescriptorBook } from "./descriptor-book.js";
import { Dice } from "./dice.js";
import { Link } from "./link.js";
import { Possession } from "./possession.js";
import { RarestFirst } from "./rarest-first.js";

/** Steps that one message, or one wake-up, may take: some ms. */
const atOnce = 2 ** 14;
const most = 2 ** 22;

function setUp() {
  const clock = { now: 1_000 };
  const host = { now: () => clock.now, news: () => undefined } as unknown as SwarmHost;
  const faults: string[] = [];
  const conduct = new Conduct(host, (link) => faults.push(link.remote.peerId));
  const dice = new Dice(() => 0.5);
  const picker = new RarestFirst(dice, most);
  const settings = { ...defaultSwarmSettings, contentType: "FILE", fragmentSize: 1_000 } as const;
  const book = new DescriptorBook(1_000);
  const links = new Map<number, Link>();
  const context: Context = {
    host,
    settings,
    links,
    book,
    held: new Held(most),
    picker,
    live: undefined,
    conduct,
    dice,
  };
  let steps = 0;
  const claims = new Claims(context, {
    claimed: (_, index) => {
      steps += 1;
      picker.claimed(index);
    },
    unclaimed: (_, index) => {
      steps += 1;
      picker.unclaimed(index);
    },
  });
  const open = (peerId: string): Link => {
    const remote = { peerId, role: "peer", publicKey: "", incoming: true, address: "" } as const;
    return new Link(links.size, remote, clock.now, most);
  };
  /** Steps of what is done. */
  const taken = (action: () => void): number => {
    const before = steps;
    action();
    return steps - before;
  };
  /** Goes on until all is counted. */
  const settle = () => {
    while (claims.dueAt !== undefined) {
      clock.now = Math.max(clock.now + 1, claims.dueAt);
      expect(taken(() => claims.work())).toBeLessThanOrEqual(atOnce);
    }
  };
  return { claims, picker, clock, faults, open, taken, settle };
}

const mapOf = (indices: Iterable<number>): Buffermap => {
  const possession = new Possession(most);
  for (const index of indices) possession.add(index);
  return possession.toBuffermap();
};

describe("claims", () => {
  test.each([
    ["one run", { type: "have", runs: [{ first: 0, count: 20_000 }] }],
    ["many runs", { type: "have", runs: Array.from({ length: 20 }, (_, at) => ({ first: 2_000 * at, count: 1_000 })) }],
    ["a buffermap", { type: "buffermap", first: 0, bits: new Uint8Array(2_500).fill(255) }],
  ] as const)(
    "of very many fragments in %s are counted a bit at a time, and taken back so when the link is gone",
    (_, message) => {
      const { claims, picker, open, taken, settle } = setUp();
      const link = open("eager");
      const first = taken(() => {
        if (message.type === "have") claims.have(link, message.runs);
        else claims.buffermap(link, message);
      });
      expect(first).toBeLessThanOrEqual(atOnce);
      expect(claims.isBehind).toBe(true);
      settle();
      expect(link.theirs.size).toBe(20_000);
      expect(picker.openCount).toBe(20_000);
      claims.closed(link);
      expect(picker.openCount).toBeGreaterThan(0);
      settle();
      expect(picker.openCount).toBe(0);
      expect(claims.isBehind).toBe(false);
    },
  );

  test("are in the end what was said, in whatever order and however fast", () => {
    const bound = 20_000;
    const run = fc.record({ first: fc.nat(bound - 1), count: fc.integer({ min: 1, max: bound }) });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("have" as const), runs: fc.array(run, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant("buffermap" as const), runs: fc.array(run, { maxLength: 2 }) }),
      fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (script) => {
        const { claims, picker, clock, faults, open, settle } = setUp();
        const link = open("somebody");
        let model = new Set<number>();
        let retracted = 0;
        for (const one of script) {
          if (one.kind === "pass") {
            clock.now += one.ms;
            claims.work();
            continue;
          }
          const runs = one.runs.map(({ first, count }): Run => ({ first, count: Math.min(count, bound - first) }));
          const named = new Set(
            runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at)),
          );
          if (one.kind === "have") {
            claims.have(link, runs);
            for (const index of named) model.add(index);
          } else {
            if ([...model].some((index) => !named.has(index)) && ++retracted > 1) continue;
            claims.buffermap(link, mapOf(named));
            model = named;
          }
        }
        settle();
        expect(faults).toEqual([]);
        expect([...link.theirs.indices()]).toEqual([...model].sort((a, b) => a - b));
        expect(picker.openCount).toBe(model.size);
      }),
      { numRuns: 8 },
    );
  });

  test("that are made and taken back again and again are a fault", () => {
    const { claims, faults, open, settle } = setUp();
    const link = open("fickle");
    for (let round = 0; round < 3 && faults.length === 0; round++) {
      claims.have(link, [{ first: 0, count: 20_000 }]);
      settle();
      claims.buffermap(link, mapOf([]));
      settle();
    }
    expect(faults).toEqual(["fickle"]);
  });

  test("one taken back now and then is none", () => {
    const { claims, faults, clock, open } = setUp();
    const link = open("unlucky");
    const held = new Set(Array.from({ length: 1_000 }, (_, index) => index));
    for (let index = 0; index < 500; index++) {
      held.delete(index);
      clock.now += 100;
      claims.buffermap(link, mapOf(held));
    }
    expect(faults).toEqual([]);
    expect(link.theirs.size).toBe(500);
  });

  test("of everything, said again and again, are a fault: reading them is work", () => {
    const { claims, faults, open, taken } = setUp();
    const link = open("loud");
    const steps = taken(() => {
      for (let round = 0; round < 100 && faults.length === 0; round++) claims.have(link, [{ first: 0, count: most }]);
    });
    expect(faults).toEqual(["loud"]);
    expect(steps).toBeLessThanOrEqual(atOnce);
  });

  test.each<[string, Buffermap]>([
    ["behind the end", { type: "buffermap", first: most - 8, bits: Uint8Array.of(0, 128) }],
    ["nowhere", { type: "buffermap", first: Number.MAX_SAFE_INTEGER, bits: Uint8Array.of(128) }],
    ["far away", { type: "buffermap", first: 2 ** 40, bits: Uint8Array.of(128) }],
  ])("of fragments %s are a fault", (_, message) => {
    const { claims, faults, open } = setUp();
    claims.buffermap(open("liar"), message);
    expect(faults).toEqual(["liar"]);
  });
});
