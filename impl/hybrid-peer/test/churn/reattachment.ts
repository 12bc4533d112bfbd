import type { Told } from "../fleet/protocol.js";
import type { FailureKind } from "./run.js";

/** How long orphans had no parent. Times in ms. */
export interface Reattachment {
  /** From the failure itself to a new parent, by kind of failure; the children of who failed. */
  readonly sinceFailure: ReadonlyMap<FailureKind, readonly number[]>;
  /** From the moment that the orphan noticed. */
  readonly sinceNoticed: readonly number[];
  /** Of those who had lost a parent, how many never told of a new one. */
  readonly waiting: number;
}

interface Orphan {
  readonly kind: FailureKind;
  readonly lost: string;
  readonly at: number;
}

export interface ReattachmentRecord extends Reattachment {
  hear(peerId: string, told: Told): void;
  /** `gone`: it will not come back. */
  failed(kind: FailureKind, peerId: string, gone: boolean): void;
  /** Its children that still hold on to it have it back. */
  mended(peerId: string): void;
}

export function createReattachment(): ReattachmentRecord {
  const parents = new Map<string, string>();
  const orphans = new Map<string, Orphan>();
  const failing = new Set<string>();
  const sinceFailure = new Map<FailureKind, number[]>();
  const sinceNoticed: number[] = [];

  return {
    sinceFailure,
    sinceNoticed,
    get waiting() {
      return orphans.size;
    },
    hear(peerId, told) {
      // What happens to a peer that cannot do anything says nothing about recovery.
      if (told.kind === "attached" && !failing.has(peerId)) sinceNoticed.push(told.afterMs);
      if (told.kind === "root") orphans.delete(peerId);
      if (told.kind !== "parent") return;
      if (told.peerId === undefined) {
        parents.delete(peerId);
        return;
      }
      parents.set(peerId, told.peerId);
      const orphan = orphans.get(peerId);
      if (orphan === undefined) return;
      orphans.delete(peerId);
      const times = sinceFailure.get(orphan.kind) ?? [];
      sinceFailure.set(orphan.kind, times);
      times.push(told.at - orphan.at);
    },
    failed(kind, peerId, gone) {
      const at = Date.now();
      orphans.delete(peerId);
      if (gone) parents.delete(peerId);
      else failing.add(peerId);
      for (const [child, parent] of parents) {
        if (parent === peerId && !failing.has(child)) orphans.set(child, { kind, lost: peerId, at });
      }
    },
    mended(peerId) {
      // It may take a while until it has noticed what it missed.
      setTimeout(() => failing.delete(peerId), 3000).unref();
      for (const [child, orphan] of orphans) {
        if (orphan.lost === peerId && parents.get(child) === peerId) orphans.delete(child);
      }
    },
  };
}
