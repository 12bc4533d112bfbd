import type { Random } from "../net/clock.js";

const modulus = 0x1_0000;

/** A Message ID to start counting from [X.609.8 8.1]: random, so that a restart does not repeat the identifiers before it. */
export function randomMessageId(random: Random): number {
  const bytes = random.bytes(2);
  return ((bytes[0] as number) << 8) | (bytes[1] as number);
}

/** The Message ID after this one: one more, and 0 after 65535 (E-LDMP-16 A). */
export function nextMessageId(id: number): number {
  return (id + 1) % modulus;
}

/** How many messages ago `id` was given out, when `next` is the one to be given out next; 1 is the latest. */
export function messageIdAge(id: number, next: number): number {
  return (next - id + modulus) % modulus;
}
