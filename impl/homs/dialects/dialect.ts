import type { QueryValues } from "../../../generated/runtime/validation.js";

/** The forms of HOMP that the field's clients speak (E-HOMP-75); the text's own has no name here. */
export const fieldDialects = ["v22", "v23a", "v23"] as const;
export type FieldDialect = (typeof fieldDialects)[number];

type Json = Readonly<Record<string, unknown>>;

const objectIn = (value: unknown, name: string): Json => {
  const member = typeof value === "object" && value !== null ? (value as Json)[name] : undefined;
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as Json) : {};
};

/** V23a counts instances from 1 on. */
export const isInstance = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/**
 * Which of these dialects a request is in, by its marks (E-HOMP-75); undefined for the text's form. Where a dialect has no mark (a V22
 * refresh, a V23 report, a leave) its request is one of the text, and so is the answer.
 */
export function dialectOf(
  operation: string,
  body: unknown,
  query: QueryValues | undefined,
  enabled: ReadonlySet<FieldDialect>,
): FieldDialect | undefined {
  const one = (dialect: FieldDialect): FieldDialect | undefined => (enabled.has(dialect) ? dialect : undefined);
  const overlay = objectIn(body, "overlay");
  const peer = objectIn(body, "peer");
  if (operation === "HybridOverlayCreation") {
    // The text wraps a creation in overlay_info (E-HOMP-01); which of the field's generations this is makes no difference.
    if (objectIn(body, "overlay_info").title !== undefined || overlay.title === undefined) return undefined;
    return [...enabled][0];
  }
  if (isInstance(peer["instance-id"])) return one("v23a");
  switch (operation) {
    case "HybridOverlayJoin":
      if (peer["ticket-id"] !== undefined || peer.expires !== undefined || query?.recovery !== undefined)
        return one("v23");
      // A first join of V22 says recovery: false, which the text leaves out.
      return typeof overlay["ticket-id"] === "number" || overlay.recovery === false ? one("v22") : undefined;
    case "HybridOverlayRefresh":
      return peer.expires === undefined ? undefined : one("v23");
    case "HybridOverlayReport":
      return peer.status === undefined ? undefined : one("v22");
    default:
      return undefined;
  }
}
