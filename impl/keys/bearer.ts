import { createHmac, timingSafeEqual } from "node:crypto";
import type { Random } from "../net/clock.js";

/** The token of `Authorization: Bearer …` [RFC 6750 2.1]; undefined where there is none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

/** A token that nobody guesses: 24 random octets in base64url. */
export function randomToken(random: Random): string {
  return Buffer.from(random.bytes(24)).toString("base64url");
}

/** Tokens that an operator gave out, kept as keyed digests and compared in constant time. */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #digests: readonly Buffer[];

  constructor(tokens: readonly string[], random: Random) {
    this.#key = random.bytes(32);
    // An empty one, as an empty variable of the environment gives, is none.
    this.#digests = tokens.filter((token) => token !== "").map((token) => this.#digest(token));
  }

  /** Whether no token was given out. */
  get none(): boolean {
    return this.#digests.length === 0;
  }

  /** Whether the header shows one of them. */
  admits(authorization: string | undefined): boolean {
    const digest = this.#digest(bearerOf(authorization) ?? "");
    let found = false;
    for (const one of this.#digests) if (timingSafeEqual(one, digest)) found = true;
    return found;
  }

  #digest(token: string): Buffer {
    return createHmac("sha256", this.#key).update(token).digest();
  }
}
