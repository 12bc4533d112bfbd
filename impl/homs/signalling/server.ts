import type { SignallingLimits } from "../../net/webrtc/relay/limits.js";
import {
  openRelayServer,
  type RelayHost,
  type RelayPlace,
  type SignallingServer,
} from "../../net/webrtc/relay/relay-server.js";
import { tokenTest } from "../administration/token-guard.js";
import type { Homs } from "../homs.js";
import type { SignallingClaims } from "./claims.js";
import { HomsRelay } from "./relay.js";

export interface SignallingOptions extends RelayPlace {
  /** Default "token". */
  readonly claims?: SignallingClaims;
  readonly limits?: Partial<SignallingLimits>;
  /** The field's monitor stream, which tells who is in which overlay: for who shows the administrator's token (default), or everybody. */
  readonly monitor?: "token" | "open";
}

/** Opens the relay at its port, at its path, or both. Rejects with the system's error when it cannot listen. */
export async function openSignalling(
  options: SignallingOptions,
  place: RelayHost & { readonly homs: Homs; readonly adminToken: string | undefined },
): Promise<SignallingServer> {
  const { homs, logger, adminToken } = place;
  const { claims, limits } = options;
  const watching = adminToken ? tokenTest(adminToken) : undefined;
  const monitor = options.monitor === "open" ? options.monitor : watching;
  const members = new HomsRelay({ homs, logger, claims, limits, monitor });
  const { upgrade, statistics } = members.relay;
  return await openRelayServer({ upgrade, statistics, close: () => members.close() }, options, place);
}
