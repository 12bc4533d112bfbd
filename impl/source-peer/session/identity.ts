import { randomBytes, randomUUID } from "node:crypto";
import { createSigningKey, type SigningKey, seedOctets } from "../../keys/ed25519.js";
import type { Store } from "../../store/store.js";

interface Row {
  peerId: string;
  /** Secret that the key is made of. */
  seed: string;
}

/**
 * Who the source peer is among peers, kept in its store: after a crash it is the same one, and owns the index files still that it left
 * [X.609.10 8.6].
 *
 * @throws StoreError
 */
export async function openIdentity(store: Store): Promise<{ readonly peerId: string; readonly key: SigningKey }> {
  const rows = store.table<Row>("source_peer_identity");
  const [left] = [...rows.load()].map(([, row]) => row);
  const row = left ?? { peerId: randomUUID(), seed: randomBytes(seedOctets).toString("base64url") };
  if (left === undefined) {
    rows.put("source peer", row);
    await store.commit();
  }
  return { peerId: row.peerId, key: createSigningKey(Buffer.from(row.seed, "base64url")) };
}
