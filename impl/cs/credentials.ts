import { createHmac, timingSafeEqual } from "node:crypto";
import type { Refusal, RequestContext } from "../../generated/runtime/http-server-types.js";
import { matchesSecret } from "../keys/secret.js";
import type { Random } from "../net/clock.js";

/** Tokens that the operator gave out. Whatever is left out is open to everybody, for laboratories. */
export interface CsAuthentication {
  /** Of OMSs, for R8. */
  readonly oms?: readonly string[];
  /** Of providers of data, to make sessions on R12. */
  readonly providers?: readonly string[];
}

/** Sent with every 401. */
export const challenge = 'Bearer realm="cs"';

const control = new Set(["CS_ALLOCATE", "CS_ALLOCATION_QUERY", "CS_ALLOCATION_UPDATE", "CS_RELEASE"]);

/** Judges tokens; keeps keyed digests of the operator's, and compares in constant time. */
export class Gatekeeper {
  readonly #key: Uint8Array;
  readonly #oms: readonly Buffer[] | undefined;
  readonly #providers: readonly Buffer[] | undefined;

  constructor({ oms, providers }: CsAuthentication, random: Random) {
    this.#key = random.bytes(32);
    this.#oms = oms?.map((token) => this.#digest(token));
    this.#providers = providers?.map((token) => this.#digest(token));
  }

  /** For the `authorize` option of the generated server; tokens of sessions are for {@link admits}. */
  authorize(operation: string, { headers }: Pick<RequestContext, "headers">): Refusal | undefined {
    const wanted = control.has(operation) ? this.#oms : operation === "CS_SESSION_CREATE" ? this.#providers : undefined;
    if (wanted === undefined) return undefined;
    const digest = this.#digest(bearerOf(headers.authorization) ?? "");
    let found = false;
    for (const one of wanted) if (timingSafeEqual(one, digest)) found = true;
    return found ? undefined : { status: 401, challenge };
  }

  /** Whether this header shows the token with this proof. */
  admits(proof: string, authorization: string | undefined): boolean {
    const token = bearerOf(authorization);
    return token !== undefined && matchesSecret(token, proof);
  }

  #digest(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}
