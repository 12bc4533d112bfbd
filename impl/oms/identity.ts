import { createSigningKey, type SigningKey, seedOctets } from "../keys/ed25519.js";
import { issueSessionKey } from "../keys/session-key.js";
import type { Random } from "../net/clock.js";
import type { Store } from "../store/store.js";
import type { Member } from "./overlay.js";

/** The service provider's key, and what is signed with it [X.609.1 8.2.6]. */
export class ProviderIdentity {
  readonly #key: SigningKey;

  /** The key is of the store, so that session keys outlast a restart; made at the first start, durable with the first creation. */
  constructor(store: Store, random: Random) {
    const rows = store.table<string>("oms_keys");
    const kept = new Map(rows.load()).get("provider");
    const seed = kept === undefined ? random.bytes(seedOctets) : Buffer.from(kept, "base64url");
    if (kept === undefined) rows.put("provider", Buffer.from(seed).toString("base64url"));
    this.#key = createSigningKey(seed);
  }

  get publicKey(): string {
    return this.#key.publicKey;
  }

  /** For a member that gave its key; undefined for others. */
  sessionKey({ overlay, peerId, record, keyUntil }: Member): string | undefined {
    const { publicKey } = record;
    if (publicKey === undefined) return undefined;
    return issueSessionKey({ overlayId: overlay.id, peerId, publicKey, notAfter: keyUntil }, this.#key);
  }
}
