import type { Activity } from "../activity.js";
import type { Overlay } from "../overlay.js";
import type { OmsPolicy } from "../settings.js";

/** What is asked of the PAMS. */
type Knowledge = Pick<Activity, "list" | "status">;

/** Overlay networks with fewer members get on with their source peer. */
const fewMembers = 5;

/**
 * How many cache servers the load of an overlay network asks for, beyond those that its owner wants [X.609.10 8.8 a]: one for so many
 * members, at least one where the PAMS knows that they are served poorly, none where it knows that they are served well.
 */
export async function loadOf(
  overlay: Overlay,
  activity: Knowledge | undefined,
  policy: Readonly<OmsPolicy>,
): Promise<number> {
  const size = overlay.members.size;
  const asked = Math.floor(size / policy.peersPerCacheServer);
  if (asked === 0 && size < fewMembers) return 0;
  const good = await isServedWell(overlay, activity, policy);
  if (good) return 0;
  return good === undefined ? asked : Math.max(1, asked);
}

/** Undefined: nobody knows. */
async function isServedWell(
  overlay: Overlay,
  activity: Knowledge | undefined,
  { providers }: Readonly<OmsPolicy>,
): Promise<boolean | undefined> {
  if (activity === undefined) return undefined;
  // A stream has no end: its source peer is what it hangs on [8.1 f]. Connections free for upload are those left (E-PAMP-34).
  if (overlay.record.contentType === "STREAM") {
    const status = await activity.status(overlay, overlay.record.sourceId);
    const left = status?.dynamic_status?.num_upload_connection;
    return left === undefined ? undefined : left > 0;
  }
  const wanted = Math.max(1, Math.ceil(overlay.members.size * providers));
  const answer = await activity.list(overlay, { overlay_status: "COMPLETED", max_peer_num: wanted });
  return answer === undefined ? undefined : answer.peers.length >= wanted;
}
