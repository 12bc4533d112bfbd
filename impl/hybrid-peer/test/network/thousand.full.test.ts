import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { startHomsServer } from "../../../homs/index.js";
import { createMemoryStore } from "../../../store/index.js";
import { defaultCoreSettings } from "../../core/settings.js";
import { startHybridPeer } from "../../index.js";
import { leastDepth, shapeOf } from "../fleet/shape.js";

const count = 1000;
/** A thousand peers that ask each other for signs of life as often as usual would do nothing else in one process. */
const paths = { ...defaultCoreSettings, quietMs: 10_000, silenceMs: 30_000, outgoingCandidates: 1, answerMs: 20_000 };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

test(`${count} peers in one process, on real sockets, form one shallow tree, and each gets every message once`, async () => {
  const homs = await startHomsServer({ port: 0, store: createMemoryStore() });
  open.push(homs);
  const start = async (peerId: string) => {
    const peer = await startHybridPeer({ homs: homs.url, peerId, paths, leaveMs: 0, timeoutMs: 60_000 });
    open.push({ close: () => peer.close() });
    return peer;
  };
  const owner = await start("p1");
  const { overlay } = await owner.create({ title: "thousand", heartbeatInterval: 60, heartbeatTimeout: 200 });
  const how = { overlayId: overlay.overlayId, type: "core", subType: "tree" } as const;
  const networks = new Map([["p1", (await owner.join(how)).network]]);
  const got = new Map<string, number>();
  for (let started = 1; started < count; started += 50) {
    const batch = Array.from({ length: Math.min(50, count - started) }, (_, index) => `p${started + index + 1}`);
    await Promise.all(batch.map(async (id) => networks.set(id, (await (await start(id)).join(how)).network)));
  }
  const shape = () => shapeOf(new Map([...networks].map(([id, network]) => [id, network?.paths() ?? []])));
  while (shape().fault !== undefined) await sleep(200);
  expect(shape().depth).toBeLessThanOrEqual(2 * leastDepth(count, paths.maxPrimary));

  for (const [id, network] of networks) {
    network?.application("a").onData(({ source, sequence }) => {
      const key = `${id} ${source} ${sequence}`;
      got.set(key, (got.get(key) ?? 0) + 1);
    });
  }
  const sources = ["p1", "p2", `p${count >> 1}`, `p${count}`];
  for (let round = 0; round < 5; round++) for (const id of sources) networks.get(id)?.application("a").send(`${round}`);
  while (got.size < 5 * sources.length * (count - 1)) await sleep(50);
  // What comes twice would come soon after.
  await sleep(500);
  expect(got.size).toBe(5 * sources.length * (count - 1));
  expect([...got.values()].filter((times) => times !== 1)).toEqual([]);
});
