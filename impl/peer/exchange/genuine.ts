import type { KeyObject } from "node:crypto";
import { isSignatureOf } from "../../keys/ed25519.js";
import type { Descriptors } from "../core/message.js";
import { descriptorsText } from "../wire/signed-texts.js";

/** Verified descriptors that are known again without another verification. */
const remembered = 1024;

/** What a session's descriptors are held against. */
export interface Origin {
  readonly overlayId: string;
  readonly sourceKey: KeyObject;
  readonly contentType: "FILE" | "STREAM";
  /** Octets. */
  readonly fragmentSize: number;
}

/**
 * Whether the source peer signed descriptors, and they can be true of this session: every link relays the same ones, so what was verified
 * once is compared only.
 */
export function createGenuineCheck({ overlayId, sourceKey, contentType, fragmentSize }: Origin) {
  const known = new Map<number, { readonly text: Uint8Array; readonly signature: Uint8Array }>();
  return (descriptors: Descriptors): boolean => {
    const { first, items, signature } = descriptors;
    for (const [at, { size, last }] of items.entries()) {
      if (size > fragmentSize || (last && at !== items.length - 1)) return false;
      // In one file each fragment has its place: only the last one may be shorter.
      if (contentType === "FILE" && !last && size !== fragmentSize) return false;
    }
    const text = descriptorsText(overlayId, descriptors);
    const before = known.get(first);
    if (before !== undefined && Buffer.compare(before.text, text) === 0) {
      if (Buffer.compare(before.signature, signature) === 0) return true;
    }
    if (!isSignatureOf(signature, text, sourceKey)) return false;
    known.set(first, { text, signature: Uint8Array.from(signature) });
    if (known.size > remembered) for (const oldest of known.keys()) return known.delete(oldest);
    return true;
  };
}
