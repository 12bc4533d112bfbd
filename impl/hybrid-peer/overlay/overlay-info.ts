import type { AuthType, CrPolicy, OverlaySubType, OverlayType, TransPolicy } from "../../../generated/homp/types.js";
import type { MembershipGrant } from "./membership-types.js";

/** What a peer knows of an overlay network, kept for later use [Q.4100 7.2.4.1]. Times in seconds. */
export interface OverlayInfo {
  readonly overlayId: string;
  readonly type: OverlayType;
  readonly subType: OverlaySubType;
  readonly title?: string;
  readonly description?: string;
  readonly ownerId?: string;
  readonly access?: AuthType;
  /** Defaults of 10 and 31 where the HOMS does not tell (E-HOMP-19). */
  readonly heartbeatInterval: number;
  readonly heartbeatTimeout: number;
  /** Absent: no recovery of data [Q.4103 6.2.1]. */
  readonly crPolicy?: CrPolicy;
  readonly transPolicy?: TransPolicy;
  /** As last heard. */
  readonly numPeers?: number;
}

/** A member that the HOMS named as one to connect to. */
export interface PeerContact {
  readonly peerId: string;
  readonly address: string;
  /** Where the HOMS hands passwords on (E-HOMP-14). */
  readonly password?: string;
}

type Wire = Readonly<Record<string, unknown>>;

export const objectAt = (value: unknown, name: string): Wire => asObject(asObject(value)[name]);

const asObject = (value: unknown): Wire =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Wire) : {};

export const textAt = (value: unknown, name: string): string | undefined => {
  const found = asObject(value)[name];
  return typeof found === "string" && found !== "" ? found : undefined;
};

/** A number, also as decimal text (E-HOMP-06). */
export const numberAt = (value: unknown, name: string): number | undefined => {
  const found = asObject(value)[name];
  const number = typeof found === "string" && /^\d+(\.\d+)?$/.test(found) ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/** What an OVERLAY_INFO off the wire adds to what is known; members that are absent or odd leave that as it is. */
export function overlayInfo(wire: unknown, known?: Partial<OverlayInfo>): OverlayInfo {
  const overlay = asObject(wire);
  const auth = objectAt(overlay, "auth").type;
  const given: { [Name in keyof OverlayInfo]?: OverlayInfo[Name] | undefined } = {
    overlayId: textAt(overlay, "overlay-id"),
    type: overlay.type === "core" || overlay.type === "sub" ? overlay.type : undefined,
    subType: overlay["sub-type"] === "tree" || overlay["sub-type"] === "mesh" ? overlay["sub-type"] : undefined,
    title: textAt(overlay, "title"),
    description: typeof overlay.description === "string" ? overlay.description : undefined,
    ownerId: textAt(overlay, "owner-id"),
    access: auth === "open" || auth === "closed" ? auth : undefined,
    heartbeatInterval: numberAt(overlay, "heartbeat-interval"),
    heartbeatTimeout: numberAt(overlay, "heartbeat-timeout"),
    crPolicy: overlay["cr-policy"] === undefined ? undefined : (objectAt(overlay, "cr-policy") as CrPolicy),
    transPolicy: overlay.trans_policy === undefined ? undefined : { ...objectAt(overlay, "trans_policy") },
    numPeers: numberAt(overlay.status, "num_peers"),
  };
  const news = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...known, ...news };
}

const defaults = {
  overlayId: "",
  type: "core",
  subType: "tree",
  heartbeatInterval: 10,
  heartbeatTimeout: 31,
} as const satisfies OverlayInfo;

/** The entry peers of a join answer; entries without identifier or address are of no use and left out. */
export function contactsIn(overlay: unknown): PeerContact[] {
  const list = objectAt(overlay, "status").peer_info_list;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): PeerContact[] => {
    const peerId = textAt(entry, "peer-id");
    const address = textAt(entry, "address");
    if (peerId === undefined || address === undefined) return [];
    const password = textAt(objectAt(entry, "auth"), "password");
    return [{ peerId, address, ...(password !== undefined && { password }) }];
  });
}

/** What a join or refresh answer hands to the peer to show to others. */
export function grantIn(body: unknown): MembershipGrant {
  const peer = objectAt(body, "peer");
  const admission = objectAt(peer, "admission");
  const [certificate, homsKey] = [textAt(admission, "certificate"), textAt(admission, "homs-key")];
  return {
    admission: certificate !== undefined && homsKey !== undefined ? { certificate, homsKey } : undefined,
    signallingToken: textAt(peer, "signalling-token"),
  };
}
