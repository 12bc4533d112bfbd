import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Random } from "../net/clock.js";

/** A secret that the operator gave out: a token, or a user's name and password. */
export type Credential = { readonly bearer: string } | { readonly user: string; readonly password: string };

/** Who must show what. Whatever is left out is open to everybody. */
export interface PamsAuthentication {
  /** Required to register and deregister overlay networks and to query. */
  readonly oms?: readonly Credential[];
  /** Accepted for queries beside the OMS's [E-PAMP-55]; without `oms` they alone are required for queries. */
  readonly serviceProviders?: readonly Credential[];
  /**
   * `token`: a peer is given a token in the `PAMP-Peer-Token` header of its registration's answer and shows it, as a
   * bearer token, when it reports and deregisters [E-PAMP-68]. An OMS may deregister a peer too. Default `open`.
   */
  readonly peers?: "open" | "token";
  /** For the operator's view of reports that do not count; without it there is no such view. */
  readonly operator?: Credential;
}

/** The header in which a registered peer gets its token. */
export const peerTokenHeader = "PAMP-Peer-Token";

/** Sent with every 401 [E-PAMP-23]. */
export const challenge = 'Bearer realm="pams", Basic realm="pams", charset="UTF-8"';

const queries = new Set(["PAMP_PEER_LIST_QUERY", "PAMP_PEER_INFO_QUERY"]);
const administration = new Set(["PAMP_OVERLAY_NW_REG", "PAMP_OVERLAY_NW_DEREG"]);

/**
 * Judges credentials. Configured ones are kept as keyed digests, tokens of peers as salted ones: they are long and random,
 * so a fast hash protects them as well as a slow one would. All comparisons take constant time.
 */
export class Gatekeeper {
  readonly tokens: boolean;
  readonly #key: Uint8Array;
  readonly #random: Random;
  readonly #oms: readonly Buffer[] | undefined;
  readonly #inquirers: readonly Buffer[] | undefined;
  readonly #operator: readonly Buffer[];

  constructor(authentication: PamsAuthentication, random: Random) {
    this.#random = random;
    this.#key = random.bytes(32);
    this.tokens = authentication.peers === "token";
    this.#oms = authentication.oms?.map((one) => this.#digest(credentialText(one)));
    this.#operator =
      authentication.operator === undefined ? [] : [this.#digest(credentialText(authentication.operator))];
    const providers = authentication.serviceProviders?.map((one) => this.#digest(credentialText(one)));
    this.#inquirers = this.#oms || providers ? [...(this.#oms ?? []), ...(providers ?? [])] : undefined;
  }

  /** Whether these credentials suffice for an operation; those of peers are for {@link admitsPeer}. */
  admits(operation: string, authorization: string | undefined): boolean {
    if (administration.has(operation)) return this.#knows(this.#oms, authorization);
    if (queries.has(operation)) return this.#knows(this.#inquirers, authorization);
    return true;
  }

  /** Whether these credentials let somebody act as the peer with this proof. */
  admitsPeer(proof: string | undefined, authorization: string | undefined): boolean {
    if (!this.tokens || proof === undefined) return true;
    const token = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    const [salt = "", expected = ""] = proof.split(".");
    return token !== undefined && sameOctets(saltedDigest(salt, token), Buffer.from(expected, "base64url"));
  }

  /** Whether these are the operator's; false when none are configured. */
  isOperator(authorization: string | undefined): boolean {
    return this.#knows(this.#operator, authorization);
  }

  /** Whether these are an OMS's; false when none are configured. */
  isOms(authorization: string | undefined): boolean {
    return this.#oms !== undefined && this.#knows(this.#oms, authorization);
  }

  /** A new token, and what to keep to know it again. */
  issue(): { token: string; proof: string } {
    const token = Buffer.from(this.#random.bytes(18)).toString("base64url");
    const salt = Buffer.from(this.#random.bytes(9)).toString("base64url");
    return { token, proof: `${salt}.${saltedDigest(salt, token).toString("base64url")}` };
  }

  #knows(known: readonly Buffer[] | undefined, authorization: string | undefined): boolean {
    if (known === undefined) return true;
    const digest = this.#digest(presentedText(authorization));
    let found = false;
    for (const one of known) if (sameOctets(one, digest)) found = true;
    return found;
  }

  #digest(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }
}

function credentialText(credential: Credential): string {
  return "bearer" in credential ? `bearer ${credential.bearer}` : `basic ${credential.user}:${credential.password}`;
}

/** The header's value in the form of {@link credentialText}; "" when it has none. */
function presentedText(authorization: string | undefined): string {
  const [, scheme = "", value = ""] = /^(\S+) +(\S+)$/.exec(authorization ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return `bearer ${value}`;
    case "basic":
      return `basic ${Buffer.from(value, "base64").toString("utf8")}`;
    default:
      return "";
  }
}

function saltedDigest(salt: string, token: string): Buffer {
  return createHash("sha256").update(`${salt}.${token}`).digest();
}

function sameOctets(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
