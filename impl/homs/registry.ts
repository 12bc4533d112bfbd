import { ExpiryQueue } from "../net/expiry-queue.js";
import type { Store, Table } from "../store/store.js";
import type { HomsEvents } from "./events.js";
import { Overlay, type OverlayRecord, Peer, type PeerRecord, plainPeerId } from "./overlay.js";

/** What a refresh changes of a membership: `lease` and `expiresAt` of its record. */
type LeaseRow = readonly [lease: number, expiresAt: number];

const peerKey = (overlayId: string, peerId: string): string => `${overlayId}/${peerId}`;

const namesOf = ({ record }: Peer): Set<string> => new Set([record.peerId, plainPeerId(record)]);

/**
 * Every overlay and membership, in memory with its indexes, and queued into the store on each change. Nothing here waits for the
 * disk: whoever must not forget what it acknowledged awaits the store's `commit` afterwards.
 */
export class Registry {
  readonly overlays = new Map<string, Overlay>();
  readonly #overlayRows: Table<OverlayRecord>;
  readonly #peerRows: Table<PeerRecord>;
  /** The last ticket of each overlay: kept apart, because it changes with every join and the overlay's row may be long. */
  readonly #ticketRows: Table<number>;
  /** The lifetimes that refreshes prolonged: kept apart, because peers refresh all the time and their rows are long. */
  readonly #leaseRows: Table<LeaseRow>;
  readonly #overlayEnds = new ExpiryQueue<Overlay>();
  readonly #peerEnds = new ExpiryQueue<Peer>();
  readonly #names = new Map<string, Peer[]>();
  readonly #removeEmpty: boolean;
  readonly #events: HomsEvents;
  #peers = 0;

  /** `removeEmpty`: an overlay goes with its last member (E-HOMP-64 B). */
  constructor(store: Store, now: number, events: HomsEvents, removeEmpty = false) {
    this.#events = events;
    this.#removeEmpty = removeEmpty;
    this.#overlayRows = store.table<OverlayRecord>("homs_overlays");
    this.#peerRows = store.table<PeerRecord>("homs_peers");
    this.#ticketRows = store.table<number>("homs_tickets");
    this.#leaseRows = store.table<LeaseRow>("homs_leases");
    this.#load();
    this.sweep(now);
  }

  /** Members of all overlays together. */
  get peers(): number {
    return this.#peers;
  }

  /**
   * Takes out everything that ended by `now`. Every primitive calls it first, so nothing that has expired is ever served; the
   * timer that calls it too only frees memory while nobody asks.
   */
  sweep(now: number): void {
    for (let overlay = this.#overlayEnds.nextDue(now); overlay; overlay = this.#overlayEnds.nextDue(now)) {
      this.removeOverlay(overlay, "expired");
    }
    for (let peer = this.#peerEnds.nextDue(now); peer; peer = this.#peerEnds.nextDue(now)) this.#removeExpired(peer);
  }

  /** The memberships under this peer-id in all overlays, in the order in which they were entered. */
  named(peerId: string): readonly Peer[] {
    return this.#names.get(peerId) ?? [];
  }

  addOverlay(record: OverlayRecord): Overlay {
    const overlay = new Overlay(record);
    this.overlays.set(record.overlayId, overlay);
    this.saveOverlay(overlay);
    return overlay;
  }

  /** To be called after a change of the record. */
  saveOverlay(overlay: Overlay): void {
    this.#overlayEnds.schedule(overlay);
    this.#overlayRows.put(overlay.record.overlayId, overlay.record);
  }

  /** Harmless when it is gone already. */
  removeOverlay(overlay: Overlay, reason: "removed" | "expired" | "empty" = "removed"): void {
    const { overlayId } = overlay.record;
    if (this.overlays.get(overlayId) !== overlay) return;
    for (const peer of overlay.members) {
      this.#forgetName(peer);
      this.#peerEnds.forget(peer);
      this.#deleteRows(peer);
    }
    this.#peers -= overlay.members.size;
    this.#overlayEnds.forget(overlay);
    this.overlays.delete(overlayId);
    this.#overlayRows.delete(overlayId);
    this.#ticketRows.delete(overlayId);
    this.#events.emit({ kind: "overlay-removed", overlayId, reason });
  }

  /** A number above every ticket this overlay ever gave out, across restarts too. */
  nextTicket(overlay: Overlay): number {
    overlay.lastTicket++;
    this.#ticketRows.put(overlay.record.overlayId, overlay.lastTicket);
    return overlay.lastTicket;
  }

  addPeer(overlay: Overlay, record: PeerRecord): Peer {
    const peer = new Peer(record);
    overlay.members.add(peer);
    this.#peers++;
    this.#keepName(peer);
    this.savePeer(peer);
    return peer;
  }

  /** To be called after a change of the record. */
  savePeer(peer: Peer): void {
    this.#peerEnds.schedule(peer);
    const { record } = peer;
    this.#peerRows.put(peerKey(record.overlayId, record.peerId), record);
    // A lifetime row wins over the record when the store is read, so it may not stay behind.
    if (peer.prolonged) this.#leaseRows.put(peerKey(record.overlayId, record.peerId), [record.lease, record.expiresAt]);
  }

  /** To be called after a change of nothing but `lease` and `expiresAt` of the record. */
  saveLease(peer: Peer): void {
    const { overlayId, peerId, lease, expiresAt } = peer.record;
    this.#peerEnds.schedule(peer);
    peer.prolonged = true;
    this.#leaseRows.put(peerKey(overlayId, peerId), [lease, expiresAt]);
  }

  /** Harmless when it is gone already. `keepOverlay`: for a join that is taken back, which must not take the overlay along. */
  removePeer(
    overlay: Overlay,
    peer: Peer,
    kind: "peer-left" | "peer-expired" | "peer-lost" = "peer-left",
    keepOverlay = false,
  ): void {
    if (!overlay.members.has(peer)) return;
    overlay.members.delete(peer);
    overlay.ranking?.noteChange();
    this.#peers--;
    this.#peerEnds.forget(peer);
    this.#deleteRows(peer);
    this.#forgetName(peer);
    this.#events.emit({ kind, overlayId: overlay.record.overlayId, peerId: peer.record.peerId });
    if (this.#removeEmpty && !keepOverlay && overlay.members.size === 0) this.removeOverlay(overlay, "empty");
  }

  #keepName(peer: Peer): void {
    for (const name of namesOf(peer)) {
      const others = this.#names.get(name);
      if (others === undefined) this.#names.set(name, [peer]);
      else others.push(peer);
    }
  }

  #forgetName(peer: Peer): void {
    for (const name of namesOf(peer)) {
      const others = this.#names.get(name)?.filter((other) => other !== peer) ?? [];
      if (others.length === 0) this.#names.delete(name);
      else this.#names.set(name, others);
    }
  }

  #deleteRows({ record, prolonged }: Peer): void {
    const key = peerKey(record.overlayId, record.peerId);
    this.#peerRows.delete(key);
    if (prolonged) this.#leaseRows.delete(key);
  }

  #removeExpired(peer: Peer): void {
    const overlay = this.overlays.get(peer.record.overlayId);
    if (overlay !== undefined) this.removePeer(overlay, peer, "peer-expired");
  }

  #load(): void {
    const overlays = [...this.#overlayRows.load()].sort(([, a], [, b]) => a.createdAt - b.createdAt);
    for (const [overlayId, record] of overlays) {
      const overlay = new Overlay(record);
      this.overlays.set(overlayId, overlay);
      this.#overlayEnds.schedule(overlay);
    }
    for (const [overlayId, ticket] of this.#ticketRows.load()) {
      const overlay = this.overlays.get(overlayId);
      if (overlay !== undefined) overlay.lastTicket = ticket;
    }
    const leases = new Map(this.#leaseRows.load());
    const peers = [...this.#peerRows.load()].sort(([, a], [, b]) => a.ticket - b.ticket);
    for (const [key, record] of peers) {
      const overlay = this.overlays.get(record.overlayId);
      if (overlay === undefined) {
        this.#peerRows.delete(key);
        continue;
      }
      const peer = new Peer(record);
      const lease = leases.get(key);
      if (lease !== undefined) {
        [record.lease, record.expiresAt] = lease;
        peer.prolonged = true;
        leases.delete(key);
      }
      overlay.members.add(peer);
      this.#keepName(peer);
      overlay.lastTicket = Math.max(overlay.lastTicket, record.ticket);
      this.#peers++;
      this.#peerEnds.schedule(peer);
    }
    for (const key of leases.keys()) this.#leaseRows.delete(key);
  }
}
