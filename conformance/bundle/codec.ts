import { isUtf8 } from "node:buffer";

/** Changes octets and texts on their way into a log: for what must not be in it. */
export interface Veil {
  text(text: string): string;
  octets(octets: Uint8Array): Uint8Array;
}

/** A value as JSON: octets become `{"$text": …}` where they are UTF-8, `{"$base64": …}` otherwise; what is undefined is left out. */
export function toJson(value: unknown, veil?: Veil): unknown {
  if (typeof value === "string") return veil ? veil.text(value) : value;
  if (value instanceof Uint8Array) {
    const octets = veil ? veil.octets(value) : value;
    const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    return isUtf8(buffer) ? { $text: buffer.toString("utf8") } : { $base64: buffer.toString("base64") };
  }
  if (Array.isArray(value)) return value.map((one) => toJson(one, veil));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, toJson(one, veil)]])),
  );
}

/** The value again. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first && typeof first[1] === "string") {
    if (first[0] === "$text") return Buffer.from(first[1], "utf8");
    if (first[0] === "$base64") return Buffer.from(first[1], "base64");
  }
  return Object.fromEntries(entries.map(([name, one]) => [name, fromJson(one)]));
}
