/** For frames whose JSON header says how much follows it. */

/**
 * The sum of the numbers at these places of a JSON object; where there is nothing, or no object on the way, counts 0.
 *
 * @returns text for people where the octets are no JSON object in UTF-8, or a number is no count of octets
 */
export function sizeInJson(octets: Uint8Array, places: readonly (readonly string[])[]): number | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch {
    return "no JSON in UTF-8";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "no JSON object";
  let sum = 0;
  for (const place of places) {
    const found = place.reduce<unknown>(memberOf, value);
    if (found === undefined) continue;
    if (!Number.isSafeInteger(found) || (found as number) < 0) return `/${place.join("/")} is no number of octets`;
    sum += found as number;
  }
  return sum;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
