import type {
  HybridOverlayCreationRequest,
  HybridOverlayCreationResponse,
  OverlayAuth,
} from "../../../generated/homp/types.js";
import { hashSecret } from "../../keys/secret.js";
import { uuid } from "../../net/uuid.js";
import type { HomsContext } from "../context.js";
import type { FieldDialect } from "../dialects/dialect.js";
import { endOf } from "../lifetime.js";
import type { OverlayRecord } from "../overlay.js";
import { heartbeat, policies } from "../overlay-info.js";
import { type Answer, type Refusal, refuse } from "../refusal.js";
import { defaultOverlayExpires } from "../settings.js";

const clause = "6.2.1";

/** The overlays that Q.4100 6 knows: CoreTree, SubTree, SubMesh (E-HOMP-28 A). */
const knownPairs = new Set(["core/tree", "sub/tree", "sub/mesh"]);

/** What a missing member of CR_POLICY counts as (E-HOMP-26). */
const absentPolicy = { mN_Cache: 0, mD_Cache: 0, "recovery-by": "push" } as const;

/** Octets of a generated admin key: 144 bits, 24 characters of base64url. */
const generatedKeyOctets = 18;

/** HybridOverlayCreation [6.2.1, 7.1.1]. Every call makes a new overlay, also when it repeats an earlier one (E-HOMP-63 A). */
export function creation(
  context: HomsContext,
  request: HybridOverlayCreationRequest,
  dialect?: FieldDialect,
): Answer<HybridOverlayCreationResponse> {
  const { registry, settings, random, now } = context;
  const info = request.overlay_info;

  // 1. Refuse what the rules do not allow.
  const refusal = refuseAttributes(context, request, dialect);
  if (refusal !== undefined) return refusal;
  if (registry.overlays.size >= settings.limits.overlays) {
    return refuse(503, clause, "/overlay_info", "this server holds as many overlays as it can");
  }

  // 2. Without auth the overlay is open; a key is made all the same, or nobody could ever modify or remove it (E-HOMP-05 B).
  const auth = info.auth;
  const adminKey = auth?.admin_key ?? Buffer.from(random.bytes(generatedKeyOctets)).toString("base64url");
  const generatedKey = auth === undefined ? adminKey : undefined;

  // 3. A lifetime that is left out is a day. The identifier is this server's to give: one in the request is ignored
  //    (E-HOMP-60 A).
  const lifetime = Math.min(info.expires ?? defaultOverlayExpires, settings.limits.overlayExpires);
  const closed = auth?.type === "closed";
  const record: OverlayRecord = {
    overlayId: unusedId(context),
    title: info.title,
    description: info.description,
    type: info.type,
    subType: info["sub-type"],
    ownerId: info["owner-id"],
    heartbeatInterval: info["heartbeat-interval"],
    heartbeatTimeout: info["heartbeat-timeout"],
    createdAt: now,
    expiresAt: endOf(lifetime, now),
    authType: closed ? "closed" : "open",
    adminKey: hashSecret(adminKey, random),
    // An access key or a peer list of an open overlay has no meaning and is not kept (E-HOMP-29 A).
    accessKey: closed && typeof auth.access_key === "string" ? hashSecret(auth.access_key, random) : null,
    peerlist: closed ? [...new Set(auth.peerlist ?? [])] : [],
    crPolicy: info["cr-policy"] === undefined ? null : { ...absentPolicy, ...info["cr-policy"] },
    transPolicy: info.trans_policy ?? null,
    revision: 0,
    changed: {},
  };
  const overlay = registry.addOverlay(record);
  context.events.emit({ kind: "overlay-created", overlayId: record.overlayId, title: record.title });
  context.logger.info({ overlay: record.overlayId, owner: record.ownerId, expires: lifetime }, "overlay created");

  // 4. The owner is not a member by that; it joins like anybody else (E-HOMP-48 A).
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": record.overlayId,
        title: record.title,
        description: record.description,
        type: record.type,
        "sub-type": record.subType,
        "owner-id": record.ownerId,
        expires: lifetime,
        ...heartbeat(overlay),
        auth: answeredAuth(context, record, auth, generatedKey),
        ...policies(overlay),
      },
    },
    undo: () => registry.removeOverlay(overlay),
  };
}

/** Randomness repeats only where a test makes it; an overlay must not be replaced even so. */
function unusedId({ registry, random }: HomsContext): string {
  let id = uuid(random);
  while (registry.overlays.has(id)) id = uuid(random);
  return id;
}

function refuseAttributes(
  { settings }: HomsContext,
  { overlay_info: info }: HybridOverlayCreationRequest,
  dialect: FieldDialect | undefined,
): Refusal | undefined {
  const { readings, limits } = settings;
  if (!knownPairs.has(`${info.type}/${info["sub-type"]}`)) {
    return refuse(
      400,
      "6.1.1",
      "/overlay_info/sub-type",
      "type and sub-type are core and tree, sub and tree, or sub and mesh",
    );
  }

  // Against heartbeat storms; both bounds are themselves too small (E-HOMP-18 A).
  const interval = info["heartbeat-interval"];
  if (!(interval > 5)) {
    return refuse(400, clause, "/overlay_info/heartbeat-interval", "heartbeat-interval has to be more than 5 seconds");
  }
  // The field's clients have 10 and 15 as their defaults (E-HOMP-80 B).
  const times = dialect === undefined ? 3 : 1;
  if (!(info["heartbeat-timeout"] > times * interval)) {
    return refuse(
      400,
      clause,
      "/overlay_info/heartbeat-timeout",
      `heartbeat-timeout has to be more than ${times} times heartbeat-interval`,
    );
  }

  if (info.auth === undefined && readings.missingAuth === "refuse") {
    return refuse(400, clause, "/overlay_info/auth", "auth is mandatory here");
  }
  if (info.auth?.type === "closed" && !info.auth.access_key && !info.auth.peerlist?.length) {
    return refuse(
      400,
      "6.1.3",
      "/overlay_info/auth",
      "a closed overlay needs an access_key or a peerlist: nobody could join",
    );
  }
  if (info.trans_policy !== undefined && JSON.stringify(info.trans_policy).length > limits.transPolicy) {
    return refuse(
      400,
      "6.1.1",
      "/overlay_info/trans_policy",
      `this server takes at most ${limits.transPolicy} characters here`,
    );
  }
  return undefined;
}

/**
 * OVERLAY_AUTH for the owner [Table 6-10]: what the request had, less its keys unless they are to be echoed (E-HOMP-41).
 * A generated key appears here and never again.
 */
function answeredAuth(
  { settings }: HomsContext,
  record: OverlayRecord,
  asked: OverlayAuth | undefined,
  generatedKey: string | undefined,
): OverlayAuth {
  const auth: OverlayAuth = { type: record.authType };
  const echo = settings.readings.echoKeys === "request" ? asked : undefined;
  const adminKey = generatedKey ?? echo?.admin_key;
  if (adminKey !== undefined) auth.admin_key = adminKey;
  if (record.accessKey !== null && typeof echo?.access_key === "string") auth.access_key = echo.access_key;
  if (record.peerlist.length > 0) auth.peerlist = record.peerlist;
  return auth;
}
