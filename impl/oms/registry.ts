import { ExpiryQueue } from "../net/expiry-queue.js";
import type { Store, Table } from "../store/store.js";
import { type LeaseRow, Member, type MemberRecord, Overlay, type OverlayRecord } from "./overlay.js";
import { Holdings, holdersOf } from "./quota.js";

/** Told of what happens, after it did. */
export interface RegistryListener {
  overlayRemoved?(overlay: Overlay): void;
  /** Left, expelled or expired; not for those whose overlay network is removed. */
  memberRemoved?(member: Member): void;
}

/** How much of the time before a crash may pass for time in which the OMS ran, in ms. */
const aliveEvery = 5000;

/**
 * Every overlay network and membership, in memory with their ends, and queued into the store on each change. Nothing here waits for
 * the disk: whoever must not forget what it acknowledged awaits the store's `commit` afterwards.
 */
export class Registry {
  readonly overlays = new Map<string, Overlay>();
  /** How many of them each key and address has made. */
  readonly holdings = new Holdings();
  readonly #overlayRows: Table<OverlayRecord>;
  readonly #memberRows: Table<MemberRecord>;
  /** Ends of lifetimes, apart because refreshes move them all the time and the rows of their owners are long. */
  readonly #overlayLeases: Table<number>;
  readonly #memberLeases: Table<LeaseRow>;
  readonly #stateRows: Table<number>;
  readonly #overlayEnds = new ExpiryQueue<Overlay>();
  readonly #memberEnds = new ExpiryQueue<Member>();
  readonly #listeners: RegistryListener[] = [];
  /** Rows of members whose overlay network is gone: swept up a few at a time. */
  readonly #orphans: Iterator<string>[] = [];
  #generation = 0;
  #members = 0;
  #alive: number;

  /** `now`: time during which no OMS ran is taken off nobody's lifetime, since nobody could refresh. */
  constructor(store: Store, now: number) {
    this.#overlayRows = store.table("oms_overlays");
    this.#memberRows = store.table("oms_members");
    this.#overlayLeases = store.table("oms_overlay_leases");
    this.#memberLeases = store.table("oms_member_leases");
    this.#stateRows = store.table("oms_state");
    const state = new Map(this.#stateRows.load());
    const pause = Math.max(0, now - (state.get("alive") ?? now));
    this.#generation = state.get("generation") ?? 0;
    this.#load(pause);
    this.#alive = now;
    this.#stateRows.put("alive", now);
  }

  /** Memberships of all overlay networks together, those of source peers included. */
  get members(): number {
    return this.#members;
  }

  listen(listener: RegistryListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Takes out everything that ended by `now`. Every operation calls it first, so nothing that has expired is ever served; the timer
   * that calls it too only frees memory while nobody asks.
   */
  sweep(now: number): void {
    for (let overlay = this.#overlayEnds.nextDue(now); overlay; overlay = this.#overlayEnds.nextDue(now)) {
      this.removeOverlay(overlay);
    }
    for (let member = this.#memberEnds.nextDue(now); member; member = this.#memberEnds.nextDue(now)) {
      this.removeMember(member);
    }
  }

  /** Housekeeping that no answer depends on. */
  upkeep(now: number, rows = 500): void {
    if (now - this.#alive >= aliveEvery) {
      this.#alive = now;
      this.#stateRows.put("alive", now);
    }
    for (let i = 0; i < rows && this.#orphans.length > 0; i++) {
      const { done, value } = (this.#orphans[0] as Iterator<string>).next();
      if (done) {
        this.#orphans.shift();
        continue;
      }
      this.#memberRows.delete(value as string);
      this.#memberLeases.delete(value as string);
    }
  }

  addOverlay(id: string, record: Omit<OverlayRecord, "generation">, expiresAt: number): Overlay {
    this.#generation++;
    this.#stateRows.put("generation", this.#generation);
    const overlay = new Overlay(id, { ...record, generation: this.#generation }, expiresAt);
    this.overlays.set(id, overlay);
    this.holdings.add(holdersOf(overlay.record), 1);
    this.saveOverlay(overlay);
    this.prolongOverlay(overlay, expiresAt);
    return overlay;
  }

  /** To be called after a change of the record. */
  saveOverlay(overlay: Overlay): void {
    this.#overlayRows.put(overlay.id, overlay.record);
  }

  prolongOverlay(overlay: Overlay, expiresAt: number): void {
    overlay.expiresAt = expiresAt;
    this.#overlayEnds.schedule(overlay);
    this.#overlayLeases.put(overlay.id, expiresAt);
  }

  /** Harmless when it is gone already. */
  removeOverlay(overlay: Overlay): void {
    if (this.overlays.get(overlay.id) !== overlay) return;
    this.overlays.delete(overlay.id);
    this.holdings.add(holdersOf(overlay.record), -1);
    this.#overlayEnds.forget(overlay);
    this.#overlayRows.delete(overlay.id);
    this.#overlayLeases.delete(overlay.id);
    this.#members -= overlay.members.size;
    this.#orphans.push(keysOf(overlay));
    for (const listener of this.#listeners) listener.overlayRemoved?.(overlay);
  }

  addMember(overlay: Overlay, peerId: string, record: MemberRecord, expiresAt: number): Member {
    const member = new Member(overlay, peerId, record, expiresAt);
    overlay.add(member);
    this.#members++;
    this.saveMember(member);
    this.prolongMember(member, expiresAt);
    return member;
  }

  /** To be called after a change of the record. */
  saveMember(member: Member): void {
    member.overlay.place(member);
    this.#memberRows.put(keyOf(member), member.record);
  }

  prolongMember(member: Member, expiresAt: number): void {
    member.expiresAt = expiresAt;
    if (!member.isSource) this.#memberEnds.schedule(member);
    this.#memberLeases.put(keyOf(member), [expiresAt, member.keyUntil]);
  }

  /** Harmless when it is gone already. */
  removeMember(member: Member): void {
    const { overlay, peerId } = member;
    // Members of a removed overlay network stay in its own map, which the sweeping of their rows goes by.
    if (this.overlays.get(overlay.id) !== overlay || overlay.members.get(peerId) !== member) return;
    overlay.delete(member);
    this.#memberEnds.forget(member);
    this.#members--;
    const key = keyOf(member);
    this.#memberRows.delete(key);
    this.#memberLeases.delete(key);
    for (const listener of this.#listeners) listener.memberRemoved?.(member);
  }

  #load(pause: number): void {
    const leases = new Map(this.#overlayLeases.load());
    const byGeneration = new Map<string, Overlay>();
    for (const [id, record] of this.#overlayRows.load()) {
      const overlay = new Overlay(id, record, (leases.get(id) ?? record.createdAt + record.period * 1000) + pause);
      this.overlays.set(id, overlay);
      this.holdings.add(holdersOf(record), 1);
      this.#overlayEnds.schedule(overlay);
      byGeneration.set(String(record.generation), overlay);
      this.#generation = Math.max(this.#generation, record.generation);
    }
    for (const id of leases.keys()) if (!this.overlays.has(id)) this.#overlayLeases.delete(id);
    const memberLeases = new Map(this.#memberLeases.load());
    const orphans: string[] = [];
    for (const [key, record] of this.#memberRows.load()) {
      const slash = key.indexOf("/");
      const overlay = byGeneration.get(key.slice(0, slash));
      const lease = memberLeases.get(key);
      if (overlay === undefined || lease === undefined) {
        orphans.push(key);
        continue;
      }
      memberLeases.delete(key);
      const [expiresAt, keyUntil] = lease;
      const member = new Member(overlay, key.slice(slash + 1), record, endAfter(expiresAt, record, pause));
      member.keyUntil = keyUntil;
      overlay.add(member);
      this.#members++;
      if (!member.isSource) this.#memberEnds.schedule(member);
    }
    orphans.push(...memberLeases.keys());
    if (orphans.length > 0) this.#orphans.push(orphans.values());
  }
}

/** Rights of a user end when the UMS said, whoever ran in between [8.7 b]. */
const endAfter = (expiresAt: number, { rightsUntil = Number.POSITIVE_INFINITY }: MemberRecord, pause: number): number =>
  Math.min(expiresAt + pause, rightsUntil);

const keyOf = ({ overlay, peerId }: Member): string => `${overlay.record.generation}/${peerId}`;

function* keysOf(overlay: Overlay): IterableIterator<string> {
  for (const member of overlay.members.values()) yield keyOf(member);
}
