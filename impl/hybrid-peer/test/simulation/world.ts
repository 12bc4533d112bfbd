import type { CoreNews } from "../../core/ports.js";
import { createSimulatedHoms } from "./homs.js";
import { loopFault, memoryFault, meshFault, pathFault, treeFault } from "./invariants.js";
import { createJournal } from "./journal.js";
import { createNetwork, type Host } from "./network.js";
import { type CoreFactory, REFRESH_SHARE, SimulatedPeer, type Surroundings } from "./peer.js";
import type { Disturbance, Plan } from "./plan.js";
import { createDice } from "./random.js";
import { createSchedule } from "./schedule.js";
import { createWire } from "./wire.js";

/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  /** The first thing that was wrong. */
  readonly fault: string | undefined;
  /** Simulated ms until the fault, or the end. */
  readonly at: number;
  readonly events: number;
  readonly published: number;
  readonly deliveries: number;
  /** From the loss of a parent to the next one, where nothing hindered, in simulated ms. */
  readonly recoveries: readonly number[];
  /** From the end of all disturbances to one tree, or mesh, in simulated ms. */
  readonly settledAfter: number | undefined;
  /** Of all that happened, in order: the same for two runs of a seed. */
  readonly fingerprint: number;
}

/** Longest time after the last disturbance until there is one tree, beside the lease of the dead. */
const SETTLE_MS = 30_000;
/** Who finds a place may put others out of theirs: so long has everybody to stay. */
const CALM_MS = 3000;
/** Longest time after that until everything is where it must be. */
const DELIVERY_MS = 15_000;
/** Longest time without a parent when nothing hinders, beside the lease of the dead. */
const ORPHAN_MS = 15_000;

/** Runs one plan to its end, or to the first fault. */
export function runPlan(plan: Plan, createCore: CoreFactory, trace?: (line: string) => void): Outcome {
  const dice = createDice(plan.seed ^ 0x5eed);
  const schedule = createSchedule();
  const network = createNetwork(schedule, dice.fork(), plan.weather, createWire(plan.wire));
  const homs = createSimulatedHoms(dice.fork(), {
    ...plan.entry,
    maxPrimary: plan.settings.maxPrimary,
    leaseMs: plan.leaseMs,
    mesh: plan.subType === "mesh",
  });
  const homsHost: Host = {
    name: "homs",
    state: "up",
    look: (action) => action(),
    accepted: () => undefined,
    received: () => undefined,
    closed: () => undefined,
  };
  const journal = createJournal(plan.settings.order === "source");
  const peers: SimulatedPeer[] = [];
  const byName = new Map<string, SimulatedPeer>();
  const recoveries: number[] = [];
  let fault: string | undefined;
  let faultAt = 0;
  /** The last time anything was wrong with the network, the HOMS or a process. */
  let hinderedAt = 0;
  let hindrances = 0;
  let fingerprint = 0;
  /** The last time anybody got, or lost, a parent. */
  let movedAt = 0;

  const fail = (what: string): void => {
    if (fault !== undefined) return;
    fault = what;
    faultAt = schedule.now;
    trace?.(`${schedule.now.toFixed(1).padStart(9)} FAULT ${what}`);
  };
  const note = (what: string): void => {
    for (let index = 0; index < what.length; index++)
      fingerprint = (Math.imul(fingerprint, 31) + what.charCodeAt(index)) | 0;
    fingerprint = (Math.imul(fingerprint, 31) + Math.round(schedule.now * 1000)) | 0;
  };

  const around: Surroundings = {
    schedule,
    network,
    homs,
    homsHost,
    leaseMs: plan.leaseMs,
    tickLate: plan.tickLate,
    settings: plan.settings,
    membership: {
      overlayId: "overlay",
      type: plan.type,
      subType: plan.subType,
      heartbeatIntervalMs: 6000,
      heartbeatTimeoutMs: 20_000,
      recoveryBy: plan.recoveryBy,
      cacheMessages: plan.recoveryBy === undefined ? 0 : 2000,
      cacheMs: 0,
    },
    sourcePeer: plan.type === "sub" ? "p1" : undefined,
    createCore,
    find: (peerId) => byName.get(peerId),
    fail,
    trace: (peer, what) => trace?.(`${schedule.now.toFixed(1).padStart(9)} ${peer.name.padEnd(4)} ${what()}`),
    delivered(peer, delivery) {
      note(`${peer.name}${delivery.source}${delivery.sequence}`);
      around.trace(peer, () => `is given ${delivery.source} ${delivery.sequence}, ${delivery.missing} missing`);
      const wrong = journal.delivered(peer, delivery);
      if (wrong !== undefined) fail(wrong);
    },
    news(peer, news) {
      note(`${peer.name}${news.kind}`);
      if (news.kind === "root" || news.kind === "attached") peer.placedAt ??= schedule.now;
      judgeNews(peer, news);
    },
  };

  function judgeNews(peer: SimulatedPeer, news: CoreNews): void {
    if (news.kind === "path" && news.path === "parent") {
      movedAt = schedule.now;
      if (news.change === "up") peer.placedAt ??= schedule.now;
    }
    if (news.kind === "data-lost" && plan.recoveryBy !== undefined && isSound(news.source)) {
      fail(`${peer.name} gave up ${news.source} ${news.from} to ${news.to}`);
    }
    if (news.kind !== "attached" || hindrances > 0 || schedule.now - news.afterMs < hinderedAt) return;
    recoveries.push(news.afterMs);
    if (news.afterMs > ORPHAN_MS + plan.leaseMs) fail(`${peer.name} had no parent for ${news.afterMs} ms`);
  }

  /** A source that is there from beginning to end: what it says is never lost. */
  const isSound = (name: string): boolean => byName.get(name)?.isAlive === true;

  function addPeer(): void {
    const name = `p${peers.length + 1}`;
    const peer = new SimulatedPeer(name, around, dice.fork());
    peers.push(peer);
    byName.set(name, peer);
    publishNow(peer, dice.fork());
  }

  function publishNow(peer: SimulatedPeer, own: ReturnType<typeof createDice>): void {
    if (plan.type === "sub" && peer.name !== "p1") return;
    schedule.after(own.between(0.2, 1.8) * plan.publishEvery, () => {
      if (!peer.isAlive || schedule.now > plan.quietAt + 2000) return;
      if (peer.state === "up" && peer.isMember && peer.placedAt !== undefined) {
        journal.publish(peer, own.chance(0.9) ? own.whole(10, 200) : own.whole(200, 3000), schedule.now);
      }
      publishNow(peer, own);
    });
  }

  const living = (): readonly SimulatedPeer[] => peers.filter((peer) => peer.isMember);

  function hinder(ms: number, end: () => void): void {
    hindrances++;
    schedule.after(ms, () => {
      hindrances--;
      hinderedAt = schedule.now;
      end();
    });
  }

  /** Someone who may go: not the only source of a sub-overlay, and never the last two. */
  function victims(count: number): readonly SimulatedPeer[] {
    const all = living().filter(({ name }) => plan.type === "core" || name !== "p1");
    const chosen: SimulatedPeer[] = [];
    while (chosen.length < count && living().length - chosen.length > 2) {
      const left = all.filter((peer) => !chosen.includes(peer));
      if (left.length === 0) break;
      chosen.push(dice.pick(left));
    }
    return chosen;
  }

  function disturb({ kind, ms }: Disturbance): void {
    trace?.(`${schedule.now.toFixed(1).padStart(9)} ==== ${kind} ${ms.toFixed(0)}`);
    const [one] = victims(1);
    if (kind === "join") addPeer();
    else if (kind === "leave") one?.state === "up" && one.leave();
    else if (kind === "kill") one?.end(true);
    else if (kind === "crash") one?.end(false);
    else if (kind === "kill-half") for (const peer of victims(living().length >> 1)) peer.end(true);
    else if (kind === "kill-root") {
      const [root] = living();
      if (root !== undefined && living().length > 2 && plan.type === "core") root.end(true);
    } else if (kind === "pause") {
      const peer = dice.pick(living());
      peer.pause();
      hinder(ms, () => peer.resume());
    } else if (kind === "break-links") {
      for (let left = dice.whole(1, 4); left > 0; left--) network.breakLink(dice);
    } else if (kind === "homs-down") {
      homs.isUp = false;
      hinder(ms, () => {
        homs.isUp = true;
      });
    } else if (kind === "lapse") one?.lapse();
    else {
      const salt = dice.fork();
      const left = new Set<Host>([...peers, homsHost].filter(() => salt.chance(0.5)));
      network.split((host) => left.has(host));
      hinder(ms, () => network.heal());
    }
  }

  /** Looks at everything that must hold at any time. */
  function watch(): void {
    const members = living();
    for (const peer of members) {
      const wrong =
        (peer.isChanged ? pathFault(peer, plan.settings, plan.subType) : undefined) ??
        memoryFault(peer, {
          cachedMessages: plan.recoveryBy === undefined ? 0 : 2000 * peers.length,
          cachedOctets: plan.settings.maxCacheOctets,
          links: plan.settings.maxLinks,
          openLinks: 0,
        });
      if (wrong !== undefined) fail(wrong);
    }
    if (members.some(({ isChanged }) => isChanged)) {
      const wrong = plan.subType === "tree" ? loopFault(members) : undefined;
      if (wrong !== undefined) fail(wrong);
    }
    for (const peer of members) peer.isChanged = false;
  }

  const shapeFault = (all: boolean): string | undefined => {
    if (peers.some((peer) => peer.isAlive && !peer.isMember)) return "a peer has not joined";
    return plan.subType === "tree" ? treeFault(living(), all) : meshFault(living());
  };

  /** Goes on in steps, until there is nothing left to wait for, the time is over, or something is wrong. */
  function goOn(until: number, step: number, waitsFor?: () => string | undefined): string | undefined {
    let wanting = waitsFor?.();
    while (fault === undefined && schedule.now < until && (waitsFor === undefined || wanting !== undefined)) {
      try {
        schedule.runUntil(Math.min(until, schedule.now + step));
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
      }
      watch();
      wanting = waitsFor?.();
    }
    return wanting;
  }

  for (let count = 0; count < plan.peers; count++) {
    if (count === 0) addPeer();
    else schedule.after(dice.fraction() * plan.joinWithin, addPeer);
  }
  for (const disturbance of plan.disturbances) schedule.at(disturbance.at, () => disturb(disturbance));
  goOn(plan.quietAt, 50);

  // Silence is noticed after a while, and the loss of a membership at the next refresh.
  const forgets = plan.disturbances.some(({ kind }) => ["homs-down", "partition", "pause"].includes(kind));
  goOn(plan.quietAt + plan.settings.silenceMs + (forgets ? REFRESH_SHARE * plan.leaseMs + 1000 : 0), 250);
  const unsettled = goOn(
    plan.quietAt + plan.leaseMs + SETTLE_MS,
    250,
    () => shapeFault(true) ?? (schedule.now - movedAt < CALM_MS ? "parents still change" : undefined),
  );
  const settledAt = unsettled === undefined ? Math.max(plan.quietAt, movedAt) : schedule.now;
  if (unsettled !== undefined)
    fail(`not settled ${(settledAt - plan.quietAt).toFixed(0)} ms after all is quiet: ${unsettled}`);
  // What is published now must come everywhere even without recovery; what was published before, with it.
  goOn(Math.max(schedule.now, plan.quietAt + 2000) + 1000, 250);
  const finale = schedule.now;
  if (fault === undefined) {
    for (const peer of living()) if (plan.type === "core" || peer.name === "p1") journal.publish(peer, 50, finale);
  }
  const lacking = goOn(finale + DELIVERY_MS, 250, () => {
    const staying = living();
    return journal.missing(staying, plan.recoveryBy === undefined ? finale : 0)[0];
  });
  if (lacking !== undefined) fail(lacking);
  const changed = shapeFault(false);
  if (changed !== undefined) fail(`after it had settled: ${changed}`);
  for (const peer of living()) {
    const open = network.openLinks(peer).length;
    // Some may be on the way to becoming paths.
    if (open > peer.core.paths().length + 4)
      fail(`${peer.name} has ${open} links open and ${peer.core.paths().length} paths`);
  }
  return {
    seed: plan.seed,
    fault,
    at: fault === undefined ? schedule.now : faultAt,
    events: schedule.events,
    published: journal.published,
    deliveries: journal.deliveries,
    recoveries,
    settledAfter: unsettled === undefined ? settledAt - plan.quietAt : undefined,
    fingerprint,
  };
}
