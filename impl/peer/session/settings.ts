import { defaultSwarmSettings, type SwarmSettings } from "../core/settings.js";
import type { IndexFile } from "../types.js";

/** Receipts are wanted for all but this much of what was sent: some are on their way, some wait for more to confirm. */
const unreceipted = 32 * 1024 * 1024;

/** How the swarm of a session behaves: what its index file says, then what peer and session were told, then the defaults. */
export function swarmSettings(
  peerId: string,
  role: SwarmSettings["role"],
  { content_type, fragment_size, number_of_fragments }: IndexFile,
  ...told: readonly (Partial<SwarmSettings> | undefined)[]
): SwarmSettings {
  // Memory is taken by it: an index file, which is anybody's, may lower the bound only.
  const most =
    told.findLast((one) => one?.maxFragments !== undefined)?.maxFragments ?? defaultSwarmSettings.maxFragments;
  return {
    ...defaultSwarmSettings,
    unreceipted,
    ...Object.assign({}, ...told),
    maxFragments: content_type === "FILE" ? Math.min(most, number_of_fragments ?? most) : most,
    peerId,
    role,
    contentType: content_type,
    fragmentSize: fragment_size,
  };
}
