import { hashSecret, matchesSecret } from "../keys/secret.js";
import type { Clock, Random } from "../net/clock.js";
import { ExpiryQueue, type Mortal } from "../net/expiry-queue.js";
import type { Store, Table } from "../store/store.js";
import type { Availability } from "./availability.js";
import type { Rights } from "./core.js";
import { type Refusal, refuse } from "./refusal.js";
import type { OmsPolicy } from "./settings.js";

/** Who wants to take part in which session. */
export interface AccessQuestion {
  readonly userId: string | undefined;
  readonly credential: string | undefined;
  readonly peerId: string;
  readonly sessionId: string;
}

/** What the UMS answers [X.609.10 8.7]. Times are milliseconds since the epoch. */
export interface AccessAnswer {
  readonly granted: boolean;
  readonly serviceClass: number | undefined;
  readonly from: number;
  readonly until: number;
}

/** The UMS, R7. */
export interface Ums {
  /** @throws when there is no answer */
  access(question: AccessQuestion): Promise<AccessAnswer>;
}

interface RightsRow {
  readonly until: number;
  readonly serviceClass?: number;
  /** Hashed; null where none was shown. */
  readonly credential: string | null;
}

interface Kept extends Mortal {
  readonly key: string;
  readonly row: RightsRow;
}

export interface RightsParts {
  readonly ums: Ums | undefined;
  readonly availability: Availability;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: Readonly<OmsPolicy>;
  readonly most: number;
}

/** Users that the UMS does not know, or that are let in without it, come last in everything. */
const lowestClass = 1000;
const unlimited: Rights = { serviceClass: undefined, until: undefined };

/** Access rights of users [X.609.10 8.7], with what the UMS has granted before, for when it is down. */
export class AccessRights {
  readonly #parts: RightsParts;
  readonly #rows: Table<RightsRow>;
  readonly #kept = new Map<string, Kept>();
  readonly #bySession = new Map<string, Set<Kept>>();
  readonly #ends = new ExpiryQueue<Kept>();

  constructor(parts: RightsParts) {
    this.#parts = parts;
    this.#rows = parts.store.table("oms_rights");
    for (const [key, row] of this.#rows.load()) this.#keep(key, row);
    this.sweep();
  }

  /** Forgets what has ended. */
  sweep(): void {
    const now = this.#parts.clock.now();
    for (let kept = this.#ends.nextDue(now); kept; kept = this.#ends.nextDue(now)) {
      this.#drop(kept);
    }
  }

  /** Nothing is kept of a session that is over [X.609.10 7.1.3]. */
  endSession(session: string): void {
    for (const kept of [...(this.#bySession.get(session) ?? [])]) this.#forget(kept.key);
  }

  /** Answers of the UMS that are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * Whether, how long and in which class a user may take part.
   *
   * 1. Without a UMS, or a session that it knows, everybody may.
   * 2. What the UMS says counts, for its validity period [8.7 b]; a refusal is one by policy (E-DS-27).
   * 3. While it does not answer, a grant of before counts while it is valid; others wait (503), unless the policy lets them in.
   */
  async check(
    question: Omit<AccessQuestion, "sessionId">,
    session: string | null,
  ): Promise<Rights | Refusal<403 | 503>> {
    const { ums, availability, clock, policy } = this.#parts;
    if (ums === undefined || session === null) return unlimited;
    const asked = { ...question, sessionId: session };
    const key = keyOf(session, question);
    const answer = await availability.try(() => ums.access(asked));
    const now = clock.now();
    if (answer !== undefined) {
      const valid = answer.granted && answer.from <= now && now < answer.until;
      if (valid) return this.#granted(key, question.credential, answer);
      // A stranger with a wrong credential takes nothing from the user whose name it borrows.
      const before = this.#kept.get(key);
      if (before !== undefined && sameCredential(question.credential, before.row.credential)) this.#forget(key);
      if (policy.umsRefused === "admit") return { serviceClass: lowestClass, until: undefined };
      return refuse(
        403,
        "8.7 a)",
        "/join/user_id",
        question.credential === undefined
          ? "the user has no access to this session now: no user_credential was shown"
          : "the user has no access to this session now",
      );
    }
    const kept = this.#kept.get(key)?.row;
    if (kept !== undefined && now < kept.until && sameCredential(question.credential, kept.credential)) {
      return { serviceClass: kept.serviceClass, until: kept.until };
    }
    if (policy.umsDown === "open") {
      // Not for long: the UMS is to be asked as soon as it answers.
      return { serviceClass: lowestClass, until: now + policy.membershipExpires * 1000 };
    }
    return refuse(503, "8.7", "", "access rights cannot be checked now: the user management server does not answer");
  }

  #granted(key: string, credential: string | undefined, { serviceClass, until }: AccessAnswer): Rights {
    const before = this.#kept.get(key)?.row;
    const same = before !== undefined && before.until === until && before.serviceClass === serviceClass;
    if (!same || !sameCredential(credential, before.credential)) {
      this.#forget(key);
      if (this.#kept.size < this.#parts.most) {
        const row = {
          until,
          credential: credential === undefined ? null : hashSecret(credential, this.#parts.random),
          ...(serviceClass === undefined ? {} : { serviceClass }),
        };
        this.#keep(key, row);
        this.#rows.put(key, row);
      }
    }
    return { serviceClass, until };
  }

  #keep(key: string, row: RightsRow): void {
    const kept: Kept = { key, row, expiresAt: row.until, scheduledAt: Number.POSITIVE_INFINITY };
    this.#kept.set(key, kept);
    const session = sessionOf(key);
    this.#bySession.set(session, (this.#bySession.get(session) ?? new Set()).add(kept));
    this.#ends.schedule(kept);
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#ends.forget(kept);
    this.#drop(kept);
  }

  #drop(kept: Kept): void {
    const { key } = kept;
    this.#kept.delete(key);
    this.#rows.delete(key);
    const session = sessionOf(key);
    const others = this.#bySession.get(session);
    others?.delete(kept);
    if (others?.size === 0) this.#bySession.delete(session);
  }
}

const keyOf = (session: string, { userId, peerId }: Omit<AccessQuestion, "sessionId">): string =>
  JSON.stringify([session, userId ?? null, peerId]);

const sessionOf = (key: string): string => (JSON.parse(key) as [string])[0];

function sameCredential(shown: string | undefined, hashed: string | null): boolean {
  return hashed === null ? shown === undefined : shown !== undefined && matchesSecret(shown, hashed);
}
