import { createHmac, timingSafeEqual } from "node:crypto";
import { issueCertificate } from "../hybrid-peer/proof/certificate.js";
import { createSigningKey, type SigningKey, seedOctets } from "../keys/ed25519.js";
import type { Random } from "../net/clock.js";
import type { Store } from "../store/store.js";
import type { Peer } from "./overlay.js";

/** What members get to show others: a certificate for peers (E-HOMP-68), a token for the signalling relay (E-HOMP-69). */
export class HomsIdentity {
  readonly #key: SigningKey;
  readonly #tokenKey: Uint8Array;

  /** The keys are of the store, so that both outlast a restart; made at the first start, durable with the first join. */
  constructor(store: Store, random: Random) {
    const rows = store.table<string>("homs_keys");
    const kept = new Map(rows.load());
    const secret = (name: string): Uint8Array => {
      const before = kept.get(name);
      if (before !== undefined) return Buffer.from(before, "base64url");
      const fresh = random.bytes(seedOctets);
      rows.put(name, Buffer.from(fresh).toString("base64url"));
      return fresh;
    };
    this.#key = createSigningKey(secret("admission"));
    this.#tokenKey = secret("signalling");
  }

  /** `peer.admission`, for a member that gave a public key. */
  admission({ record }: Peer): { admission?: { certificate: string; "homs-key": string } } {
    const { publicKey, overlayId, peerId, ticket: ticketId, expiresAt: notAfter } = record;
    if (publicKey === undefined) return {};
    const certificate = issueCertificate({ overlayId, peerId, ticketId, publicKey, notAfter }, this.#key);
    return { admission: { certificate, "homs-key": this.#key.publicKey } };
  }

  /** Nobody can guess it, and it need not be kept: it is made again from the membership it is for. */
  signallingToken({ record: { overlayId, peerId, ticket, joinedAt } }: Peer): string {
    const membership = JSON.stringify([overlayId, peerId, ticket, joinedAt]);
    return createHmac("sha256", this.#tokenKey).update(membership).digest("base64url");
  }

  isSignallingToken(peer: Peer, token: string): boolean {
    const expected = Buffer.from(this.signallingToken(peer));
    const shown = Buffer.from(token);
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  }
}
