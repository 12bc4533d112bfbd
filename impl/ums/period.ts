import { type Refusal, refuse } from "./refusal.js";

/** When access holds, in ms since the epoch: from `from` on, until just before `until`. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

export function holds({ from, until }: Period, now: number): boolean {
  return from <= now && now < until;
}

/** Reads the moments of a grant [X.609.10 8.7 b]; `at` is the JSON Pointer of the object that has them. */
export function readPeriod(
  given: { readonly valid_from?: string; readonly valid_until?: string },
  at: string,
): Period | Refusal {
  const from = given.valid_from === undefined ? Number.NEGATIVE_INFINITY : momentOf(given.valid_from);
  const until = given.valid_until === undefined ? Number.POSITIVE_INFINITY : momentOf(given.valid_until);
  for (const [name, value] of [["valid_from", from] as const, ["valid_until", until] as const]) {
    if (Number.isNaN(value)) return refuse(400, "8.7 b)", `${at}/${name}`, "there is no such moment");
  }
  if (from < until) return { from, until };
  return refuse(400, "8.7 b)", `${at}/valid_until`, "it ends before it begins");
}

/** NaN where there is none: 30 February would otherwise count as 2 March, and access would end later than written. */
function momentOf(text: string): number {
  const at = Date.parse(text);
  const seconds = "2026-01-31T12:00:00".length;
  return Number.isNaN(at) || momentText(at).slice(0, seconds) !== text.slice(0, seconds) ? Number.NaN : at;
}

/** A moment as answers give it. */
export function momentText(at: number): string {
  return new Date(at).toISOString();
}
