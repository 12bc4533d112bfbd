import type { Machine } from "../../ldmp/runner.js";
import { fraction, pauseMs } from "../../net/backoff.js";
import type { Outcome } from "./homs-interface.js";
import { joinRequest, leaveRequest, refreshRequest, reportRequest } from "./membership-messages.js";
import type {
  MembershipCoreOptions,
  MembershipEffect,
  MembershipEvent,
  MembershipNews,
  MembershipPhase,
  MembershipRequest,
  PeerPaths,
} from "./membership-types.js";
import { contactsIn, grantIn, numberAt, objectAt } from "./overlay-info.js";

/** What a request is for: a leave may also be a step towards joining anew. */
type Purpose = "join" | "recover" | "refresh" | "report" | "leave" | "clear";

interface Sent {
  readonly purpose: Purpose;
  readonly sentAt: number;
  /** Of the report due then, by `contentOf`. */
  readonly content: string;
  readonly lost: readonly string[];
}

export interface MembershipCore extends Machine<MembershipEvent, MembershipEffect> {
  readonly phase: MembershipPhase;
  readonly ticketId: string | undefined;
  /** By the clock of `step`; undefined while it is no member. */
  readonly leaseEnds: number | undefined;
}

const noPaths: PeerPaths = { primary: [], outgoing: [], incoming: [] };

/** Lost peers that one report names at most (E-HP2P-17). */
const MOST_LOST = 64;

/** Above this, `expires` is taken as a moment in Unix time instead of a duration (E-HOMP-21). */
const LARGEST_DURATION_S = 1e9;

/**
 * One membership in one overlay network [Q.4103 7.2], free of I/O: joins, stays in by refreshing well before the lifetime ends, reports
 * what changed, recovers its place, joins anew when the HOMS knows it no more, and leaves. One request at a time.
 */
export function createMembershipCore({ identity, settings, random }: MembershipCoreOptions): MembershipCore {
  let phase: MembershipPhase = "new";
  let inFlight: Sent | undefined;
  let failures = 0;
  let notBefore = 0;
  let leaseEnds = 0;
  let refreshDue = 0;
  let ticketId: string | undefined;
  let wasMember = false;
  /** An answer got lost: the HOMS may count this peer in although it does not count itself so. */
  let uncertain = false;
  let recovering = false;
  /** A stale registration of this very peer is in the way [E-HOMP-32]: leave it before joining. */
  let clearing = false;
  let cleared = false;
  let leaving = false;
  let paths = noPaths;
  /** Peers to which a path broke, not told yet (E-HP2P-17). */
  let lost: readonly string[] = [];
  let applications: readonly string[] = [];
  /** The content of the last report that the HOMS took. */
  let reported = contentOf(noPaths, []);

  const over = (): boolean => phase === "refused" || phase === "gone" || phase === "left";
  const reportDue = (): boolean => lost.length > 0 || contentOf(paths, applications) !== reported;

  function send(purpose: Purpose, request: MembershipRequest, now: number): MembershipEffect[] {
    inFlight = { purpose, sentAt: now, content: contentOf(paths, applications), lost };
    // A hanging answer must not cost the membership: there has to be time for another attempt.
    const member = phase === "joined" && purpose !== "leave";
    return [{ kind: "send", request, timeoutMs: member ? Math.max(250, (leaseEnds - now) / 2) : undefined }];
  }

  /** What is to be done now, if anything. */
  function proceed(now: number): MembershipEffect[] {
    if (inFlight !== undefined || over() || phase === "new")
      return leaving && phase === "new" ? end({ kind: "left" }) : [];
    if (leaving && phase !== "joined" && !uncertain) return end({ kind: "left" });
    if (now < notBefore) return [];
    if (leaving) return send("leave", { kind: "leave", body: leaveRequest(identity) }, now);
    if (phase === "joined" && now >= leaseEnds) return [...lose("the lifetime ran out"), ...proceed(now)];
    if (phase === "joining" && clearing) return send("clear", { kind: "leave", body: leaveRequest(identity) }, now);
    if (phase === "joining" || recovering) {
      const purpose = recovering ? "recover" : "join";
      return send(purpose, { kind: "join", body: joinRequest(identity, recovering, ticketId) }, now);
    }
    if (now >= refreshDue) {
      return send("refresh", { kind: "refresh", body: refreshRequest(identity, applications) }, now);
    }
    if (reportDue()) {
      return send("report", { kind: "report", body: reportRequest(identity, { ...paths, lost }, applications) }, now);
    }
    return [];
  }

  function end(news: MembershipNews & { readonly kind: "left" | "gone" | "refused" }): MembershipEffect[] {
    phase = news.kind;
    return [{ kind: "news", news }];
  }

  /** The HOMS counts this peer in no more: back to the start, without the ticket of the membership that is over. */
  function lose(reason: string): MembershipEffect[] {
    phase = "joining";
    recovering = false;
    return [{ kind: "news", news: { kind: "lost", reason } }];
  }

  function prolong(body: unknown, from: number): number {
    const overlay = objectAt(body, "overlay");
    const named = numberAt(objectAt(body, "peer"), "expires") ?? numberAt(overlay, "expires") ?? 0;
    const duration = named > LARGEST_DURATION_S ? named - from / 1000 : named;
    const expires = duration > 0 ? duration : (identity.expires ?? settings.assumedExpires);
    leaseEnds = from + expires * 1000;
    uncertain = false;
    // Peers that joined together do not refresh together.
    const share = settings.refreshAfter * (0.9 + 0.2 * fraction(random));
    refreshDue = from + Math.min(expires * share, settings.refreshAtMost) * 1000;
    return expires;
  }

  function answered(request: Sent, outcome: Outcome, now: number): readonly MembershipEffect[] {
    const { purpose, sentAt, content } = request;
    if (outcome.kind === "unavailable") return postpone(purpose, outcome, now);
    if (outcome.kind === "done") failures = 0;
    notBefore = 0;
    const { status } = outcome;
    const done = outcome.kind === "done";
    const reason = done ? "" : outcome.reason;
    switch (purpose) {
      case "join":
      case "recover":
        return done ? joined(outcome.body, sentAt, purpose === "recover") : notJoined(purpose, status, reason, now);
      case "refresh": {
        // Whatever the code, the HOMS does not prolong: most likely overlay or membership are gone (E-HOMP-45).
        if (!done) {
          uncertain = false;
          return lose(reason);
        }
        const expires = prolong(outcome.body, sentAt);
        return [
          { kind: "overlay", overlay: objectAt(outcome.body, "overlay") },
          { kind: "grant", grant: grantIn(outcome.body) },
          { kind: "news", news: { kind: "refreshed", expires } },
        ];
      }
      case "report":
        if (!done && status === 404) return lose(reason);
        // Refused for its content: it would be again.
        reported = content;
        lost = lost.filter((peerId) => !request.lost.includes(peerId));
        return [{ kind: "news", news: done ? { kind: "reported" } : { kind: "report-refused", status, reason } }];
      case "leave":
        return end({ kind: "left" });
      case "clear":
        clearing = false;
        cleared = true;
        return [];
    }
  }

  function joined(body: unknown, sentAt: number, recovery: boolean): MembershipEffect[] {
    const again = phase !== "joined" && wasMember;
    const overlay = objectAt(body, "overlay");
    const issued = [overlay, objectAt(body, "peer")].map((one) => one["ticket-id"]).find((one) => one !== undefined);
    // Issued as text or number, in overlay or in peer (E-HOMP-07); a recovery keeps the ticket that it showed.
    if (typeof issued === "number") ticketId = String(issued);
    else ticketId = typeof issued === "string" && issued !== "" ? issued : recovery ? ticketId : undefined;
    if (phase !== "joined" && !recovery) reported = contentOf(noPaths, []);
    phase = "joined";
    wasMember = true;
    recovering = false;
    cleared = false;
    const expires = prolong(body, sentAt);
    const entryPeers = contactsIn(overlay);
    return [
      { kind: "overlay", overlay },
      { kind: "grant", grant: grantIn(body) },
      { kind: "news", news: { kind: "joined", ticketId, expires, entryPeers, recovery, again } },
    ];
  }

  function notJoined(purpose: Purpose, status: number, reason: string, now: number): readonly MembershipEffect[] {
    if (purpose === "recover") {
      // The ticket counts no more, or there is nothing to recover: the way in is that of a newcomer.
      ticketId = undefined;
      recovering = false;
      return phase === "joined" ? lose(reason) : [];
    }
    // Counted in already, perhaps by a join whose answer was lost: recover by the ticket, else leave and join (E-HOMP-32).
    if (status === 409 && ticketId !== undefined) recovering = true;
    else if (status === 409 && !cleared) clearing = true;
    // Registered by an instance of this peer that had another password: it stays so until that lifetime ends (E-HOMP-38).
    else if (status === 409) return retry("join", reason, undefined, now);
    else if (wasMember && [400, 404, 410].includes(status)) return end({ kind: "gone", status, reason });
    else return end({ kind: "refused", status, reason });
    return [];
  }

  function postpone(purpose: Purpose, outcome: Extract<Outcome, { kind: "unavailable" }>, now: number) {
    if (outcome.uncertain && purpose !== "report") uncertain = true;
    return retry(purpose === "clear" ? "leave" : purpose, outcome.reason, outcome.retryAfterMs, now);
  }

  function retry(request: string, reason: string, retryAfterMs: number | undefined, now: number): MembershipEffect[] {
    failures += 1;
    let retryMs = pauseMs(failures, settings.backoff, random, retryAfterMs);
    // A member tries again in time, unless the HOMS says when.
    if (phase === "joined" && retryAfterMs === undefined && !leaving) {
      retryMs = Math.min(retryMs, Math.max((leaseEnds - now) / 3, settings.backoff.baseMs / 2));
    }
    notBefore = now + retryMs;
    return [{ kind: "news", news: { kind: "unavailable", request, reason, retryMs } }];
  }

  function take(event: MembershipEvent | { readonly type: "timer" }, now: number): readonly MembershipEffect[] {
    switch (event.type) {
      case "join":
        if (phase === "new") phase = "joining";
        return [];
      case "paths": {
        const alone = paths.primary.length > 0 && event.paths.primary.length === 0;
        const { lost: broken = [], ...lists } = event.paths;
        paths = lists;
        lost = [...new Set([...lost, ...broken])].slice(-MOST_LOST);
        // No candidate to take the place of the last primary path: the HOMS is asked for a way back in [6.2.8].
        if (settings.recoverAlone && alone && paths.outgoing.length + paths.incoming.length === 0 && phase === "joined")
          recovering = true;
        return [];
      }
      case "applications":
        // Both report [7.2.2] and refresh [7.2.3] are to tell of an application.
        applications = event.applications;
        refreshDue = 0;
        return [];
      case "recover":
        if (phase === "joined") recovering = true;
        return [];
      case "leave":
        // One attempt at once, whatever the pace was: the peer goes now.
        leaving = true;
        notBefore = 0;
        return [];
      case "answer": {
        const request = inFlight;
        inFlight = undefined;
        return request === undefined ? [] : answered(request, event.outcome, now);
      }
      case "timer":
        return [];
    }
  }

  return {
    get phase() {
      return phase;
    },
    get ticketId() {
      return ticketId;
    },
    get leaseEnds() {
      return phase === "joined" ? leaseEnds : undefined;
    },
    step(event, now) {
      const effects = take(event, now);
      return [...effects, ...proceed(now)];
    },
    nextTimer() {
      if (inFlight !== undefined || over() || phase === "new") return Number.POSITIVE_INFINITY;
      if (leaving || phase === "joining" || recovering || reportDue()) return notBefore;
      return Math.max(notBefore, Math.min(leaseEnds, refreshDue));
    },
  };
}

const contentOf = (paths: PeerPaths, applications: readonly string[]): string => JSON.stringify([paths, applications]);
