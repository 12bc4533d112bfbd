import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { silentLogger } from "../net/logger.js";
import type { Feed, Payload } from "./feed.js";
import { createFileFeed } from "./file-feed.js";
import { createLineFeed } from "./line-feed.js";
import { createSensorFeed } from "./sensor-feed.js";
import { machineSensors, type Sensor } from "./sensors.js";
import { splitText } from "./split-text.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs a feed with a stand-in for the data source, which may be registered or not. */
function drive(feed: Feed, maxPost = 1200) {
  const posted: Payload[] = [];
  const ending = new AbortController();
  let waiting: (() => void)[] = [];
  const state = {
    posted,
    online: true,
    register() {
      state.online = true;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
  feed.start?.({
    post(payload) {
      if (state.online) posted.push(payload);
      return state.online;
    },
    registered: () => (state.online ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    maxPost,
    signal: ending.signal,
    logger: silentLogger,
  });
  cleanups.push(() => {
    ending.abort();
    return feed.stop?.();
  });
  return state;
}

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "mp2p-feeds-"));
  cleanups.push(() => rm(path, { recursive: true }));
  return path;
}

const soon = (condition: () => unknown) => expect.poll(condition, { timeout: 4000, interval: 5 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("sensors", () => {
  test("are those of this machine", async () => {
    const sensors = await machineSensors();
    const names = sensors.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["load", "memory", "uptime"]));
    const readings = Object.fromEntries(await Promise.all(sensors.map(async ({ name, read }) => [name, await read()])));
    expect(readings.memory).toMatchObject({ total: expect.any(Number), available: expect.any(Number) });
    expect((readings.memory as { available: number }).available).toBeLessThanOrEqual(
      (readings.memory as { total: number }).total,
    );
    expect(readings.uptime).toBeGreaterThan(0);
  });

  test.each([
    [
      "thermal zones",
      { "class/thermal/thermal_zone0/type": "cpu-thermal\n", "class/thermal/thermal_zone0/temp": "48312\n" },
      { "cpu-thermal-0": 48.3 },
    ],
    [
      "hardware monitors",
      {
        "class/hwmon/hwmon1/name": "k10temp\n",
        "class/hwmon/hwmon1/temp1_input": "51000\n",
        "class/hwmon/hwmon1/temp2_input": "-274000\n",
      },
      { "k10temp-1": 51 },
    ],
  ])("temperature from %s", async (_, files, want) => {
    const root = await directory();
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(root, path, ".."), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const sensor = (await machineSensors(root)).find(({ name }) => name === "temperature");
    expect(await sensor?.read()).toEqual(want);
  });

  test("there is no temperature where the machine shows none", async () => {
    expect((await machineSensors(await directory())).map(({ name }) => name)).not.toContain("temperature");
  });

  test("are posted once a period, and at once after a large change", async () => {
    let value = 1;
    const sensor: Sensor = {
      name: "level",
      read: async () => value,
      differs: (before, now) => Math.abs((now as number) - (before as number)) > 5,
    };
    const feed = await createSensorFeed({ period: 0.2, sample: 0.02, sensors: [sensor] });
    const { posted } = drive(feed);
    const started = performance.now();
    await soon(() => posted.length).toBeGreaterThanOrEqual(3);
    expect(JSON.parse(posted[0] as string)).toEqual({
      item: "level",
      value: 1,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    await pause(60);
    value = 50;
    await soon(() => posted.some((text) => JSON.parse(text as string).value === 50)).toBe(true);
    // Neither of the looks in between, ten a period, posted anything.
    expect(posted.length).toBeLessThanOrEqual(3 + (performance.now() - started) / 150);
  });

  test("the period can be changed, and RESET posts everything anew", async () => {
    const sensor: Sensor = { name: "level", read: async () => 1, differs: () => false };
    const feed = await createSensorFeed({ period: 600, sample: 0.02, sensors: [sensor] });
    const { posted } = drive(feed);
    await soon(() => posted.length).toBe(1);
    feed.reset?.();
    await soon(() => posted.length).toBe(2);
    feed.parameters?.[0]?.apply?.(0.05);
    await soon(() => posted.length).toBeGreaterThan(4);
  });

  test("nothing is posted before the registration, and one sensor's failure is not the others'", async () => {
    const broken: Sensor = { name: "broken", read: () => Promise.reject(new Error("unplugged")), differs: () => false };
    const level: Sensor = { name: "level", read: async () => 1, differs: () => false };
    const state = drive(await createSensorFeed({ sensors: [broken, level], sample: 0.02 }));
    state.online = false;
    await pause(50);
    state.register();
    await soon(() => state.posted.length).toBe(1);
  });
});

describe("lines", () => {
  test("are posted one by one, in order, and the end is told", async () => {
    const input = new PassThrough();
    let ended = false;
    const feed = createLineFeed(input, {
      onEnd: () => {
        ended = true;
      },
    });
    const { posted } = drive(feed);
    expect(() => feed.items[0]?.read()).toThrow("no line");
    input.write("one\r\ntwo\nthr");
    input.end("ee");
    await soon(() => ended).toBe(true);
    expect(posted).toEqual(["one", "two", "three"]);
    expect(feed.items[0]?.read()).toBe("three");
  });

  test("wait for the registration", async () => {
    const input = new PassThrough();
    const state = drive(createLineFeed(input));
    state.online = false;
    input.write("1\n2\n");
    await pause(30);
    expect(state.posted).toEqual([]);
    state.register();
    await soon(() => state.posted.length).toBe(2);
  });

  test("go no faster than the rate", async () => {
    const input = new PassThrough();
    const { posted } = drive(createLineFeed(input, { rate: 200 }));
    input.write("x\n".repeat(1000));
    await pause(300);
    expect(posted.length).toBeGreaterThan(20);
    expect(posted.length).toBeLessThan(120);
  });

  test.each([
    ["short", 10, ["short"]],
    ["", 10, [""]],
    ["abcdef", 3, ["abc", "def"]],
    ["aüb", 2, ["a", "ü", "b"]],
    ["€€", 4, ["€", "€"]],
    ["𝄞", 1, ["𝄞"]],
  ])("%j in parts of %d octets", (text, octets, parts) => {
    expect(splitText(text, octets)).toEqual(parts);
  });
});

describe("a file", () => {
  test("its new lines are posted, also after it was cut short or replaced", async () => {
    const path = join(await directory(), "log.txt");
    await writeFile(path, "old\n");
    const { posted } = drive(createFileFeed(path, { period: 0.05 }));
    await pause(60);
    await appendFile(path, "one\ntw");
    await soon(() => posted).toEqual(["one"]);
    await appendFile(path, "o\n");
    await soon(() => posted).toEqual(["one", "two"]);
    await writeFile(path, "3\n");
    await soon(() => posted).toEqual(["one", "two", "3"]);
    await writeFile(`${path}.new`, "a longer line than before\n");
    await rename(`${path}.new`, path);
    await soon(() => posted.at(-1)).toBe("a longer line than before");
  });

  test("from its start, with a character cut between two reads, once it exists", async () => {
    const path = join(await directory(), "late.txt");
    const { posted } = drive(createFileFeed(path, { period: 0.05, from: "start" }));
    await pause(60);
    const text = Buffer.from("grün\n");
    await writeFile(path, text.subarray(0, 3));
    await pause(80);
    await appendFile(path, text.subarray(3));
    await soon(() => posted).toEqual(["grün"]);
  });

  test("whole: posted when it changes; octets that are no text go as binary", async () => {
    const path = join(await directory(), "state");
    await writeFile(path, "on");
    const feed = createFileFeed(path, { mode: "whole", period: 0.05 });
    const { posted } = drive(feed);
    await soon(() => posted).toEqual(["on"]);
    await pause(120);
    expect(posted).toHaveLength(1);
    await writeFile(path, Uint8Array.of(0xff, 0));
    await soon(() => posted.length).toBe(2);
    expect([...(posted[1] as Uint8Array)]).toEqual([0xff, 0]);
    expect(await feed.items[0]?.read()).toEqual(posted[1]);
    await writeFile(path, "x".repeat(1024 * 1024 + 1));
    await expect(feed.items[0]?.read()).rejects.toThrow(RangeError);
  });
});
