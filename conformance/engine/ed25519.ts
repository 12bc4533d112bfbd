import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

/** An Ed25519 key pair of a stand-in. */
export interface KeyPair {
  /** 32 octets. */
  readonly publicOctets: Buffer;
  /** The same in base64url, as the profile of X.609.10 has keys. */
  readonly publicKey: string;
  sign(octets: Uint8Array): Buffer;
}

/** What PKCS #8 puts in front of the seed [RFC 8410 7]. */
const PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The pair of a secret of 32 octets, so that a run can be repeated from its seed. */
export function keyPair(seed: Uint8Array): KeyPair {
  const key = createPrivateKey({ key: Buffer.concat([PREFIX, seed]), format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return { publicKey: x, publicOctets: Buffer.from(x, "base64url"), sign: (octets) => sign(null, octets, key) };
}

/** Whether the holder of this public key (base64url) signed these octets; anything may be handed in. */
export function isSignedBy(publicKey: string, octets: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
    return signature.length === 64 && verify(null, octets, key, signature);
  } catch {
    return false;
  }
}
