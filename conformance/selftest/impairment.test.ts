import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { BAD_NETWORK, relay, scheduleOf } from "./impairment.js";

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("the same impairment has the same schedule, with about the shares that it says", () => {
  const schedule = scheduleOf(BAD_NETWORK);
  expect(scheduleOf({ ...BAD_NETWORK })).toEqual(schedule);
  expect(scheduleOf({ ...BAD_NETWORK, seed: "1" })).not.toEqual(schedule);
  const share = (which: (fate: readonly number[]) => boolean): number =>
    schedule.filter(which).length / schedule.length;
  expect(share((fate) => fate.length === 0)).toBeCloseTo(BAD_NETWORK.loss, 1);
  expect(share((fate) => fate.length === 2)).toBeCloseTo(BAD_NETWORK.duplication, 1);
  expect(share(([delay = 0]) => delay >= 40)).toBeCloseTo(BAD_NETWORK.reordering, 1);
});

test("a relay loses, repeats and holds back what the schedule says, and passes answers on", async () => {
  const behind = createSocket("udp4");
  behind.bind(0, "127.0.0.1");
  await once(behind, "listening");
  closing.push(() => behind.close());
  const came: string[] = [];
  const all = new Promise<void>((done) => {
    behind.on("message", (octets, from) => {
      came.push(octets.toString());
      if (octets.toString() === "late") done();
      behind.send("answer", from.port, from.address);
    });
  });
  const between = await relay(`udp://127.0.0.1:${behind.address().port}`, [[], [0], [0, 0], [150], [0], [0], [0], [0]]);
  closing.push(() => between.close());
  const client = createSocket("udp4");
  closing.push(() => client.close());
  const answered = once(client, "message");
  for (const text of ["lost", "whole", "twice", "late"])
    client.send(text, Number(new URL(between.url).port), "127.0.0.1");
  await all;
  expect(came.slice().sort()).toEqual(["late", "twice", "twice", "whole"]);
  expect(came.at(-1)).toBe("late");
  expect(String((await answered)[0])).toBe("answer");
  expect(between.passed).toMatchObject({ lost: 1, twice: 1 });
});
