import { type Logger, silentLogger } from "../../net/logger.js";
import { TransportError } from "../../net/transport-errors.js";
import { type OpenChannel, Rendezvous } from "../../net/webrtc/rendezvous.js";
import { loadWebRtcLibrary, type WebRtcLibrary, type WebRtcLibraryName } from "../../net/webrtc/webrtc-library.js";
import type { PeerContact } from "../core/message.js";
import type { WireProfile } from "../wire/profile.js";
import { firstMessage } from "./base-link.js";
import {
  type ConnectOptions,
  defaultTransportLimits,
  type LinkHandler,
  type OnLink,
  type Transport,
  type TransportLimits,
  type TransportLink,
} from "./transport.js";
import { WebRtcLink } from "./webrtc-link.js";

export interface WebRtcTransportOptions {
  /** `ws://host:port` or `wss://…` of the signalling relay: also this peer's address, as the field has it. */
  readonly signalling: string;
  readonly peerId: string;
  readonly limits?: Partial<TransportLimits>;
  /** How links that others open are spelt. Default: as their first message shows. */
  readonly profile?: WireProfile;
  readonly onLink: OnLink;
  readonly logger?: Logger;
  /** Such as `stun:host:port`. Default: none, so that peers reach each other by the addresses that they have. */
  readonly iceServers?: readonly string[];
  /** The only local address that is used, such as 127.0.0.1; node-datachannel alone follows it. Default: all of them. */
  readonly bindAddress?: string;
  /** Default: "wrtc" where it is installed, else "node-datachannel". */
  readonly library?: WebRtcLibraryName;
}

export interface WebRtcTransport extends Transport {
  /** `peer.signalling-token` of the answer to a join: the relay may want to see it (E-HOMP-69). */
  token(token: string): void;
}

/**
 * Links over WebRTC data channels, arranged through a signalling relay. Needs @roamhq/wrtc or node-datachannel. The relay need not be there
 * yet: it is sought until the transport is closed.
 *
 * @throws TransportError ERR_MISSING_PACKAGE, ERR_ADDRESS
 */
export async function openWebRtcTransport(options: WebRtcTransportOptions): Promise<WebRtcTransport> {
  const library = await loadWebRtcLibrary(options.library);
  return new Transceiver(library, options);
}

class Transceiver implements WebRtcTransport {
  readonly scheme = "ws";
  readonly address: string;
  readonly #limits: TransportLimits;
  readonly #logger: Logger;
  readonly #rendezvous: Rendezvous;

  constructor(library: WebRtcLibrary, options: WebRtcTransportOptions) {
    const { signalling, profile, onLink, logger = silentLogger } = options;
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#logger = logger;
    this.address = signalling;
    const opening = firstMessage(onLink, logger);
    this.#rendezvous = new Rendezvous({
      ...options,
      library,
      limits: this.#limits,
      logger,
      opened: (channel) => this.#link(channel, profile, opening),
    });
  }

  #link(channel: OpenChannel, profile: WireProfile | undefined, handler: LinkHandler): WebRtcLink {
    const { connection, incoming, remote } = channel;
    const logger = this.#logger;
    return new WebRtcLink(connection, { incoming, remote, profile, handler, limits: this.#limits, logger });
  }

  token(token: string): void {
    this.#rendezvous.token(token);
  }

  async connect(to: PeerContact, { profile, handler, timeoutMs }: ConnectOptions): Promise<TransportLink> {
    if (!/^wss?:\/\//i.test(to.address)) {
      throw new TransportError("ERR_ADDRESS", `address ${JSON.stringify(to.address)}: not that of a signalling relay`);
    }
    return await this.#rendezvous.connect(to.peerId, timeoutMs, (channel) => this.#link(channel, profile, handler));
  }

  close(): Promise<void> {
    return this.#rendezvous.close();
  }
}
