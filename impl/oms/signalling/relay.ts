import type { SignallingLimits } from "../../net/webrtc/relay/limits.js";
import { type Claim, type Gate, SignallingRelay } from "../../net/webrtc/relay/relay.js";
import {
  openRelayServer,
  type RelayHost,
  type RelayPlace,
  type SignallingServer,
} from "../../net/webrtc/relay/relay-server.js";
import type { Hello } from "../../net/webrtc/relay/relay-signal.js";
import type { OmsCore } from "../core.js";
import type { Oms } from "../oms.js";
import { isRefusal } from "../refusal.js";

export interface OmsSignallingOptions extends RelayPlace {
  /** What members are told, `ws://…` or `wss://…`. Default: by the public URL of the OMS, or where the relay listens. */
  readonly publicUrl?: string;
  readonly limits?: Partial<SignallingLimits>;
}

export interface OmsSignalling extends SignallingServer {
  /** What members are told. */
  readonly publicUrl: string;
}

/** As long as an address of a peer may be (spec/oms). */
const longest = 512;

/**
 * The relay for the members of an OMS, at its port, at its path, or both.
 *
 * @param omsUrl where peers reach the OMS, where that is not where it listens
 * @throws RangeError where `publicUrl` is no such URL; the system's error where it cannot listen
 */
export async function openOmsSignalling(
  options: OmsSignallingOptions,
  oms: Oms,
  omsUrl: string | undefined,
  place: RelayHost,
): Promise<OmsSignalling> {
  if (options.publicUrl !== undefined) assertRelayUrl(options.publicUrl);
  const relay = new SignallingRelay({ gate: memberGate(oms.core), limits: options.limits, logger: place.logger });
  oms.listen({
    memberRemoved: ({ overlay, peerId }) => relay.end(overlay.id, peerId),
    overlayRemoved({ id }) {
      for (const peerId of relay.peersIn(id)) relay.end(id, peerId);
    },
  });
  const server = await openRelayServer(relay, options, place);
  const publicUrl = new URL(options.publicUrl ?? urlOf(server, options, omsUrl)).href;
  if (isLoopback(new URL(publicUrl).hostname) && !isLoopback(place.host ?? "127.0.0.1")) {
    const what =
      "members elsewhere cannot reach the signalling relay that they are told: its public URL is to be named";
    place.logger.warn({ url: publicUrl }, what);
  }
  return { ...server, publicUrl };
}

/** Members show what they show on R5 (E-DS-36), and reach members of the same overlay network. */
function memberGate(core: OmsCore): Gate {
  return {
    claim({ overlayId, peerId, token }: Hello): Claim {
      if (overlayId === undefined) return "notMember";
      const member = core.member(overlayId, peerId, token);
      // Of a closed overlay network strangers do not learn who is a member: it is the other answer for everybody.
      if (isRefusal(member)) return member.status === 404 ? "notMember" : "notYours";
      const answer = { action: "registered", "peer-id": peerId, overlay_network_id: overlayId };
      return { room: overlayId, proved: true, answer };
    },
  };
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|\[?::1\]?$)/.test(host);

function urlOf({ url, port }: SignallingServer, place: RelayPlace, omsUrl: string | undefined): string {
  if (omsUrl === undefined) return url;
  const { protocol, hostname, host, pathname } = new URL(omsUrl);
  if (place.port !== undefined) return `${new URL(url).protocol}//${hostname}:${port}`;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}${pathname.replace(/\/+$/, "")}${place.path}`;
}

function assertRelayUrl(text: string): void {
  const { protocol, username, password, hash } = URL.canParse(text) ? new URL(text) : new URL("none:");
  const plain = username === "" && password === "" && hash === "" && text.length <= longest;
  if ((protocol === "ws:" || protocol === "wss:") && plain) return;
  throw new RangeError(`signalling.publicUrl: ws://… or wss://… without credentials is wanted, not ${text}`);
}
