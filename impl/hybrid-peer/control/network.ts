import type { TicketedPeer } from "../core/message.js";
import type { CoreNews, CoreStatistics, Delivery, PathState } from "../core/ports.js";

/** What an application says of a message that it sends. */
export interface SendOptions {
  /** Media type. Default: `text/plain` for a string, else `application/octet-stream`. */
  readonly payloadType?: string;
  /** Each neighbour acknowledges. Default false. */
  readonly ack?: boolean;
}

/** One of the applications that share a peer, by the app-id that its data carries [Q.4100 7.2.1.2]. */
export interface Application {
  readonly appId: string;
  /**
   * Broadcasts to all peers of the overlay network. Gives back the sequence of the message at this source.
   *
   * @throws HybridPeerError ERR_TOO_LARGE, ERR_NOT_SOURCE, ERR_CLOSED
   */
  send(payload: Uint8Array | string, options?: SendOptions): number;
  /** What others send to this application, each message once. Gives back what ends it. */
  onData(listener: (delivery: Delivery) => void): () => void;
}

/** The paths and data of a peer in one overlay network that it has joined: the AI functional entity [Q.4100 7.2.1.2]. */
export interface PeerNetwork {
  /** The application with this app-id; "" for data that names none. */
  application(appId: string): Application;
  /** What others send, whichever application it is for. Gives back what ends it. */
  onData(listener: (delivery: Delivery) => void): () => void;
  paths(): readonly PathState[];
  statistics(): CoreStatistics;
  /** What happens to paths and data. Gives back what ends it. */
  onNews(listener: (news: CoreNews) => void): () => void;
  /**
   * Asks the tree for its shape: one list per leaf, from this peer's neighbour to the leaf. Resolves when no more is expected, or after
   * `timeoutMs` (default 5000) with what has come by then.
   */
  scan(options?: { readonly timeoutMs?: number }): Promise<readonly (readonly TicketedPeer[])[]>;
  /**
   * Resolves with true when no path has more than `octets` (default 0) waiting that the network has not taken, with false after
   * `timeoutMs` (default 10,000): for who sends much, and before leaving.
   */
  flushed(options?: { readonly octets?: number; readonly timeoutMs?: number }): Promise<boolean>;
  /** Resolves once there is a path to another peer; `false` after `timeoutMs`. */
  connected(options: { readonly timeoutMs: number }): Promise<boolean>;
}
