import type { AllocationRequest, IndexFile } from "../../generated/cs/types.js";
import { hashSecret } from "../keys/secret.js";
import type { Clock, Random } from "../net/clock.js";
import { uuid } from "../net/uuid.js";
import { type Footprint, footprintOf, nothing } from "./footprint.js";
import { type CsLimits, type CsTimes, defaultPriority } from "./settings.js";

/** One virtual peer in one overlay network [X.609.10 7.2.2]. */
export interface Allocation {
  readonly id: string;
  /** Of this allocation alone [X.609.10 3.1.10]. */
  readonly peerId: string;
  readonly overlayId: string;
  readonly omsUrl: string;
  readonly pamsUrl: string | undefined;
  readonly password: string | undefined;
  readonly indexFile: IndexFile | undefined;
  priority: number;
  state: "joining" | "active" | "ended";
  reason: string | undefined;
  /** When it ended, in ms. */
  endedAt: number | undefined;
  /** What it takes, or is expected to. */
  takes: Footprint;
  /** Octets of it that are there. */
  kept: number;
}

/** A session of which the cache server is the source peer [X.609.10 8.11]. */
export interface IngestEntry {
  readonly id: string;
  /** Of its token. */
  readonly proof: string;
  /** What it takes, or is expected to. */
  takes: Footprint;
  /** Octets of it that are there. */
  kept: number;
}

/** Told of every change of an allocation that is to survive. */
export interface CsJournal {
  allocated(allocation: Allocation): void;
  released(id: string): void;
}

export interface CsCoreOptions {
  readonly limits: CsLimits;
  readonly times: CsTimes;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: CsJournal;
  /** Whether FILEs are kept in a folder. Default: all is in memory. */
  readonly onDisk?: boolean;
}

export type AllocateOutcome =
  /** `known`: this OMS has one for this overlay network already; its priority may have changed. */
  | { readonly outcome: "allocated" | "known"; readonly allocation: Allocation }
  | { readonly outcome: "full"; readonly what: string };

/** What a cache server has granted, and whether it can grant more; without I/O. */
export class CsCore {
  readonly limits: CsLimits;
  readonly allocations = new Map<string, Allocation>();
  readonly sessions = new Map<string, IngestEntry>();
  readonly onDisk: boolean;
  /** Octets that the disk had left at the last look. */
  free = Number.POSITIVE_INFINITY;
  readonly #times: CsTimes;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #journal: CsJournal;

  constructor({ limits, times, clock, random, journal, onDisk = false }: CsCoreOptions) {
    this.onDisk = onDisk;
    this.limits = limits;
    this.#times = times;
    this.#clock = clock;
    this.#random = random;
    this.#journal = journal;
  }

  /** Octets kept, and those promised. */
  get storage(): number {
    return this.#sum(({ takes }) => takes.storage);
  }

  /** Octets of memory taken, and those promised. */
  get memory(): number {
    return this.#sum(({ takes }) => takes.memory);
  }

  /** Octets that can be kept in all: as many as the disk takes, and no more than the bound. */
  get capacity(): number {
    return Math.min(this.limits.storage, this.#sum(({ kept }) => kept) + this.free);
  }

  /** Why so much more cannot be kept; undefined where it can. */
  lacks({ storage, memory }: Footprint): string | undefined {
    const promised = this.storage - this.#sum(({ kept }) => kept);
    const left = Math.max(0, Math.min(this.limits.storage - this.storage, this.free - promised));
    if (storage > left) return `${storage} octets would be kept, and ${left} are left`;
    const room = Math.max(0, this.limits.memory - this.memory);
    return memory > room ? `it would take ${memory} octets of memory, and ${room} are left` : undefined;
  }

  #sum(of: (one: Allocation | IngestEntry) => number): number {
    let octets = 0;
    for (const one of this.allocations.values()) octets += of(one);
    for (const one of this.sessions.values()) octets += of(one);
    return octets;
  }

  /** Allocations that have not ended. */
  get current(): Allocation[] {
    return [...this.allocations.values()].filter(({ state }) => state !== "ended");
  }

  /** [X.609.10 8.8 a)] An overlay network gets one virtual peer per OMS: two would share what one can do. */
  allocate(request: AllocationRequest): AllocateOutcome {
    const {
      overlay_network_id: overlayId,
      oms_url: omsUrl,
      pams_url: pamsUrl,
      password,
      index_file: indexFile,
    } = request;
    const known = this.current.find((one) => one.overlayId === overlayId && one.omsUrl === omsUrl);
    if (known !== undefined) {
      if (request.priority !== undefined) this.prioritize(known.id, request.priority);
      return { outcome: "known", allocation: known };
    }
    if (this.current.length >= this.limits.allocations)
      return { outcome: "full", what: `this cache server has no more than ${this.limits.allocations} allocations` };
    const takes = indexFile === undefined ? nothing : footprintOf(indexFile, this.onDisk);
    const lacks = this.lacks(takes);
    if (lacks !== undefined) return { outcome: "full", what: lacks };
    const allocation: Allocation = {
      id: uuid(this.#random),
      peerId: uuid(this.#random),
      overlayId,
      omsUrl,
      pamsUrl,
      password,
      indexFile,
      priority: request.priority ?? defaultPriority,
      state: "joining",
      reason: undefined,
      endedAt: undefined,
      takes,
      kept: 0,
    };
    this.allocations.set(allocation.id, allocation);
    this.#journal.allocated(allocation);
    return { outcome: "allocated", allocation };
  }

  /** [X.609.10 8.8 c)] */
  prioritize(id: string, priority: number): Allocation | undefined {
    const allocation = this.find(id);
    if (allocation === undefined) return undefined;
    allocation.priority = priority;
    if (allocation.state !== "ended") this.#journal.allocated(allocation);
    return allocation;
  }

  /** [X.609.10 8.8 a)] Also of one that has ended: the OMS need not know. */
  release(id: string): Allocation | undefined {
    const allocation = this.find(id);
    if (allocation === undefined) return undefined;
    this.allocations.delete(id);
    this.#journal.released(id);
    return allocation;
  }

  /** Undefined once it has ended so long ago that it is forgotten. */
  find(id: string): Allocation | undefined {
    const allocation = this.allocations.get(id);
    if (allocation?.endedAt === undefined || this.#clock.now() < allocation.endedAt + this.#times.rememberMs)
      return allocation;
    this.allocations.delete(id);
    return undefined;
  }

  /** The virtual peer is a member. */
  joined(id: string): void {
    const allocation = this.allocations.get(id);
    if (allocation?.state !== "joining") return;
    allocation.state = "active";
    allocation.reason = undefined;
  }

  /** Why it is not a member yet. */
  waits(id: string, reason: string): void {
    const allocation = this.allocations.get(id);
    if (allocation?.state === "joining") allocation.reason = reason;
  }

  /** The overlay network is gone, or does not want the virtual peer: it does not come back after a restart. */
  ended(id: string, reason: string): void {
    const allocation = this.allocations.get(id);
    if (allocation === undefined || allocation.state === "ended") return;
    Object.assign(allocation, { state: "ended", reason, takes: nothing, kept: 0, endedAt: this.#clock.now() });
    this.#journal.released(id);
  }

  /** Allocations to be ended so that what is kept fits: the least important first, of those the largest. */
  tooMany(): Allocation[] {
    let storage = this.storage - this.limits.storage;
    let memory = this.memory - this.limits.memory;
    const ending: Allocation[] = [];
    const order = this.current.sort((a, b) => a.priority - b.priority || b.takes.storage - a.takes.storage);
    for (const allocation of order) {
      if (storage <= 0 && memory <= 0) break;
      const { takes } = allocation;
      if (takes.storage === 0 && takes.memory === 0) continue;
      storage -= takes.storage;
      memory -= takes.memory;
      ending.push(allocation);
    }
    return ending;
  }

  /** Forgets what ended long ago. */
  tidy(): void {
    for (const id of [...this.allocations.keys()]) this.find(id);
  }

  /** [X.609.10 8.11] @returns the token to be given out, once */
  openSession(takes: Footprint): { readonly entry: IngestEntry; readonly token: string } | { readonly full: string } {
    if (this.sessions.size >= this.limits.sessions)
      return { full: `this cache server has no more than ${this.limits.sessions} sessions` };
    const lacks = this.lacks(takes);
    if (lacks !== undefined) return { full: lacks };
    const token = Buffer.from(this.#random.bytes(24)).toString("base64url");
    const entry: IngestEntry = { id: uuid(this.#random), proof: hashSecret(token, this.#random), takes, kept: 0 };
    this.sessions.set(entry.id, entry);
    return { entry, token };
  }

  closeSession(id: string): void {
    this.sessions.delete(id);
  }

  /** From the journal. */
  restore(allocation: Allocation): void {
    this.allocations.set(allocation.id, allocation);
  }
}
