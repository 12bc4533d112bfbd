import type { Distribution } from "./distribution.js";
import type { FragmentSet } from "./fragment-set.js";

/** What a list answer may advise, and how. */
export interface AdviceOptions {
  /** Fragments at most. */
  readonly limit: number;
  /** What the peer in question holds already: not worth advising. */
  readonly except: FragmentSet | undefined;
}

/** Fragments looked at beyond those advised: a run may have any length. */
const longestLook = 20_000;

/**
 * The fragments that fewer peers hold than a fraction of what fragments are held by on average, rarest first: the threshold follows the
 * average, as it is now [X.609.1 8.2.4 NOTE, E-PAMP-53]. A fragment that nobody holds is not advised: nobody could give it.
 *
 * @param everywhere peers that hold all there is without having said which
 */
export function rarest(
  distribution: Distribution,
  everywhere: number,
  fraction: number,
  { limit, except }: AdviceOptions,
): number[] {
  let fragments = 0;
  let held = 0;
  distribution.visit((first, last, holders) => {
    const count = last - first + 1;
    fragments += count;
    held += count * (holders + everywhere);
  });
  const threshold = fragments === 0 ? 0 : (fraction * held) / fragments;
  const rare: { first: number; last: number; holders: number }[] = [];
  distribution.visit((first, last, holders) => {
    if (holders + everywhere < threshold) rare.push({ first, last, holders });
  });
  rare.sort((a, b) => a.holders - b.holders || a.first - b.first);
  const advised: number[] = [];
  let looks = limit + longestLook;
  for (const { first, last } of rare) {
    for (let at = first; at <= last && looks-- > 0 && advised.length < limit; at++)
      if (!except?.has(at)) advised.push(at);
    if (looks <= 0 || advised.length >= limit) break;
  }
  return advised;
}

/**
 * The newest fragments of a stream, newest first [X.609.1 8.2.5]: old ones are of no use to anybody. Each class below the best begins a few
 * fragments further back, where more peers can give them: not everybody crowds around the few that have the newest (E-PAMP-78).
 */
export function newest(
  distribution: Distribution,
  { window, back }: { readonly window: number; readonly back: number },
  { limit, except }: AdviceOptions,
): number[] {
  const segments: { first: number; last: number }[] = [];
  distribution.visit((first, last) => segments.push({ first, last }));
  const head = segments.at(-1)?.last;
  if (head === undefined) return [];
  const from = head - Math.min(back, window - 1);
  const advised: number[] = [];
  for (const { first, last } of segments.reverse()) {
    for (let at = Math.min(last, from); at >= first && at > head - window; at--) {
      if (advised.length >= limit) return advised;
      if (!except?.has(at)) advised.push(at);
    }
    if (first <= head - window) break;
  }
  return advised;
}
