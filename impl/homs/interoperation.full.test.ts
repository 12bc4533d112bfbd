import { afterEach, describe, expect, test, vi } from "vitest";
import { type HybridPeer, type Membership, startHybridPeer } from "../hybrid-peer/index.js";
import { createMemoryStore } from "../store/memory-store.js";
import { type FieldDialect, fieldDialects } from "./dialects/dialect.js";
import { type HomsServer, startHomsServer } from "./server.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const wait = { timeout: 60_000, interval: 50 };

async function serve(dialects: readonly FieldDialect[] = []): Promise<HomsServer> {
  const homs = await startHomsServer({ store: createMemoryStore(), signalling: { port: 0 }, dialects });
  open.push(() => homs.close());
  return homs;
}

async function start(homs: HomsServer, peerId: string, how: object): Promise<HybridPeer> {
  const peer = await startHybridPeer({ homs: homs.url, peerId, leaveMs: 500, ...how });
  open.push(() => peer.close());
  return peer;
}

/** Three peers, who tell each other something; gives what the HOMS made of their reports. */
async function chat(homs: HomsServer, how: object) {
  const owner = await start(homs, "a", how);
  const { overlay } = await owner.create({ title: "chat", description: "three peers" });
  const { overlayId } = overlay;
  const members: Membership[] = [];
  const received: string[][] = [];
  for (const peer of [owner, await start(homs, "b", how), await start(homs, "c", how)]) {
    const membership = await peer.join({ overlayId, expires: 60 });
    const got: string[] = [];
    membership.network?.onData(({ payload }) => got.push(Buffer.from(payload).toString()));
    members.push(membership);
    received.push(got);
  }
  const tree = () => homs.homs.coreTree(overlayId)?.nodes.filter(({ confirmed }) => confirmed).length;
  await vi.waitUntil(() => tree() === 2, wait);
  for (const [index, membership] of members.entries()) membership.network?.application("chat").send(`from ${index}`);
  const all = (got: string[], self: number) => [0, 1, 2].every((one) => one === self || got.includes(`from ${one}`));
  await vi.waitUntil(() => received.every(all), wait);
  return homs.homs.coreTree(overlayId);
}

describe("hybrid peers over what this HOMS offers beside HOMP of the text", () => {
  test("WebRTC: they find each other through the relay, each by the token of its join", async () => {
    const homs = await serve();
    const signalling = homs.signalling?.url ?? "";
    const tree = await chat(homs, { listen: false, webrtc: { signalling, bindAddress: "127.0.0.1" } });
    expect(tree?.roots).toEqual(["a"]);
    expect(homs.signalling?.statistics).toMatchObject({ registered: 3, cut: {} });
    expect(homs.signalling?.statistics.relayed).toBeGreaterThan(3);
  }, 120_000);

  test.each(fieldDialects)(
    "%s: they speak the dialect, and are in one tree",
    async (homsDialect) => {
      const homs = await serve(fieldDialects);
      const tree = await chat(homs, { homsDialect });
      expect(tree?.roots).toHaveLength(1);
      expect(tree?.nodes).toHaveLength(3);
    },
    120_000,
  );
});
