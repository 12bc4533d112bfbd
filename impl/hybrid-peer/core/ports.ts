import type { Random } from "../../net/clock.js";
import type { PeerPaths } from "../overlay/membership-types.js";
import type { BufferMap, Data, Message, PeerContact, Proof, TicketedPeer } from "./message.js";

/** One connection with one other peer, for one overlay. Made by a transport (or a simulation), used by the core. */
export interface Link {
  /** Unique within the process. */
  readonly id: number;
  /** The other end opened it. */
  readonly incoming: boolean;
  /** The other end's network address, for people. */
  readonly remote: string;
  /** Octets handed over and not yet taken by the network. */
  readonly queued: number;
  /** Without effect on a link that is closed. @returns false where the frame could not be queued: the link is then closing, or the frame is too long for it (logged) */
  send(message: Message): boolean;
  /** Sends what is queued, then closes. `closed` is not told to the core. */
  close(): void;
}

/** What the core asks of its surroundings. Nothing here answers before the call returns. */
export interface CoreHost {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  readonly random: Random;
  /** Opens a link. Answered by `core.connected(token, link)` or `core.connectFailed(token, reason)`, in bounded time. */
  connect(to: PeerContact, token: number): void;
  /** The paths have changed: to be reported to the HOMS [Q.4103 6.2.6]. */
  report(paths: PeerPaths): void;
  /** Entry peers are wanted: by a recovery join [Q.4103 6.2.5]. Answered by `core.contacts(…)`, possibly with none, or not at all. */
  recover(): void;
  /** Data for the applications of this peer, once per source and sequence. */
  deliver(delivery: Delivery): void;
  news(news: CoreNews): void;
  /** `core.tick()` is wanted at this time, and no earlier call stands; undefined: not at all. */
  wake(at: number | undefined): void;
}

export interface Delivery extends Data {
  /** Sequences of this source between the last delivered one and this one that were not delivered before it; they may come yet. */
  readonly missing: number;
  /** It came when its place in the order "source" was over: later data of its source has been delivered. */
  readonly late?: boolean;
}

/** What happens to paths and data, for the operator. */
export type CoreNews =
  | {
      readonly kind: "path";
      readonly peerId: string;
      readonly path: PathKind;
      readonly change: "up" | "down";
      readonly reason?: string;
      /** Down without a farewell: the other end is gone, or cannot be reached. */
      readonly lost?: boolean;
    }
  /** No parent although there should be one; recovery has begun. */
  | { readonly kind: "orphaned"; readonly peerId: string; readonly reason: string }
  /** A parent again, `afterMs` since it was lost. */
  | {
      readonly kind: "attached";
      readonly peerId: string;
      readonly afterMs: number;
      readonly by: "entry" | "candidate" | "vertical";
    }
  /** The lowest ticket: this peer is the root of its tree. */
  | { readonly kind: "root" }
  | { readonly kind: "refused"; readonly from: string; readonly reason: string }
  | { readonly kind: "entry-failed"; readonly peerId: string; readonly reason: string }
  /** Data that recovery could not find any more. */
  | { readonly kind: "data-lost"; readonly source: string; readonly from: number; readonly to: number }
  | { readonly kind: "recovered"; readonly source: string; readonly count: number }
  | { readonly kind: "scan"; readonly cseq: number; readonly path: readonly TicketedPeer[] }
  | { readonly kind: "scan-ended"; readonly cseq: number };

/** Parent: the outgoing primary path. Child: an incoming one. The direction is who asked for the path, not who connected. */
export type PathKind = "parent" | "child" | "outgoing-candidate" | "incoming-candidate";

export interface PathState {
  readonly peerId: string;
  readonly address: string | undefined;
  readonly ticketId: number | undefined;
  readonly kind: PathKind;
  readonly vertical: boolean;
  /** Last measured round trip in ms. */
  readonly rttMs: number | undefined;
  readonly queued: number;
}

/** What the HOMS said at the join, and what this peer is. */
export interface CoreMembership {
  readonly overlayId: string;
  readonly type: "core" | "sub";
  readonly subType: "tree" | "mesh";
  /** The peer whose data alone is taken, in sub-overlays [Q.4100 6]: the overlay's owner. Undefined: every peer's. */
  readonly sourcePeer: string | undefined;
  readonly self: TicketedPeer;
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly recoveryBy: "push" | "pull" | undefined;
  /** mN_Cache: messages kept per source; 0 = none. */
  readonly cacheMessages: number;
  /** mD_Cache: least time that a message is kept, in ms; 0 = none. */
  readonly cacheMs: number;
  /** There where the overlay is closed: what other peers show for their right to be in it, and what this one shows. */
  readonly proofs?: Proofs;
  /** There where data is signed by its source, and none is taken that is not. */
  readonly signatures?: DataSignatures;
}

/** Signatures of data, this project's extension, see `../proof/`. */
export interface DataSignatures {
  /** @returns what goes into `signature` */
  sign(data: Data): string;
  /** Whether each is signed by its source. Answers once, in the order asked, and not before the call returns. */
  verify(batch: readonly Data[], done: (valid: readonly boolean[]) => void): void;
}

/** Admission proofs of one overlay, see `../proof/`. */
export interface Proofs {
  /** Fresh, for the other end to sign. */
  nonce(): string;
  /** This peer's certificate, and where a nonce is given its signature over that. `to`: the peer that gave it, where it is known. */
  mine(nonce?: string, to?: string): Proof;
  /**
   * Checks the certificate, that it is `about` this peer with this ticket, and the signature where `about.nonce` is given.
   * @returns what is wrong with it, for people
   */
  verify(
    proof: Proof | undefined,
    about: { readonly overlayId: string; readonly peerId: string; readonly ticketId: number; readonly nonce?: string },
  ): string | undefined;
}

/** The paths of one peer in one overlay and the data on them, free of input and output [Q.4100 7.2.2, 7.2.3]. */
export interface PeerCore {
  /** A member now, or again after a lapse: connects to the contacts, best first. */
  start(membership: CoreMembership, contacts: readonly PeerContact[]): void;
  /** Entry peers that were asked for. */
  contacts(contacts: readonly PeerContact[]): void;
  connected(token: number, link: Link): void;
  connectFailed(token: number, reason: string): void;
  /** A link that another peer opened; `first` is its first message, and is handled by this call. */
  accepted(link: Link, first: Message): void;
  received(link: Link, message: Message): void;
  /** The link broke, or what came over it was no message: `reason` for people. */
  closed(link: Link, reason: string): void;
  tick(): void;
  /**
   * Broadcasts [Q.4100 7.2.3.3]. Gives back the sequence (of the last part, where it was split).
   * @throws HybridPeerError ERR_TOO_LARGE, ERR_NOT_SOURCE
   */
  publish(data: Outgoing): number;
  /** Asks the tree for its shape: answered by `scan` news, one per leaf, then `scan-ended`. @returns the cseq */
  scan(): number;
  paths(): readonly PathState[];
  statistics(): CoreStatistics;
  /** Tells every path by RELEASE, and ends. */
  leave(): void;
}

export interface Outgoing {
  readonly appId: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** Ask each neighbour to acknowledge. Default false. */
  readonly ack?: boolean;
}

export interface CoreStatistics {
  readonly published: number;
  readonly delivered: number;
  readonly relayed: number;
  readonly duplicates: number;
  readonly recovered: number;
  readonly lost: number;
  /** Octets and messages in the caches. */
  readonly cachedMessages: number;
  readonly cachedOctets: number;
}

/** Time inside a core. One `tick` runs all that are due, in order. */
export interface Timers {
  /** @returns what takes it back */
  after(ms: number, action: () => void): () => void;
}

/* Between path management (`../paths/`) and data management (`../data/`), which the core joins. */

/** A path as data management sees it. */
export interface DataPath {
  readonly peerId: string;
  readonly link: Link;
}

/** What path management offers to data management. */
export interface Paths {
  /** Parent and children: where data goes [Q.4100 7.2.3.3]. The array is replaced, not changed, when paths change. */
  readonly primaries: readonly DataPath[];
  readonly parent: DataPath | undefined;
  readonly outgoingCandidates: readonly DataPath[];
  readonly incomingCandidates: readonly DataPath[];
  /** Gives a path up that does not do what it should; recovery follows where it was the parent. */
  drop(path: DataPath, reason: string): void;
}

/** What data management offers to path management. */
export interface DataManagement {
  start(membership: CoreMembership): void;
  /** For PRIMARY and its acceptance: undefined unless recovery is by push; null where the cache is empty. */
  bufferMap(): BufferMap | null | undefined;
  /** `path` is a primary from now on; `theirs` is what the other end holds, where it said so. */
  primaryUp(path: DataPath, theirs: BufferMap | null | undefined): void;
  /** A mesh has no primaries: `path` is a neighbour to pull from. */
  candidateUp(path: DataPath): void;
  pathDown(path: DataPath): void;
  /** Codes 6, 6200, 10, 10200, 11, 11200, 11404, on an established path. */
  received(path: DataPath, message: Message): void;
  publish(data: Outgoing): number;
  statistics(): CoreStatistics;
}
