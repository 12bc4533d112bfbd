import { type Network, type Place, samePrefix } from "./network.js";
import type { DistanceClass, UnisPolicy } from "./policy.js";

/** Milliseconds there and back that stand in for a measurement: only their order and rough size matter. */
export const usualRoundTrip: Readonly<Record<DistanceClass, number>> = {
  "same-host": 0.1,
  "same-prefix": 2,
  "same-as": 15,
  "neighbour-as": 40,
  "other-as": 100,
  unknown: 150,
};

/** More than any cost. */
const penalty = 10_000_000_000;

/** What two places have in common, and what the way between them costs the ISP. */
export interface Way {
  readonly class: DistanceClass;
  readonly cost: number;
}

/** Judges ways by the tables and the policy of the ISP [X.609.10 8.3 a]. */
export class Judge {
  readonly #network: Network;
  readonly #policy: UnisPolicy;
  readonly #pairs = new Map<number, Map<number, number>>();

  constructor(network: Network, policy: UnisPolicy) {
    this.#network = network;
    this.#policy = policy;
    for (const { from, to, cost } of policy.pairs) {
      const costs = this.#pairs.get(from) ?? new Map<number, number>();
      this.#pairs.set(from, costs.set(to, cost));
    }
  }

  /** The way from one place to another; `undefined` is a place that is not known. */
  way(from: Place | undefined, to: Place | undefined): Way {
    const { classes, relations } = this.#policy;
    const plain = (name: DistanceClass): Way => ({ class: name, cost: classes[name] });
    if (from === undefined || to === undefined) return plain("unknown");
    if (samePrefix(from, to)) return plain(sameHost(from, to) ? "same-host" : "same-prefix");
    if (from.systems.length === 0 || to.systems.length === 0) return plain("unknown");
    // A prefix with several origins is near to what any of them is near to.
    const ways = from.systems.flatMap((system) => to.systems.map((other) => this.#wayOf(system, other, relations)));
    return ways.reduce((best, way) => (way.cost < best.cost ? way : best));
  }

  #wayOf(system: number, other: number, relations: UnisPolicy["relations"]): Way {
    const { classes } = this.#policy;
    const relation = this.#network.relation(system, other);
    const name = system === other ? "same-as" : relation === undefined ? "other-as" : "neighbour-as";
    const special = this.#pairs.get(system)?.get(other);
    const extra = name === "neighbour-as" && relation !== undefined ? relations[relation] : 0;
    return { class: name, cost: special ?? classes[name] + extra };
  }

  /**
   * The distance of a way: its cost, then, below one, its round trip. Wishes of the asking peer come before the cost, where the
   * policy honours them: each unmet one outweighs all that follow, and low-rtt puts the round trip in the place of the cost.
   */
  distance(way: Way, roundTrip: number | undefined, prefer: readonly string[]): number {
    const milliseconds = roundTrip ?? usualRoundTrip[way.class];
    const plain = way.cost + milliseconds / (milliseconds + 1000);
    if (this.#policy.preferences === "ignore") return plain;
    let unmet = 0;
    for (const [index, word] of prefer.entries()) {
      if (word === "low-rtt") return unmet + milliseconds;
      const near = nearBy[word];
      if (near !== undefined && !near.includes(way.class)) unmet += penalty * 2 ** (15 - Math.min(index, 15));
    }
    return unmet + plain;
  }
}

/** The classes that meet a wish. */
const nearBy: Readonly<Record<string, readonly DistanceClass[]>> = {
  "same-prefix": ["same-host", "same-prefix"],
  "same-as": ["same-host", "same-prefix", "same-as"],
};

function sameHost(a: Place, b: Place): boolean {
  return a.octets.length === b.octets.length && a.octets.every((octet, index) => octet === b.octets[index]);
}
