import { families } from "./families.js";
import type { Variant } from "./oddities.js";
export const variants: readonly Variant[] = [{ what: "is plain" }, ...Object.values(families).flat()];

/** One of each family at once: fewer runs that see every variant. */
export function mixtures(): Variant[] {
  const longest = Math.max(...Object.values(families).map((family) => family.length));
  return Array.from({ length: longest }, (_, index) =>
    mix(Object.values(families).map((family) => family[index % family.length] as Variant)),
  );
}

function mix(parts: readonly Variant[]): Variant {
  const [wire] = parts.filter(({ write }) => write);
  const [slow] = parts.filter(({ delayMs }) => delayMs);
  return {
    what: parts.map(({ what }) => what).join("; "),
    ignore: parts.flatMap(({ ignore = [] }) => ignore),
    before: (exchange, homs) => {
      for (const { before } of parts) before?.(exchange, homs);
    },
    // What shapes the message as a whole comes last: the first family.
    after: (exchange, reply, homs) =>
      parts.reduceRight((current, { after }) => after?.(exchange, current, homs) ?? current, reply),
    declaration: {
      options: Object.assign({}, ...parts.map(({ declaration }) => declaration?.options)) as Record<string, boolean>,
    },
    ...(wire?.write ? { write: wire.write } : {}),
    ...(slow?.delayMs ? { delayMs: slow.delayMs } : {}),
  };
}
