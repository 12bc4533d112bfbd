import type { OverlayRecord } from "./overlay.js";

/** Who asks for an overlay network. */
export interface Maker {
  /** Showed a token of the operator's: no quota holds for it. */
  readonly trusted: boolean;
  /** Where the request came from, as `originOf` gives it; undefined where that is not known. */
  readonly origin: string | undefined;
}

/** Nobody in particular. */
export const stranger: Maker = { trusted: false, origin: undefined };

/** Under which names it is counted what an overlay network takes: key of its source peer, address of its maker. */
export function holdersOf({ trusted, sourceKey, origin }: Pick<OverlayRecord, "trusted" | "sourceKey" | "origin">) {
  if (trusted) return [];
  return origin === undefined ? [keyHolder(sourceKey)] : [keyHolder(sourceKey), addressHolder(origin)];
}

export const keyHolder = (key: string): string => `key ${key}`;
export const addressHolder = (origin: string): string => `address ${origin}`;

/** How much whoever holds something has of it. */
export class Holdings {
  readonly #counts = new Map<string, number>();

  of(holder: string): number {
    return this.#counts.get(holder) ?? 0;
  }

  add(holders: readonly string[], count: 1 | -1): void {
    for (const holder of holders) {
      const now = this.of(holder) + count;
      if (now > 0) this.#counts.set(holder, now);
      else this.#counts.delete(holder);
    }
  }
}
