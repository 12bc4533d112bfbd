import { FragmentSet, type FragmentSetRow } from "./fragment-set.js";
import type { DynamicStatus, OverlayEvent, StaticStatus } from "./types.js";

/** What registration says about a peer [X.609.1 9.1.3]. */
export interface PeerRegistration {
  type?: string;
  delegation_id?: string;
  /** What proves the peer's token, if it was given one; not the token [E-PAMP-68]. */
  proof?: string;
  /** By which its signatures are verified [8.2.6 step 3]. */
  public_key?: string;
  /** The service provider stands for the key, or none is known here. */
  proven?: true;
}

/** What a store keeps of a peer's reports. */
export interface PeerActivityRow {
  /** When the peer was last heard, in ms. */
  at: number;
  up: number;
  dn: number;
  /** Kept beside the last report, which may have left them out. */
  left?: number;
  event?: OverlayEvent;
  dynamic?: DynamicStatus;
  static?: StaticStatus;
  held?: FragmentSetRow;
  /** Fragments that `dynamic` listed, ascending: a list is kept as a set where it is long. */
  listed?: FragmentSetRow;
  /** Kilobytes per second. */
  up_rate?: number;
  dn_rate?: number;
}

/** One registered peer of one overlay network. */
export class Peer {
  readonly id: string;
  registration: PeerRegistration;
  /** ms since the epoch. */
  lastHeard: number;
  /** When it last told its activity, or registered; ms. */
  reportedAt: number;
  /** Kilobytes over all reports: a report carries what has come since the one before [E-PAMP-35]. */
  toldUp = 0;
  toldDown = 0;
  /** The former before the last report. */
  toldBefore = 0;
  /** Kilobytes that count: what was reported, or what receipts confirm [8.2.6]. */
  uploaded = 0;
  downloaded = 0;
  /** Kilobytes still to come, as last reported; infinite while unknown, which ranks last. */
  left = Number.POSITIVE_INFINITY;
  event: OverlayEvent | undefined = undefined;
  /** The last report's parts as they came, without fragment events and receipts; a long list of fragments is in {@link listed}. */
  dynamicStatus: DynamicStatus | undefined = undefined;
  listed: FragmentSet | undefined = undefined;
  staticStatus: StaticStatus | undefined = undefined;
  /** What the peer said that it holds; undefined while it never did. */
  held: FragmentSet | undefined = undefined;
  /** What of it counts in lists and advice. */
  counted: FragmentSet | undefined = undefined;
  newest = -1;
  /** Kilobytes per second, smoothed over about one report interval. */
  upRate = 0;
  downRate = 0;
  /** Upload capacity left, in kilobytes per second, less what lists have promised others since the last report [8.2.3]. */
  free = 0;

  /** Handed over by a PAMS that left; it has not come here itself yet [8.2.1]. */
  moved = false;
  /** Whether it belongs to an overlay network and has not been silent for too long: else no list has it, and no ranking. */
  live = false;
  /** Rankings that contain this peer, as bits. */
  ranked = 0;
  /** Neighbours in the order of hearing, the older one first. */
  older: Peer | undefined = undefined;
  newer: Peer | undefined = undefined;

  constructor(id: string, registration: PeerRegistration, now: number) {
    this.id = id;
    this.registration = registration;
    this.lastHeard = now;
    this.reportedAt = now;
  }

  /** The row that a store writes: what the peer has told up to the moment its group is written. */
  toJSON(): PeerActivityRow {
    const row: PeerActivityRow = { at: this.lastHeard, up: this.toldUp, dn: this.toldDown };
    if (Number.isFinite(this.left)) row.left = this.left;
    if (this.event !== undefined) row.event = this.event;
    if (this.dynamicStatus !== undefined) row.dynamic = this.dynamicStatus;
    if (this.staticStatus !== undefined) row.static = this.staticStatus;
    if (this.held !== undefined) row.held = this.held.toJSON();
    if (this.listed !== undefined) row.listed = this.listed.toJSON();
    if (this.upRate > 0) row.up_rate = this.upRate;
    if (this.downRate > 0) row.dn_rate = this.downRate;
    return row;
  }

  /** Takes back what {@link toJSON} gave. */
  restore(row: PeerActivityRow): void {
    this.lastHeard = row.at;
    this.reportedAt = row.at;
    this.toldUp = row.up;
    this.toldDown = row.dn;
    this.toldBefore = row.up;
    this.staticStatus = row.static;
    this.held = row.held === undefined ? undefined : FragmentSet.restore(row.held);
    this.listed = row.listed === undefined ? undefined : FragmentSet.restore(row.listed);
    this.upRate = row.up_rate ?? 0;
    this.downRate = row.dn_rate ?? 0;
    this.dynamicStatus = row.dynamic;
    this.event = row.event;
    this.left = row.left ?? Number.POSITIVE_INFINITY;
  }
}

/** Kilobytes of a decimal string. */
export function amount(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
