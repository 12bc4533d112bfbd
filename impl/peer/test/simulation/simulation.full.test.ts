import { expect, test } from "vitest";
import { runFile } from "./file-run.js";
import { runLive } from "./live-run.js";
import { type MixName, mixes, planOf } from "./plan.js";

/** Minutes of computing, on a busy machine many. */
const timeout = 3_600_000;

const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
const sizes = [
  { octets: 16_000_000, fragmentSize: 65_536 },
  { octets: 32_000_000, fragmentSize: 131_072 },
  { octets: 64_000_000, fragmentSize: 262_144 },
  { octets: 32_000_000, fragmentSize: 65_536 },
] as const;

function spread(name: string, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  console.log(
    `${name}: median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(3)}, worst ${sorted.at(-1)?.toFixed(3)} of ${sorted.length}`,
  );
}

test.each(Object.keys(mixes) as MixName[])(
  "one source and 50 peers, %s: all done within 1.3 x of the fluid lower bound",
  { timeout },
  (mix) => {
    const outcomes = seeds.map((seed) => {
      const { octets, fragmentSize } = sizes[seed % sizes.length] ?? sizes[0];
      return runFile(planOf(seed, { mix, peers: 50, octets, fragmentSize }));
    });
    spread(
      mix,
      outcomes.map(({ ratio }) => ratio),
    );
    expect(outcomes.flatMap(({ plan, violations }) => violations.map((text) => `seed ${plan.seed}: ${text}`))).toEqual(
      [],
    );
    expect(Math.max(...outcomes.map(({ ratio }) => ratio))).toBeLessThan(1.3);
  },
);

test.each(["homogeneous", "heterogeneous", "slow majority"] as const)(
  "churn and everybody who breaks the rules, %s",
  { timeout },
  (mix) => {
    // Three answers that do not come, and the pauses between, take half a minute: the file is to take longer.
    const outcomes = seeds
      .slice(0, 12)
      .map((seed) =>
        runFile(planOf(seed, { mix, peers: 30, octets: 72_000_000, fragmentSize: 131_072, villains: 1, churn: 0.2 })),
      );
    spread(
      `${mix}, with villains`,
      outcomes.map(({ ratio }) => ratio),
    );
    expect(outcomes.flatMap(({ plan, violations }) => violations.map((text) => `seed ${plan.seed}: ${text}`))).toEqual(
      [],
    );
    // Who refuses everything may be slow: served last, and named when it has lasted long. Of the others a swarm may be done before it has found
    // out: whose claims nobody needs nobody asks.
    const unnamed = outcomes.flatMap(({ unnamed: own }) => own.filter((name) => name !== "refuser"));
    const often = unnamed.filter((name) => unnamed.filter((other) => other === name).length > outcomes.length / 3);
    expect(often).toEqual([]);
  },
);

test("a stream reaches 50 peers in time, some of them late", { timeout }, () => {
  for (const seed of seeds.slice(0, 8)) {
    const plan = {
      seed,
      peers: 50,
      fragments: 400,
      fragmentSize: 25_000,
      perSecond: 20,
      sourceUpload: 4,
      peerUpload: 1.5,
      late: 0.2,
      mortal: 0,
    };
    const { delay, delivered, missed, firstAfter, violations } = runLive(plan);
    console.log(
      `stream, seed ${seed}: delay median ${delay.median.toFixed(0)}, p99 ${delay.p99.toFixed(0)}, most ${delay.most.toFixed(0)} ms, missed ${missed}`,
    );
    expect(violations).toEqual([]);
    expect(missed / delivered).toBeLessThan(0.001);
    expect(firstAfter).toBeLessThan(1_500);
  }
});
