import { createReadStream, unwatchFile, watchFile } from "node:fs";
import type { Logger } from "../net/logger.js";
import { Network } from "./network.js";
import { type ReadLine, readPrefix, readRelation } from "./table-lines.js";

export interface TableFiles {
  /** Prefixes and the autonomous systems that announce them: pfx2as or CSV. */
  readonly prefixes?: readonly string[];
  /** Relations of autonomous systems: serial-1. */
  readonly relations?: readonly string[];
}

/** What is wrong with a table as a whole. */
export class TableError extends Error {}

/** A line is never longer, unless the file is something else. */
const longestLine = 4096;
/** Lines of a file that may be faulty, in parts of all. */
const faultyShare = 0.1;
const watchMs = 5000;

/**
 * Reads the tables. Single faulty lines are left out and counted in the log: published tables have some.
 *
 * @throws TableError where a file is something else
 * @throws the system's error where it cannot be read
 */
export async function loadTables({ prefixes = [], relations = [] }: TableFiles, logger: Logger): Promise<Network> {
  const network = new Network();
  for (const path of prefixes) await loadFile(path, readPrefix, network, logger);
  for (const path of relations) await loadFile(path, readRelation, network, logger);
  logger.info({ prefixes: network.prefixes, relations: network.relations }, "tables loaded");
  return network;
}

async function loadFile(path: string, read: ReadLine, network: Network, logger: Logger): Promise<void> {
  let lines = 0;
  let faulty = 0;
  let first = "";
  const take = (line: string): void => {
    lines++;
    const wrong = read(line, network);
    if (wrong === undefined) return;
    if (faulty++ === 0) first = `${path}:${lines}: ${wrong}`;
  };
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) take(line);
    if (rest.length > longestLine) throw new TableError(`${path}:${lines + 1}: this is no line of a table`);
  }
  if (rest !== "") take(rest);
  if (faulty > Math.max(1, lines * faultyShare) || (faulty > 0 && faulty === lines)) {
    throw new TableError(`${first} (and ${faulty - 1} more of ${lines} lines)`);
  }
  if (faulty > 0) logger.warn({ path, faulty, lines, first }, "lines of a table were left out");
}

/** Calls back when one of the files has changed and rests again. @returns what ends it */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  for (const path of paths) {
    watchFile(path, { interval: watchMs, persistent: false }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs && now.nlink > 0) changed();
    });
  }
  return () => {
    for (const path of paths) unwatchFile(path);
  };
}
