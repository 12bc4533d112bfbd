import { type Runner, run } from "../../ldmp/runner.js";
import type { Clock, Random } from "../../net/clock.js";
import type { PeerNetwork } from "../control/network.js";
import { HybridPeerError } from "../errors.js";
import type { HomsInterface, Outcome } from "./homs-interface.js";
import { createMembershipCore } from "./membership-core.js";
import type {
  MembershipEffect,
  MembershipEvent,
  MembershipGrant,
  MembershipIdentity,
  MembershipNews,
  MembershipPhase,
  MembershipRequest,
  MembershipSettings,
  PeerPaths,
} from "./membership-types.js";
import { type OverlayInfo, overlayInfo } from "./overlay-info.js";
import { createPeerList, type PeerList } from "./peer-list.js";

/** A peer's stay in one overlay network. */
export interface Membership {
  /** What is known of it, as of the latest answer. */
  readonly overlay: OverlayInfo;
  readonly phase: MembershipPhase;
  /** Shows the HOMS in a recovery that this peer was admitted before; undefined where none was issued (E-HOMP-07). */
  readonly ticketId: string | undefined;
  /** When the lifetime ends unless it is refreshed, in ms since the epoch; undefined while it is no member. */
  readonly expiresAt: number | undefined;
  /** Peers to connect to. */
  readonly peers: PeerList;
  /** Resolves when it is a member: at once when it is. @throws HybridPeerError ERR_REFUSED, ERR_CLOSED */
  joined(): Promise<void>;
  /**
   * Tells what paths this peer has now; the HOMS gets a report when they differ from the last ones it took [Q.4103 7.2.2]. When the last
   * primary path goes and no candidate can take its place, a recovery follows by itself [6.2.8].
   */
  report(paths: PeerPaths): void;
  /** Asks the HOMS for entry peers to find back into the overlay, by the ticket [6.2.5]. */
  recover(): void;
  /** Its paths and data in the overlay network; undefined where the peer is overlay management alone. */
  readonly network?: PeerNetwork;
  /** Leaves. Resolves when the HOMS has confirmed it, or was waited for long enough: then the lifetime runs out there. */
  leave(): Promise<void>;
}

/** What the peer that it belongs to uses beside. */
export interface OwnMembership extends Membership {
  start(): void;
  attach(applications: readonly string[]): void;
}

/** What a membership needs of its paths and data. */
export interface MembershipNetwork {
  readonly network: PeerNetwork;
  /** Before the news of the join or refresh that brought it. */
  granted(grant: MembershipGrant): void;
  leave(): void;
}

export interface MembershipOptions {
  readonly identity: MembershipIdentity;
  readonly overlay: OverlayInfo;
  readonly homs: HomsInterface;
  readonly settings: MembershipSettings;
  readonly leastContacts: number;
  readonly leaveMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Its paths and data, which end with it. */
  readonly network: MembershipNetwork | undefined;
  readonly onNews: (news: MembershipNews) => void;
}

export function createMembership(options: MembershipOptions): OwnMembership {
  const { identity, homs, clock } = options;
  let overlay = options.overlay;
  const core = createMembershipCore(options);
  const hopes: { resolve(): void; reject(error: HybridPeerError): void }[] = [];
  const ending = new AbortController();
  let ended: (() => void) | undefined;
  let leaving: Promise<void> | undefined;
  const peers = createPeerList(identity.peerId, options.leastContacts, () => runner.dispatch({ type: "recover" }));

  const settle = (news: MembershipNews): void => {
    const over = "status" in news && news.kind !== "report-refused" ? news : undefined;
    if (news.kind === "joined") for (const { resolve } of hopes.splice(0)) resolve();
    if (over) {
      const error = new HybridPeerError("ERR_REFUSED", over.reason, over.status);
      for (const { reject } of hopes.splice(0)) reject(error);
    }
    if (news.kind === "left") for (const { reject } of hopes.splice(0)) reject(closed());
    if (over || news.kind === "left") ended?.();
    if (news.kind === "refused") options.network?.leave();
  };
  const perform = (effect: MembershipEffect): void => {
    switch (effect.kind) {
      case "send": {
        const timeoutMs = Math.min(effect.timeoutMs ?? options.timeoutMs, options.timeoutMs);
        ask(homs, effect.request, timeoutMs, ending.signal).then(
          (outcome) => runner.dispatch({ type: "answer", outcome }),
          // What no HOMS would take: the caller's own texts break the format of the message.
          (error: Error) =>
            runner.dispatch({ type: "answer", outcome: { kind: "refused", status: 400, reason: error.message } }),
        );
        return;
      }
      case "overlay":
        overlay = overlayInfo(effect.overlay, overlay);
        return;
      case "grant":
        options.network?.granted(effect.grant);
        return;
      case "news":
        if (effect.news.kind === "joined") peers.learn(effect.news.entryPeers);
        options.onNews(effect.news);
        settle(effect.news);
    }
  };
  const runner: Runner<MembershipEvent> = run<MembershipEvent, MembershipEffect>(core, clock, perform);
  const isOver = () => core.phase === "refused" || core.phase === "gone" || core.phase === "left";

  const leave = async (): Promise<void> => {
    if (!isOver()) {
      const confirmed = new Promise<void>((resolve) => {
        ended = resolve;
      });
      runner.dispatch({ type: "leave" });
      // The HOMS first, so that it sends nobody here any more; but the neighbours need not wait long for it.
      await within(confirmed, Math.min(options.leaveMs, FAREWELL_MS));
      options.network?.leave();
      await within(confirmed, options.leaveMs);
    }
    options.network?.leave();
    runner.stop();
    ending.abort();
    for (const { reject } of hopes.splice(0)) reject(closed());
  };

  return {
    get overlay() {
      return overlay;
    },
    get phase() {
      return core.phase;
    },
    get ticketId() {
      return core.ticketId;
    },
    get expiresAt() {
      return core.leaseEnds;
    },
    peers,
    ...(options.network && { network: options.network.network }),
    start: () => runner.dispatch({ type: "join" }),
    joined() {
      if (core.phase === "joined") return Promise.resolve();
      if (leaving !== undefined || isOver()) return Promise.reject(closed());
      return new Promise((resolve, reject) => hopes.push({ resolve, reject }));
    },
    report: (paths) => runner.dispatch({ type: "paths", paths }),
    recover: () => runner.dispatch({ type: "recover" }),
    attach: (applications) => runner.dispatch({ type: "applications", applications }),
    leave() {
      leaving ??= leave();
      return leaving;
    },
  };
}

/** How long neighbours wait for the HOMS when this peer leaves, in ms. */
const FAREWELL_MS = 300;

async function within(event: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, enough]);
  clearTimeout(timer);
}

const closed = () => new HybridPeerError("ERR_CLOSED", "this membership is over");

function ask(
  homs: HomsInterface,
  request: MembershipRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const bounds = { timeoutMs, signal };
  switch (request.kind) {
    case "join":
      return homs.ask((client, options) => client.HybridOverlayJoin(request, options), bounds);
    case "refresh":
      return homs.ask((client, options) => client.HybridOverlayRefresh(request, options), bounds);
    case "report":
      return homs.ask((client, options) => client.HybridOverlayReport(request, options), bounds);
    case "leave":
      return homs.ask((client, options) => client.HybridOverlayLeave(request, options), bounds);
  }
}
