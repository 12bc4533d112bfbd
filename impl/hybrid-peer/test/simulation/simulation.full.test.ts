import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runInProcesses, summarize } from "./batch.js";

test("holds under 10,000 schedules", async () => {
  const { failures, seeds, recovery } = summarize(await runInProcesses(1, 10_000, availableParallelism()));
  expect(failures.map(({ seed, fault }) => `${fault} (npm run simulate -- --seed ${seed} --trace)`)).toEqual([]);
  expect(seeds).toBe(10_000);
  // Simulated time: the same on every machine.
  expect(recovery.median).toBeLessThan(2000);
});
