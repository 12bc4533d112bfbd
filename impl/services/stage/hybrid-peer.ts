import { type HybridPeer, type Membership, type PeerNetwork, startHybridPeer } from "../../hybrid-peer/index.js";
import { text, type Wishes } from "./stage.js";

/** A hybrid peer of a service, named as its role is. Gaps in the data of a source are waited for. */
export function startServicePeer(wishes: Wishes): Promise<HybridPeer> {
  return startHybridPeer({
    homs: text(wishes, "homs"),
    peerId: text(wishes, "name"),
    listen: { host: "127.0.0.1" },
    // Nobody knows an earlier run of this peer: it counts from 1, and others need not ask what came before.
    paths: { order: "source", firstSequence: 1 },
  });
}

/** @throws Error where the peer has no paths, which is a mistake in how it was started */
export function networkOf(membership: Membership): PeerNetwork {
  if (membership.network === undefined) throw new Error(`no paths in ${membership.overlay.overlayId}`);
  return membership.network;
}

export interface Overlay {
  readonly overlayId: string;
  readonly network: PeerNetwork;
}

export interface OverlayWishes {
  readonly title: string;
  readonly type: "core" | "sub";
  readonly subType: "tree" | "mesh";
  /** Messages that each peer keeps per source [Q.4103 6.1.8]. */
  readonly cache: number;
  readonly recovery: "push" | "pull";
}

/** Creates an overlay network and joins it: the peer is its owner, and the source of a sub-overlay [Q.4100 6]. */
export async function createAndJoin(peer: HybridPeer, wishes: OverlayWishes): Promise<Overlay> {
  const owned = await peer.create({
    title: wishes.title,
    type: wishes.type,
    subType: wishes.subType,
    crPolicy: { mN_Cache: wishes.cache, mD_Cache: 0, "recovery-by": wishes.recovery },
  });
  return await joinOverlay(peer, owned.overlay.overlayId);
}

export async function joinOverlay(peer: HybridPeer, overlayId: string): Promise<Overlay> {
  const membership = await peer.join({ overlayId });
  return { overlayId, network: networkOf(membership) };
}

/** Finds an overlay network by its title, as peers do that were not told its identifier [Q.4100 9.1 step 2]. */
export async function joinByTitle(peer: HybridPeer, title: string): Promise<Overlay> {
  const found = (await peer.query({ title })).find((one) => one.title === title);
  if (found === undefined) throw new Error(`the HOMS knows no overlay network "${title}"`);
  return await joinOverlay(peer, found.overlayId);
}
