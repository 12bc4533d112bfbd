import { isSignedBy, type KeyPair } from "../engine/ed25519.js";

/** What a service provider states of an admitted peer [X.609.1 8.2.6], by this project's profile (E-PAMP-51). */
export interface SessionStatement {
  readonly overlay: string;
  readonly peer: string;
  /** Base64url. */
  readonly publicKey: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

const PURPOSE = "mp2p session key 1\n";

/** The statement in base64url, a dot, the signature of the provider. */
export function sessionKey({ overlay, peer, publicKey, notAfter }: SessionStatement, provider: KeyPair): string {
  const text = Buffer.from(JSON.stringify([overlay, peer, publicKey, notAfter])).toString("base64url");
  return `${text}.${provider.sign(Buffer.from(PURPOSE + text)).toString("base64url")}`;
}

/** What a session key says, and whether the provider with this key signed it; undefined where it says nothing. */
export function readSessionKey(
  key: string,
  provider: string,
): { readonly statement: SessionStatement; readonly genuine: boolean } | undefined {
  const [text = "", signature = ""] = key.split(".");
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(parts)) return undefined;
    const [overlay, peer, publicKey, notAfter] = parts as unknown[];
    if (typeof overlay !== "string" || typeof peer !== "string") return undefined;
    if (typeof publicKey !== "string" || typeof notAfter !== "number") return undefined;
    const genuine = isSignedBy(provider, Buffer.from(PURPOSE + text), Buffer.from(signature, "base64url"));
    return { statement: { overlay, peer, publicKey, notAfter }, genuine };
  } catch {
    return undefined;
  }
}
