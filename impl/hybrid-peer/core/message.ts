/**
 * The messages of reference point R2 [Q.4100 8.2] as the core sees them, whatever their spelling on the wire: `../wire/` translates.
 * R2's messages are in no Recommendation at hand; codes, fields and procedures are the field's (spec/hybrid-peer).
 */

/** Request codes, and response codes: request code × 1000 + outcome. */
export const Code = {
  hello: 1,
  helloAccepted: 1202,
  estab: 2,
  estabAccepted: 2200,
  estabRefused: 2603,
  probe: 3,
  probeAnswer: 3200,
  primary: 4,
  primaryAccepted: 4200,
  primaryRefused: 4603,
  candidate: 5,
  candidateAccepted: 5200,
  broadcastData: 6,
  broadcastAccepted: 6200,
  release: 7,
  releaseAccepted: 7200,
  heartbeat: 8,
  heartbeatAnswer: 8200,
  scanTree: 9,
  scanTreeNode: 9100,
  scanTreeLeaf: 9200,
  bufferMap: 10,
  bufferMapAnswer: 10200,
  getData: 11,
  getDataAnswer: 11200,
  /** This project's: the asked peer does not hold the data. The field's peers stay silent, and ignore codes they do not know. */
  getDataAbsent: 11404,
} as const;

/** A peer by its identifier, where it is reached, and its place in the order of joining [Q.4103 6.2.5]. */
export interface PeerContact {
  readonly peerId: string;
  /** `tcp://host:port`, `tls://host:port`, or `ws://…`: the signalling server, where the peer is addressed by its identifier. */
  readonly address: string;
}

export interface TicketedPeer extends PeerContact {
  readonly ticketId: number;
}

/**
 * Proof of the right to be in the overlay, this project's extension, there in closed overlays.
 * `nonce`: 32 random hex digits for the other end to sign. `certificate`: what the HOMS said of this peer at its join.
 * `signature`: over the other end's nonce, see `../proof/`.
 */
export interface Proof {
  readonly nonce?: string;
  readonly certificate?: string;
  readonly signature?: string;
}

/** Inclusive sequence numbers of one source that a peer holds, ascending, not touching: `[[1, 4], [6, 6]]`. */
export interface BufferMapEntry {
  readonly source: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}
export type BufferMap = readonly BufferMapEntry[];

/** Asks to be found a parent; relayed from parents to children. Answered by 1202, and by ESTAB on a connection of the accepting peer's. */
export interface Hello {
  readonly code: typeof Code.hello;
  readonly overlayId: string;
  /** How many peers are wanted to answer with ESTAB. */
  readonly connNum: number;
  /** How many more times it may be handed down. */
  readonly ttl: number;
  readonly verticalCandidate: boolean;
  readonly recovery: boolean;
  readonly peer: TicketedPeer;
  readonly proof?: Proof;
}

/** The accepting peer's offer of a path. */
export interface Estab {
  readonly code: typeof Code.estab;
  readonly overlayId: string;
  readonly allowPrimaryRequest: boolean;
  /** `address`: where the sender takes connections, this project's extension: its children's children find their grandparent by it. */
  readonly peer: { readonly peerId: string; readonly ticketId: number; readonly address?: string };
  /** Primary paths between the sender and its root, this project's extension: lets a newcomer choose a shallow place. */
  readonly depth?: number;
  readonly proof?: Proof;
}

/** Measures the round trip: `time` comes back unchanged. */
export interface Probe {
  readonly code: typeof Code.probe | typeof Code.probeAnswer;
  readonly time: string;
}

/** Asks the other end to become this peer's parent. The buffer map is there under push recovery; null says that the cache is empty. */
export interface Primary {
  readonly code: typeof Code.primary;
  readonly bufferMap?: BufferMap | null;
}

export interface PrimaryAccepted {
  readonly code: typeof Code.primaryAccepted;
  readonly bufferMap?: BufferMap | null;
  /** The parent of the answering peer, the grandparent of the asking one; where it has one. */
  readonly parentPeer?: PeerContact;
  /** Of the answering peer, as in ESTAB. Who tells it takes a repeated PRIMARY as a question for `parentPeer` and `depth` as they are now. */
  readonly depth?: number;
}

/** Application data, handed from path to path. `peerId` and `sequence` identify it in the overlay. */
export interface Data {
  readonly source: string;
  /** Counts the source's messages, from 1 in the field. */
  readonly sequence: number;
  /** Media type of the payload, such as `text/plain`. */
  readonly payloadType: string;
  /** Application that it is for; "" where the wire names none. */
  readonly appId: string;
  readonly payload: Uint8Array;
  /** Place in a message that was too long for one frame: `index` counts from 0 to `count - 1`, on consecutive sequences. */
  readonly part?: { readonly index: number; readonly count: number };
  /** Base64url Ed25519 signature of the source, where the overlay's peers sign (this project's extension). */
  readonly signature?: string;
}

export interface BroadcastData {
  readonly code: typeof Code.broadcastData;
  readonly ack: boolean;
  readonly candidatePath: boolean;
  readonly data: Data;
  /** The frame it came in, to be handed on unchanged over links of the same wire profile. */
  readonly frame?: { readonly octets: Uint8Array; readonly profile: string };
}

export interface Release {
  readonly code: typeof Code.release;
  readonly ack: boolean;
}

/** Draws the tree: `via` is the way back to the originator, nearest first; `path` the way from the originator's neighbour to a leaf. */
export interface ScanTree {
  readonly code: typeof Code.scanTree | typeof Code.scanTreeNode | typeof Code.scanTreeLeaf;
  readonly cseq: number;
  readonly overlayId: string;
  readonly via: readonly PeerContact[];
  readonly path: readonly TicketedPeer[] | null;
  /** The originator. */
  readonly peer: TicketedPeer;
}

export interface BufferMapRequest {
  readonly code: typeof Code.bufferMap;
  readonly overlayId: string;
}

export interface BufferMapAnswer {
  readonly code: typeof Code.bufferMapAnswer;
  readonly overlayId: string;
  readonly bufferMap: BufferMap | null;
}

export interface GetData {
  readonly code: typeof Code.getData | typeof Code.getDataAbsent;
  readonly overlayId: string;
  readonly source: string;
  readonly sequence: number;
}

export interface GetDataAnswer {
  readonly code: typeof Code.getDataAnswer;
  readonly data: Data;
}

/** Answers and notices that say nothing beyond their code. ESTAB's acceptance may carry a proof. */
export interface Bare {
  readonly code:
    | typeof Code.helloAccepted
    | typeof Code.estabAccepted
    | typeof Code.estabRefused
    | typeof Code.primaryRefused
    | typeof Code.candidate
    | typeof Code.candidateAccepted
    | typeof Code.broadcastAccepted
    | typeof Code.releaseAccepted
    | typeof Code.heartbeat
    | typeof Code.heartbeatAnswer;
  readonly proof?: Proof;
}

export type Message =
  | Hello
  | Estab
  | Probe
  | Primary
  | PrimaryAccepted
  | BroadcastData
  | Release
  | ScanTree
  | BufferMapRequest
  | BufferMapAnswer
  | GetData
  | GetDataAnswer
  | Bare;
