import { createDice, type Dice } from "../../../hybrid-peer/test/simulation/random.js";

const MB = 1_000_000;

/** Capacities of a peer, in octets per second. */
export interface Capacity {
  readonly upload: number;
  readonly download: number;
}

/** How capacities are mixed. The source peer's comes first. */
export const mixes = {
  /** All alike, as on one campus. */
  homogeneous: () => ({ source: up(1, 4), peer: () => up(1, 4) }),
  /** Uploads from a quarter to four, downloads four times as fast, as on access lines. */
  heterogeneous: (dice: Dice) => ({
    source: up(4, 16),
    peer: () => {
      const upload = 0.25 * 2 ** dice.between(0, 4);
      return up(upload, Math.max(2, 4 * upload));
    },
  }),
  /** The source peer is the bottleneck. */
  "slow source": () => ({ source: up(0.5, 2), peer: () => up(2, 8) }),
  /** Four of five peers are slow. */
  "slow majority": (dice: Dice) => ({ source: up(8, 16), peer: () => (dice.chance(0.2) ? up(8, 16) : up(0.25, 2)) }),
  /** The peers' downloads are the bottleneck. */
  "slow downloads": () => ({ source: up(4, 8), peer: () => up(1.5, 1) }),
} satisfies Record<string, (dice: Dice) => { readonly source: Capacity; readonly peer: () => Capacity }>;

export type MixName = keyof typeof mixes;

function up(upload: number, download: number): Capacity {
  return { upload: upload * MB, download: download * MB };
}

/** One run, decided by its seed. */
export interface Plan {
  readonly seed: number;
  readonly mix: MixName;
  readonly octets: number;
  readonly fragmentSize: number;
  readonly source: Capacity;
  readonly peers: readonly Capacity[];
  /** Peers that break the rules, of each kind of behaviour. */
  readonly villains: number;
  /** Share of the peers that die on the way, and as many that come later. */
  readonly churn: number;
}

export function planOf(
  seed: number,
  options: {
    readonly mix: MixName;
    readonly peers: number;
    readonly octets: number;
    readonly fragmentSize: number;
    readonly villains?: number;
    readonly churn?: number;
  },
): Plan {
  const dice = createDice(seed);
  const mix = mixes[options.mix](dice);
  return {
    seed,
    mix: options.mix,
    octets: options.octets,
    fragmentSize: options.fragmentSize,
    source: mix.source,
    peers: Array.from({ length: options.peers }, () => mix.peer()),
    villains: options.villains ?? 0,
    churn: options.churn ?? 0,
  };
}

/** Seconds that nobody can be faster than: the source must send all once, the slowest must take all, all uploads must carry it to all. */
export function lowerBound(plan: Plan): number {
  const { octets, source, peers } = plan;
  const uploads = peers.reduce((sum, { upload }) => sum + upload, source.upload);
  const slowest = Math.min(...peers.map(({ download }) => download));
  return Math.max(octets / source.upload, octets / slowest, (peers.length * octets) / uploads);
}
