import { fraction } from "../../net/backoff.js";
import type { Random } from "../../net/clock.js";

/** The same items in an order of chance. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: fraction(random) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
