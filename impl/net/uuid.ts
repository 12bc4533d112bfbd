import type { Random } from "../net/clock.js";

/** A UUID of version 4 [RFC 9562 5.4] from the randomness given. */
export function uuid(random: Random): string {
  const octets = Buffer.from(random.bytes(16));
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = octets.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
