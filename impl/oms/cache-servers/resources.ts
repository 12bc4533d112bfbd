import type { CsAllocation } from "../../../generated/oms/types.js";
import type { Overlay } from "../overlay.js";
import { holdersOf } from "../quota.js";
import { type AllotmentParts, Allotments } from "./allotments.js";
import type { CsConnector } from "./control.js";
import { type CacheServer, type CacheServerRecord, Directory } from "./directory.js";
import { loadOf } from "./load.js";

export interface ResourceParts extends Omit<AllotmentParts, "server" | "refused"> {
  readonly connect: CsConnector;
}

/** What an overlay network asks for beyond its owner's wish. */
interface Demand {
  byLoad: number;
  /** Since when it has asked for less, in ms since the epoch. */
  lessSince: number | undefined;
  lookAt: number;
  looking: Promise<void> | undefined;
  /** Cache servers that could not serve this overlay network, and until when they are left alone. */
  readonly avoided: Map<string, number>;
}

/** How long a cache server that could not serve an overlay network is left alone with it, in ms. */
const avoidMs = 30_000;

/**
 * Resources of cache servers, R8 [X.609.10 8.8]: allocated as owners want and load asks, with their priority, moved when a cache server
 * dies, released when they are not wanted any more or the overlay network is gone.
 */
export class Resources {
  readonly directory: Directory;
  readonly #parts: ResourceParts;
  readonly #allotments: Allotments;
  readonly #demands = new Map<string, Demand>();

  constructor(parts: ResourceParts) {
    this.#parts = parts;
    const { store, clock, connect, logger, registry } = parts;
    this.directory = new Directory({
      store,
      clock,
      connect,
      logger,
      policy: parts.core.policy,
      answered: (server) => this.#answered(server),
      died: (server) => this.#died(server),
    });
    this.#allotments = new Allotments({
      ...parts,
      server: (csId) => this.directory.servers.get(csId),
      refused: ({ overlayId, csId }) => {
        this.#avoid(overlayId, csId);
        const overlay = registry.overlays.get(overlayId);
        if (overlay !== undefined) this.#reconcile(overlay);
      },
    });
    for (const overlay of registry.overlays.values()) this.track(overlay);
    registry.listen({ overlayRemoved: (overlay) => this.#overlayRemoved(overlay) });
  }

  /** Allocations now, those being requested or released included. */
  get size(): number {
    return this.#allotments.size;
  }

  /** Takes the cache servers of the configuration; those of an earlier one that it lacks are dismissed. */
  configure(servers: ReadonlyMap<string, CacheServerRecord>): void {
    for (const [id, record] of servers) {
      const before = this.directory.servers.get(id)?.record;
      if (before === undefined || before.url !== record.url || before.capacity !== record.capacity || before.leaving) {
        this.directory.register(id, { ...record, configured: true });
      }
    }
    for (const server of this.directory.servers.values()) {
      if (server.record.configured && !servers.has(server.id)) this.dismiss(server);
    }
  }

  /** Takes a cache server away [OMS_CACHE_SERVER_REMOVE]; one that is dead is forgotten with all that it had. */
  dismiss(server: CacheServer): void {
    this.directory.dismiss(server);
    for (const allocation of this.#allotments.at(server.id)) {
      if (server.up === false) this.#allotments.drop(allocation);
      else this.#allotments.release(allocation);
    }
    this.#forgetLeaving(server);
    this.#settleDemands();
  }

  /** To be called when an overlay network was made, or its owner changed its mind. */
  track(overlay: Overlay): void {
    const { wanted, max } = overlay.record.resources;
    const demand = this.#demands.get(overlay.id);
    if (max === 0 && wanted === 0 && this.#allotments.in(overlay.id).length === 0) {
      this.#demands.delete(overlay.id);
      return;
    }
    if (demand === undefined) {
      this.#demands.set(overlay.id, {
        byLoad: 0,
        lessSince: undefined,
        lookAt: 0,
        looking: undefined,
        avoided: new Map(),
      });
    }
    this.#reconcile(overlay);
  }

  allocationsOf({ id }: Overlay): CsAllocation[] {
    return this.#allotments.in(id).map(({ row: { csId, peerId, priority, state } }) => ({
      cs_id: csId,
      ...(peerId === undefined ? {} : { peer_id: peerId }),
      priority,
      state,
    }));
  }

  /** Whether this is what a cache server was given to get in with. */
  isOwn({ id }: Overlay, password: string | undefined): boolean {
    return password !== undefined && this.#allotments.isOwn(id, password);
  }

  /** Begins what is due. */
  tick(): void {
    const now = this.#parts.clock.now();
    this.directory.tick();
    for (const [id, demand] of this.#demands) {
      if (now < demand.lookAt || demand.looking !== undefined) continue;
      const overlay = this.#parts.registry.overlays.get(id);
      if (overlay === undefined) continue;
      demand.looking = this.#look(overlay, demand).finally(() => {
        demand.looking = undefined;
      });
    }
    this.#allotments.tick();
    for (const server of this.directory.servers.values()) this.#forgetLeaving(server);
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await this.directory.settle();
    await Promise.all([...this.#demands.values()].map(({ looking }) => looking));
    await this.#allotments.settle();
  }

  /** Looks at the load; less of it counts when it lasts. */
  async #look(overlay: Overlay, demand: Demand): Promise<void> {
    const { core, activity, clock } = this.#parts;
    const { policy } = core;
    const { wanted, max } = overlay.record.resources;
    const load = policy.cacheServers === "load" && max > wanted ? await loadOf(overlay, activity, policy) : 0;
    const now = clock.now();
    if (load >= demand.byLoad) {
      demand.byLoad = load;
      demand.lessSince = undefined;
    } else {
      demand.lessSince ??= now;
      if (now - demand.lessSince >= policy.releaseAfter * 1000) {
        demand.byLoad = load;
        demand.lessSince = undefined;
      }
    }
    demand.lookAt = now + policy.loadInterval * 1000;
    this.#reconcile(overlay);
  }

  #desired(overlay: Overlay): number {
    const { wanted, max } = overlay.record.resources;
    const { cacheServers } = this.#parts.core.policy;
    if (cacheServers === "none") return 0;
    if (cacheServers === "wanted") return wanted;
    return Math.min(max, wanted + (this.#demands.get(overlay.id)?.byLoad ?? 0));
  }

  /** Requests or releases until there are as many as desired. */
  #reconcile(overlay: Overlay): void {
    if (this.#parts.registry.overlays.get(overlay.id) !== overlay) return;
    const serving = this.#allotments.in(overlay.id).filter(({ row }) => row.state !== "releasing");
    const desired = this.#desired(overlay);
    for (let count = serving.length; count < desired; count++) {
      const server = this.#hasItsShare(overlay) ? undefined : this.#choose(overlay);
      if (server === undefined) break;
      this.#allotments.request(overlay, server);
    }
    // Those that have not got in yet go first.
    serving.sort((a, b) => Number(a.row.state === "allocated") - Number(b.row.state === "allocated"));
    for (const allocation of serving.slice(0, Math.max(0, serving.length - desired))) {
      this.#allotments.release(allocation);
    }
  }

  /** Overlay networks that lack something, the most important first. */
  #settleDemands(): void {
    const { overlays } = this.#parts.registry;
    const tracked = [...this.#demands.keys()].flatMap((id) => overlays.get(id) ?? []);
    tracked.sort((a, b) => b.record.resources.priority - a.record.resources.priority);
    for (const overlay of tracked) this.#reconcile(overlay);
  }

  /** Whether who made it has as much as one key or address may have of all cache servers together. */
  #hasItsShare({ record }: Overlay): boolean {
    const holders = holdersOf(record);
    if (holders.length === 0) return false;
    let room = 0;
    for (const server of this.directory.servers.values()) {
      if (server.up === true && !server.record.leaving) room += Math.min(server.room, server.record.capacity);
    }
    const share = Math.max(1, Math.floor(room * this.#parts.core.policy.strangerShare));
    return holders.some((holder) => this.#allotments.holdings.of(holder) >= share);
  }

  /** The least loaded cache server that has room and is not in this overlay network. */
  #choose({ id }: Overlay): CacheServer | undefined {
    const now = this.#parts.clock.now();
    const avoided = this.#demands.get(id)?.avoided;
    let best: CacheServer | undefined;
    let least = 1;
    for (const server of this.directory.servers.values()) {
      if (server.up !== true || server.record.leaving || server.free <= 0) continue;
      if (now < (avoided?.get(server.id) ?? 0) || this.#allotments.has(id, server.id)) continue;
      const share = this.#allotments.at(server.id).length / server.record.capacity;
      if (share < least) [best, least] = [server, share];
    }
    if (best !== undefined) best.free--;
    return best;
  }

  /** A cache server that lives is asked how what it should have fares: all of it where it has less than it should. */
  async #answered(server: CacheServer): Promise<void> {
    const allocated = this.#allotments.at(server.id).filter(({ row }) => row.state === "allocated");
    const lacks = server.allocations < allocated.length;
    const turn = allocated[Math.floor((this.#parts.clock.now() / 1000) % Math.max(1, allocated.length))];
    for (const allocation of lacks ? allocated : turn === undefined ? [] : [turn]) {
      const { allocationId } = allocation.row;
      if (allocationId === undefined) continue;
      const fate = await server.control.fate(allocationId);
      if (fate === "unknown") this.#allotments.lost(allocation);
      else if (fate === "ended") {
        this.#avoid(allocation.row.overlayId, server.id);
        this.#allotments.release(allocation);
      }
    }
    this.#settleDemands();
  }

  /** What a dead cache server had is given to others; it is told to release it should it come back. */
  #died(server: CacheServer): void {
    for (const allocation of this.#allotments.at(server.id)) this.#allotments.release(allocation);
    this.#settleDemands();
  }

  #avoid(overlayId: string, csId: string): void {
    this.#demands.get(overlayId)?.avoided.set(csId, this.#parts.clock.now() + avoidMs);
  }

  /** One that was taken away is forgotten when nothing of it is left. */
  #forgetLeaving(server: CacheServer): void {
    if (server.record.leaving && this.#allotments.at(server.id).length === 0) this.directory.forget(server);
  }

  #overlayRemoved(overlay: Overlay): void {
    this.#demands.delete(overlay.id);
    for (const allocation of this.#allotments.in(overlay.id)) this.#allotments.release(allocation);
  }
}
