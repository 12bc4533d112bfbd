import { describe, expect, test } from "vitest";
import { runFile } from "./file-run.js";
import { runLive } from "./live-run.js";
import { planOf } from "./plan.js";

/** They compute a few seconds, on a busy machine many. */
describe("a simulated swarm", { timeout: 180_000 }, () => {
  test("brings a file to all within 1.3 x of the fluid lower bound", () => {
    const plan = planOf(1, { mix: "heterogeneous", peers: 50, octets: 16_000_000, fragmentSize: 262_144 });
    const { ratio, violations } = runFile(plan);
    expect(violations).toEqual([]);
    expect(ratio).toBeLessThan(1.3);
  });

  test("serves the honest in spite of those who break the rules, and is the same again", () => {
    const plan = planOf(2, {
      mix: "heterogeneous",
      peers: 10,
      octets: 3_000_000,
      fragmentSize: 32_768,
      villains: 1,
      churn: 0.2,
    });
    const outcome = runFile(plan);
    expect(outcome.violations).toEqual([]);
    expect(outcome.culprits).toContain("corrupter: corrupt-fragment");
    expect(outcome.culprits).toContain("forger: forged-descriptors");
    expect(runFile(plan)).toEqual(outcome);
  });

  test("brings a stream to all in time, to those who come late as well", () => {
    const plan = {
      seed: 1,
      peers: 15,
      fragments: 60,
      fragmentSize: 25_000,
      perSecond: 20,
      sourceUpload: 4,
      peerUpload: 1.5,
      late: 0.3,
      mortal: 0,
    };
    const { missed, delay, violations } = runLive(plan);
    expect({ missed, violations }).toEqual({ missed: 0, violations: [] });
    expect(delay.most).toBeLessThan(2_000);
  });
});
