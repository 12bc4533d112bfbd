import type { TlsOptions } from "node:tls";
import type { SigningKey } from "../keys/ed25519.js";
import type { Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { Run } from "./core/message.js";
import type { LinkState, SwarmNews } from "./core/ports.js";
import type { SwarmSettings } from "./core/settings.js";
import type { WebRtcOptions } from "./transport/transport.js";

/** What a peer is set up with. URLs are absolute; the servers need not be reachable yet. */
export interface PeerOptions {
  /** Unique in the world [X.609.1 7.1.1]. Default: a new UUID. */
  readonly peerId?: string;
  /** Its Ed25519 key, or the file that holds the seed (32 octets; made when it is not there). Default: a new one. */
  readonly key?: SigningKey | string;
  /** Where other peers connect over TCP. Default: 127.0.0.1 and any free port; false: this peer only connects to others. */
  readonly listen?: ListenOptions | false;
  /** Data channels besides TCP, arranged through a signalling relay: the OMS's, unless another one is named [X.609.10 8.9 d)]. Default: none. */
  readonly webrtc?: WebRtcOptions;
  /** Addresses told to others, such as `tcp://192.0.2.1:9000`. Default: where it listens. */
  readonly advertise?: readonly string[];
  /** IXS on R6. */
  readonly ixs?: string;
  /** UNIS on R4. Default: what the OMS tells; `false`: none. */
  readonly unis?: string | false;
  /** What the UNIS is asked to weigh, the most important first [X.609.10 8.4 c)]. Default: nothing, it goes by the ISP's policy. */
  readonly prefer?: readonly ("same-as" | "same-prefix" | "low-rtt")[];
  /** UMS on R13, with the credential of the user. */
  readonly ums?: { readonly url: string; readonly credential: string };
  /** How its swarms behave, unless a session says otherwise. */
  readonly settings?: Partial<SwarmSettings>;
  /** Where content and progress of a FILE are kept, one folder per overlay network in it. Default: memory. */
  readonly folder?: string;
  readonly times?: Partial<PeerTimes>;
  readonly logger?: Logger;
  readonly random?: Random;
}

export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: TlsOptions;
}

/** Times in ms. */
export interface PeerTimes {
  /** Longest wait for one answer of a server. Default 5,000. */
  readonly answerMs: number;
  /** Waits between attempts at a server that is down double from here… Default 500. */
  readonly retryMs: number;
  /** … up to here. Default 15,000. */
  readonly retryCapMs: number;
  /** A new list of peers is asked for at least so often. Default 30,000. */
  readonly listMs: number;
  /** … and no sooner after the one before, however starving. Default 1,000. */
  readonly leastListMs: number;
  /** A receipt is given no later than this after the first fragment it confirms. Default 500. */
  readonly receiptMs: number;
  /** A source peer shows OMS and IXS at least so often that its session is there: one that has lost it is found out. Default 30,000. */
  readonly aliveMs: number;
  /** How long leaving and terminating wait for servers. Default 10,000. */
  readonly leaveMs: number;
}

/** A session as the IXS knows it [X.609.10 8.6]. Sizes in octets. */
export interface IndexFile {
  readonly version: number;
  readonly title: string;
  readonly oms_url: string;
  readonly overlay_network_id: string;
  readonly data_source_id: string;
  readonly data_id: string;
  readonly fragment_size: number;
  readonly description: string;
  readonly content_type: "FILE" | "STREAM";
  /** What the octets are: "octets", "records" or a media type. */
  readonly format?: string | undefined;
  readonly source_peer_id: string;
  /** Ed25519, 32 octets in base64url: what the descriptors of fragments are verified with. */
  readonly source_public_key: string;
  readonly content_size?: number | undefined;
  /** SHA-256 of a FILE in hexadecimal digits. */
  readonly content_digest?: string | undefined;
  readonly number_of_fragments?: number | undefined;
  readonly closed?: boolean | undefined;
}

/** What is looked for; at least one member. */
export interface IndexQuery {
  readonly title?: string;
  readonly dataSourceId?: string;
  readonly dataId?: string;
}

/** A channel that the user of the peer may receive [X.609.10 8.12]. */
export interface Channel {
  readonly title: string;
  readonly ixsUrl: string;
  readonly dataSourceId: string;
  readonly dataId: string;
  readonly overlayId?: string | undefined;
  readonly omsUrl?: string | undefined;
}

export interface JoinOptions {
  /** Of a closed session [X.609.10 8.5-f]. */
  readonly password?: string;
  /** User at the UMS, where the OMS asks for one [X.609.10 8.7]. */
  readonly userId?: string;
  readonly userCredential?: string;
  /** "virtual-peer": an instance of a cache server [X.609.10 7.2.2]. Default "peer". */
  readonly role?: "peer" | "virtual-peer";
  /** PAMS to report to, in place of the one that the OMS tells; false: no reports. */
  readonly pams?: string | false;
  readonly settings?: Partial<SwarmSettings>;
  /** STREAM: how many fragments wait for a slow reader of `read()` before the oldest are passed over. Default 1,024. */
  readonly unread?: number;
  /** Told what happens from the first attempt at joining on. */
  readonly onNews?: (news: SessionNews) => void;
}

export interface CreateSessionOptions {
  readonly oms: string;
  /** What is shown to an OMS that lets only some make overlay networks, or holds others to quotas (E-DS-36). */
  readonly creatorToken?: string;
  /** Default: the peer's. */
  readonly ixs?: string;
  readonly title: string;
  readonly description: string;
  readonly dataSourceId: string;
  readonly dataId: string;
  readonly contentType: "FILE" | "STREAM";
  /** Octets of a full fragment. */
  readonly fragmentSize: number;
  /** "octets", "records" or a media type. Default "octets". */
  readonly format?: string;
  /** Who may join: these peers, or whoever knows the password [X.609.10 8.5-e, f]. Default: everybody. */
  readonly closed?: { readonly peers?: readonly string[]; readonly password?: string };
  /** Wanted time without a refresh until the OMS removes the overlay network, in seconds [X.609.10 8.5-c]. */
  readonly refreshExpiration?: number;
  /** Cache servers: to have in any case, to have at most where load asks for them, and their weight from 1 to 100 [X.609.10 7.1.1, 8.8]. */
  readonly csResources?: { readonly wanted?: number; readonly max?: number; readonly priority?: number };
  /** Peer lists by class of user, where the OMS knows a UMS [X.609.10 8.5-g]. */
  readonly serviceClasses?: boolean;
  /** What the UMS is asked about for whoever joins; nobody is asked without it. */
  readonly umsSession?: string;
  /** FILE: a file to be shared as it is, in place of `append` and `end`; or octets and SHA-256 in hexadecimal digits, where known beforehand. */
  readonly content?: { readonly path?: string; readonly size?: number; readonly digest?: string };
  /** As in {@link JoinOptions}. */
  readonly pams?: string | false;
  readonly settings?: Partial<SwarmSettings>;
  readonly onNews?: (news: SessionNews) => void;
}

/** What is updated in the index file; what is left out stays. */
export interface IndexChanges {
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
}

/** One process's part in managed P2P: finds, joins and creates sessions. */
export interface Peer {
  readonly peerId: string;
  /** 32 octets in base64url. */
  readonly publicKey: string;
  /** Where other peers are told to connect; empty where it does not listen. */
  readonly addresses: readonly string[];
  /** Sessions it takes part in. */
  readonly sessions: readonly (Session | SourceSession)[];
  /** The newest index file that matches, over R6. @throws PeerError ERR_NOT_FOUND, ERR_INDEX_FILE, ERR_UNAVAILABLE, ERR_REFUSED */
  find(query: IndexQuery): Promise<IndexFile>;
  /** All that match, the newest at the end: a title is anybody's. @throws PeerError as `find` */
  findAll(query: IndexQuery): Promise<readonly IndexFile[]>;
  /** What the user of this peer may receive, over R13. @throws PeerError ERR_REFUSED, ERR_UNAVAILABLE */
  channels(): Promise<readonly Channel[]>;
  /**
   * Joins over R5, registers over R2, connects over R10. Waits for the OMS where it is down.
   * @throws PeerError ERR_REFUSED, ERR_NOT_FOUND, ERR_INDEX_FILE
   */
  join(indexFile: IndexFile, options?: JoinOptions): Promise<Session>;
  /** Creates the overlay network over R5, then registers the session over R6. @throws PeerError ERR_REFUSED, ERR_UNAVAILABLE */
  createSession(options: CreateSessionOptions): Promise<SourceSession>;
  /** Leaves and terminates everything, and stops listening. */
  close(): Promise<void>;
}

/** A fragment handed to the application. */
export interface Received {
  readonly index: number;
  readonly octets: Uint8Array;
  /** When the source peer made it, in ms since the epoch by its clock. */
  readonly time: number;
  /** Fragments just before this one that never came, or were passed over for a slow reader: the gap. 0 for a FILE. */
  readonly missed: number;
}

/** A peer's part in a session. */
export interface Session {
  readonly overlayId: string;
  readonly indexFile: IndexFile;
  readonly role: "peer" | "virtual-peer";
  readonly state: SessionState;
  /** FILE: where the content is, once `completed`; undefined where it is in memory. */
  readonly path: string | undefined;
  /** All fragments in order of their index. STREAM: from the first one held, gaps marked; ends after the last one, or with the session. */
  read(): AsyncIterable<Received>;
  /** FILE: all there and the whole verified. STREAM: the last fragment is over. Rejects with PeerError when left before, or when the whole is not what the index file says. */
  readonly completed: Promise<void>;
  /** Called for each thing that happens; gives back how to stop that. */
  onNews(listener: (news: SessionNews) => void): () => void;
  /** Octets per second from now on. */
  limit(limits: { readonly uploadRate?: number; readonly downloadRate?: number }): void;
  /** Asks the OMS for peers and advice now, which is otherwise done when it is due; resolves when that is over, answered or not. */
  askForPeers(): Promise<void>;
  /** Leaves the links, the PAMS and the OMS. */
  leave(): Promise<void>;
}

/** The source peer's part in a session. */
export interface SourceSession {
  /** Another one after news that it has `moved`. */
  readonly overlayId: string;
  readonly role: "source-peer";
  /** As registered last. */
  readonly indexFile: IndexFile;
  readonly state: SessionState;
  /**
   * One more fragment: of `fragmentSize` octets at most in a STREAM, of as many in a FILE unless it is the last. Those of one turn of the
   * event loop, and up to 64 of a FILE, are described and signed together. The octets are copied; the promise resolves in a later turn.
   * @param time when it was made; default now
   * @throws PeerError ERR_FRAGMENT, ERR_LEFT
   */
  append(octets: Uint8Array, time?: number): Promise<void>;
  /**
   * No fragment follows. For a FILE the index file then has its size, digest and number of fragments; a STREAM is ended by a last fragment
   * of one octet 0, which is handed to no application. Peers are still served.
   */
  end(): Promise<void>;
  /** A new version at the IXS. */
  updateIndex(changes: IndexChanges): Promise<void>;
  onNews(listener: (news: SessionNews) => void): () => void;
  /** Octets per second from now on. */
  limit(limits: { readonly uploadRate?: number; readonly downloadRate?: number }): void;
  /** Ends the session [X.609.10 7.1.3]: index file, overlay network, links. @throws PeerError ERR_UNAVAILABLE where a server could not be told in time */
  terminate(): Promise<void>;
}

export type ServerName = "OMS" | "IXS" | "PAMS" | "UNIS" | "UMS";

export interface SessionState {
  readonly phase: "running" | "ended" | "left";
  /** Fragments held, in runs. */
  readonly held: readonly Run[];
  /** Fragments there are, once known. */
  readonly total: number | undefined;
  readonly complete: boolean;
  readonly links: readonly LinkState[];
  /** Octets of payload since the start. */
  readonly uploaded: number;
  readonly downloaded: number;
  /** Live fragments whose deadline passed. */
  readonly missed: number;
  /** Servers that did not answer lately. */
  readonly down: readonly ServerName[];
}

export type SessionNews =
  | SwarmNews
  | { readonly kind: "server"; readonly server: ServerName; readonly change: "down" | "up"; readonly reason?: string }
  /** Again at the OMS, which had forgotten this peer. */
  | { readonly kind: "rejoined" }
  /** The overlay network is no more: terminated by its source peer, or expired. Links go on as long as they last. */
  | { readonly kind: "ended"; readonly reason: string }
  /** Source peer of a file: the OMS had lost the overlay network, the session goes on in a new one, to which the index file points. */
  | { readonly kind: "moved"; readonly overlayId: string; readonly reason: string }
  /** The PAMS knows this peer, or it could not be told something. */
  | { readonly kind: "pams"; readonly what: "registered" | "reported" | "failed"; readonly reason?: string };
