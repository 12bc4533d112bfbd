import type { AllocationRequest } from "../../../generated/cs/types.js";
import type { CsAllocation } from "../../../generated/oms/types.js";
import { randomToken } from "../../keys/bearer.js";
import { hashSecret, matchesSecret } from "../../keys/secret.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { waitAfter } from "../../pamp-client/backoff.js";
import type { Store, Table } from "../../store/store.js";
import type { Activity } from "../activity.js";
import type { OmsCore } from "../core.js";
import type { Overlay } from "../overlay.js";
import type { Registry } from "../registry.js";
import { Allocation, type AllocationRow, allocationKey } from "./allocation.js";
import type { CsConnector } from "./control.js";
import { type CacheServer, type CacheServerRecord, Directory } from "./directory.js";
import { loadOf } from "./load.js";

export interface ResourceParts {
  readonly core: OmsCore;
  readonly registry: Registry;
  readonly activity: Activity | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly connect: CsConnector;
  /** Where virtual peers reach this OMS. */
  omsUrl(): string;
  readonly providerKey: string;
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

const pace = { baseMs: 500, capMs: 30_000 };
/** How long a cache server whose virtual peer did not get in is left alone, in ms. */
const avoidMs = 30_000;

/**
 * Resources of cache servers, R8 [X.609.10 8.8]: allocated as owners want and load asks, with their priority, moved when a cache server
 * dies, released when they are not wanted any more or the overlay network is gone. What was asked for and what is to be released is in
 * the store, so that a crash leaves nothing behind at any cache server.
 */
export class Resources {
  readonly directory: Directory;
  readonly #parts: ResourceParts;
  readonly #rows: Table<AllocationRow>;
  readonly #allocations = new Map<string, Allocation>();
  readonly #byOverlay = new Map<string, Set<Allocation>>();
  readonly #byServer = new Map<string, Set<Allocation>>();
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
    this.#rows = store.table("oms_allocations");
    for (const [, row] of this.#rows.load()) {
      const overlay = registry.overlays.get(row.overlayId);
      if (overlay === undefined) row.state = "releasing";
      else if (row.peerId !== undefined && row.state === "allocated") overlay.virtualPeers.add(row.peerId);
      this.#index(new Allocation(row));
    }
    for (const overlay of registry.overlays.values()) this.track(overlay);
    registry.listen({ overlayRemoved: (overlay) => this.#overlayRemoved(overlay) });
  }

  /** Allocations now, those being requested or released included. */
  get size(): number {
    return this.#allocations.size;
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
    for (const allocation of [...this.#of(server)]) {
      if (server.up === false) this.#drop(allocation);
      else this.#release(allocation);
    }
    if (this.#of(server).size === 0) this.directory.forget(server);
    this.#settleDemands();
  }

  /** To be called when an overlay network was made, or its owner changed its mind. */
  track(overlay: Overlay): void {
    const { wanted, max } = overlay.record.resources;
    const demand = this.#demands.get(overlay.id);
    if (max === 0 && wanted === 0 && (this.#byOverlay.get(overlay.id)?.size ?? 0) === 0) {
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
    return [...(this.#byOverlay.get(id) ?? [])].map(({ row: { csId, peerId, priority, state } }) => ({
      cs_id: csId,
      ...(peerId === undefined ? {} : { peer_id: peerId }),
      priority,
      state,
    }));
  }

  /** Whether this is what a cache server was given to get in with. */
  isOwn({ id }: Overlay, password: string | undefined): boolean {
    if (password === undefined) return false;
    for (const { row } of this.#byOverlay.get(id) ?? []) {
      const { admission, state } = row;
      if (admission !== undefined && state !== "releasing" && matchesSecret(password, admission)) return true;
    }
    return false;
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
    for (const allocation of this.#allocations.values()) {
      if (allocation.attempt !== undefined || now < allocation.nextAt || !this.#hasWork(allocation)) continue;
      allocation.attempt = this.#work(allocation).finally(() => {
        allocation.attempt = undefined;
      });
    }
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await this.directory.settle();
    await Promise.all([...this.#demands.values()].map(({ looking }) => looking));
    await Promise.all([...this.#allocations.values()].map(({ attempt }) => attempt));
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
    const serving = [...(this.#byOverlay.get(overlay.id) ?? [])].filter(({ row }) => row.state !== "releasing");
    const desired = this.#desired(overlay);
    for (let count = serving.length; count < desired; count++) {
      const server = this.#choose(overlay);
      if (server === undefined) break;
      const { priority } = overlay.record.resources;
      const row: AllocationRow = { overlayId: overlay.id, csId: server.id, priority, state: "requested" };
      this.#index(new Allocation(row));
      this.#save(row);
    }
    // Those that have not got in yet go first.
    serving.sort((a, b) => Number(a.row.state === "allocated") - Number(b.row.state === "allocated"));
    for (const allocation of serving.slice(0, Math.max(0, serving.length - desired))) this.#release(allocation);
  }

  /** Overlay networks that lack something, the most important first. */
  #settleDemands(): void {
    const { overlays } = this.#parts.registry;
    const tracked = [...this.#demands.keys()].flatMap((id) => overlays.get(id) ?? []);
    tracked.sort((a, b) => b.record.resources.priority - a.record.resources.priority);
    for (const overlay of tracked) this.#reconcile(overlay);
  }

  /** The least loaded cache server that has room and is not in this overlay network. */
  #choose({ id }: Overlay): CacheServer | undefined {
    const now = this.#parts.clock.now();
    const avoided = this.#demands.get(id)?.avoided;
    let best: CacheServer | undefined;
    let least = 1;
    for (const server of this.directory.servers.values()) {
      if (server.up !== true || server.record.leaving || server.free <= 0) continue;
      if (now < (avoided?.get(server.id) ?? 0) || this.#allocations.has(allocationKey(id, server.id))) continue;
      const share = this.#of(server).size / server.record.capacity;
      if (share < least) [best, least] = [server, share];
    }
    if (best !== undefined) best.free--;
    return best;
  }

  #hasWork({ row }: Allocation): boolean {
    const server = this.directory.servers.get(row.csId);
    if (server?.up !== true) return server === undefined;
    if (row.state !== "allocated") return true;
    return this.#parts.registry.overlays.get(row.overlayId)?.record.resources.priority !== row.priority;
  }

  async #work(allocation: Allocation): Promise<void> {
    const { clock, random, logger } = this.#parts;
    const { row } = allocation;
    const server = this.directory.servers.get(row.csId);
    if (server === undefined) return this.#drop(allocation);
    try {
      if (row.state === "releasing") await this.#releaseAt(server, allocation);
      else if (row.state === "requested") await this.#requestAt(server, allocation);
      else await this.#prioritiseAt(server, allocation);
      allocation.failures = 0;
    } catch (error) {
      allocation.failures++;
      allocation.nextAt = clock.now() + waitAfter(allocation.failures, pace, random);
      logger.warn({ cacheServer: row.csId, overlay: row.overlayId, err: error }, "command to a cache server failed");
    }
  }

  async #requestAt(server: CacheServer, allocation: Allocation): Promise<void> {
    const { registry, store, random } = this.#parts;
    const { row } = allocation;
    const overlay = registry.overlays.get(row.overlayId);
    if (overlay === undefined) return this.#release(allocation);
    const password = randomToken(random);
    row.admission = hashSecret(password, random);
    row.priority = overlay.record.resources.priority;
    this.#save(row);
    // On disk first: what the cache server may have agreed to is never forgotten.
    await store.commit();
    const granted = await server.control.allocate(this.#wish(overlay, row.priority, password));
    if (granted === "refused") {
      server.free = 0;
      this.#avoid(row);
      this.#drop(allocation);
      this.#reconcile(overlay);
      return;
    }
    row.allocationId = granted.allocationId;
    row.peerId = granted.peerId;
    // It may have been given up while the cache server was asked.
    if ((row.state as AllocationRow["state"]) === "requested") {
      row.state = "allocated";
      overlay.virtualPeers.add(granted.peerId);
    }
    this.#save(row);
  }

  #wish(overlay: Overlay, priority: number, password: string): AllocationRequest {
    const { activity, omsUrl, providerKey } = this.#parts;
    const { record, id } = overlay;
    const pamsUrl = activity?.urlOf(overlay);
    return {
      overlay_network_id: id,
      oms_url: omsUrl(),
      priority,
      password,
      provider_public_key: providerKey,
      ...(pamsUrl === undefined ? {} : { pams_url: pamsUrl }),
      index_file: {
        version: 1,
        title: record.title ?? "",
        description: record.description ?? "",
        oms_url: omsUrl(),
        overlay_network_id: id,
        data_source_id: record.dataSourceId ?? record.sourceId,
        data_id: record.dataId ?? id,
        fragment_size: record.fragmentSize,
        content_type: record.contentType,
        source_peer_id: record.sourceId,
        source_public_key: record.sourceKey,
        closed: record.closed !== null,
        ...(record.format === undefined ? {} : { format: record.format }),
      },
    };
  }

  async #releaseAt(server: CacheServer, allocation: Allocation): Promise<void> {
    const { row } = allocation;
    if (row.allocationId === undefined && row.admission !== undefined) {
      // It was asked for and never answered: whether it is there is found out by asking again, which gives the same one.
      const { overlayId, priority } = row;
      const granted = await server.control.allocate({
        overlay_network_id: overlayId,
        oms_url: this.#parts.omsUrl(),
        priority,
      });
      if (granted !== "refused") {
        row.allocationId = granted.allocationId;
        this.#save(row);
      }
    }
    if (row.allocationId !== undefined) await server.control.release(row.allocationId);
    server.free++;
    this.#drop(allocation);
    if (server.record.leaving && this.#of(server).size === 0) this.directory.forget(server);
  }

  async #prioritiseAt(server: CacheServer, allocation: Allocation): Promise<void> {
    const { row } = allocation;
    const priority = this.#parts.registry.overlays.get(row.overlayId)?.record.resources.priority;
    if (priority === undefined || row.allocationId === undefined) return;
    if ((await server.control.prioritise(row.allocationId, priority)) === "unknown") return this.#lost(allocation);
    row.priority = priority;
    this.#save(row);
  }

  /** A cache server that lives is asked how what it should have fares: all of it where it has less than it should. */
  async #answered(server: CacheServer): Promise<void> {
    const allocated = [...this.#of(server)].filter(({ row }) => row.state === "allocated");
    const lacks = server.allocations < allocated.length;
    const turn = allocated[Math.floor((this.#parts.clock.now() / 1000) % Math.max(1, allocated.length))];
    for (const allocation of lacks ? allocated : turn === undefined ? [] : [turn]) {
      const { allocationId } = allocation.row;
      if (allocationId === undefined) continue;
      const fate = await server.control.fate(allocationId);
      if (fate === "unknown") this.#lost(allocation);
      else if (fate === "ended") {
        this.#avoid(allocation.row);
        this.#release(allocation);
      }
    }
    if (server.record.leaving && this.#of(server).size === 0) this.directory.forget(server);
    this.#settleDemands();
  }

  /** What a dead cache server had is given to others; it is told to release it should it come back. */
  #died(server: CacheServer): void {
    for (const allocation of this.#of(server)) this.#release(allocation);
    this.#settleDemands();
  }

  /** The cache server does not know it any more: it is asked for again. */
  #lost(allocation: Allocation): void {
    const { row } = allocation;
    if (row.state !== "allocated") return;
    this.#expel(row);
    delete row.allocationId;
    delete row.peerId;
    row.state = "requested";
    this.#save(row);
  }

  #release(allocation: Allocation): void {
    const { row } = allocation;
    if (row.state === "releasing") return;
    this.#expel(row);
    row.state = "releasing";
    allocation.nextAt = 0;
    this.#save(row);
  }

  /** Its virtual peer is a member no longer, and nobody is sent to it. */
  #expel({ overlayId, peerId }: AllocationRow): void {
    if (peerId === undefined) return;
    const overlay = this.#parts.registry.overlays.get(overlayId);
    overlay?.virtualPeers.delete(peerId);
    const member = overlay?.members.get(peerId);
    if (member?.record.role === "virtual-peer") this.#parts.core.expel(member);
  }

  #avoid({ overlayId, csId }: AllocationRow): void {
    this.#demands.get(overlayId)?.avoided.set(csId, this.#parts.clock.now() + avoidMs);
  }

  #overlayRemoved(overlay: Overlay): void {
    this.#demands.delete(overlay.id);
    for (const allocation of this.#byOverlay.get(overlay.id) ?? []) this.#release(allocation);
  }

  #index(allocation: Allocation): void {
    this.#allocations.set(allocation.key, allocation);
    const { overlayId, csId } = allocation.row;
    setOf(this.#byOverlay, overlayId).add(allocation);
    setOf(this.#byServer, csId).add(allocation);
  }

  #drop(allocation: Allocation): void {
    const { overlayId, csId } = allocation.row;
    this.#allocations.delete(allocation.key);
    this.#rows.delete(allocation.key);
    setOf(this.#byServer, csId).delete(allocation);
    const rest = setOf(this.#byOverlay, overlayId);
    rest.delete(allocation);
    if (rest.size === 0) this.#byOverlay.delete(overlayId);
  }

  #save(row: AllocationRow): void {
    this.#rows.put(allocationKey(row.overlayId, row.csId), row);
  }

  #of({ id }: CacheServer): Set<Allocation> {
    return setOf(this.#byServer, id);
  }
}

function setOf(map: Map<string, Set<Allocation>>, key: string): Set<Allocation> {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
