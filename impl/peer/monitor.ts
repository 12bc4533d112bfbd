import { type HttpHost, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics, type HttpMetrics } from "../net/http-metrics.js";
import type { Logger } from "../net/logger.js";
import type { Peer, SessionState } from "./types.js";

export interface PeerMonitorOptions {
  /** Default 127.0.0.1 and any free port. */
  readonly host?: string;
  readonly port?: number;
  readonly logger?: Logger;
}

/** Health and metrics of a peer over HTTP. */
export interface PeerMonitor {
  /** `GET /healthz` and `GET /metrics` behind it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Says over HTTP how a peer is: its sessions with their fragments, links and servers that do not answer. Names no other peer.
 *
 * @throws the system's error where it cannot listen
 */
export async function startPeerMonitor(peer: Peer, options: PeerMonitorOptions = {}): Promise<PeerMonitor> {
  const metrics = createHttpMetrics("peer");
  measurePeer(metrics, peer);
  const host: HttpHost = await openHttpHost({
    name: "peer",
    metrics,
    front: (_request, _response, next) => next(),
    drainMs: 500,
    ...(options.host !== undefined && { host: options.host }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.logger !== undefined && { logger: options.logger }),
    health: () => peerHealth(peer),
  });
  return { url: host.url, close: () => host.close() };
}

/** What a health check says of a peer. Servers that are down are no reason to end it: it goes on without them. */
export function peerHealth({ peerId, sessions }: Peer): object {
  return {
    peer_id: peerId,
    sessions: sessions.map(({ overlayId, role, state }) => ({
      overlay_network_id: overlayId,
      role,
      phase: state.phase,
      fragments: fragmentsOf(state),
      ...(state.total !== undefined && { number_of_fragments: state.total }),
      complete: state.complete,
      links: state.links.length,
      servers_down: state.down,
    })),
  };
}

/** A peer's figures among the metrics of what it is a part of. */
export function measurePeer(metrics: HttpMetrics, peer: Peer): void {
  const sum = (of: (state: SessionState) => number): number =>
    peer.sessions.reduce((total, { state }) => total + of(state), 0);
  /** Counters do not fall when a session ends. */
  const total = (of: (state: SessionState) => number): (() => number) => {
    let ended = 0;
    let latest = new Map<object, number>();
    return () => {
      const now = new Map<object, number>(peer.sessions.map((session) => [session, of(session.state)]));
      for (const [session, value] of latest) if (!now.has(session)) ended += value;
      latest = now;
      return [...now.values()].reduce((all, value) => all + value, ended);
    };
  };
  metrics.gauge("sessions", "Sessions that it takes part in", () => peer.sessions.length);
  metrics.gauge("links", "Links to other peers (R10)", () => sum(({ links }) => links.length));
  metrics.gauge("fragments", "Fragments that it holds, verified", () => sum(fragmentsOf));
  metrics.gauge("servers_down", "Servers of its sessions that do not answer", () => sum(({ down }) => down.length));
  metrics.counter(
    "uploaded_octets_total",
    "Octets of fragments that it sent",
    total(({ uploaded }) => uploaded),
  );
  metrics.counter(
    "downloaded_octets_total",
    "Octets of fragments that came, those that came twice included",
    total(({ downloaded }) => downloaded),
  );
  metrics.counter(
    "missed_fragments_total",
    "Fragments of streams that did not come in time",
    total(({ missed }) => missed),
  );
}

function fragmentsOf({ held }: SessionState): number {
  return held.reduce((sum, { count }) => sum + count, 0);
}
