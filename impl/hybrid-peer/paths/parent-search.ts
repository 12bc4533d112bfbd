import { fraction } from "../../net/backoff.js";
import { Code, type PeerContact, type PrimaryAccepted } from "../core/message.js";
import { isBetterParent } from "./candidate-order.js";
import type { PathContext } from "./context.js";
import { createOfferCollection } from "./offer-collection.js";
import type { Path } from "./path.js";
import { makeRoomForParent } from "./primary.js";

/**
 * Looks for a parent, from the join or the loss of the last one until there is one [Q.4100 6, 7.2.2; facts b.5 to b.8]: outgoing
 * candidates first, the grandparent before the others; then HELLO to entry peers; then the HOMS is asked for more, with growing pauses.
 * A peer that finds nobody is the root, for as long as it finds nobody: it goes on looking.
 */
export interface ParentSearch {
  readonly searching: boolean;
  /** Everybody was asked, and nobody older is there. */
  readonly isRoot: boolean;
  begin(contacts: readonly PeerContact[]): void;
  parentLost(path: Path, reason: string): void;
  /** Entry peers from the HOMS. */
  contacts(contacts: readonly PeerContact[]): void;
  /** A new outgoing candidate. */
  offered(): void;
  /** 3200. */
  probed(path: Path): void;
  accepted(path: Path, answer: PrimaryAccepted): void;
  refused(path: Path): void;
  pathEnded(path: Path): void;
  stop(): void;
}

type Stop = () => void;

/** The next entry peer is tried while the one before has not led to a parent after this share of the longest wait. */
const OVERLAP_SHARE = 0.25;
/** So is it when the one before has taken the HELLO, and no offer has come; the last one's offers have longer. What comes later counts too. */
const OFFER_SHARE = 0.1;
const LAST_OFFER_SHARE = 0.35;
const LEAST_HEDGE_MS = 150;

export function createParentSearch(ctx: PathContext): ParentSearch {
  const { host, timers, table, settings } = ctx;
  /** Without a parent since this time of the host: for people, who count this peer's own stalls too. */
  let since: number | undefined;
  /** The candidates that there were when the parent was lost. */
  let standing: readonly Path[] = [];
  /** It had a parent, or has children: it is no newcomer. */
  let recovering = false;
  let isRoot = false;
  /** Counts searches and their rounds: who refused in this one is not asked again in it. */
  let round = 0;
  let rounds = 0;
  let queue: PeerContact[] = [];
  /** By PRIMARY; the value takes back the end of waiting. */
  const asked = new Map<Path, Stop>();
  /** HELLOs that the next one waits for. */
  let helloes = 0;
  const collection = createOfferCollection(
    ctx,
    () => table.outgoingCandidates.filter(({ refusedIn }) => refusedIn !== round),
    () => pursue(),
  );
  /** Until the next entry peer is tried. */
  let spacing: Stop | undefined;
  let hedge: Stop | undefined;
  let retry: Stop | undefined;
  /** The HOMS was asked in this round, and has until then. */
  let homsAsked: Stop | undefined;
  let homsAskedIn = -1;

  function reset(): void {
    for (const [path, stop] of asked) {
      path.lateAnswer = true;
      stop();
    }
    asked.clear();
    for (const stop of [spacing, hedge, retry, homsAsked]) stop?.();
    spacing = hedge = retry = homsAsked = undefined;
    collection.stop();
    queue = [];
  }

  /** Does what is to be done next, if anything; called whenever something has changed. */
  function pursue(): void {
    if (since === undefined || ctx.mesh || collection.isRunning || hedge !== undefined) return;
    const best = bestCandidate();
    if (best !== undefined) {
      ask(best);
      return;
    }
    if (spacing !== undefined || helloes > 0) return;
    const contact = queue.shift();
    if (contact !== undefined) {
      greet(contact);
      return;
    }
    if (asked.size > 0 || homsAsked !== undefined) return;
    if (homsAskedIn === round) settle();
    else askHoms();
  }

  /** Of the candidates that have not refused. */
  function bestCandidate(): Path | undefined {
    let best: Path | undefined;
    for (const path of table.outgoingCandidates)
      if (path.refusedIn !== round && !asked.has(path) && (best === undefined || isBetterParent(path, best, ctx)))
        best = path;
    return best;
  }

  function ask(path: Path): void {
    const own = ctx.data.bufferMap();
    const stop = timers.after(settings.answerMs, () => {
      asked.delete(path);
      ctx.end(path, "no answer to PRIMARY", "release");
      pursue();
    });
    asked.set(path, stop);
    // In a recovery a dead candidate must not cost more than a moment; who accepts second is released.
    const patience = recovering
      ? Math.max(LEAST_HEDGE_MS, settings.quietMs, 3 * (path.rttMs ?? 0))
      : settings.answerMs / 3;
    hedge = timers.after(Math.min(patience, settings.answerMs), () => {
      hedge = undefined;
      pursue();
    });
    path.link.send({ code: Code.primary, ...(own !== undefined && { bufferMap: own }) });
  }

  function noLongerAsked(path: Path): boolean {
    const stop = asked.get(path);
    if (stop === undefined) return false;
    stop();
    asked.delete(path);
    hedge?.();
    hedge = undefined;
    return true;
  }

  function greet(contact: PeerContact): void {
    const existing = table.get(contact.peerId);
    if (contact.peerId === ctx.membership.self.peerId || (existing && existing.kind !== "outgoing-candidate")) {
      pursue();
      return;
    }
    const wish = {
      connNum: settings.helloConnNum,
      // Further down with each round that led to nothing.
      ttl: settings.helloTtl * 2 ** Math.min(rounds, 4),
      verticalCandidate: false,
      // Where the only room is at younger peers, a newcomer has to displace one, too.
      recovery: recovering || rounds > 0,
    };
    // A candidate has refused: it may know somebody further down. Peers of the field would not keep the path.
    if (existing?.depth !== undefined) {
      ctx.hello.sayOn(existing, wish);
      awaitOffers();
      return;
    }
    if (existing !== undefined) ctx.end(existing, "refused, and is asked anew", "release");
    const mine = round;
    helloes += 1;
    let waits = true;
    // The next one is tried in overlap.
    const overlap = timers.after(OVERLAP_SHARE * settings.answerMs, () => {
      waits = false;
      helloes -= 1;
      pursue();
    });
    ctx.hello.say(contact, wish, (failure) => {
      overlap();
      if (waits) helloes -= 1;
      waits = false;
      if (failure !== undefined) {
        if (since === undefined) return;
        host.news({ kind: "entry-failed", peerId: contact.peerId, reason: failure });
        ctx.forget(contact.peerId);
        pursue();
        return;
      }
      if (since !== undefined && round === mine) awaitOffers();
    });
  }

  function awaitOffers(): void {
    spacing?.();
    const share = queue.length > 0 ? OFFER_SHARE : LAST_OFFER_SHARE;
    spacing = timers.after(Math.max(1.5 * settings.estabMs, share * settings.answerMs), () => {
      spacing = undefined;
      pursue();
    });
    collection.begin();
  }

  function askHoms(): void {
    homsAskedIn = round;
    const above = table.outgoingCandidates.filter(({ depth }) => depth !== undefined);
    queue = [...above.map(({ peerId, address = "" }) => ({ peerId, address })), ...ctx.knownContacts()];
    homsAsked = timers.after(settings.answerMs, () => {
      homsAsked = undefined;
      pursue();
    });
    host.recover();
    pursue();
  }

  function settle(): void {
    if (!isRoot) {
      isRoot = true;
      host.news({ kind: "root" });
      ctx.placeChanged();
    }
    if (retry !== undefined) return;
    const [first, most] = settings.retryMs;
    const pause = Math.min(most, first * 2 ** Math.min(rounds, 30)) * (0.5 + 0.5 * fraction(host.random));
    rounds += 1;
    retry = timers.after(pause, () => {
      retry = undefined;
      round += 1;
      pursue();
    });
  }

  function attach(path: Path, { bufferMap, parentPeer, depth }: PrimaryAccepted): void {
    const afterMs = since === undefined ? 0 : host.now() - since;
    const by = !standing.includes(path) ? "entry" : path.vertical ? "vertical" : "candidate";
    reset();
    since = undefined;
    standing = [];
    isRoot = false;
    rounds = 0;
    path.vertical = false;
    path.depth = depth;
    path.announced = true;
    table.change(path, "parent");
    host.news({ kind: "path", peerId: path.peerId, path: "parent", change: "up" });
    host.news({ kind: "attached", peerId: path.peerId, afterMs, by });
    makeRoomForParent(ctx);
    ctx.candidates.attached(parentPeer);
    ctx.placeChanged();
    ctx.data.primaryUp(path, bufferMap);
  }

  return {
    get searching() {
      return since !== undefined && !ctx.mesh;
    },
    get isRoot() {
      return isRoot;
    },
    begin(contacts) {
      reset();
      since = host.now();
      standing = [];
      recovering = table.children.length > 0;
      isRoot = false;
      rounds = 0;
      round += 1;
      // The HOMS has just been asked: by the join.
      homsAskedIn = round;
      queue = [...contacts];
      pursue();
    },
    parentLost(path, reason) {
      reset();
      since = host.now();
      standing = table.outgoingCandidates;
      recovering = true;
      round += 1;
      host.news({ kind: "orphaned", peerId: path.peerId, reason });
      pursue();
    },
    contacts(contacts) {
      if (since === undefined) return;
      homsAsked?.();
      homsAsked = undefined;
      const fresh = new Set(contacts.map(({ peerId }) => peerId));
      queue = [...contacts, ...queue.filter(({ peerId }) => !fresh.has(peerId))];
      pursue();
    },
    offered() {
      // The first offer of a HELLO opens the time of collecting, whichever comes first, it or the answer to the HELLO.
      if (since !== undefined && !recovering && helloes > 0) collection.begin();
      pursue();
    },
    probed: collection.probed,
    accepted(path, answer) {
      if (path.kind === "parent") {
        const deeper = path.depth !== answer.depth;
        path.depth = answer.depth;
        ctx.candidates.grandparent(answer.parentPeer);
        if (deeper) ctx.placeChanged();
      } else if (noLongerAsked(path)) {
        if (since === undefined) ctx.end(path, "accepted too late", "release");
        else attach(path, answer);
      } else if (path.lateAnswer) ctx.end(path, "accepted too late", "release");
    },
    refused(path) {
      path.refusedIn = round;
      path.allowsPrimary = false;
      path.lateAnswer = false;
      if (noLongerAsked(path)) pursue();
    },
    pathEnded(path) {
      const wasAsked = noLongerAsked(path);
      collection.pathEnded(path);
      if (wasAsked) pursue();
    },
    stop() {
      reset();
      since = undefined;
    },
  };
}
