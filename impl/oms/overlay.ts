import type { ContentType, PeerRole } from "../../generated/oms/types.js";
import type { Random } from "../net/clock.js";
import type { Mortal } from "../net/expiry-queue.js";

/** An overlay network as it is kept: plain JSON, secrets hashed. Times are milliseconds since the epoch. */
export interface OverlayRecord {
  /** Never given twice: names the rows of the members, so that those of a removed overlay network are nobody's. */
  generation: number;
  title?: string;
  description?: string;
  dataSourceId?: string;
  dataId?: string;
  format?: string;
  contentType: ContentType;
  /** Octets. */
  fragmentSize: number;
  sourceId: string;
  sourceKey: string;
  /** Seconds between refreshes, at most. */
  period: number;
  /** The same until the first refresh, where that is less: who made it has yet to show that it goes on. */
  firstPeriod?: number;
  /** Whoever made it showed a token of the operator's: no quota holds for it. */
  trusted?: true;
  /** Address from which it was made: what one address takes is counted. */
  origin?: string;
  createdAt: number;
  ownerToken: string;
  closed: { peers: string[]; password: string | null } | null;
  serviceClasses: boolean;
  umsSession: string | null;
  resources: { wanted: number; max: number; priority: number };
}

/** A membership as it is kept. */
export interface MemberRecord {
  addresses: string[];
  role: PeerRole;
  publicKey?: string;
  /** Hashed; empty for a source peer that has shown its owner token only. */
  token: string;
  joinedAt: number;
  /** Never told to anybody but the UMS [X.609.1 REQ-SEC-02]. */
  userId?: string;
  serviceClass?: number;
  /** Until when the UMS granted access. */
  rightsUntil?: number;
  /** Time of the last proof by which it joined again. */
  provedAt?: number;
}

/** What refreshes change, in a row of its own: end of the lifetime, end of the last session key. */
export type LeaseRow = readonly [expiresAt: number, keyUntil: number];

export class Member implements Mortal {
  readonly overlay: Overlay;
  readonly peerId: string;
  readonly record: MemberRecord;
  expiresAt: number;
  scheduledAt = Number.POSITIVE_INFINITY;
  keyUntil = 0;
  /** Place among the members that can be reached; -1 for others. */
  place = -1;
  /** What its user showed at the join, so that the UMS can be asked again; in memory only, never logged or answered. */
  credential: string | undefined;

  constructor(overlay: Overlay, peerId: string, record: MemberRecord, expiresAt: number) {
    this.overlay = overlay;
    this.peerId = peerId;
    this.record = record;
    this.expiresAt = expiresAt;
  }

  /** The source peer stays as long as its overlay network. */
  get isSource(): boolean {
    return this.peerId === this.overlay.record.sourceId;
  }
}

/** An overlay network in service. */
export class Overlay implements Mortal {
  readonly id: string;
  readonly record: OverlayRecord;
  expiresAt: number;
  scheduledAt = Number.POSITIVE_INFINITY;
  readonly members = new Map<string, Member>();
  /** Virtual peers of cache servers that this OMS has sent here. */
  readonly virtualPeers = new Set<string>();
  /** Members with an address, in no order: for drawing at random. */
  readonly #reachable: Member[] = [];
  #listed: Set<string> | undefined;

  constructor(id: string, record: OverlayRecord, expiresAt: number) {
    this.id = id;
    this.record = record;
    this.expiresAt = expiresAt;
  }

  get source(): Member | undefined {
    return this.members.get(this.record.sourceId);
  }

  /** Whether the list of a closed session names this peer [8.5 e]. */
  lists(peerId: string): boolean {
    this.#listed ??= new Set(this.record.closed?.peers);
    return this.#listed.has(peerId);
  }

  add(member: Member): void {
    this.members.set(member.peerId, member);
    this.place(member);
  }

  delete(member: Member): void {
    this.members.delete(member.peerId);
    this.#displace(member);
  }

  /** To be called after its addresses changed. */
  place(member: Member): void {
    const reachable = member.record.addresses.length > 0;
    if (reachable && member.place === -1) member.place = this.#reachable.push(member) - 1;
    if (!reachable) this.#displace(member);
  }

  /** So many members that can be reached, drawn at random, all alike, in random order; one is left out. */
  sample(count: number, random: Random, without: Member): Member[] {
    const peers = this.#reachable;
    const excluded = without.place === -1 ? 0 : 1;
    const wanted = Math.min(count, peers.length - excluded);
    const drawn: Member[] = [];
    if (wanted <= 0) return drawn;
    // The first steps of a shuffle, of which only the places touched are written down.
    const moved = new Map<number, number>();
    const octets = Buffer.from(random.bytes(4 * (wanted + 1)));
    for (let i = 0; drawn.length < wanted; i++) {
      const j = i + Math.floor((octets.readUInt32LE(4 * i) / 2 ** 32) * (peers.length - i));
      const at = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
      const member = peers[at] as Member;
      if (member !== without) drawn.push(member);
    }
    return drawn;
  }

  #displace(member: Member): void {
    if (member.place === -1) return;
    const last = this.#reachable.pop();
    if (last !== undefined && last !== member) {
      this.#reachable[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }
}
