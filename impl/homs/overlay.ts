import type { CrPolicy, OverlaySubType, OverlayType, TransPolicy } from "../../generated/homp/types.js";
import type { Mortal } from "../net/expiry-queue.js";
import type { FieldDialect } from "./dialects/dialect.js";
import type { TreeRanking } from "./tree-ranking.js";

/** Attributes that HybridOverlayModification may change and a refresh tells members about [7.1.3 NOTE]. */
export type ChangeableAttribute = "title" | "description" | "trans_policy";

/** A hybrid overlay network as it is kept: plain JSON, secrets hashed. Times are milliseconds since the epoch. */
export interface OverlayRecord {
  overlayId: string;
  title: string;
  description: string;
  type: OverlayType;
  subType: OverlaySubType;
  ownerId: string;
  heartbeatInterval: number;
  heartbeatTimeout: number;
  createdAt: number;
  expiresAt: number;
  authType: "open" | "closed";
  adminKey: string;
  accessKey: string | null;
  peerlist: string[];
  crPolicy: CrPolicy | null;
  transPolicy: TransPolicy | null;
  /** Counts modifications. */
  revision: number;
  /** The revision in which each attribute last changed. */
  changed: Partial<Record<ChangeableAttribute, number>>;
}

/** What HybridOverlayReport said last, in the terms of PEER_STATUS [6.1.5] and PEER_COSTMAP [6.1.6]. */
export interface PeerReport {
  numPrimary: number;
  numOutCandidate: number;
  numInCandidate: number;
  primary: string[];
  outgoingCandidate: string[];
  incomingCandidate: string[];
  at: number;
}

/** One membership as it is kept. */
export interface PeerRecord {
  overlayId: string;
  peerId: string;
  address: string;
  password: string;
  ticket: number;
  /** Seconds granted at the last join or refresh, before the overlay's end cuts them. */
  lease: number;
  expiresAt: number;
  joinedAt: number;
  /** The overlay's revision at the join: what changed later is told on refresh. */
  revision: number;
  report: PeerReport | null;
  /** What the peer last said is attached to it (E-HOMP-36). */
  applications: string[];
  /** By which it proves its admission to other peers (E-HOMP-68); absent where it gave none. */
  publicKey?: string;
  /** There was a member of this name, with another password, in some overlay before: the relay knows that one (E-HOMP-69). */
  namesake?: true;
  /** The form that its join came in, where not the Recommendation's own. */
  dialect?: FieldDialect;
}

/** What the peer calls itself: V23a has its instance beside the peer-id, here it is behind a semicolon. */
export const plainPeerId = ({ peerId, dialect }: PeerRecord): string =>
  dialect === "v23a" ? peerId.slice(0, peerId.lastIndexOf(";")) : peerId;

/** A member of an overlay. */
export class Peer implements Mortal {
  readonly record: PeerRecord;
  scheduledAt = Number.POSITIVE_INFINITY;
  /** Place in {@link Members}'s array. */
  index = -1;
  /** How often it was named as entry peer since its last report: what it may have taken on meanwhile. */
  offered = 0;
  /** Its lifetime has a row of its own in the store. */
  prolonged = false;
  /** The host that its last join or report came from; not kept over a restart. */
  remote: string | undefined;
  /** Others reported it as lost, and it has asked nothing of this server since. */
  suspected = false;
  /** Whether its address took a connection when it was tried; undefined before. */
  reachable: boolean | undefined;
  #primary: Set<string> | undefined;

  constructor(record: PeerRecord) {
    this.record = record;
  }

  get expiresAt(): number {
    return this.record.expiresAt;
  }

  setReport(report: PeerReport): void {
    this.record.report = report;
    this.#primary = undefined;
    this.offered = 0;
  }

  /** Whether its last report names a primary path to that peer. */
  reportsPath(peerId: string): boolean {
    this.#primary ??= new Set(this.record.report?.primary);
    return this.#primary.has(peerId);
  }
}

/** The members of one overlay: by peer-id, in the order of their tickets, and by place for drawing at random. */
export class Members {
  readonly #byId = new Map<string, Peer>();
  /** Peers of V23a by their peer-id without the instance; the latest instance of each. */
  readonly #byPlainId = new Map<string, Peer>();
  readonly #places: Peer[] = [];

  get size(): number {
    return this.#places.length;
  }

  get(peerId: string): Peer | undefined {
    return this.#byId.get(peerId);
  }

  has(peer: Peer): boolean {
    return this.#places[peer.index] === peer;
  }

  at(place: number): Peer | undefined {
    return this.#places[place];
  }

  /** Tickets only grow, so the order of joining is the order of tickets. */
  add(peer: Peer): void {
    peer.index = this.#places.length;
    this.#places.push(peer);
    this.#byId.set(peer.record.peerId, peer);
    const plain = plainPeerId(peer.record);
    if (plain !== peer.record.peerId) this.#byPlainId.set(plain, peer);
  }

  /** The peer-ids that these names mean here: a peer of V23a may be named with or without its instance (E-HOMP-76). */
  canonical(peerIds: readonly string[]): string[] {
    if (this.#byPlainId.size === 0) return [...peerIds];
    return peerIds.map((id) => (this.#byId.has(id) ? id : (this.#byPlainId.get(id)?.record.peerId ?? id)));
  }

  delete(peer: Peer): void {
    const last = this.#places.pop();
    if (last !== undefined && last !== peer) {
      this.#places[peer.index] = last;
      last.index = peer.index;
    }
    peer.index = -1;
    this.#byId.delete(peer.record.peerId);
    const plain = plainPeerId(peer.record);
    if (this.#byPlainId.get(plain) === peer) this.#byPlainId.delete(plain);
  }

  /** Lowest ticket first. */
  [Symbol.iterator](): IterableIterator<Peer> {
    return this.#byId.values();
  }
}

/** A hybrid overlay network in service. */
export class Overlay implements Mortal {
  readonly record: OverlayRecord;
  readonly members = new Members();
  scheduledAt = Number.POSITIVE_INFINITY;
  lastTicket = 0;
  ranking: TreeRanking | undefined;
  /** Members removed because others lost them, since this process began. */
  lost = 0;
  #listed: Set<string> | undefined;

  constructor(record: OverlayRecord) {
    this.record = record;
  }

  get expiresAt(): number {
    return this.record.expiresAt;
  }

  /** Whether the peer list names this peer [6.1.3]. */
  lists(peerId: string): boolean {
    this.#listed ??= new Set(this.record.peerlist);
    return this.#listed.has(peerId);
  }

  setPeerlist(peerlist: string[]): void {
    this.record.peerlist = peerlist;
    this.#listed = undefined;
  }
}
