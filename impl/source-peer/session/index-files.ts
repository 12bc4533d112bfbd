import { createHash } from "node:crypto";
import { createIxsClient, type IndexFile, type IxsClient } from "../../../generated/ixs/index.js";
import { isMp2pError } from "../../../generated/runtime/errors.js";
import type { SigningKey } from "../../keys/ed25519.js";
import { type BackoffSettings, pauseMs } from "../../net/backoff.js";
import type { Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { pause } from "../../net/pause.js";
import type { Store, Table } from "../../store/store.js";

export interface IndexFilesOptions {
  readonly ixs: string;
  /** Seconds for which the IXS keeps a file of a source peer that is not heard of any more. Default 300. */
  readonly expiresS?: number;
  /** For one answer, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  readonly backoff: BackoffSettings;
  /** Keeps the owner's tokens, so that a source peer that was killed takes over the files it left. */
  readonly store?: Store;
  /** The source peer's key, of which owner's tokens are made: whoever comes back with it owns the files still, its store lost or not. */
  readonly key?: SigningKey;
  readonly random: Random;
  readonly logger: Logger;
  /** Told when the IXS stops or begins to answer. */
  onServer(change: "down" | "up", reason?: string): void;
}

/** What is registered for one data source; version and lifetime are added here. */
export type SourceIndexFile = Omit<IndexFile, "version" | "expires">;

/**
 * The index files of one session's data sources, one for each data source and data item, all naming one overlay network [X.609.10 8.6]
 * (E-DS-38). They are registered as soon as the IXS answers, and shown to be alive at half their lifetime.
 */
export interface IndexFiles {
  add(file: SourceIndexFile): void;
  /** Resolves when it is removed, or could not be in time: it then expires. */
  remove(dataSourceId: string, dataId: string): Promise<void>;
  /** Removes all of them. */
  clear(): Promise<void>;
}

interface Row {
  version: number;
  token: string;
}

interface Entry {
  readonly file: SourceIndexFile;
  readonly ending: AbortController;
  /** As the IXS has it. */
  held: Row | undefined;
  done: Promise<void>;
}

export function createIndexFiles(options: IndexFilesOptions): IndexFiles {
  const { ixs, expiresS = 300, timeoutMs = 5_000, backoff, random, logger } = options;
  const ownToken = ({ title, data_source_id, data_id }: SourceIndexFile): string | undefined => {
    const named = JSON.stringify([ixs, title, data_source_id, data_id]);
    const signed = options.key?.sign(`mp2p index owner 1\n${named}`);
    return signed === undefined ? undefined : createHash("sha256").update(signed).digest("base64url");
  };
  const entries = new Map<string, Entry>();
  const rows: Table<Row> | undefined = options.store?.table<Row>("source_index_files");
  const left = new Map<string, Row>(rows?.load() ?? []);
  let down = false;
  const server = (change: "down" | "up", reason?: string): void => {
    if (down === (change === "down")) return;
    down = change === "down";
    options.onServer(change, reason);
  };
  const clientOf = (token: string | undefined): IxsClient =>
    createIxsClient({
      baseUrl: ixs,
      timeoutMs,
      deadlineMs: 2 * timeoutMs,
      retry: false,
      ...(token !== undefined && { auth: { bearer: token } }),
    });

  /** What an earlier run of this source peer left at the IXS, where nothing here tells of it. */
  const leftThere = async ({ file, ending }: Entry): Promise<Row | undefined> => {
    const token = ownToken(file);
    if (token === undefined) return undefined;
    const { title, data_source_id, data_id, source_public_key } = file;
    const query = { title, data_source_id, data_id };
    const result = await clientOf(undefined).IXS_INDEX_FILE_QUERY({ query }, { signal: ending.signal });
    if (result.status !== 200) return undefined;
    const [found] = result.body.index_file_list.index_file;
    return found !== undefined && found.source_public_key === source_public_key
      ? { version: found.version, token }
      : undefined;
  };
  /** One attempt. @returns whether the IXS has the file now */
  const register = async (key: string, entry: Entry): Promise<boolean> => {
    const known = entry.held ?? left.get(key);
    // A file of an earlier run names an overlay network that is no more: this is its next version.
    const version = known === undefined ? 1 : entry.held === undefined ? known.version + 1 : known.version;
    const body = { index_file: { ...entry.file, version, expires: expiresS } };
    const { signal } = entry.ending;
    const result =
      known === undefined
        ? await clientOf(ownToken(entry.file)).IXS_INDEX_FILE_REGISTER({ body }, { signal })
        : await clientOf(known.token).IXS_INDEX_FILE_UPDATE({ body }, { signal });
    server("up");
    if (result.status === 200) {
      const { registration } = result.body;
      const token = registration.owner_token ?? known?.token ?? ownToken(entry.file) ?? "";
      entry.held = { version: registration.version, token };
      left.set(key, entry.held);
      rows?.put(key, entry.held);
      return true;
    }
    if (known !== undefined && (result.code === 404 || result.code === 401)) {
      // It has expired, or the IXS lost it: registered anew at the next attempt.
      entry.held = undefined;
      left.delete(key);
      rows?.delete(key);
      return false;
    }
    const there = known === undefined && result.code === 409 ? await leftThere(entry) : undefined;
    if (there !== undefined) {
      left.set(key, there);
      return register(key, entry);
    }
    logger.warn({ status: result.code, file: key }, "the IXS refused an index file");
    return false;
  };
  const keep = async (key: string, entry: Entry): Promise<void> => {
    const { signal } = entry.ending;
    for (let failures = 0; !signal.aborted; ) {
      try {
        failures = (await register(key, entry)) ? 0 : failures + 1;
      } catch (error) {
        if (!isMp2pError(error)) throw error;
        if (signal.aborted) return;
        failures++;
        server("down", error.message);
      }
      await pause(failures === 0 ? (expiresS * 1000) / 2 : pauseMs(failures, backoff, random), signal);
    }
  };
  const remove = async (key: string): Promise<void> => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    entry.ending.abort();
    await entry.done;
    const { held, file } = entry;
    if (held === undefined) return;
    try {
      const { title, data_source_id, data_id } = file;
      const query = { version: held.version, title, data_source_id, data_id };
      const result = await clientOf(held.token).IXS_INDEX_FILE_REMOVE({ query });
      if (!result.ok && result.code !== 404) logger.warn({ status: result.code, file: key }, "index file not removed");
    } catch (error) {
      if (!isMp2pError(error)) throw error;
      logger.warn({ err: error, file: key }, "index file not removed: it expires");
      return;
    }
    left.delete(key);
    rows?.delete(key);
  };

  return {
    add(file) {
      const key = keyOf(file.data_source_id, file.data_id);
      if (entries.has(key)) return;
      const entry: Entry = { file, ending: new AbortController(), held: undefined, done: Promise.resolve() };
      entries.set(key, entry);
      entry.done = keep(key, entry).catch((error: unknown) => logger.error({ err: error }, "index files failed"));
    },
    remove: (dataSourceId, dataId) => remove(keyOf(dataSourceId, dataId)),
    async clear() {
      await Promise.all([...entries.keys()].map(remove));
    },
  };
}

function keyOf(dataSourceId: string, dataId: string): string {
  return JSON.stringify([dataSourceId, dataId]);
}
