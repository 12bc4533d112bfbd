import { createHmac } from "node:crypto";
import type { IndexFile } from "../../generated/cs/types.js";
import { createSigningKey, type SigningKey, seedOctets } from "../keys/ed25519.js";
import type { Random } from "../net/clock.js";
import { uuid } from "../net/uuid.js";
import type { Store, Table } from "../store/store.js";
import type { Allocation, CsCore, CsJournal } from "./core.js";
import { nothing } from "./footprint.js";

interface AllocationRow {
  peerId: string;
  overlayId: string;
  omsUrl: string;
  pamsUrl?: string;
  /** In clear, since it has to be shown again. */
  password?: string;
  indexFile?: IndexFile;
  priority: number;
}

interface IdentityRow {
  /** Secret of which the keys of all virtual peers are made. */
  seed: string;
}

/** The cache server's tables in a store. */
export class StoreJournal implements CsJournal {
  readonly #allocations: Table<AllocationRow>;
  readonly #seed: Buffer;

  constructor(store: Store, random: Random) {
    this.#allocations = store.table("cs_allocations");
    const identity: Table<IdentityRow> = store.table("cs_identity");
    const [row] = [...identity.load()].map(([, value]) => value);
    this.#seed = row === undefined ? Buffer.from(random.bytes(seedOctets)) : Buffer.from(row.seed, "base64url");
    if (row === undefined) identity.put("seed", { seed: this.#seed.toString("base64url") });
  }

  /** The key of a virtual peer: the same one after a restart, so that its OMS knows it again. */
  keyOf(peerId: string): SigningKey {
    return createSigningKey(createHmac("sha256", this.#seed).update(`mp2p virtual peer 1\n${peerId}`).digest());
  }

  /**
   * The source peer of the session of these data: the same one after a restart, so that it owns the index file still that it left when it
   * was killed [X.609.10 8.6].
   */
  sourcePeerOf(
    title: string,
    dataSourceId: string,
    dataId: string,
  ): { readonly peerId: string; readonly key: SigningKey } {
    const named = JSON.stringify([title, dataSourceId, dataId]);
    const secret = (what: string): Buffer =>
      createHmac("sha256", this.#seed).update(`mp2p ${what} 1\n${named}`).digest();
    const name = secret("source peer identifier");
    return {
      peerId: uuid({ bytes: (length) => name.subarray(0, length) }),
      key: createSigningKey(secret("source peer")),
    };
  }

  allocated({ id, peerId, overlayId, omsUrl, pamsUrl, password, indexFile, priority }: Allocation): void {
    this.#allocations.put(id, {
      peerId,
      overlayId,
      omsUrl,
      priority,
      ...(pamsUrl !== undefined && { pamsUrl }),
      ...(password !== undefined && { password }),
      ...(indexFile !== undefined && { indexFile }),
    });
  }

  released(id: string): void {
    this.#allocations.delete(id);
  }

  /** Fills a new core with the allocations that the last run left: each joins again. */
  load(core: CsCore): void {
    for (const [id, row] of this.#allocations.load()) {
      const { pamsUrl, password, indexFile } = row;
      const rest = { state: "joining", reason: undefined, endedAt: undefined, takes: nothing, kept: 0 } as const;
      core.restore({ id, ...row, pamsUrl, password, indexFile, ...rest });
    }
  }
}
