import { type CoreSettings, defaultCoreSettings } from "../../core/settings.js";
import type { EntryPolicy } from "./homs.js";
import type { Weather } from "./network.js";
import { createDice, type Dice } from "./random.js";

/** What goes wrong, or changes, in a run. */
export type DisturbanceKind =
  | "join"
  | "leave"
  /** The process ends: the system closes its connections. */
  | "kill"
  /** The machine is gone: nobody is told. */
  | "crash"
  /** SIGSTOP, and SIGCONT after `ms`. */
  | "pause"
  | "partition"
  | "break-links"
  | "homs-down"
  /** The HOMS has forgotten a peer, which joins anew. */
  | "lapse"
  | "kill-root"
  /** Half of all peers at once. */
  | "kill-half";

export interface Disturbance {
  readonly at: number;
  readonly kind: DisturbanceKind;
  /** How long it lasts, where it does. */
  readonly ms: number;
}

/** All that a seed decides before a run begins; what happens in it is decided by a stream of the same seed. */
export interface Plan {
  readonly seed: number;
  readonly type: "core" | "sub";
  readonly subType: "tree" | "mesh";
  readonly recoveryBy: "push" | "pull" | undefined;
  readonly peers: number;
  /** The first peers join within so many ms. */
  readonly joinWithin: number;
  readonly entry: { readonly policy: EntryPolicy; readonly count: number };
  readonly leaseMs: number;
  readonly weather: Weather;
  readonly wire: "none" | "p23" | "p22";
  readonly settings: CoreSettings;
  /** Longest a due tick is late. */
  readonly tickLate: number;
  readonly disturbances: readonly Disturbance[];
  /** Everything works again from here on. */
  readonly quietAt: number;
  /** Mean pause between two messages of one peer. */
  readonly publishEvery: number;
}

const kinds: readonly (readonly [DisturbanceKind, weight: number])[] = [
  ["join", 20],
  ["leave", 10],
  ["kill", 20],
  ["crash", 10],
  ["pause", 15],
  ["partition", 8],
  ["break-links", 10],
  ["homs-down", 6],
  ["lapse", 4],
  ["kill-root", 6],
  ["kill-half", 2],
];

/** The first second or two belong to the joins. */
const calm = 2500;

export function planOf(seed: number): Plan {
  const dice = createDice(seed);
  const kind = dice.whole(1, 100);
  const subType = kind <= 85 ? "tree" : "mesh";
  const storm = dice.between(2000, 12_000);
  const disturbances = Array.from({ length: dice.whole(0, 10) }, () => ({
    at: calm + dice.fraction() * storm,
    kind: weighted(dice),
    ms: dice.chance(0.3) ? dice.between(2000, 6000) : dice.between(100, 2000),
  })).sort((a, b) => a.at - b.at);
  const maxPrimary = dice.pick([2, 2, 3, 4, 5]);
  return {
    seed,
    type: kind <= 70 ? "core" : "sub",
    subType,
    recoveryBy: subType === "mesh" ? "pull" : dice.pick(["push", "push", "pull", "pull", undefined]),
    peers: dice.whole(2, 12),
    joinWithin: dice.chance(0.3) ? 5 : 1500,
    entry: {
      policy: subType === "mesh" ? "random" : dice.pick(["room", "room", "room", "nearest", "random"]),
      count: dice.whole(2, 6),
    },
    leaseMs: dice.pick([4000, 8000, 30_000]),
    weather: {
      delay: dice.pick([0.1, 1, 10, 40]),
      jitter: dice.pick([0.1, 5, 40]),
      connectMs: 3000,
      slowRate: dice.pick([20, 200]),
      slowShare: dice.pick([0, 0, 0.2]),
      maxQueued: 8 * 1024 * 1024,
    },
    wire: dice.pick(["none", "none", "p23", "p22"]),
    settings: {
      ...defaultCoreSettings,
      maxPrimary,
      // A mesh is made of them.
      outgoingCandidates: subType === "mesh" ? dice.whole(2, 4) : dice.whole(0, 3),
      maxIncomingCandidates: subType === "mesh" ? 30 : dice.pick([3, 30]),
      estabMs: dice.pick([0, 200]),
      probeMs: dice.chance(0.2) ? 300 : 0,
      order: dice.pick(["arrival", "source"]),
      maxFramePayload: dice.pick([60_000, 500]),
    },
    tickLate: dice.pick([0, 2, 30]),
    disturbances,
    quietAt: Math.max(calm + 1500, ...disturbances.map(({ at, ms }) => at + ms)),
    publishEvery: dice.pick([300, 1500]),
  };
}

function weighted(dice: Dice): DisturbanceKind {
  let left = dice.whole(
    1,
    kinds.reduce((sum, [, weight]) => sum + weight, 0),
  );
  for (const [kind, weight] of kinds) {
    left -= weight;
    if (left <= 0) return kind;
  }
  return "kill";
}
