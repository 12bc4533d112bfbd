import type { Clock } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Store, Table } from "../../store/store.js";
import type { OmsPolicy } from "../settings.js";
import type { CsConnector, CsControl } from "./control.js";

export interface CacheServerRecord {
  url: string;
  capacity: number;
  /** Shown to the cache server, and therefore kept as it is. */
  accessToken?: string;
  /** From the configuration: forgotten when that no longer names it. */
  configured?: true;
  /** To be forgotten once nothing of it is left. */
  leaving?: true;
}

/** A cache server that this OMS may command [X.609.10 7.2.4]. */
export class CacheServer {
  readonly id: string;
  readonly record: CacheServerRecord;
  readonly control: CsControl;
  /** Undefined until it has been asked. */
  up: boolean | undefined;
  /** Allocations that it has left for anybody, as it said. */
  free = Number.POSITIVE_INFINITY;
  /** Allocations that it has and could have, as it said. */
  room = Number.POSITIVE_INFINITY;
  /** Allocations that it has, as it said. */
  allocations = 0;
  missed = 0;
  checkAt = 0;
  checking: Promise<void> | undefined;

  constructor(id: string, record: CacheServerRecord, control: CsControl) {
    this.id = id;
    this.record = record;
    this.control = control;
  }
}

export interface DirectoryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Readonly<OmsPolicy>;
  readonly connect: CsConnector;
  readonly logger: Logger;
  /** Told when a cache server has answered: what it said may be of use. */
  answered(server: CacheServer): Promise<void> | void;
  /** Told when one has died. */
  died(server: CacheServer): void;
}

/** The cache servers, and whether they are well. */
export class Directory {
  readonly servers = new Map<string, CacheServer>();
  readonly #parts: DirectoryParts;
  readonly #rows: Table<CacheServerRecord>;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.#rows = parts.store.table("oms_cache_servers");
    for (const [id, record] of this.#rows.load()) this.#add(id, record);
  }

  /** Makes one known, or changes what was said of it. */
  register(id: string, record: CacheServerRecord): CacheServer {
    this.#rows.put(id, record);
    return this.#add(id, record);
  }

  /** No more is asked of it; it is forgotten by {@link forget}. */
  dismiss(server: CacheServer): void {
    server.record.leaving = true;
    this.#rows.put(server.id, server.record);
  }

  forget(server: CacheServer): void {
    if (this.servers.get(server.id) !== server) return;
    this.servers.delete(server.id);
    this.#rows.delete(server.id);
  }

  /** Asks those whose turn it is. */
  tick(): void {
    const now = this.#parts.clock.now();
    for (const server of this.servers.values()) {
      if (now >= server.checkAt && server.checking === undefined) void this.check(server);
    }
  }

  async settle(): Promise<void> {
    await Promise.all([...this.servers.values()].map(({ checking }) => checking));
  }

  /** Asks how it is; one that misses several questions in a row is dead until it answers again. */
  check(server: CacheServer): Promise<void> {
    server.checking ??= this.#ask(server).finally(() => {
      server.checking = undefined;
    });
    return server.checking;
  }

  async #ask(server: CacheServer): Promise<void> {
    const { clock, policy, logger } = this.#parts;
    try {
      const { allocations, free = Number.POSITIVE_INFINITY } = await server.control.state();
      Object.assign(server, { allocations, free, room: allocations + free, missed: 0 });
      if (server.up !== true) logger.info({ cacheServer: server.id }, "cache server answers");
      server.up = true;
      await this.#parts.answered(server);
    } catch (error) {
      server.missed++;
      if (server.missed >= policy.missedUntilDead && server.up !== false) {
        server.up = false;
        logger.warn({ cacheServer: server.id, err: error }, "cache server does not answer: counted as dead");
        this.#parts.died(server);
      }
    } finally {
      server.checkAt = clock.now() + policy.loadInterval * 1000;
    }
  }

  #add(id: string, record: CacheServerRecord): CacheServer {
    const control = this.#parts.connect({ url: record.url, accessToken: record.accessToken });
    const server = new CacheServer(id, record, control);
    this.servers.set(id, server);
    return server;
  }
}
