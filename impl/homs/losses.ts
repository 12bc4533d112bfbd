import type { Logger } from "../net/logger.js";
import type { HomsEvents } from "./events.js";
import type { Overlay, Peer } from "./overlay.js";
import { type ProbeTarget, probeTarget } from "./probe-target.js";
import type { Registry } from "./registry.js";

export interface LossSettings {
  /** How long a suspect has to stay silent before it is looked at, in ms. */
  readonly confirmMs: number;
  /** A suspicion that nothing confirms is given up after this, in ms. */
  readonly giveUpMs: number;
  /** Suspects at a time; more are not taken up. */
  readonly suspects: number;
  /** Addresses tried at a time. */
  readonly probes: number;
}

export const defaultLossSettings: LossSettings = { confirmMs: 5000, giveUpMs: 30_000, suspects: 1000, probes: 64 };

/** Whether something accepts connections there. */
export type Probe = (target: ProbeTarget) => Promise<boolean>;

interface Suspicion {
  readonly overlay: Overlay;
  readonly suspect: Peer;
  /** None where the suspect is doubted only because it vouches for another one. */
  readonly accusers: Set<string>;
  /** Neighbours that were doubted for this one's sake; once each. */
  readonly doubted: Set<Peer>;
  readonly since: number;
  probing: boolean;
}

interface LossWatchOptions {
  readonly registry: Registry;
  readonly events: HomsEvents;
  readonly logger: Logger;
  readonly settings: LossSettings;
  /** Without it no address is tried. */
  readonly probe: Probe | undefined;
}

/**
 * Peers that others reported as lost [Q.4100 7.3.2.2] (E-HP2P-17, E-HOMP-53 B), and what becomes of them.
 *
 * A reporter may be wrong, or lie, so its word removes nobody. A suspect is removed if it stays silent for `confirmMs`, and no peer that
 * it called its neighbour still reports a path to it, and either its address, which took connections before, takes none any more, or two
 * peers lost it. Only addresses on the host that the peer itself spoke from are tried: nobody can make the HOMS connect elsewhere.
 */
export class LossWatch {
  readonly #suspicions = new Map<Peer, Suspicion>();
  /** Peers whose address was not tried yet. */
  readonly #unmet = new Set<Peer>();
  readonly #options: LossWatchOptions;
  #probes = 0;

  constructor(options: LossWatchOptions) {
    this.#options = options;
  }

  /** The peer has paths now. Whether its address takes connections is found out while it surely lives. */
  meet(peer: Peer): void {
    if (peer.reachable === undefined && this.#unmet.size < this.#options.settings.suspects) this.#unmet.add(peer);
  }

  /** `accuser` had a path with `suspect`, and says, with its password, that the other end is gone. */
  accuse(overlay: Overlay, suspect: Peer, accuser: Peer, now: number): void {
    const suspicion = this.#suspect(overlay, suspect, now);
    if (suspicion === undefined) return;
    const { peerId } = accuser.record;
    if (suspicion.accusers.has(peerId)) return;
    suspicion.accusers.add(peerId);
    suspect.suspected = true;
    const { overlayId } = overlay.record;
    this.#options.events.emit({ kind: "loss-reported", overlayId, peerId, lost: suspect.record.peerId });
    this.#options.logger.info(
      { overlay: overlayId, peer: suspect.record.peerId, by: peerId },
      "loss of a peer reported",
    );
  }

  /** Who asks anything with its own password lives. */
  alive(peer: Peer): void {
    if (this.#suspicions.size > 0) this.#end(peer);
  }

  /** Members of the overlay that others reported as lost, and who did. */
  suspects(overlay: Overlay): { "peer-id": string; by: string[] }[] {
    const found = [...this.#suspicions.values()].filter((one) => one.overlay === overlay && one.accusers.size > 0);
    return found.map(({ suspect, accusers }) => ({ "peer-id": suspect.record.peerId, by: [...accusers] }));
  }

  /** Looks at the suspects whose time has come. To be called about every second. */
  check(now: number): void {
    const { settings } = this.#options;
    for (const suspicion of this.#suspicions.values()) {
      const { overlay, suspect, since } = suspicion;
      if (!overlay.members.has(suspect) || now - since >= settings.giveUpMs) this.#end(suspect);
      else if (now - since >= settings.confirmMs && !suspicion.probing) this.#judge(suspicion);
    }
    for (const peer of this.#unmet) {
      if (!this.#mayProbe()) break;
      this.#unmet.delete(peer);
      this.#try(peer, (answers) => {
        peer.reachable = answers ?? false;
      });
    }
  }

  #suspect(overlay: Overlay, suspect: Peer, since: number): Suspicion | undefined {
    const before = this.#suspicions.get(suspect);
    if (before !== undefined) return before;
    if (this.#suspicions.size >= this.#options.settings.suspects) return undefined;
    const suspicion = {
      overlay,
      suspect,
      accusers: new Set<string>(),
      doubted: new Set<Peer>(),
      since,
      probing: false,
    };
    this.#suspicions.set(suspect, suspicion);
    return suspicion;
  }

  #end(suspect: Peer): void {
    this.#suspicions.delete(suspect);
    suspect.suspected = false;
  }

  #judge(suspicion: Suspicion) {
    const { suspect, accusers } = suspicion;
    if (this.#contradicted(suspicion)) return;
    if (accusers.size >= 2 && suspect.reachable !== true) return this.#remove(suspicion, "its neighbours lost it");
    if (suspect.reachable !== true || !this.#mayProbe()) return;
    suspicion.probing = true;
    this.#try(suspect, (answers) => {
      suspicion.probing = false;
      // A sign of life meanwhile has ended the suspicion.
      if (this.#suspicions.get(suspect) !== suspicion) return;
      if (answers !== false) this.#end(suspect);
      else if (!this.#contradicted(suspicion)) this.#remove(suspicion, "its address takes no connection");
    });
  }

  #mayProbe(): boolean {
    return this.#probes < this.#options.settings.probes;
  }

  /** `answers` is undefined where the address cannot be tried. */
  #try(peer: Peer, done: (answers: boolean | undefined) => void) {
    const { probe } = this.#options;
    const target = probe && probeTarget(peer.record.address, peer.remote);
    if (probe === undefined || target === undefined) return done(undefined);
    this.#probes++;
    const end = (answers: boolean | undefined): void => {
      this.#probes--;
      done(answers);
    };
    probe(target).then(end, () => end(undefined));
  }

  /**
   * Whether a neighbour of the suspect's, by its own last report, still has a path with it. One that has not spoken since may be gone
   * as well: it becomes a suspect, which is not heard while it is one.
   */
  #contradicted({ overlay, suspect, accusers, doubted, since }: Suspicion): boolean {
    let contradicted = false;
    for (const id of suspect.record.report?.primary ?? []) {
      const neighbour = accusers.has(id) ? undefined : overlay.members.get(id);
      if (neighbour === undefined || this.#suspicions.has(neighbour)) continue;
      if (!neighbour.reportsPath(suspect.record.peerId)) continue;
      contradicted = true;
      if (neighbour.reachable !== true || doubted.has(neighbour)) continue;
      doubted.add(neighbour);
      if ((neighbour.record.report?.at ?? 0) <= since) this.#suspect(overlay, neighbour, since);
    }
    return contradicted;
  }

  #remove({ overlay, suspect, accusers }: Suspicion, reason: string): void {
    this.#end(suspect);
    this.#options.logger.info(
      { overlay: overlay.record.overlayId, peer: suspect.record.peerId, by: [...accusers], reason },
      "lost peer removed",
    );
    overlay.lost++;
    this.#options.registry.removePeer(overlay, suspect, "peer-lost");
  }
}

/** Whether reports of either end knew of a path between the two. */
export function knewPath(one: Peer, other: Peer): boolean {
  return lists(one, other) || lists(other, one);
}

function lists({ record: { report } }: Peer, { record: { peerId } }: Peer): boolean {
  if (report === null) return false;
  const { primary, outgoingCandidate, incomingCandidate } = report;
  return [primary, outgoingCandidate, incomingCandidate].some((ids) => ids.includes(peerId));
}
