import type { ByeReason, Descriptor, Descriptors, Message, PeerRole, Run } from "./message.js";

/** Where a peer can be reached, as the OMS lists it. */
export interface PeerContact {
  readonly peerId: string;
  /** `tcp://host:port`, `ws://…` for WebRTC signalling; several in order of preference. */
  readonly addresses: readonly string[];
}

/** The other end of a link that has passed the handshake. */
export interface RemotePeer {
  readonly peerId: string;
  readonly role: PeerRole;
  /** 32 octets in base64url. */
  readonly publicKey: string;
  /** The other end opened the link. */
  readonly incoming: boolean;
  /** For people. */
  readonly address: string;
}

/** What the swarm asks of its surroundings. Nothing here calls back before it returns. */
export interface SwarmHost {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** From 0 (included) to 1. */
  random(): number;
  /** Sends on a link; without effect on one that is gone. @returns false where more waits than the link's limit: `drained(link)` follows */
  send(link: number, message: Message): boolean;
  /** Says bye and closes; `closed` is not told. */
  close(link: number, reason: ByeReason): void;
  /** Opens a link and shakes hands; answered by `opened` or `connectFailed`, in bounded time. */
  connect(peer: PeerContact): void;
  /** Whether the octets are the described fragment (size and SHA-256). */
  check(descriptor: Descriptor, parts: readonly Uint8Array[]): boolean;
  /** Keeps a verified fragment; `read` gives it from now on. */
  keep(index: number, parts: readonly Uint8Array[]): void;
  /** The octets of a fragment held; `done` may be called at once or later, with undefined where they cannot be read. */
  read(index: number, done: (octets: Uint8Array | undefined) => void): void;
  /** Forgets fragments below this one: the live window has moved on. */
  drop(below: number): void;
  /** Whether the source peer signed it. */
  isGenuine(descriptors: Descriptors): boolean;
  /** Signs a receipt for fragments verified of this peer, and sends it. */
  confirm(link: number, remote: RemotePeer, runs: readonly Run[], octets: number): void;
  /** A link, a fragment, a receipt, a culprit: for reports and people. */
  news(news: SwarmNews): void;
  /** `tick()` is wanted at this time, and no earlier call stands; undefined: not at all. */
  wake(at: number | undefined): void;
}

/** What the swarm must be told. Every method is complete when it returns. */
export interface Swarm {
  /** Candidates to connect to, best first, as the OMS listed and the UNIS ordered them; replaces the ones before. */
  candidates(peers: readonly PeerContact[]): void;
  /** Fragments to be had first, as OMS and PAMS advise [X.609.1 8.2.4, 8.2.5]; replaces the ones before. */
  advice(runs: readonly Run[]): void;
  opened(link: number, remote: RemotePeer): void;
  connectFailed(peer: PeerContact, reason: string): void;
  /** Every message after the handshake. */
  received(link: number, message: Message): void;
  /** Receipts, verified by the host, for what was sent on this link. @returns false where they are of something else */
  receipted(link: number, runs: readonly Run[], octets: number): boolean;
  drained(link: number): void;
  closed(link: number, reason: string): void;
  /** Source peer: a fragment was made, described and kept. */
  produced(descriptors: Descriptors): void;
  /** Fragments held from an earlier run, with what the source peer said of them. */
  restore(descriptors: readonly Descriptors[], held: readonly Run[]): void;
  /** Other limits from now on, in octets per second: a CS shares its own among the overlay networks by priority [X.609.10 8.8-c]. */
  limit(uploadRate: number, downloadRate: number): void;
  tick(): void;
  /** Leaves every link. */
  stop(): void;
  readonly state: SwarmState;
}

export interface SwarmState {
  /** Fragments held, in runs. */
  readonly held: readonly Run[];
  /** Fragments there are, once the last one has been described. */
  readonly total: number | undefined;
  readonly complete: boolean;
  readonly links: readonly LinkState[];
  /** Octets of payload since the start. */
  readonly uploaded: number;
  readonly downloaded: number;
}

export interface LinkState {
  readonly link: number;
  readonly remote: RemotePeer;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Octets per second, lately. */
  readonly uploadRate: number;
  readonly downloadRate: number;
}

export type SwarmNews =
  | { readonly kind: "link"; readonly remote: RemotePeer; readonly change: "up" | "down"; readonly reason?: string }
  /** Verified and kept; `from` is who sent it. One of a stream may come after it was `missed`: to hand on, while the window lasts. */
  | { readonly kind: "fragment"; readonly index: number; readonly from: string; readonly size: number }
  /** A live fragment whose deadline passed before it came. */
  | { readonly kind: "missed"; readonly index: number }
  | { readonly kind: "uploaded"; readonly index: number; readonly to: string; readonly size: number }
  | { readonly kind: "complete" }
  /** All candidates are linked or useless: more are wanted. */
  | { readonly kind: "starving" }
  /** Somebody broke the rules; `fault` says how. */
  | { readonly kind: "culprit"; readonly peerId: string; readonly fault: Fault; readonly index?: number };

export type Fault =
  | "corrupt-fragment"
  | "forged-descriptors"
  | "oversized-fragment"
  | "unrequested-fragment"
  | "repeated-fragment"
  | "invalid-request"
  | "forged-receipt"
  | "no-receipts"
  /** Takes and does not give although it could. */
  | "free-rider"
  /** Claims fragments that do not exist, that it then does not hold, or that it neither sends nor refuses. */
  | "false-claim"
  /** Sends a fragment of which it has not passed on what the source peer said. */
  | "undescribed-fragment";
