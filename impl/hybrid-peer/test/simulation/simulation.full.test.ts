import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runInProcesses, summarize } from "./batch.js";

/** `npm run simulate` runs twice as many. */
const count = 5000;

test(`holds under ${count} schedules`, async () => {
  const { failures, seeds, recovery } = summarize(await runInProcesses(1, count, availableParallelism()));
  expect(failures.map(({ seed, fault }) => `${fault} (npm run simulate -- --seed ${seed} --trace)`)).toEqual([]);
  expect(seeds).toBe(count);
  // Simulated time: the same on every machine.
  expect(recovery.median).toBeLessThan(2000);
});
