import { afterAll, expect, test, vi } from "vitest";
import { startHomsServer } from "../../homs/index.js";
import { createMemoryStore } from "../../store/index.js";
import { type HybridPeer, type HybridPeerOptions, type PeerNetwork, startHybridPeer } from "../index.js";

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

test.each(["p23", "p22"] as const)("over WebRTC, through the relay of the HOMS, in %s", async (profile) => {
  const homs = await startHomsServer({ port: 0, store: createMemoryStore(), signalling: { port: 0 } });
  open.push(homs);
  const signalling = homs.signalling?.url ?? "";
  const peer = async (peerId: string, more: Partial<HybridPeerOptions> = {}): Promise<HybridPeer> => {
    const webrtc = { signalling, bindAddress: "127.0.0.1" };
    const one = await startHybridPeer({ homs: homs.url, peerId, webrtc, profile, leaveMs: 500, ...more });
    open.push(one);
    return one;
  };
  const owner = await peer("owner");
  const crPolicy = { mN_Cache: 10, mD_Cache: 0, "recovery-by": "push" } as const;
  const { overlay } = await owner.create({ title: "webrtc", crPolicy });
  const networks: PeerNetwork[] = [];
  const heard: string[] = [];
  for (const one of [owner, await peer("b"), await peer("c")]) {
    const { network } = await one.join({ overlayId: overlay.overlayId });
    networks.push(network as PeerNetwork);
    network?.onData(({ source, payload }) => heard.push(`${one.peerId} hears ${source}: ${Buffer.from(payload)}`));
    if (one !== owner) expect(await network?.connected({ timeoutMs: 60_000 })).toBe(true);
  }
  networks[2]?.application("chat").send("hi");
  await vi.waitUntil(() => heard.length >= 2, { timeout: 60_000 });
  expect([...heard].sort()).toEqual(["b hears c: hi", "owner hears c: hi"]);
});
