import type { Logger } from "../../net/logger.js";
import { TransportError } from "../../net/transport-errors.js";
import type { PeerContact } from "../core/message.js";
import { HybridPeerError } from "../errors.js";
import type { HybridPeerOptions } from "../options.js";
import { listenTcpTransport } from "../transport/tcp.js";
import type { LinkHandler, OnLink, Transport, TransportLimits, TransportLink } from "../transport/transport.js";
import { openWebRtcTransport, type WebRtcTransport } from "../transport/webrtc.js";
import { profiles } from "../wire/profile.js";

/** Everything by which a peer reaches others and is reached, for all of its overlay networks [Q.4100 7.2.5.1]. */
export interface PeerTransports {
  /** Of this peer, as the HOMS is told. */
  readonly address: string;
  /** @throws TransportError */
  connect(
    to: PeerContact,
    options: { overlayId: string; timeoutMs: number; handler: LinkHandler },
  ): Promise<TransportLink>;
  /** What shows the relay that this peer may be reached under its identifier (E-HOMP-69). */
  signallingToken(token: string): void;
  close(): Promise<void>;
}

type Wanted = Pick<HybridPeerOptions, "address" | "listen" | "webrtc" | "profile" | "tlsAuthorities">;

/** Whether the options ask for paths to other peers, or for overlay management alone. */
export function wantsTransports({ address, listen, webrtc }: Wanted): boolean {
  return webrtc !== undefined || (listen === undefined ? address === undefined : listen !== false);
}

/** @throws HybridPeerError ERR_TRANSPORT; the system's error where the port cannot be had */
export async function openTransports(
  options: Wanted & { peerId: string; limits: TransportLimits; onLink: OnLink; logger: Logger },
): Promise<PeerTransports> {
  const { peerId, limits, onLink, logger, address, webrtc } = options;
  const profile = profiles[options.profile ?? "p23"];
  const opened: Transport[] = [];
  let relayed: WebRtcTransport | undefined;
  const listen = options.listen ?? (webrtc === undefined && address === undefined ? {} : false);
  try {
    if (listen !== false) {
      const { host, port, tls } = listen;
      const connectTls = options.tlsAuthorities && { ca: options.tlsAuthorities };
      opened.push(
        await listenTcpTransport({
          ...(host !== undefined && { host }),
          ...(port !== undefined && { port }),
          ...(tls && { tls }),
          ...(connectTls && { connectTls }),
          ...(address !== undefined && { advertise: address }),
          ...{ limits, onLink, logger },
        }),
      );
    }
    if (webrtc !== undefined) {
      relayed = await openWebRtcTransport({ ...webrtc, ...{ peerId, limits, onLink, logger } });
      opened.push(relayed);
    }
  } catch (error) {
    await Promise.all(opened.map((one) => one.close()));
    throw error instanceof TransportError ? new HybridPeerError("ERR_TRANSPORT", error.message) : error;
  }
  const [first] = opened;
  if (first === undefined) throw new HybridPeerError("ERR_CONFIGURATION", "neither listen nor webrtc is given");

  return {
    address: first.address,
    async connect(to, { overlayId, timeoutMs, handler }) {
      const scheme = to.address.slice(0, Math.max(0, to.address.indexOf("://")));
      // One TCP transport reaches both kinds of sockets, whichever it listens on.
      const through = opened.find((one) => (one.scheme === "ws") === /^wss?$/i.test(scheme));
      if (through === undefined) throw new TransportError("ERR_ADDRESS", `no way to reach ${to.address} from here`);
      return await through.connect(to, { overlayId, profile, timeoutMs, handler });
    },
    signallingToken: (token) => relayed?.token(token),
    async close() {
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}
