import { startHomsServer } from "../../../../impl/homs/index.js";
import { type HybridPeer, type PeerNetwork, startHybridPeer } from "../../../../impl/hybrid-peer/index.js";
import { createMemoryStore } from "../../../../impl/store/index.js";
import { type Broadcaster, nodes } from "../broadcaster.js";
import { contend } from "../contender.js";

/** The hybrid peers as they ship, with caches and heartbeats; at most three primary paths each, so that their tree is a binary one. */
await contend(async () => {
  const homs = await startHomsServer({ port: 0, store: createMemoryStore() });
  const peers: HybridPeer[] = [];
  const networks: PeerNetwork[] = [];
  let overlayId: string | undefined;
  for (let index = 0; index < nodes; index++) {
    const peer = await startHybridPeer({
      homs: homs.url,
      peerId: `peer-${index}`,
      paths: { maxPrimary: index === 0 ? 2 : 3 },
    });
    peers.push(peer);
    overlayId ??= (await peer.create({ title: "bench" })).overlay.overlayId;
    const { network } = await peer.join({ overlayId });
    if (network === undefined) throw new Error("no network");
    networks.push(network);
    while (index > 0 && !hasParent(network)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const application = networks[0]?.application("bench");
  const system: Broadcaster = {
    receivers: nodes - 1,
    onDelivery: () => undefined,
    send: (payload) => void application?.send(payload),
    close: async () => {
      await Promise.all(peers.map((peer) => peer.close()));
      await homs.close();
    },
  };
  for (const network of networks.slice(1))
    network.application("bench").onData(({ payload }) => system.onDelivery(payload));
  return system;
});

function hasParent(network: PeerNetwork): boolean {
  return network.paths().some(({ kind }) => kind === "parent");
}
