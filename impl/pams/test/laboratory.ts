import { createMemoryStore, type MemoryDisk } from "../../store/memory-store.js";
import { PamsCore } from "../core.js";
import { StoreJournal } from "../journal.js";
import { defaultLimits, defaultPolicy, type PamsLimits, type PamsPolicy } from "../policy.js";
import type { PeerStatus } from "../types.js";

/** A core over a memory disk, with a clock that the test moves. */
export class Laboratory {
  now = 1_000_000_000_000;
  readonly disk: MemoryDisk = new Map();
  readonly #policy: PamsPolicy;
  readonly #limits: PamsLimits;
  core: PamsCore;
  store = createMemoryStore({ disk: this.disk });
  journal = new StoreJournal(this.store);

  constructor(options: { policy?: Partial<PamsPolicy>; limits?: Partial<PamsLimits> } = {}) {
    this.#policy = { ...defaultPolicy, ...options.policy };
    this.#limits = { ...defaultLimits, ...options.limits };
    this.core = this.#core();
  }

  /** Registers an overlay network "o" with these peers, and lets each report what is given for it. */
  fill(peers: Record<string, PeerStatus["dynamic_status"] | undefined>): this {
    this.core.registerOverlay("o", "FILE");
    for (const [id, dynamic_status] of Object.entries(peers)) {
      this.core.registerPeer("o", id, {});
      if (dynamic_status !== undefined) this.core.report("o", id, { dynamic_status });
    }
    return this;
  }

  /** Moves time on. */
  pass(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** Stops, keeping what is on the disk, and starts again `seconds` later. */
  async restart(seconds = 0): Promise<void> {
    await this.store.close();
    this.pass(seconds);
    this.store = createMemoryStore({ disk: this.disk });
    this.journal = new StoreJournal(this.store);
    this.core = this.#core();
    this.journal.load(this.core, this.now);
  }

  #core(): PamsCore {
    return new PamsCore({
      policy: this.#policy,
      limits: this.#limits,
      clock: { now: () => this.now },
      journal: this.journal,
    });
  }
}
