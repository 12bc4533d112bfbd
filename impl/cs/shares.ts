/** Somebody who wants a part of a resource. */
export interface Claim {
  /** Its part is in proportion to this. */
  readonly weight: number;
  /** What it could make use of; infinite where that is not known to end. */
  readonly demand: number;
}

/**
 * Divides a resource by weight among those who can make use of it [X.609.10 8.8 c)]: nobody gets more than it demands while another wants,
 * and what nobody demands is divided by weight on top, so that whoever begins to want finds room.
 *
 * @returns the part of each claim, in their order; together all of `total`
 */
export function divide(total: number, claims: readonly Claim[]): number[] {
  const parts = claims.map(() => 0);
  if (!Number.isFinite(total)) return parts.map(() => total);
  let left = total;
  let open = claims.map((_, i) => i);
  for (;;) {
    const weights = sum(open.map((i) => claims[i]?.weight ?? 0));
    const share = (i: number): number => (left * (claims[i]?.weight ?? 0)) / weights;
    // Whoever demands less than its share gets that, and the others share the rest.
    const modest = open.filter((i) => (claims[i]?.demand ?? 0) <= share(i));
    if (modest.length === 0) {
      for (const i of open) parts[i] = share(i);
      return parts;
    }
    for (const i of modest) parts[i] = claims[i]?.demand ?? 0;
    left -= sum(modest.map((i) => parts[i] ?? 0));
    open = open.filter((i) => !modest.includes(i));
    if (open.length > 0) continue;
    const all = sum(claims.map(({ weight }) => weight));
    return parts.map((part, i) => part + (all === 0 ? 0 : (left * (claims[i]?.weight ?? 0)) / all));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
