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
  return {
    ...defaultSwarmSettings,
    unreceipted,
    ...(content_type === "FILE" && number_of_fragments !== undefined && { maxFragments: number_of_fragments }),
    ...Object.assign({}, ...told),
    peerId,
    role,
    contentType: content_type,
    fragmentSize: fragment_size,
  };
}
