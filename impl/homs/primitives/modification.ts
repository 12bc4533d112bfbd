import type {
  HybridOverlayModificationRequest,
  HybridOverlayModificationRequestAuth,
  HybridOverlayModificationResponse,
  OverlayAuth,
} from "../../../generated/homp/types.js";
import { hashSecret } from "../../keys/secret.js";
import type { HomsContext } from "../context.js";
import { endOf, secondsLeft } from "../lifetime.js";
import type { ChangeableAttribute, Overlay } from "../overlay.js";
import { policies } from "../overlay-info.js";
import { ownedOverlay } from "../ownership.js";
import { type Answer, isRefusal, type Refusal, refuse } from "../refusal.js";

const clause = "6.2.3";

/** HybridOverlayModification [6.2.3, 7.1.3]: title, description, expires, auth and trans_policy; other attributes stay as they are. */
export function modification(
  context: HomsContext,
  request: HybridOverlayModificationRequest,
): Answer<HybridOverlayModificationResponse> {
  const { registry, settings, now } = context;
  const asked = request.overlay;

  // 1. Only the owner may.
  const overlay = ownedOverlay(context, request, clause);
  if (isRefusal(overlay)) return overlay;

  // 2. Check everything before changing anything.
  const { transPolicy: longest } = settings.limits;
  if (asked.trans_policy !== undefined && JSON.stringify(asked.trans_policy).length > longest) {
    return refuse(400, "6.1.1", "/overlay/trans_policy", `this server takes at most ${longest} characters here`);
  }
  const access = changedAccess(context, overlay, asked.auth);
  if (isRefusal(access)) return access;

  // 3. Apply. It takes effect at once for queries and joins; members learn of it when they refresh [7.1.3 NOTE].
  const { record } = overlay;
  record.revision++;
  const note = (attribute: ChangeableAttribute): void => {
    record.changed[attribute] = record.revision;
  };
  if (asked.title !== undefined && asked.title !== record.title) {
    record.title = asked.title;
    note("title");
  }
  if (asked.description !== undefined && asked.description !== record.description) {
    record.description = asked.description;
    note("description");
  }
  if (asked.trans_policy !== undefined) {
    record.transPolicy = asked.trans_policy;
    note("trans_policy");
  }
  record.authType = access.type;
  record.accessKey = access.accessKey;
  overlay.setPeerlist(access.peerlist);
  if (asked.expires !== undefined) {
    record.expiresAt = endOf(Math.min(asked.expires, settings.limits.overlayExpires), now);
  }
  registry.saveOverlay(overlay);
  context.logger.info({ overlay: record.overlayId, revision: record.revision }, "overlay modified");

  // 4. The details as they are now, for the owner to check [7.1.3 step 2].
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": record.overlayId,
        title: record.title,
        "owner-id": record.ownerId,
        expires: secondsLeft(overlay, now),
        description: record.description,
        auth: answeredAuth(context, overlay, asked.auth),
        ...policies(overlay),
      },
    },
  };
}

interface Access {
  type: "open" | "closed";
  accessKey: string | null;
  peerlist: string[];
}

/**
 * The access rules after the change: a member left out stays as it was, null or an empty list clears (E-HOMP-40 A).
 * An overlay that opens forgets its key and list: they mean nothing then, and must not come back to life unseen.
 */
function changedAccess(
  { random }: HomsContext,
  { record }: Overlay,
  auth: HybridOverlayModificationRequestAuth,
): Access | Refusal {
  const type = auth.type ?? record.authType;
  if (type === "open") return { type, accessKey: null, peerlist: [] };
  const { access_key: accessKey, peerlist } = auth;
  const access: Access = {
    type,
    accessKey: accessKey === undefined ? record.accessKey : accessKey ? hashSecret(accessKey, random) : null,
    peerlist: peerlist === undefined ? record.peerlist : [...new Set(peerlist ?? [])],
  };
  if (access.accessKey === null && access.peerlist.length === 0) {
    return refuse(
      400,
      "6.1.3",
      "/overlay/auth",
      "a closed overlay needs an access_key or a peerlist: nobody could join",
    );
  }
  return access;
}

/**
 * OVERLAY_AUTH for the owner. Table 6-14's note wants the keys back as well; only hashes are kept, so all that could be repeated
 * is what the request brought, and that is done only where so configured (E-HOMP-41).
 */
function answeredAuth(
  { settings }: HomsContext,
  { record }: Overlay,
  asked: HybridOverlayModificationRequestAuth,
): OverlayAuth {
  const auth: OverlayAuth = { type: record.authType };
  if (record.peerlist.length > 0) auth.peerlist = record.peerlist;
  if (settings.readings.echoKeys === "never") return auth;
  auth.admin_key = asked.admin_key;
  if (record.accessKey !== null && typeof asked.access_key === "string") auth.access_key = asked.access_key;
  return auth;
}
