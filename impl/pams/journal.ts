import type { Store, Table } from "../store/store.js";
import type { Journal, PamsCore } from "./core.js";
import { Account, type AccountRow } from "./ledger.js";
import { Overlay, type OverlayCharacteristics } from "./overlay.js";
import { Peer, type PeerActivityRow, type PeerRegistration } from "./peer.js";

interface OverlayRow extends OverlayCharacteristics {
  generation: number;
  content_type?: string;
}

interface PeerRow extends PeerRegistration {
  /** When it registered, in ms. */
  at: number;
}

/**
 * The PAMS's tables in a store. Peers are keyed by the generation of their overlay network and their ID: removing the
 * overlay network's one row removes them all, however many; their rows are swept up afterwards, a few at a time.
 */
export class StoreJournal implements Journal {
  readonly #overlays: Table<OverlayRow>;
  readonly #peers: Table<PeerRow>;
  readonly #activity: Table<PeerActivityRow>;
  readonly #accounts: Table<AccountRow>;
  readonly #orphans: Iterator<string>[] = [];

  constructor(store: Store) {
    this.#overlays = store.table("pams_overlays");
    this.#peers = store.table("pams_peers");
    this.#activity = store.table("pams_activity");
    this.#accounts = store.table("pams_accounts");
  }

  overlayRegistered({ id, generation, contentType, characteristics }: Overlay): void {
    const row = { generation, ...characteristics };
    this.#overlays.put(id, contentType === undefined ? row : { ...row, content_type: contentType });
  }

  overlayDeregistered(overlay: Overlay): void {
    this.#overlays.delete(overlay.id);
    if (overlay.peers.size > 0) this.#orphans.push(keysOf(overlay, overlay.peers));
    if (overlay.ledger.accounts.size > 0) this.#orphans.push(keysOf(overlay, overlay.ledger.accounts));
  }

  peerRegistered(overlay: Overlay, peer: Peer): void {
    this.#peers.put(keyOf(overlay, peer.id), { ...peer.registration, at: peer.lastHeard });
  }

  peerDeregistered(overlay: Overlay, peerId: string): void {
    const key = keyOf(overlay, peerId);
    this.#peers.delete(key);
    this.#activity.delete(key);
  }

  accountChanged(overlay: Overlay, peerId: string, account: Account): void {
    this.#accounts.put(keyOf(overlay, peerId), account as unknown as AccountRow);
  }

  peerReported(overlay: Overlay, peer: Peer): void {
    this.#activity.put(keyOf(overlay, peer.id), peer as unknown as PeerActivityRow);
  }

  /**
   * Removes some rows of peers whose overlay network is gone.
   *
   * @returns whether some are left
   */
  sweep(count = 500): boolean {
    for (let i = 0; i < count; i++) {
      const keys = this.#orphans[0];
      if (keys === undefined) return false;
      const { done, value } = keys.next();
      if (done) {
        this.#orphans.shift();
        continue;
      }
      this.#peers.delete(value);
      this.#activity.delete(value);
      this.#accounts.delete(value);
    }
    return this.#orphans.length > 0;
  }

  /**
   * Fills a new core with what the store holds. Nobody could report while no PAMS ran, so the time between the last sign
   * of life on record and now does not count as anybody's silence.
   */
  load(core: PamsCore, now: number): void {
    const overlays = new Map<number, { overlay: Overlay; peers: Map<string, Peer> }>();
    for (const [id, { generation, content_type, ...characteristics }] of this.#overlays.load()) {
      const overlay = new Overlay(id, generation, content_type, characteristics);
      overlays.set(generation, { overlay, peers: new Map() });
    }
    let latest = Number.NEGATIVE_INFINITY;
    const orphans: string[] = [];
    for (const [key, { at, ...registration }] of this.#peers.load()) {
      const { generation, id } = partsOf(key);
      core.skipGenerations(generation);
      latest = Math.max(latest, at);
      const home = overlays.get(generation);
      if (home === undefined) orphans.push(key);
      else home.peers.set(id, new Peer(id, registration, at));
    }
    for (const [key, row] of this.#activity.load()) {
      const { generation, id } = partsOf(key);
      core.skipGenerations(generation);
      latest = Math.max(latest, row.at);
      const peer = overlays.get(generation)?.peers.get(id);
      if (peer === undefined) orphans.push(key);
      else peer.restore(row);
    }
    for (const [key, row] of this.#accounts.load()) {
      const { generation, id } = partsOf(key);
      core.skipGenerations(generation);
      const home = overlays.get(generation);
      if (home === undefined) orphans.push(key);
      else home.overlay.ledger.accounts.set(id, Account.restore(row));
    }
    const pause = Math.max(0, now - latest);
    for (const { overlay, peers } of overlays.values()) {
      for (const peer of peers.values()) peer.lastHeard += pause;
      core.restore(overlay, [...peers.values()]);
    }
    if (orphans.length > 0) this.#orphans.push(orphans.values());
  }
}

function keyOf(overlay: Overlay, peerId: string): string {
  return `${overlay.generation}/${peerId}`;
}

function partsOf(key: string): { generation: number; id: string } {
  const slash = key.indexOf("/");
  return { generation: Number(key.slice(0, slash)), id: key.slice(slash + 1) };
}

function* keysOf(overlay: Overlay, table: ReadonlyMap<string, unknown>): IterableIterator<string> {
  for (const id of table.keys()) yield keyOf(overlay, id);
}
