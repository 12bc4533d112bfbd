import { expect, test } from "vitest";
import { runChurn } from "./run.js";

test.each(["push", "pull"] as const)(
  "nothing is missing at peers that stay while others go, with recovery by %s",
  async (recoveryBy) => {
    const report = await runChurn({
      minutes: 0.4,
      peers: 10,
      everyMs: 1500,
      publishMs: 500,
      recoveryBy,
      maxPrimary: 3,
      kinds: ["kill", "pause", "cut", "leave", "homs"],
    });
    expect(report.missing).toEqual([]);
    expect(report.wrong).toEqual([]);
    expect(report.shapeFault).toBeUndefined();
    expect(Object.values(report.failures).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(3);
  },
);
