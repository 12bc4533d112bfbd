import type { KeyObject } from "node:crypto";
import { isSignature, type SigningKey } from "./ed25519.js";

/** What the service provider says of a peer that the OMS admitted to a session [X.609.1 8.2.6 step 2] (E-PAMP-51). */
export interface SessionStatement {
  readonly overlayId: string;
  readonly peerId: string;
  /** Ed25519, 32 octets in base64url: whoever shows the session key must hold the private one. */
  readonly publicKey: string;
  /** Milliseconds since the epoch, by the clock of the OMS. */
  readonly notAfter: number;
}

/** Longest session key that is looked at, in characters; identifiers have 256 at most. */
const longest = 4096;
/** What is signed begins with this, so that no signature for one purpose serves another. */
const purpose = "mp2p session key 1\n";

/** The statement in base64url, a dot, the signature of the provider in base64url. */
export function issueSessionKey(statement: SessionStatement, provider: SigningKey): string {
  const { overlayId, peerId, publicKey, notAfter } = statement;
  const text = Buffer.from(JSON.stringify([overlayId, peerId, publicKey, notAfter]), "utf8").toString("base64url");
  return `${text}.${provider.sign(purpose + text)}`;
}

/** What the session key says, if the provider with this key signed it; whether it is still of use is for the caller to see. */
export function readSessionKey(sessionKey: string, provider: KeyObject): SessionStatement | undefined {
  const dot = sessionKey.indexOf(".");
  if (dot === -1 || sessionKey.length > longest) return undefined;
  const text = sessionKey.slice(0, dot);
  if (!isSignature(sessionKey.slice(dot + 1), purpose + text, provider)) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [overlayId, peerId, publicKey, notAfter] = parts as unknown[];
  if (typeof overlayId !== "string" || typeof peerId !== "string") return undefined;
  if (typeof publicKey !== "string" || typeof notAfter !== "number") return undefined;
  return { overlayId, peerId, publicKey, notAfter };
}
