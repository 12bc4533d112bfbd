import type { KeyObject } from "node:crypto";
import { isSignature, type SigningKey } from "../../keys/ed25519.js";

/** What the HOMS says of a peer that it admitted (E-HOMP-68). */
export interface AdmissionStatement {
  readonly overlayId: string;
  readonly peerId: string;
  readonly ticketId: number;
  /** Ed25519, 32 octets in base64url. */
  readonly publicKey: string;
  /** End of the peer's lifetime by the clock of the HOMS, milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Longest certificate that is looked at, in characters; identifiers have 256 at most. */
const longest = 4096;
/** What is signed begins with this, so that no signature for one purpose serves another. */
const purpose = "mp2p admission 1\n";

/** The statement in base64url, a dot, the signature of the HOMS in base64url. */
export function issueCertificate(statement: AdmissionStatement, key: SigningKey): string {
  const { overlayId, peerId, ticketId, publicKey, notAfter } = statement;
  const body = Buffer.from(JSON.stringify([overlayId, peerId, ticketId, publicKey, notAfter]), "utf8");
  const text = body.toString("base64url");
  return `${text}.${key.sign(purpose + text)}`;
}

/** What the certificate says, if the HOMS with this key signed it; whether it is of use is for the caller to see. */
export function readCertificate(certificate: string, homsKey: KeyObject): AdmissionStatement | undefined {
  const dot = certificate.indexOf(".");
  if (dot === -1 || certificate.length > longest) return undefined;
  const text = certificate.slice(0, dot);
  if (!isSignature(certificate.slice(dot + 1), purpose + text, homsKey)) return undefined;
  return parseStatement(Buffer.from(text, "base64url").toString("utf8"));
}

function parseStatement(text: string): AdmissionStatement | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [overlayId, peerId, ticketId, publicKey, notAfter] = parts as unknown[];
  if (typeof overlayId !== "string" || typeof peerId !== "string" || typeof ticketId !== "number") return undefined;
  if (typeof publicKey !== "string" || typeof notAfter !== "number") return undefined;
  return { overlayId, peerId, ticketId, publicKey, notAfter };
}
