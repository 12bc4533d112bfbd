import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Code } from "../../generated/ldmp/index.js";

/** Which data sources a source peer accepts. X.609.8 has refusals but no credentials (E-LDMP-08): these are this profile's. */
export interface AdmissionOptions {
  /** The only Source IDs accepted; all others are refused as forbidden. Default: any. */
  allow?: Iterable<number>;
  /** What the payload of a Registration must hold; anything else is refused as unauthorized. Default: no secret. */
  secret?: string;
  /** Secrets of single data sources, by Source ID, in place of `secret`. */
  secrets?: ReadonlyMap<number, string>;
}

/** The code a Registration is refused with; undefined when it is admitted. */
export type Admission = (sourceId: number, payload: Uint8Array | undefined) => Code | undefined;

/** Secrets are kept as keyed digests of this process and compared in constant time, so neither memory nor time shows them. */
export function createAdmission(options: AdmissionOptions = {}): Admission {
  const allowed = options.allow === undefined ? undefined : new Set(options.allow);
  const key = randomBytes(32);
  const digest = (secret: string | Uint8Array): Buffer => createHmac("sha256", key).update(secret).digest();
  const common = options.secret === undefined ? undefined : digest(options.secret);
  const own = new Map([...(options.secrets ?? [])].map(([id, secret]) => [id, digest(secret)]));
  return (sourceId, payload) => {
    if (allowed !== undefined && !allowed.has(sourceId)) return Code.forbidden;
    const wanted = own.get(sourceId) ?? common;
    if (wanted === undefined) return undefined;
    return payload !== undefined && timingSafeEqual(digest(payload), wanted) ? undefined : Code.unauthorized;
  };
}
