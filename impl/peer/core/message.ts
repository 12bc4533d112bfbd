/**
 * What two peers say to each other on R10 [X.609.10 8.9], as the swarm sees it. The octets are in spec/peer; `wire/` turns one into the
 * other. Numbers of fragments are whole and below 2^53; times are milliseconds since the epoch.
 */
export type Message =
  | Hello
  | Proof
  | Buffermap
  | Have
  | Request
  | Cancel
  | Descriptors
  | Fragment
  | Refuse
  | Receipt
  | KeepAlive
  | Bye;

/** What a peer is for the overlay network [X.609.10 7.2]. */
export type PeerRole = "peer" | "source-peer" | "virtual-peer";

/** First message of either end: who it is, and what admits it [X.609.1 8.2.6 step 4]. */
export interface Hello {
  readonly type: "hello";
  readonly overlayId: string;
  readonly peerId: string;
  readonly role: PeerRole;
  /** Ed25519, 32 octets. */
  readonly publicKey: Uint8Array;
  /** 32 random octets for the other end's proof. */
  readonly nonce: Uint8Array;
  /** What the OMS gave at join (keys/session-key.ts); empty where the session has none. */
  readonly sessionKey: string;
}

/** Second message of either end: it holds the private key of its hello. */
export interface Proof {
  readonly type: "proof";
  /** Over both hellos, the receiver's first: 64 octets. */
  readonly signature: Uint8Array;
}

/** An unbroken run of fragments. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** Everything the sender holds; replaces what it said before. */
export interface Buffermap {
  readonly type: "buffermap";
  /** Fragments below are not held any more and will not come again: the start of a live window; 0 for a file. */
  readonly first: number;
  /** Bit 7 of octet 0 is fragment `first`, and so on. */
  readonly bits: Uint8Array;
}

/** Fragments that the sender holds since it last said. */
export interface Have {
  readonly type: "have";
  readonly runs: readonly Run[];
}

/**
 * Fragments wanted of the receiver, most wanted first; added to what was requested before. Each is answered: by its first octets or by a
 * refusal, in less than the other end's patience (`requestMs`), so that silence tells a liar from a slow peer.
 */
export interface Request {
  readonly type: "request";
  readonly runs: readonly Run[];
}

/** Fragments requested and no longer wanted. One that is on its way may still come. */
export interface Cancel {
  readonly type: "cancel";
  readonly runs: readonly Run[];
}

/** What the source peer says of one fragment. */
export interface Descriptor {
  /** Octets of the fragment. */
  readonly size: number;
  /** When the source peer made it. */
  readonly time: number;
  /** SHA-256 of the fragment, 32 octets. */
  readonly digest: Uint8Array;
  /** No fragment follows. */
  readonly last: boolean;
}

/**
 * What the source peer says of consecutive fragments, signed by it. Goes before the first of these fragments that a link carries, and is
 * relayed as it came: the unit of signing is the unit of sending.
 */
export interface Descriptors {
  readonly type: "descriptors";
  readonly first: number;
  readonly items: readonly Descriptor[];
  /** By the source peer's key, over overlay, `first` and items: 64 octets. */
  readonly signature: Uint8Array;
}

/** A fragment, or a part of one: parts of a fragment come in order, those of several may take turns. */
export interface Fragment {
  readonly type: "fragment";
  readonly index: number;
  /** Where `payload` begins in the fragment. */
  readonly offset: number;
  /** Octets of the whole fragment. */
  readonly size: number;
  readonly payload: Uint8Array;
}

/** Why something requested will not come now. */
export type RefuseReason =
  | "not-held"
  /** As many requests as the sender takes wait already. */
  | "busy"
  /** Receipts for what was sent are missing [X.609.1 8.2.6 NOTE 1]. */
  | "no-receipt"
  /** Outside of what the overlay network has, or malformed. */
  | "invalid"
  /** The sender does not serve this peer. */
  | "unwilling";

export interface Refuse {
  readonly type: "refuse";
  readonly reason: RefuseReason;
  readonly runs: readonly Run[];
}

/** The receiver confirms verified fragments, so that the sender can show it to the PAMS [X.609.1 8.2.6 step 7]. */
export interface Receipt {
  readonly type: "receipt";
  /** What is signed: octets of a receipt body (spec/peer), of which {@link ReceiptBody} is the meaning. */
  readonly body: Uint8Array;
  /** By the receiver of the fragments: 64 octets. */
  readonly signature: Uint8Array;
}

/** What a receipt says. */
export interface ReceiptBody {
  readonly overlayId: string;
  /** Who got the fragments and signs. */
  readonly receiver: string;
  /** Who sent them and countersigns. */
  readonly sender: string;
  /** Grows from receipt to receipt of this receiver for this sender: an old one shown again is found. */
  readonly serial: number;
  readonly time: number;
  /** Octets of these fragments together. */
  readonly octets: number;
  /** Fragments not confirmed before. */
  readonly runs: readonly Run[];
}

/** Nothing to say, but alive. */
export interface KeepAlive {
  readonly type: "keep-alive";
}

export type ByeReason =
  | "leaving"
  | "overlay-unknown"
  | "not-admitted"
  | "too-many-links"
  | "protocol-error"
  | "corrupt-fragments"
  | "no-receipt"
  | "silent"
  | "same-peer";

/** Last message of a link. */
export interface Bye {
  readonly type: "bye";
  readonly reason: ByeReason;
}
