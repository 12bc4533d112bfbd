import type { ConnectionOptions, TlsOptions } from "node:tls";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { WebRtcLibraryName } from "../../net/webrtc/webrtc-library.js";
import type { ByeReason } from "../core/message.js";
import type { PeerContact } from "../core/ports.js";
import type { PeerTransportLimits } from "./limits.js";
import type { LinkOverlay, PeerLink } from "./overlay.js";

export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
  /** `key` and `cert` at least: TLS is spoken, and nothing else. */
  readonly tls?: TlsOptions;
}

export interface PeerTransportOptions {
  /** Where other peers connect; false: nobody can. Default: 127.0.0.1 and any free port. */
  readonly listen?: ListenOptions | false;
  /** What others are told instead of where the socket listens: hosts, `host:port`, or whole addresses. */
  readonly advertise?: readonly string[];
  /** For connections to `tls://` addresses, such as the authorities that vouch for other peers. */
  readonly connectTls?: ConnectionOptions;
  /** Data channels besides, arranged through a relay. Needs @roamhq/wrtc or node-datachannel. Default: none. */
  readonly webrtc?: WebRtcOptions;
  /** The overlay network that a hello is for; undefined where this process takes no part in it. */
  lookup(overlayId: string): LinkOverlay | undefined;
  /** A TCP connection to this address took so many ms to open: one round trip. */
  measured?(address: string, milliseconds: number): void;
  readonly limits?: Partial<PeerTransportLimits>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface WebRtcOptions {
  /** `ws://host:port` or `wss://…` of the signalling relay of all overlay networks. Default: the one that each OMS tells. */
  readonly signalling?: string;
  /** Such as `stun:host:port`. Default: none, so that peers reach each other by the addresses that they have. */
  readonly iceServers?: readonly string[];
  /** The only local address that is used; node-datachannel alone follows it. */
  readonly bindAddress?: string;
  /** Default: "wrtc" where it is installed, else "node-datachannel". */
  readonly library?: WebRtcLibraryName;
}

/** What a member of an overlay network has from its OMS for the signalling relay. */
export interface RelayEntry {
  /** `signalling_url` of R5. */
  readonly url: string | undefined;
  readonly peerId: string;
  /** `peer_token`, or the `owner_token` of a source peer. */
  readonly token: string;
  /** `addressesIn` says something else now. */
  changed(): void;
}

/** R10 over TCP, TLS and data channels: one listening port for all overlay networks of a process [X.609.10 8.9]. */
export interface PeerTransport {
  /** `tcp://host:port` or `tls://host:port`; none where nobody can connect. */
  readonly addresses: readonly string[];
  /** For the OMS: those, and in an overlay network that of the signalling relay, while this peer is registered there. */
  addressesIn(overlayId: string): readonly string[];
  /** Data channels with members of an overlay network from now on, where they are wanted; again, where the OMS says something new. */
  meet(overlayId: string, relay: RelayEntry): void;
  readonly port: number | undefined;
  /**
   * Opens a link: tries the addresses in their order, up to the handshake's end. `overlay.opened` is called before this resolves.
   * @throws TransportError ERR_ADDRESS, ERR_UNREACHABLE, ERR_TIMEOUT, ERR_LIMIT, ERR_CLOSED
   */
  connect(overlay: LinkOverlay, to: PeerContact): Promise<PeerLink>;
  /** Closes the links of one overlay network, and its registration at the relay; `reason` tells the other ends. */
  leave(overlayId: string, reason: ByeReason): void;
  close(): Promise<void>;
}
