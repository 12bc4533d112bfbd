import type {
  DistanceQuery,
  Distances,
  MeasurementReceipt,
  MeasurementReport,
  PeerDistance,
} from "../../generated/unis/types.js";
import type { Clock } from "../net/clock.js";
import { addressOf, blockOf, isLoopback, type Octets, octetsOf } from "./address.js";
import { Judge } from "./distance.js";
import { type Journal, Measurements, pairOf } from "./measurements.js";
import { Network, type Place, samePrefix } from "./network.js";
import { defaultPolicy, type UnisPolicy } from "./policy.js";
import type { UnisLimits, UnisSettings } from "./settings.js";

/** Why a report is not taken: 400 an address that is none, 403 one of another network. */
export interface Fault {
  readonly status: 400 | 403;
  readonly member: string;
  readonly clause: string;
  readonly detail: string;
}

/** What a UNIS knows and decides, without I/O [X.609.10 8.3, 8.4]. */
export class UnisCore {
  readonly settings: UnisSettings;
  readonly limits: UnisLimits;
  readonly measurements: Measurements;
  readonly #clock: Clock;
  #network = new Network();
  #judge = new Judge(this.#network, defaultPolicy);

  constructor(options: { settings: UnisSettings; limits: UnisLimits; clock: Clock; journal: Journal }) {
    this.settings = options.settings;
    this.limits = options.limits;
    this.#clock = options.clock;
    this.measurements = new Measurements(options.settings, options.limits, options.journal);
  }

  get network(): Network {
    return this.#network;
  }

  /** Takes other tables and another policy into use. */
  use(network: Network, policy: UnisPolicy): void {
    this.#network = network;
    this.#judge = new Judge(network, policy);
  }

  /** The peers in order of their distance [X.609.10 8.3, 8.4 c, E-DS-31]. */
  order({ peer, peers, preferences }: DistanceQuery): Distances {
    const now = this.#clock.now();
    const from = this.#placeOf(peer.address);
    const prefer = preferences?.prefer ?? [];
    const found = peers.map(({ peer_id, address }): PeerDistance => {
      const to = this.#placeOf(address);
      const way = this.#judge.way(from, to);
      const trip =
        from === undefined || to === undefined || way.class === "same-host"
          ? undefined
          : this.measurements.median(pairOf(from.prefix, to.prefix), now);
      return {
        peer_id,
        distance: this.#judge.distance(way, trip, prefer),
        class: way.class,
        ...(trip === undefined ? {} : { round_trip: trip }),
      };
    });
    found.sort((a, b) => a.distance - b.distance);
    return {
      peer: preferences?.max === undefined ? found : found.slice(0, preferences.max),
      update_request_interval: this.settings.updateRequestInterval,
    };
  }

  /**
   * Weighs what a peer measured.
   *
   * @param remote the address that the report came from: who reports is judged by it, since it cannot be made up
   */
  report({ peer, round_trip: trips }: MeasurementReport, remote: string): MeasurementReceipt | Fault {
    const at = "/measurements/peer/address";
    const own = addressOf(peer.address);
    if (own === undefined) return { status: 400, member: at, clause: "8.4", detail: "this is no IP address" };
    const here = this.#network.place(own);
    const reporter = this.#reporterOf(octetsOf(remote), here, peer.peer_id);
    if (reporter === undefined) {
      return { status: 403, member: at, clause: "8.4", detail: "the report comes from another network than this" };
    }
    const now = this.#clock.now();
    let taken = 0;
    for (const { address, milliseconds } of trips) {
      const there = this.#placeOf(address);
      if (there === undefined || sameOctets(there.octets, own)) continue;
      this.measurements.add(pairOf(here.prefix, there.prefix), reporter, milliseconds, now);
      taken++;
    }
    return { taken, report_interval: this.settings.reportInterval };
  }

  /**
   * Who has a voice: one address, or the block that one host has of IPv6. On loopback, where a laboratory has all its peers and a
   * proxy its clients, the peer and the address that it gives.
   */
  #reporterOf(remote: Octets | undefined, here: Place, peerId: string): string | undefined {
    if (remote === undefined) return undefined;
    if (isLoopback(remote)) return `${blockOf(here.octets, here.octets.length * 8)} ${peerId}`;
    const there = this.#network.place(remote);
    const near = samePrefix(there, here) || there.systems.some((system) => here.systems.includes(system));
    return near ? blockOf(remote, remote.length === 4 ? 32 : 64) : undefined;
  }

  #placeOf(address: string): Place | undefined {
    const octets = addressOf(address);
    return octets === undefined ? undefined : this.#network.place(octets);
  }
}

function sameOctets(a: Octets, b: Octets): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
