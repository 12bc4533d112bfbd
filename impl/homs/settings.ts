import { defaultLossSettings, type LossSettings } from "./losses.js";

/**
 * Where Q.4103 can be read in several ways and another choice costs little, the choice is here. The first value of each is the
 * default; README.md has the table.
 */
export interface HomsReadings {
  /** E-HOMP-56: closed overlays are listed (A), or found by their overlay-id only (B). */
  closedOverlays: "listed" | "hidden";
  /** E-HOMP-16: a query with parameters that matches nothing is answered 200 with an empty list (A) or 404 (B). */
  noMatch: "empty" | "not-found";
  /** E-HOMP-15: how a keyword is found in title and description (B or A). */
  keywords: "any-case" | "exact-case";
  /** E-HOMP-32: a member that joins again without a ticket-id is refused (A), or refreshed when its password is right (B). */
  repeatedJoin: "conflict" | "refresh";
  /** E-HOMP-41: answers to the owner never repeat the keys (B), or repeat those that the very request carried (A). */
  echoKeys: "never" | "request";
  /** E-HOMP-05: a creation without auth makes an open overlay with a generated admin key (B) or is refused (A). */
  missingAuth: "open" | "refuse";
  /** E-HOMP-64: an overlay without members lives on (A) or goes with its last member (B). */
  emptyOverlays: "keep" | "remove";
  /** E-HOMP-53: peers that others lost are removed early, after a check (B), or at the end of their lifetime only (A). */
  lossReports: "check" | "ignore";
}

export const defaultReadings: Readonly<HomsReadings> = {
  closedOverlays: "listed",
  noMatch: "empty",
  keywords: "any-case",
  repeatedJoin: "conflict",
  echoKeys: "never",
  missingAuth: "open",
  emptyOverlays: "keep",
  lossReports: "check",
};

/**
 * Bounds on what this HOMS holds and gives, beside those that the schemas set (lengths, and the size of a request).
 * Lifetimes in seconds.
 */
export interface HomsLimits {
  overlays: number;
  /** Members of one overlay. */
  peers: number;
  /** Entries in each list of a cost map. */
  costmap: number;
  /** Characters of trans_policy as JSON text. */
  transPolicy: number;
  /** Longer lifetimes are cut to these (E-HOMP-62 A). */
  overlayExpires: number;
  peerExpires: number;
  /** Overlays in one query answer, the newest first. */
  queryAnswer: number;
}

export const defaultLimits: Readonly<HomsLimits> = {
  overlays: 10_000,
  peers: 100_000,
  costmap: 256,
  transPolicy: 16_384,
  overlayExpires: 10 * 365 * 86_400,
  peerExpires: 86_400,
  queryAnswer: 1000,
};

/** [Q.4103 6.2.1] the lifetime of an overlay when the creation names none, in seconds. */
export const defaultOverlayExpires = 86_400;

export interface HomsSettings {
  readings: Readonly<HomsReadings>;
  limits: Readonly<HomsLimits>;
  /** Lifetime of a membership when the join names none, in seconds: left to the server (E-HOMP-20 A). */
  peerExpires: number;
  /** How many entry peers a join answer names at most (E-HOMP-34). */
  entryPeers: { readonly tree: number; readonly mesh: number };
  /** Primary paths up to which a peer is taken to have room for one more. HOMP does not say how many a peer allows. */
  primarySlots: number;
  /** Joins are answered with a token for the signalling relay (E-HOMP-69); for a HOMS that has one. */
  signallingTokens: boolean;
  losses: LossSettings;
}

export const defaultSettings: Readonly<HomsSettings> = {
  readings: defaultReadings,
  limits: defaultLimits,
  peerExpires: 3600,
  entryPeers: { tree: 4, mesh: 20 },
  primarySlots: 5,
  signallingTokens: false,
  losses: defaultLossSettings,
};

/** What a caller may leave out. */
export interface HomsSettingsInput
  extends Partial<Omit<HomsSettings, "readings" | "limits" | "entryPeers" | "losses">> {
  readings?: Partial<HomsReadings>;
  limits?: Partial<HomsLimits>;
  entryPeers?: Partial<HomsSettings["entryPeers"]>;
  losses?: Partial<LossSettings>;
}

export function completeSettings(input: HomsSettingsInput = {}): HomsSettings {
  return {
    readings: { ...defaultReadings, ...input.readings },
    limits: { ...defaultLimits, ...input.limits },
    peerExpires: input.peerExpires ?? defaultSettings.peerExpires,
    entryPeers: { ...defaultSettings.entryPeers, ...input.entryPeers },
    primarySlots: input.primarySlots ?? defaultSettings.primarySlots,
    losses: { ...defaultLossSettings, ...input.losses },
    signallingTokens: input.signallingTokens ?? defaultSettings.signallingTokens,
  };
}
