import type { Logger } from "../../../net/logger.js";
import { profiles, type WireProfile } from "../../wire/profile.js";
import type { TransportLink } from "../transport.js";
import { openWebRtcTransport, type WebRtcTransport, type WebRtcTransportOptions } from "../webrtc.js";
import { type Watched, watched } from "./messages.js";

export interface WebRtcPeer {
  readonly peerId: string;
  readonly transport: WebRtcTransport;
  readonly watched: Watched;
  /** What it logged, with the reason or error. */
  readonly log: readonly string[];
}

/** A peer that takes every link, on 127.0.0.1 alone where the library can. */
export async function webRtcPeer(
  peerId: string,
  signalling: string,
  options: Partial<WebRtcTransportOptions> = {},
): Promise<WebRtcPeer> {
  const seen = watched();
  const log: string[] = [];
  const note = (fields: object, message: string): void => {
    log.push(`${message}: ${(fields as { reason?: string }).reason ?? ""}`);
  };
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const transport = await openWebRtcTransport({
    signalling,
    peerId,
    bindAddress: "127.0.0.1",
    logger,
    onLink(link, first) {
      seen.message(link, first);
      return seen;
    },
    ...options,
  });
  return { peerId, transport, watched: seen, log };
}

export function connectWebRtc(
  from: WebRtcPeer,
  to: { readonly peerId: string; readonly transport: { readonly address: string } },
  { timeoutMs = 10_000, profile = profiles.p23 }: { timeoutMs?: number; profile?: WireProfile } = {},
): Promise<TransportLink> {
  return from.transport.connect(
    { peerId: to.peerId, address: to.transport.address },
    { overlayId: "overlay-1", profile, timeoutMs, handler: from.watched },
  );
}
