import type { Counterpart } from "../ldmp/counterpart-types.js";
import { type Remote, sameRemote } from "../ldmp/remote.js";

/** A registered data source. */
export interface Registered extends Counterpart {
  readonly registeredAt: number;
  posts: number;
  /** Told to register again, which it has not done yet. */
  resetSent: boolean;
}

/** A Release that succeeded, kept because the record it would be looked up in is gone. */
interface Released {
  readonly remote: Remote;
  readonly messageId: number;
  readonly at: number;
}

/** Registered data sources by Source ID, which is unique within one source peer (E-LDMP-05 A). */
export interface Registry {
  readonly size: number;
  /** The data source with this identifier, at this address. One that claims the identifier from elsewhere is not it. */
  find(sourceId: number, remote: Remote): Registered | undefined;
  get(sourceId: number): Registered | undefined;
  add(source: Registered): void;
  remove(source: Registered): void;
  all(): IterableIterator<Registered>;
  /** Those that live on this connection. */
  on(connection: number): Registered[];
  inUse(connection: number): boolean;
  noteRelease(source: Registered, messageId: number, now: number): void;
  /** Whether this very Release has succeeded before: it is a duplicate then. */
  recallsRelease(sourceId: number, remote: Remote, messageId: number, now: number): boolean;
}

/** Releases remembered: enough for duplicates in flight, and a bound on what departures can fill. */
const releasesKept = 1024;

/** @param lifetime ms for which a message may still turn up again. */
export function createRegistry(lifetime: number): Registry {
  const sources = new Map<number, Registered>();
  const connections = new Map<number, Set<Registered>>();
  const releases = new Map<number, Released>();
  return {
    get size() {
      return sources.size;
    },
    find(sourceId, remote) {
      const source = sources.get(sourceId);
      return source !== undefined && sameRemote(source.remote, remote) ? source : undefined;
    },
    get: (sourceId) => sources.get(sourceId),
    add(source) {
      sources.set(source.id, source);
      const { connection } = source.remote;
      if (connection === undefined) return;
      const together = connections.get(connection);
      if (together === undefined) connections.set(connection, new Set([source]));
      else together.add(source);
    },
    remove(source) {
      if (sources.get(source.id) === source) sources.delete(source.id);
      const { connection } = source.remote;
      const together = connection === undefined ? undefined : connections.get(connection);
      together?.delete(source);
      if (together?.size === 0) connections.delete(connection as number);
    },
    all: () => sources.values(),
    on: (connection) => [...(connections.get(connection) ?? [])],
    inUse: (connection) => connections.has(connection),
    noteRelease(source, messageId, now) {
      releases.delete(source.id);
      releases.set(source.id, { remote: source.remote, messageId, at: now });
      if (releases.size > releasesKept) releases.delete(releases.keys().next().value as number);
    },
    recallsRelease(sourceId, remote, messageId, now) {
      const release = releases.get(sourceId);
      if (release === undefined || release.messageId !== messageId || now - release.at > lifetime) return false;
      return sameRemote(release.remote, remote);
    },
  };
}
