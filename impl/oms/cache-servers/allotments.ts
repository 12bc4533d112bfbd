import type { AllocationRequest } from "../../../generated/cs/types.js";
import { randomToken } from "../../keys/bearer.js";
import { hashSecret, matchesSecret } from "../../keys/secret.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { waitAfter } from "../../pamp-client/backoff.js";
import type { Store, Table } from "../../store/store.js";
import type { Activity } from "../activity.js";
import type { OmsCore } from "../core.js";
import type { Overlay } from "../overlay.js";
import { Holdings, holdersOf } from "../quota.js";
import type { Registry } from "../registry.js";
import { Allocation, type AllocationRow, allocationKey } from "./allocation.js";
import type { CacheServer } from "./directory.js";

export interface AllotmentParts {
  readonly core: OmsCore;
  readonly registry: Registry;
  readonly activity: Activity | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where virtual peers reach this OMS. */
  omsUrl(): string;
  readonly providerKey: string;
  server(csId: string): CacheServer | undefined;
  /** Told when a cache server did not want to serve this overlay network. */
  refused(row: AllocationRow): void;
}

const pace = { baseMs: 500, capMs: 30_000 };

/**
 * What cache servers have been commanded, or are to be [X.609.10 8.8]. What was asked for and what is to be released is in the store, so
 * that a crash leaves nothing behind at any cache server.
 */
export class Allotments {
  readonly #parts: AllotmentParts;
  readonly #rows: Table<AllocationRow>;
  readonly #allocations = new Map<string, Allocation>();
  readonly #byOverlay = new Map<string, Set<Allocation>>();
  readonly #byServer = new Map<string, Set<Allocation>>();
  /** What each key and address has, without what is being released. */
  readonly holdings = new Holdings();

  constructor(parts: AllotmentParts) {
    this.#parts = parts;
    this.#rows = parts.store.table("oms_allocations");
    for (const [, row] of this.#rows.load()) {
      const overlay = parts.registry.overlays.get(row.overlayId);
      if (overlay === undefined) row.state = "releasing";
      else if (row.peerId !== undefined && row.state === "allocated") overlay.virtualPeers.add(row.peerId);
      this.#index(
        new Allocation(row, overlay === undefined || row.state === "releasing" ? [] : holdersOf(overlay.record)),
      );
    }
  }

  /** Allocations now, those being requested or released included. */
  get size(): number {
    return this.#allocations.size;
  }

  in(overlayId: string): readonly Allocation[] {
    return [...(this.#byOverlay.get(overlayId) ?? [])];
  }

  at(csId: string): readonly Allocation[] {
    return [...(this.#byServer.get(csId) ?? [])];
  }

  has(overlayId: string, csId: string): boolean {
    return this.#allocations.has(allocationKey(overlayId, csId));
  }

  request(overlay: Overlay, server: CacheServer): void {
    const { priority } = overlay.record.resources;
    const row: AllocationRow = { overlayId: overlay.id, csId: server.id, priority, state: "requested" };
    this.#index(new Allocation(row, holdersOf(overlay.record)));
    this.#save(row);
  }

  /** Its virtual peer is a member no longer; the cache server is told until it confirms. */
  release(allocation: Allocation): void {
    const { row } = allocation;
    if (row.state === "releasing") return;
    this.#expel(row);
    row.state = "releasing";
    this.#uncount(allocation);
    allocation.nextAt = 0;
    this.#save(row);
  }

  /** The cache server does not know it any more: it is asked for again. */
  lost(allocation: Allocation): void {
    const { row } = allocation;
    if (row.state !== "allocated") return;
    this.#expel(row);
    delete row.allocationId;
    delete row.peerId;
    row.state = "requested";
    this.#save(row);
  }

  /** Nobody is told any more. */
  drop(allocation: Allocation): void {
    const { overlayId, csId } = allocation.row;
    this.#allocations.delete(allocation.key);
    this.#uncount(allocation);
    this.#rows.delete(allocation.key);
    leave(this.#byServer, csId, allocation);
    leave(this.#byOverlay, overlayId, allocation);
  }

  /** Whether this is what a cache server was given to get in with. */
  isOwn(overlayId: string, password: string): boolean {
    return this.in(overlayId).some(
      ({ row: { admission, state } }) =>
        admission !== undefined && state !== "releasing" && matchesSecret(password, admission),
    );
  }

  /** Begins the commands that are due. */
  tick(): void {
    const now = this.#parts.clock.now();
    const patience = this.#parts.core.policy.releaseExpires * 1000;
    for (const allocation of [...this.#allocations.values()]) {
      if (allocation.row.state === "releasing" && allocation.attempt === undefined) {
        allocation.releasingSince ??= now;
        if (now - allocation.releasingSince >= patience) {
          this.drop(allocation);
          continue;
        }
      }
      if (allocation.attempt !== undefined || now < allocation.nextAt || !this.#hasWork(allocation)) continue;
      allocation.attempt = this.#work(allocation).finally(() => {
        allocation.attempt = undefined;
      });
    }
  }

  async settle(): Promise<void> {
    await Promise.all([...this.#allocations.values()].map(({ attempt }) => attempt));
  }

  #hasWork({ row }: Allocation): boolean {
    const server = this.#parts.server(row.csId);
    if (server?.up !== true) return server === undefined;
    if (row.state !== "allocated") return true;
    return this.#parts.registry.overlays.get(row.overlayId)?.record.resources.priority !== row.priority;
  }

  async #work(allocation: Allocation): Promise<void> {
    const { clock, random, logger } = this.#parts;
    const { row } = allocation;
    const server = this.#parts.server(row.csId);
    if (server === undefined) return this.drop(allocation);
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
    if (overlay === undefined) return this.release(allocation);
    const password = randomToken(random);
    row.admission = hashSecret(password, random);
    row.priority = overlay.record.resources.priority;
    this.#save(row);
    // On disk first: what the cache server may have agreed to is never forgotten.
    await store.commit();
    const granted = await server.control.allocate(this.#wish(overlay, row.priority, password));
    if (granted === "refused") {
      server.free = 0;
      this.drop(allocation);
      this.#parts.refused(row);
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
    this.drop(allocation);
  }

  async #prioritiseAt(server: CacheServer, allocation: Allocation): Promise<void> {
    const { row } = allocation;
    const priority = this.#parts.registry.overlays.get(row.overlayId)?.record.resources.priority;
    if (priority === undefined || row.allocationId === undefined) return;
    if ((await server.control.prioritise(row.allocationId, priority)) === "unknown") return this.lost(allocation);
    row.priority = priority;
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

  #uncount(allocation: Allocation): void {
    this.holdings.add(allocation.holders, -1);
    allocation.holders = [];
  }

  #index(allocation: Allocation): void {
    this.#allocations.set(allocation.key, allocation);
    this.holdings.add(allocation.holders, 1);
    const { overlayId, csId } = allocation.row;
    enter(this.#byOverlay, overlayId, allocation);
    enter(this.#byServer, csId, allocation);
  }

  #save(row: AllocationRow): void {
    this.#rows.put(allocationKey(row.overlayId, row.csId), row);
  }
}

function enter(map: Map<string, Set<Allocation>>, key: string, allocation: Allocation): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([allocation]));
  else set.add(allocation);
}

function leave(map: Map<string, Set<Allocation>>, key: string, allocation: Allocation): void {
  const set = map.get(key);
  set?.delete(allocation);
  if (set?.size === 0) map.delete(key);
}
