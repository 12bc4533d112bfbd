import { expect, test } from "vitest";
import { Gate } from "./gate.js";

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Sends `count` exchanges at once; gives back how many were under way together at most. */
async function crowd(gate: Gate, count: number, exchange: () => Promise<void>): Promise<number> {
  let busy = 0;
  let most = 0;
  const one = async (): Promise<void> => {
    most = Math.max(most, ++busy);
    await exchange();
    busy--;
  };
  await Promise.all(Array.from({ length: count }, () => gate.pass(one, () => {})));
  return most;
}

test("a server with a backlog of five is not flooded, and every exchange gets its turn", async () => {
  expect(await crowd(new Gate(() => performance.now()), 60, () => pause(1))).toBeLessThanOrEqual(6);
});

test("a server that is slow to each but serves many at once gets more at once", async () => {
  const gate = new Gate(() => performance.now());
  await crowd(gate, 30, () => pause(60));
  expect(gate.limit).toBeGreaterThan(6);
});

test("a server that serves one after the other gets no more at once, whatever it refuses quickly", async () => {
  const gate = new Gate(() => performance.now());
  let line = Promise.resolve();
  const inLine = (): Promise<void> => {
    line = line.then(() => pause(15));
    return line;
  };
  await gate.pass(
    () => pause(0),
    () => {},
  );
  await crowd(gate, 60, inLine);
  expect(gate.limit).toBe(6);
});

test("the time in line is told, so that no budget pays for it; a failed exchange makes room too", async () => {
  const gate = new Gate(() => performance.now());
  const waits: number[] = [];
  const failing = Array.from({ length: 7 }, () =>
    gate.pass(
      () => pause(40).then(() => Promise.reject(new Error("reset"))),
      (milliseconds) => waits.push(milliseconds),
    ),
  );
  const results = await Promise.allSettled(failing);
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  expect(waits.filter((milliseconds) => milliseconds > 30)).toHaveLength(1);
});
