import { isUtf8 } from "node:buffer";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Text payloads are UTF-8 (E-LDMP-30 A). */
export function isText(payload: Uint8Array): boolean {
  return isUtf8(payload);
}

export function textOf(payload: Uint8Array): string {
  return decoder.decode(payload);
}

/** The name of a data item as the profile writes it: segments between slashes; empty for the default item (E-LDMP-06). */
export function isResource(text: string): boolean {
  return text === "" || /^[^/\p{Cc}]+(?:\/[^/\p{Cc}]+)*$/u.test(text);
}

export function textPayload(text: string): Uint8Array {
  return encoder.encode(text);
}
