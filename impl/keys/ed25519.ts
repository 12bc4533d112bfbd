import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from "node:crypto";

/** Octets of an Ed25519 signature. */
const signatureOctets = 64;
const publicKeyForm = /^[A-Za-z0-9_-]{43}$/;

/** Octets of the secret that a key is made of. */
export const seedOctets = 32;
/** What PKCS #8 puts in front of it [RFC 8410 7]. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** An Ed25519 key pair that signs texts. What it signs says what for: each kind of text begins with a name of its own. */
export interface SigningKey {
  /** 32 octets in base64url. */
  readonly publicKey: string;
  /** @returns 64 octets in base64url */
  sign(text: string): string;
  /** @returns 64 octets */
  signOctets(octets: Uint8Array): Uint8Array;
}

/** The pair made of this secret of 32 octets; of a random one, for the life of the process, where there is none. */
export function createSigningKey(seed: Uint8Array = randomBytes(seedOctets)): SigningKey {
  if (seed.length !== seedOctets) throw new RangeError(`the seed of a key has ${seedOctets} octets`);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    publicKey: x,
    sign: (text) => sign(null, Buffer.from(text, "utf8"), key).toString("base64url"),
    signOctets: (octets) => sign(null, octets, key),
  };
}

/** The key of these 32 octets in base64url; undefined where they cannot be one. */
export function readPublicKey(x: string): KeyObject | undefined {
  if (!publicKeyForm.test(x)) return undefined;
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** Whether the key signed this text. Anything may be handed in as `signature`. */
export function isSignature(signature: string, text: string, key: KeyObject): boolean {
  const octets = Buffer.from(signature, "base64url");
  if (octets.length !== signatureOctets) return false;
  return verify(null, Buffer.from(text, "utf8"), key, octets);
}

/** Whether the key signed these octets. Anything may be handed in as `signature`. */
export function isSignatureOf(signature: Uint8Array, octets: Uint8Array, key: KeyObject): boolean {
  return signature.length === signatureOctets && verify(null, octets, key, signature);
}
