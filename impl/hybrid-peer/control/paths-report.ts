import type { Clock } from "../../net/clock.js";
import type { PeerPaths } from "../overlay/membership-types.js";

/** What is told of the paths, and how often. */
export interface PathsReport {
  paths(paths: PeerPaths): void;
  /** A path to this peer broke without a farewell [Q.4100 7.3.2.2]. */
  lost(peerId: string): void;
  stop(): void;
}

/** Changes that come closer together than this, in ms, are told in one. */
const PAUSE_MS = 250;
/** Lost peers that one report names; the HOMS takes no more (E-HP2P-17). */
const MOST_LOST = 64;

/** The first change is told at once, those that follow it closely are gathered: a tree that is shaken does not flood its HOMS. */
export function createPathsReport(clock: Clock, tell: (paths: PeerPaths) => void): PathsReport {
  let latest: PeerPaths = { primary: [], outgoing: [], incoming: [] };
  let lost = new Set<string>();
  let told = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const now = (): void => {
    timer = undefined;
    told = clock.now();
    const named = [...lost].slice(-MOST_LOST);
    lost = new Set();
    tell(named.length > 0 ? { ...latest, lost: named } : latest);
  };
  const soon = (): void => {
    if (timer !== undefined) return;
    // Not at once even where the pause is over: one event of the network changes several lists.
    timer = setTimeout(now, Math.max(0, told + PAUSE_MS - clock.now()));
  };
  return {
    paths(paths) {
      latest = paths;
      soon();
    },
    lost(peerId) {
      lost.add(peerId);
      soon();
    },
    stop: () => clearTimeout(timer),
  };
}
