import type { PeerQueryCondition, PeerStatus } from "../../generated/pamp/index.js";
import { isMp2pError } from "../../generated/runtime/errors.js";
import type { Clock } from "../net/clock.js";
import { ExpiryQueue, type Mortal } from "../net/expiry-queue.js";
import type { Logger } from "../net/logger.js";
import { type ManagedOverlay, type PampOms, PampRefused, type PeerListAnswer } from "../pamp-client/index.js";
import type { Store, Table } from "../store/store.js";
import type { Availability } from "./availability.js";
import type { Overlay } from "./overlay.js";
import type { Registry } from "./registry.js";
import type { OmsPolicy } from "./settings.js";

/** What is remembered of an overlay network at the PAMS. */
interface PamsRow {
  /** What peers are told. */
  readonly url?: string;
  /** Seconds. */
  readonly interval?: number;
  /** It is gone here, and the PAMS has yet to confirm that it is gone there. */
  readonly farewell?: true;
}

/** An overlay network on the PAMS, under the moment at which there is something to do. */
class Managed implements Mortal {
  readonly id: string;
  expiresAt: number;
  scheduledAt = Number.POSITIVE_INFINITY;
  row: PamsRow = {};
  failures = 0;
  /** A registration or its end is under way. */
  attempt: Promise<void> | undefined;

  constructor(id: string, at: number) {
    this.id = id;
    this.expiresAt = at;
  }
}

export interface ActivityParts {
  readonly pams: PampOms;
  /** The same PAMS as somebody without credentials sees it. */
  readonly stranger: PampOms;
  readonly availability: Availability;
  readonly registry: Registry;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: Readonly<OmsPolicy>;
  /** Signs session keys, which the PAMS may want to check [X.609.1 8.2.6]. */
  readonly providerKey: string;
  /** Attempts under way at a time. */
  readonly most: number;
}

/** Under which refused questions are noted; no identifier of an overlay network is empty. */
const questions = "";

/** Statuses of a PAMS that is there and cannot now. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * The overlay networks on the PAMS, R1 [X.609.10 8.1]: registered as soon as they are made, again at each report interval (E-DS-03), so
 * that a PAMS that lost them has them back, and deregistered when they are gone, for as long as it takes to get that confirmed.
 */
export class Activity {
  readonly #parts: ActivityParts;
  readonly #rows: Table<PamsRow>;
  readonly #managed = new Map<string, Managed>();
  readonly #due = new ExpiryQueue<Managed>();
  /** What the PAMS refuses now, by overlay network or as questions, with the status. */
  readonly #refusals = new Map<string, number>();
  #running = 0;
  #looked = false;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
    this.#rows = parts.store.table("oms_pams");
    const now = parts.clock.now();
    const rows = new Map(this.#rows.load());
    for (const id of parts.registry.overlays.keys()) {
      this.#add(id, now).row = rows.get(id) ?? {};
      rows.delete(id);
    }
    for (const id of rows.keys()) this.#add(id, now).row = { farewell: true };
    parts.registry.listen({ overlayRemoved: (overlay) => this.#farewell(overlay.id) });
  }

  /** Overlay networks that are gone here and not yet at the PAMS. */
  get farewells(): number {
    let count = 0;
    for (const { row } of this.#managed.values()) if (row.farewell) count++;
    return count;
  }

  /** Statuses by which the PAMS refuses this OMS something now, each once; empty while it takes everything. */
  get refusals(): number[] {
    return [...new Set(this.#refusals.values())].sort();
  }

  /** Overlay networks of which it does not take the registration, or its end; and one for questions that it does not answer. */
  get refused(): number {
    return this.#refusals.size;
  }

  /** Registers a new overlay network. Resolves when the PAMS has answered, or will not soon. */
  async register({ id }: Overlay): Promise<void> {
    const managed = this.#add(id, this.#parts.clock.now());
    if (this.#parts.availability.paused) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#parts.policy.patienceMs);
    });
    await Promise.race([this.#attempt(managed), patience]);
    clearTimeout(timer);
  }

  /** What a peer is to be told [X.609.1 REQ-PREG-01]; undefined where activity is not managed, or not yet. */
  urlOf({ id }: Overlay): string | undefined {
    return this.#managed.get(id)?.row.url;
  }

  /** Peers by the knowledge of the PAMS [8.1 d]; undefined where it cannot be asked. */
  async list({ id }: Overlay, condition: PeerQueryCondition): Promise<PeerListAnswer | undefined> {
    return this.#ask(id, (pams) => pams.listPeers(id, condition));
  }

  /** What a peer last reported [8.1 f]; undefined where it cannot be asked. */
  async status({ id }: Overlay, peer: string): Promise<PeerStatus | undefined> {
    return this.#ask(id, (pams) => pams.peerStatus(id, peer));
  }

  /** Begins what is due. */
  tick(): void {
    const { clock, availability, most } = this.#parts;
    if (availability.paused) return;
    while (this.#running < most) {
      const managed = this.#due.nextDue(clock.now());
      if (managed === undefined) return;
      if (managed.attempt === undefined) void this.#attempt(managed);
    }
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all([...this.#managed.values()].map(({ attempt }) => attempt));
  }

  async #ask<T>(id: string, question: (pams: PampOms) => Promise<T>): Promise<T | undefined> {
    const managed = this.#managed.get(id);
    if (managed?.row.url === undefined) return undefined;
    const answer = await this.#parts.availability.try(async () => {
      try {
        return { value: await question(this.#parts.pams) };
      } catch (error) {
        return refusalOf(error);
      }
    });
    if (answer !== undefined) this.#note(questions, answer === 401 || answer === 403 ? answer : undefined);
    if (typeof answer === "number") {
      // A PAMS that says that it does not know it may have lost it: register it at once.
      if (answer === 404 || answer === 409) this.#schedule(managed, this.#parts.clock.now());
      return undefined;
    }
    return answer?.value;
  }

  #add(id: string, at: number): Managed {
    const managed = new Managed(id, at);
    this.#managed.set(id, managed);
    this.#due.schedule(managed);
    return managed;
  }

  #farewell(id: string): void {
    const managed = this.#managed.get(id);
    if (managed === undefined) return;
    managed.row = { farewell: true };
    this.#rows.put(id, managed.row);
    managed.failures = 0;
    this.#schedule(managed, this.#parts.clock.now());
  }

  #schedule(managed: Managed, at: number): void {
    managed.expiresAt = at;
    this.#due.schedule(managed);
  }

  #attempt(managed: Managed): Promise<void> {
    if (managed.attempt !== undefined) return managed.attempt;
    this.#running++;
    managed.attempt = this.#carryOut(managed).finally(() => {
      this.#running--;
      managed.attempt = undefined;
    });
    return managed.attempt;
  }

  async #carryOut(managed: Managed): Promise<void> {
    const { clock, availability } = this.#parts;
    const leaving = managed.row.farewell === true;
    const outcome = await availability.try(() => (leaving ? this.#deregister(managed) : this.#registerOnce(managed)));
    if (outcome !== undefined) this.#note(managed.id, outcome === "done" ? undefined : outcome);
    if (outcome === "done" && leaving) {
      this.#due.forget(managed);
      if (this.#managed.get(managed.id) === managed) this.#managed.delete(managed.id);
      this.#rows.delete(managed.id);
      return;
    }
    // It was removed meanwhile: that comes next.
    if (!leaving && managed.row.farewell) return this.#schedule(managed, clock.now());
    if (outcome === "done") {
      managed.failures = 0;
      return this.#schedule(managed, clock.now() + this.#intervalOf(managed) * 1000);
    }
    // A PAMS that refuses is asked again, but has no haste; one that is away is waited for by `availability`.
    managed.failures++;
    this.#schedule(managed, clock.now() + (outcome === undefined ? 0 : Math.min(60, 2 ** managed.failures) * 1000));
  }

  /** Whoever runs this OMS has to know: nobody else finds out that activity is not managed. Once for each status, until it is over. */
  #note(what: string, status: number | undefined): void {
    if (status === undefined) {
      if (this.#refusals.delete(what) && this.#refusals.size === 0) {
        this.#parts.logger.info({ server: "pams" }, "the PAMS refuses nothing any more");
      }
      return;
    }
    const known = this.refusals.includes(status);
    this.#refusals.set(what, status);
    if (known) return;
    const remedy =
      status === 401 || status === 403
        ? "it wants another token of this OMS (--pams-token)"
        : "is this its address (--pams)?";
    this.#parts.logger.warn(
      { server: "pams", status, overlay: what === questions ? undefined : what },
      `the PAMS refuses this OMS with ${status}, so that activity is not managed: ${remedy}`,
    );
  }

  async #registerOnce(managed: Managed): Promise<"done" | number> {
    const { pams, registry, providerKey } = this.#parts;
    const overlay = registry.overlays.get(managed.id);
    if (overlay === undefined) return "done";
    const { contentType, fragmentSize } = overlay.record;
    try {
      const registration = { fragmentSize: fragmentSize / 1000, providerPublicKey: providerKey };
      this.#learn(managed, await pams.registerOverlay(managed.id, contentType, registration));
      if (overlay.record.closed !== null) void this.#lookAsStranger(managed.id);
      return "done";
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** An overlay network whose members the PAMS tells anybody is not closed [X.609.1 REQ-SEC-02]: whoever runs them has to know. */
  async #lookAsStranger(id: string): Promise<void> {
    if (this.#looked) return;
    this.#looked = true;
    const told = await this.#parts.stranger.listPeers(id, { max_peer_num: 1 }).catch(() => undefined);
    if (told === undefined) return;
    const remedy = "have it want a token of its OMS (serve pams --oms-token)";
    this.#parts.logger.warn({ server: "pams" }, `the PAMS tells anybody who is in closed overlay networks: ${remedy}`);
  }

  async #deregister({ id }: Managed): Promise<"done" | number> {
    try {
      await this.#parts.pams.deregisterOverlay(id);
      return "done";
    } catch (error) {
      return refusalOf(error);
    }
  }

  #learn(managed: Managed, { pamsUrl: url, reportInterval, configured }: ManagedOverlay): void {
    const { row } = managed;
    // After a restart, one that is still registered says nothing of where and how often (E-X-01): what is on disk holds.
    if (row.farewell || (!configured && row.url !== undefined)) return;
    const interval = reportInterval ?? row.interval;
    if (row.url === url && row.interval === interval) return;
    managed.row = { ...(url === undefined ? {} : { url }), ...(interval === undefined ? {} : { interval }) };
    this.#rows.put(managed.id, managed.row);
  }

  /** Peers that report on events only (E-PAMP-24) leave the pace to the OMS. */
  #intervalOf({ row }: Managed): number {
    return row.interval || this.#parts.policy.keepAlive;
  }
}

/** The status by which a PAMS refused for good, or would, if that could be sent; throws on where it cannot now, or did not answer. */
function refusalOf(error: unknown): number {
  if (isMp2pError(error) && error.code === "ERR_REQUEST_INVALID") return 400;
  if (error instanceof PampRefused && !passing.has(error.status)) return error.status;
  throw error;
}
