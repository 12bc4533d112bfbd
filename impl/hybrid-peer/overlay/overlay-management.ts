import type {
  HybridOverlayCreationRequest,
  HybridOverlayModificationRequest,
  HybridOverlayQueryClientRequest,
  OverlayAuth,
} from "../../../generated/homp/index.js";
import type { CrPolicy, OverlaySubType, OverlayType, TransPolicy } from "../../../generated/homp/types.js";
import { HybridPeerError } from "../errors.js";
import type { HomsInterface } from "./homs-interface.js";
import { numberAt, type OverlayInfo, objectAt, overlayInfo, textAt } from "./overlay-info.js";
import { type Persistence, persist } from "./persistence.js";

/** Who may join: everybody, or those with the key and those on the list [Q.4103 6.1.3]. */
export type OverlayAccess =
  | "open"
  | { readonly accessKey: string; readonly peerlist?: readonly string[] }
  | { readonly accessKey?: string; readonly peerlist: readonly string[] };

/** The properties of an overlay network to create [Q.4103 6.2.1]. Times in seconds. */
export interface OverlayProperties {
  readonly title: string;
  /** Default: empty. */
  readonly description?: string;
  /** Default core, tree. */
  readonly type?: OverlayType;
  readonly subType?: OverlaySubType;
  /** Default: left out, which means 86,400. */
  readonly expires?: number;
  /** More than 5. Default 10. */
  readonly heartbeatInterval?: number;
  /** More than three intervals. Default 31, or just enough for a longer interval. */
  readonly heartbeatTimeout?: number;
  /** Default open. */
  readonly access?: OverlayAccess;
  readonly crPolicy?: Required<CrPolicy>;
}

/** What an owner may change afterwards [6.2.3]; what is left out stays as it is. */
export interface OverlayChanges {
  readonly title?: string;
  readonly description?: string;
  /** New lifetime from now, in s. */
  readonly expires?: number;
  readonly access?: OverlayAccess;
  readonly transPolicy?: TransPolicy;
}

export interface OverlayQuery {
  readonly overlayId?: string;
  /** Keyword in the title. */
  readonly title?: string;
  /** Keyword in the description. */
  readonly description?: string;
}

/** An overlay network found by a query. */
export interface FoundOverlay extends OverlayInfo {
  /** Seconds left, as last heard; undefined where the HOMS does not tell. */
  readonly expires: number | undefined;
}

/** The overlay network that a creation made. */
export interface CreatedOverlay {
  readonly overlay: OverlayInfo;
  /** Granted lifetime in s. */
  readonly expires: number;
}

/** The owner's credentials [6.1.3]. */
export interface Ownership {
  readonly overlayId: string;
  readonly ownerId: string;
  readonly adminKey: string;
}

/** [6.2.1] the lifetime of an overlay network when the creation names none, in s. */
const DEFAULT_EXPIRES_S = 86_400;

/** OVERLAY_AUTH with all that the owner knows: whether a member that is left out would be cleared is open (E-HOMP-40). */
export function ownerAuth(adminKey: string, access: OverlayAccess) {
  if (access === "open") return { type: "open", admin_key: adminKey } as const;
  const { accessKey, peerlist } = access;
  return {
    type: "closed",
    admin_key: adminKey,
    ...(accessKey !== undefined && { access_key: accessKey }),
    ...(peerlist !== undefined && { peerlist: [...peerlist] }),
  } as const satisfies OverlayAuth;
}

/** HybridOverlayQuery [6.2.2]; no match is an empty list, whatever the HOMS says it with (E-HOMP-16). */
export async function queryOverlays(
  homs: HomsInterface,
  query: OverlayQuery,
  persistence: Persistence,
): Promise<FoundOverlay[]> {
  const parameters: NonNullable<HybridOverlayQueryClientRequest["query"]> = {
    ...(query.overlayId !== undefined && { "overlay-id": query.overlayId }),
    ...(query.title !== undefined && { title: query.title }),
    ...(query.description !== undefined && { description: query.description }),
  };
  const ask = () =>
    homs.ask((client, options) => client.HybridOverlayQuery({ query: parameters }, options), persistence);
  try {
    const { body } = await persist(ask, persistence);
    const list = Array.isArray(body.overlay) ? body.overlay : [];
    return list
      .map((wire) => ({ ...overlayInfo(wire), expires: numberAt(wire, "expires") }))
      .filter(({ overlayId }) => overlayId !== "");
  } catch (error) {
    if (error instanceof HybridPeerError && error.status === 404) return [];
    throw error;
  }
}

/**
 * HybridOverlayCreation [6.2.1]. Each creation makes another overlay network, so where an answer was lost the HOMS is asked first
 * whether the one is there already (E-HOMP-63).
 *
 * @param known overlay networks of the owner that were there before
 */
export async function createOverlay(
  homs: HomsInterface,
  properties: OverlayProperties,
  { ownerId, adminKey }: Omit<Ownership, "overlayId">,
  persistence: Persistence,
  known: ReadonlySet<string>,
): Promise<CreatedOverlay> {
  const { title, description = "", type = "core", subType = "tree", access = "open" } = properties;
  const interval = properties.heartbeatInterval ?? 10;
  const request: HybridOverlayCreationRequest = {
    overlay_info: {
      title,
      description,
      type,
      "sub-type": subType,
      "owner-id": ownerId,
      ...(properties.expires !== undefined && { expires: properties.expires }),
      "heartbeat-interval": interval,
      "heartbeat-timeout": properties.heartbeatTimeout ?? Math.max(31, 3 * interval + 1),
      auth: ownerAuth(adminKey, access),
      ...(properties.crPolicy && { "cr-policy": properties.crPolicy }),
    },
  };
  const attempt = () =>
    homs.ask((client, options) => client.HybridOverlayCreation({ body: request }, options), persistence);
  const made = async () => {
    const found = await queryOverlays(homs, { title }, { ...persistence, attempts: 1 }).catch(() => []);
    const own = found.find((one) => one.title === title && one.ownerId === ownerId && !known.has(one.overlayId));
    if (own === undefined) return undefined;
    return {
      kind: "done",
      status: 200,
      body: { overlay: { "overlay-id": own.overlayId, expires: own.expires } },
    } as const;
  };
  const { body, status } = await persist(attempt, persistence, made);
  const answered = objectAt(body, "overlay");
  if (textAt(answered, "overlay-id") === undefined) {
    throw new HybridPeerError(
      "ERR_ANSWER",
      "the HOMS created an overlay network without saying its overlay-id",
      status,
    );
  }
  const overlay = overlayInfo({ ...request.overlay_info, ...answered });
  const expires = numberAt(answered, "expires") ?? 0;
  return { overlay, expires: expires > 0 ? expires : (properties.expires ?? DEFAULT_EXPIRES_S) };
}

/** HybridOverlayModification [6.2.3]; access that is left out stays as it is (E-HOMP-40 A). @returns the lifetime that the HOMS answers, in s */
export async function modifyOverlay(
  homs: HomsInterface,
  { overlayId, ownerId, adminKey }: Ownership,
  changes: Omit<OverlayChanges, "access">,
  access: OverlayAccess | undefined,
  persistence: Persistence,
): Promise<number | undefined> {
  const body: HybridOverlayModificationRequest = {
    overlay: {
      "overlay-id": overlayId,
      "owner-id": ownerId,
      ...(changes.title !== undefined && { title: changes.title }),
      ...(changes.description !== undefined && { description: changes.description }),
      ...(changes.expires !== undefined && { expires: changes.expires }),
      ...(changes.transPolicy && { trans_policy: changes.transPolicy }),
      auth: access === undefined ? { admin_key: adminKey } : ownerAuth(adminKey, access),
    },
  };
  const ask = () => homs.ask((client, options) => client.HybridOverlayModification({ body }, options), persistence);
  const answer = await persist(ask, persistence);
  return numberAt(objectAt(answer.body, "overlay"), "expires");
}

/** HybridOverlayRemoval [6.2.4]; one that is not there any more, perhaps by an attempt whose answer was lost, is as good as removed. */
export async function removeOverlay(
  homs: HomsInterface,
  ownership: Ownership,
  persistence: Persistence,
): Promise<void> {
  const { overlayId, ownerId, adminKey } = ownership;
  const body = { overlay: { "overlay-id": overlayId, "owner-id": ownerId, auth: { admin_key: adminKey } } };
  const ask = () => homs.ask((client, options) => client.HybridOverlayRemoval({ body }, options), persistence);
  try {
    await persist(ask, persistence);
  } catch (error) {
    if (!(error instanceof HybridPeerError && error.status === 404)) throw error;
  }
}
