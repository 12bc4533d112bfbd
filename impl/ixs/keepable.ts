/**
 * JSON Pointer of a number that would not be given out as it came: what people read in JSON as one number, and computers keep as another
 * [RFC 8259 6]. Members that this IXS does not know are none of its business, but for that; undefined where all can be kept.
 */
export function unkeepable(value: unknown, at: string): string | undefined {
  if (typeof value === "number") {
    const kept = Number.isFinite(value) && !Object.is(value, -0);
    return kept && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? undefined : at;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const found = unkeepable(item, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
