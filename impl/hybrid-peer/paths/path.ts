import type { PeerContact } from "../core/message.js";
import type { DataPath, Link, PathKind } from "../core/ports.js";

/** One path: one peer, one link. Data management knows it by the same object. */
export interface Path extends DataPath {
  readonly peerId: string;
  readonly link: Link;
  /** As it claimed in HELLO or ESTAB, and proved where the overlay is closed. */
  readonly ticketId: number;
  kind: PathKind;
  /** Where it takes connections; unknown of peers of the field that offered a path. */
  address: string | undefined;
  /** The grandparent: first to be asked when the parent is lost. */
  vertical: boolean;
  /** Primary paths between it and its root, where it told. */
  depth: number | undefined;
  /** Whether it said that it has room for a child. */
  allowsPrimary: boolean;
  rttMs: number | undefined;
  /** Data management was told of it. */
  announced: boolean;
  readonly life: Life;
  /** Of the search for a parent in which it refused. */
  refusedIn: number;
  /** It was asked to be the parent, and answers when there is one already: an acceptance ends the path. */
  lateAnswer: boolean;
  /** It was told by CANDIDATE what it is. */
  told: boolean;
  /** A child that asked again who its grandparent is: it takes an unasked 4200 for news of that. */
  wantsNews: boolean;
}

/** What is known of the other end's being there [Q.4100 7.2.2.3]. All are times of `CoreTimers.now`. */
export interface Life {
  heardAt: number;
  /** The HEARTBEAT whose answer is not here yet. */
  askedAt: number | undefined;
  /** The last HEARTBEAT of the overlay's interval. */
  beatAt: number;
  /** It answers HEARTBEAT at once: its silence tells something. */
  answers: boolean;
  /** Quiet time before it is asked; differs from path to path, so that mostly one end asks. */
  readonly quietMs: number;
}

/** How a path ends: released by this peer; released by the other end; gone without a word. */
export type PathEnd = "release" | "released" | "lost";

export const contactOf = ({ peerId, address }: PeerContact): PeerContact => ({ peerId, address });

/** A ticket is what the HOMS counts with [Q.4103 6.2.5]; the field's peers say -1 before they have one. */
export const isTicket = (ticketId: number): boolean => Number.isSafeInteger(ticketId) && ticketId >= 0;
