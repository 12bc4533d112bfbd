import type { KeyObject } from "node:crypto";
import { createSigningKey, readPublicKey, type SigningKey } from "../../../keys/ed25519.js";
import { issueSessionKey } from "../../../keys/session-key.js";
import type { ByeReason, Message } from "../../core/message.js";
import type { LinkOverlay, PeerLink } from "../overlay.js";

const provider = createSigningKey();

export function publicKeyOf(key: SigningKey): KeyObject {
  const read = readPublicKey(key.publicKey);
  if (read === undefined) throw new Error("no key");
  return read;
}

/** An overlay network of one peer, which keeps what it is told. */
export interface Member extends LinkOverlay {
  readonly links: PeerLink[];
  readonly received: Message[];
  readonly ends: string[];
  drains: number;
}

export interface MemberOptions {
  readonly overlayId?: string;
  readonly key?: SigningKey;
  /** Milliseconds from now at which the session key expires. */
  readonly validMs?: number;
  readonly issuer?: SigningKey;
  /** What the session key says, where it is not this peer's. */
  readonly statement?: { readonly peerId?: string; readonly overlayId?: string; readonly publicKey?: string };
  admit?(): ByeReason | undefined;
  message?(link: PeerLink, message: Message): void;
}

/** A peer with a session key of the provider that all members know. */
export function member(peerId: string, options: MemberOptions = {}): Member {
  const { overlayId = "o1", key = createSigningKey(), validMs = 60_000, issuer = provider } = options;
  const notAfter = Date.now() + validMs;
  const own: Member = {
    overlayId,
    peerId,
    role: "peer",
    key,
    sessionKey: issueSessionKey(
      { overlayId, peerId, publicKey: key.publicKey, notAfter, ...options.statement },
      issuer,
    ),
    provider: publicKeyOf(provider),
    links: [],
    received: [],
    ends: [],
    drains: 0,
    admit: () => options.admit?.(),
    opened(link) {
      own.links.push(link);
      return {
        received(message) {
          own.received.push(message);
          options.message?.(link, message);
        },
        drained() {
          own.drains++;
        },
        closed: (reason) => void own.ends.push(reason),
      };
    },
  };
  return own;
}
