import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { defaultCoreSettings } from "../../core/settings.js";
import { type Fleet, startFleet } from "../fleet/fleet.js";
import { leastDepth } from "../fleet/shape.js";

let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.close();
});

const count = 50;
/** That a busy machine lets a process wait is no loss here: how losses are dealt with is for the churn tests. */
const paths = { quietMs: 3000, silenceMs: 15_000 };

test(`${count} peers, each a process, form one shallow tree, and each gets every message once`, async () => {
  fleet = await startFleet({ paths });
  await fleet.start().joined();
  // A few at a time: two processors compile and start them.
  for (let started = 1; started < count; started += 8) {
    const batch = Array.from({ length: Math.min(8, count - started) }, () => fleet?.start());
    await Promise.all(batch.map((member) => member?.joined()));
  }
  const { fault, depth } = await fleet.settled(60_000);
  expect(fault).toBeUndefined();
  expect(depth).toBeLessThanOrEqual(2 * leastDepth(count, defaultCoreSettings.maxPrimary));

  for (let round = 0; round < 5; round++)
    for (const member of fleet.members) member.tell({ kind: "publish", size: 1000 });
  // What was published is told within a tenth of a second, or a little later on a busy machine.
  while (fleet.ledger.messages < 5 * count) await sleep(50);
  expect(await fleet.delivered(60_000)).toEqual([]);
  expect(fleet.wrong).toEqual([]);
  expect(fleet.ledger.deliveries).toBe(5 * count * (count - 1));
});
