import type { PeerStatus, StaticStatus } from "../../generated/pamp/index.js";
import type { Random } from "../net/clock.js";
import { Activity } from "./activity.js";
import type { Backoff } from "./backoff.js";
import { waitAfter } from "./backoff.js";

/** `registering` also while it waits to try again; `left` is the end. */
export type PeerPhase = "registering" | "registered" | "leaving" | "left";

/** A message that is due; one is under way at a time. */
export type PeerRequest =
  | { readonly kind: "register"; readonly pams: string }
  /** `rejoins`: to be followed by a new registration (E-PAMP-64). */
  | {
      readonly kind: "deregister";
      readonly pams: string;
      readonly token: string | undefined;
      readonly rejoins: boolean;
    }
  | { readonly kind: "report"; readonly pams: string; readonly token: string | undefined; readonly status: PeerStatus };

/** What a PAMS says to a registration [9.1.1]. */
export interface Configuration {
  readonly pams_url?: string | undefined;
  readonly report_interval?: number | undefined;
  readonly peer_token?: string | undefined;
}

export type PeerOutcome =
  | { readonly kind: "granted"; readonly configuration?: Configuration }
  | { readonly kind: "refused"; readonly status: number; readonly retryAfterMs?: number | undefined }
  /** No answer, or none that can be read. */
  | { readonly kind: "lost"; readonly reason: string };

export type PeerNews =
  | { readonly kind: "registered"; readonly pams: string; readonly intervalS: number }
  | { readonly kind: "reported" }
  /** `what` was refused or got lost; the next attempt is in so many ms. */
  | { readonly kind: "failed"; readonly what: PeerRequest["kind"]; readonly reason: string; readonly retryMs: number }
  | { readonly kind: "left" };

export interface PeerCoreOptions {
  readonly pams: string;
  readonly profile: StaticStatus;
  readonly backoff: Backoff;
  readonly random: Random;
  /** No interval is shorter, in ms, whatever a PAMS tells. */
  readonly minIntervalMs: number;
}

/** Reports in a row without an answer after which the PAMS counts as gone, where another one is known. */
const patience = 2;

function sameServer(a: string, b: string): boolean {
  const bare = (url: string): string => url.replace(/\/(pams\/?)?$/, "").toLowerCase();
  return bare(a) === bare(b);
}

/** What a peer does at its PAMS, without I/O: `due` says what to send, `settle` takes what came of it. Times in ms, of any clock that counts on. */
export class PeerCore {
  readonly activity = new Activity();
  phase: PeerPhase = "registering";
  /** Seconds between two dynamic reports; 0: on events only (E-PAMP-24). */
  intervalS = 0;
  readonly #options: PeerCoreOptions;
  #profile: StaticStatus;
  #profileDue = true;
  #dynamicDue = true;
  #pams: string;
  /** The PAMS that the last registration named. */
  #named: string;
  /** Reports in a row that found no PAMS. */
  #unheard = 0;
  #token: string | undefined;
  /** Nothing is sent before. */
  #notBefore = 0;
  #nextReport = 0;
  #failures = 0;
  /** How often in a row a report of the registered peer was answered that it is unknown. */
  #forgotten = 0;
  /** It may be registered at the PAMS: a registration was sent, and was not refused. */
  #known = false;
  #clearing = false;
  #sent: { readonly arrived: () => void; readonly profile: StaticStatus | undefined } | undefined;

  constructor(options: PeerCoreOptions) {
    this.#options = options;
    this.#profile = options.profile;
    this.#pams = options.pams;
    this.#named = options.pams;
  }

  changeProfile(profile: StaticStatus): void {
    this.#profile = { ...this.#profile, ...profile };
    this.#profileDue = true;
  }

  /** A report is due at once: something has changed that cannot wait for the interval (E-PAMP-24). */
  hurry(): void {
    this.#dynamicDue = true;
  }

  leave(): void {
    if (this.phase !== "left") this.phase = this.#known ? "leaving" : "left";
  }

  /** What to send now; undefined where nothing is due before `wakeAt`. */
  due(now: number): PeerRequest | undefined {
    const [pams, token] = [this.#pams, this.#token];
    if (this.phase === "leaving") return { kind: "deregister", pams, token, rejoins: false };
    if (this.phase === "left" || now < this.#notBefore) return undefined;
    if (this.phase === "registering") {
      if (this.#clearing) return { kind: "deregister", pams, token, rejoins: true };
      this.#known = true;
      return { kind: "register", pams };
    }
    // An interval asks for a dynamic report; on events only, what has happened does.
    const periodic = this.intervalS > 0 && now >= this.#nextReport;
    const eventful = this.intervalS === 0 && this.activity.pending;
    if (!periodic && !eventful && !this.#dynamicDue && !this.#profileDue) return undefined;
    const { status, arrived } = this.activity.take(this.#profile);
    const profile = this.#profileDue ? this.#profile : undefined;
    this.#sent = { arrived, profile };
    return {
      kind: "report",
      pams,
      token,
      status: { dynamic_status: status, ...(profile ? { static_status: profile } : {}) },
    };
  }

  /** When to ask `due` again, if nothing happens before. */
  get wakeAt(): number {
    if (this.phase === "left") return Number.POSITIVE_INFINITY;
    if (this.phase !== "registered") return this.#notBefore;
    const next = this.intervalS > 0 ? this.#nextReport : Number.POSITIVE_INFINITY;
    return this.#dynamicDue || this.#profileDue ? this.#notBefore : Math.max(next, this.#notBefore);
  }

  settle(request: PeerRequest, outcome: PeerOutcome, now: number): PeerNews[] {
    switch (request.kind) {
      case "register":
        return outcome.kind === "granted"
          ? this.#registered(outcome.configuration ?? {}, now)
          : this.#refused(outcome, now);
      case "deregister":
        if (!request.rejoins) {
          this.phase = "left";
          return [{ kind: "left" }];
        }
        this.#clearing = false;
        return outcome.kind === "lost" ? [this.#failed("deregister", outcome, now)] : [];
      case "report":
        return this.#reported(outcome, now);
    }
  }

  #registered({ pams_url, report_interval = 0, peer_token }: Configuration, now: number): PeerNews[] {
    if (this.phase === "registering") this.phase = "registered";
    this.#failures = 0;
    this.#clearing = false;
    if (pams_url !== undefined && URL.canParse(pams_url)) this.#pams = pams_url;
    this.#named = this.#pams;
    this.#unheard = 0;
    this.#token = peer_token;
    this.intervalS = report_interval > 0 ? Math.max(report_interval, this.#options.minIntervalMs / 1000) : 0;
    // The first report has both parts [9.2.5.1].
    this.#profileDue = true;
    this.#dynamicDue = true;
    this.#notBefore = now;
    this.#nextReport = now + 1000 * this.intervalS;
    return [{ kind: "registered", pams: this.#pams, intervalS: this.intervalS }];
  }

  #refused(outcome: Exclude<PeerOutcome, { kind: "granted" }>, now: number): PeerNews[] {
    if (outcome.kind === "refused" && outcome.status !== 409) this.#known = false;
    // 409: this peer is registered already. Registering anew is the one way to learn how to report (E-PAMP-07, E-PAMP-64).
    if (outcome.kind === "refused" && outcome.status === 409 && this.#failures === 0) this.#clearing = true;
    // The other PAMS that this peer knows may be there [8.2.1].
    if (outcome.kind === "lost") this.#pams = this.#elsewhere;
    return [this.#failed("register", outcome, now, this.#clearing ? 0 : undefined)];
  }

  #reported(outcome: PeerOutcome, now: number): PeerNews[] {
    const sent = this.#sent;
    this.#sent = undefined;
    this.#dynamicDue = false;
    this.#nextReport = Math.max(now, this.#nextReport) === now ? this.#after(now) : this.#nextReport;
    if (outcome.kind === "granted") {
      this.#failures = 0;
      this.#forgotten = 0;
      this.#unheard = 0;
      sent?.arrived();
      if (this.activity.overfull) this.#dynamicDue = true;
      if (sent?.profile !== undefined && sent.profile === this.#profile) this.#profileDue = false;
      return [{ kind: "reported" }];
    }
    if (outcome.kind === "refused" && outcome.status === 404 && this.phase === "registered") {
      // Unknown to this PAMS: register again, there (E-PAMP-50, E-PAMP-59). At once the first time, then with patience.
      this.phase = "registering";
      this.#known = false;
      const again =
        this.#forgotten++ === 0 ? 0 : waitAfter(this.#forgotten, this.#options.backoff, this.#options.random);
      return [this.#failed("report", outcome, now, again)];
    }
    if (
      outcome.kind === "lost" &&
      ++this.#unheard >= patience &&
      this.#elsewhere !== this.#pams &&
      this.phase === "registered"
    ) {
      // The PAMS in charge of this peer is gone: the first one names another [8.2.1].
      this.#unheard = 0;
      this.phase = "registering";
      this.#pams = this.#elsewhere;
      return [this.#failed("report", outcome, now)];
    }
    // What was not taken goes with the next report, which comes when it is due anyway, or a little sooner.
    const usual = this.intervalS > 0 ? this.#nextReport - now : undefined;
    const news = this.#failed("report", outcome, now, usual);
    this.#dynamicDue = this.intervalS === 0;
    this.#nextReport = Math.max(this.#nextReport, this.#notBefore);
    return [news];
  }

  /** The PAMS known to this peer beside the one in use: the first one, or the one that was named last. */
  get #elsewhere(): string {
    const first = this.#options.pams;
    if (sameServer(first, this.#named)) return this.#pams;
    return sameServer(this.#pams, first) ? this.#named : first;
  }

  /** The next tick of the interval: counted from the registration, so that slow answers do not add up. */
  #after(now: number): number {
    const step = 1000 * this.intervalS;
    if (step === 0) return Number.POSITIVE_INFINITY;
    const missed = Math.floor((now - this.#nextReport) / step) + 1;
    return this.#nextReport + step * missed;
  }

  #failed(
    what: PeerRequest["kind"],
    outcome: Exclude<PeerOutcome, { kind: "granted" }>,
    now: number,
    waitMs?: number,
  ): PeerNews {
    this.#failures++;
    const asked = outcome.kind === "refused" ? (outcome.retryAfterMs ?? 0) : 0;
    const retryMs = Math.max(asked, waitMs ?? waitAfter(this.#failures, this.#options.backoff, this.#options.random));
    this.#notBefore = now + retryMs;
    const reason = outcome.kind === "refused" ? String(outcome.status) : outcome.reason;
    return { kind: "failed", what, reason, retryMs };
  }
}
