import { HybridPeerError } from "../errors.js";
import type { HomsInterface } from "./homs-interface.js";
import type { OverlayInfo } from "./overlay-info.js";
import {
  type CreatedOverlay,
  createOverlay,
  modifyOverlay,
  type OverlayAccess,
  type OverlayChanges,
  type OverlayProperties,
  type Ownership,
  removeOverlay,
} from "./overlay-management.js";
import type { Persistence } from "./persistence.js";

/** An overlay network that this peer created and owns [Q.4103 7.1.1]. */
export interface OwnedOverlay {
  /** Changes its overlay-id when it had to be created anew. */
  readonly overlay: OverlayInfo;
  readonly adminKey: string;
  /** @throws HybridPeerError ERR_REFUSED, ERR_UNAVAILABLE, ERR_CLOSED */
  modify(changes: OverlayChanges): Promise<void>;
  /** Its peers are not told [7.1.4]. @throws HybridPeerError as `modify` */
  remove(): Promise<void>;
}

export type OwnerNews =
  | { readonly kind: "created"; readonly overlay: OverlayInfo; readonly expires: number; readonly again: boolean }
  | { readonly kind: "modified"; readonly overlayId: string }
  | { readonly kind: "removed"; readonly overlayId: string }
  /** The lifetime of the overlay network could not be extended, and it is not created anew. */
  | { readonly kind: "abandoned"; readonly overlayId: string; readonly reason: string };

export interface OwnedOverlayOptions {
  readonly homs: HomsInterface;
  readonly persistence: Persistence;
  readonly properties: OverlayProperties;
  readonly ownership: Omit<Ownership, "overlayId">;
  readonly created: CreatedOverlay;
  /** Extends the lifetime well before it ends, for as long as this peer runs [7.1.4 NOTE 2]. */
  readonly extend: boolean;
  /** Overlay networks of this owner. */
  readonly known: Set<string>;
  readonly onNews: (news: OwnerNews) => void;
}

export interface KeptOverlay extends OwnedOverlay {
  /** Creates it anew where the HOMS has lost it; for who finds it gone. */
  recreate(): Promise<OverlayInfo>;
  stop(): void;
}

/** Share of the lifetime after which it is extended. */
const EXTEND_AFTER = 0.5;
/** Pause between rounds of attempts at it, in ms. */
const EXTEND_PAUSE_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function keepOverlay(options: OwnedOverlayOptions): KeptOverlay {
  const { homs, persistence, ownership, known, onNews } = options;
  let { overlay, expires } = options.created;
  let properties = options.properties;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let recreation: Promise<OverlayInfo> | undefined;

  const arm = (ms: number): void => {
    clearTimeout(timer);
    if (options.extend && !stopped) timer = setTimeout(() => void extend(), Math.min(ms, LONGEST_TIMER_MS));
  };
  const own = (): Ownership => ({ ...ownership, overlayId: overlay.overlayId });
  const access = (): OverlayAccess => properties.access ?? "open";

  const modify = async (changes: OverlayChanges): Promise<void> => {
    const next = changes.access ?? access();
    const granted = await modifyOverlay(homs, own(), changes, next, persistence);
    const { transPolicy, ...kept } = changes;
    properties = { ...properties, ...kept, access: next };
    overlay = {
      ...overlay,
      ...(changes.title !== undefined && { title: changes.title }),
      ...(changes.description !== undefined && { description: changes.description }),
      ...(transPolicy && { transPolicy }),
      access: next === "open" ? "open" : "closed",
    };
    if (changes.expires !== undefined) {
      expires = granted !== undefined && granted > 0 ? granted : changes.expires;
      arm(expires * EXTEND_AFTER * 1000);
    }
    onNews({ kind: "modified", overlayId: overlay.overlayId });
  };
  const extend = async (): Promise<void> => {
    try {
      await modify({ expires: properties.expires ?? expires });
    } catch (error) {
      if (!(error instanceof HybridPeerError) || stopped) return;
      if (error.code === "ERR_UNAVAILABLE") return arm(Math.min(EXTEND_PAUSE_MS, (expires * 1000) / 4));
      onNews({ kind: "abandoned", overlayId: overlay.overlayId, reason: error.message });
    }
  };
  const recreate = async (): Promise<OverlayInfo> => {
    const made = await createOverlay(homs, properties, ownership, persistence, known);
    ({ overlay, expires } = made);
    known.add(overlay.overlayId);
    arm(expires * EXTEND_AFTER * 1000);
    onNews({ kind: "created", overlay, expires, again: true });
    return overlay;
  };

  arm(expires * EXTEND_AFTER * 1000);
  return {
    get overlay() {
      return overlay;
    },
    adminKey: ownership.adminKey,
    modify,
    async remove() {
      clearTimeout(timer);
      stopped = true;
      await removeOverlay(homs, own(), persistence);
      onNews({ kind: "removed", overlayId: overlay.overlayId });
    },
    recreate() {
      recreation ??= recreate().finally(() => {
        recreation = undefined;
      });
      return recreation;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
