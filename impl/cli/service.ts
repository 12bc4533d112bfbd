import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { type Command, Option } from "commander";
import { destination, type Level, type Logger, pino } from "pino";
import { createMemoryStore, openSqliteStore, type Store } from "../store/index.js";
import { UsageError } from "./output.js";
import { endpoint } from "./values.js";

export { runUntilSignal } from "./until-signal.js";

/** Options of every long-running command. */
export interface ServiceOptions {
  store: string;
  memory?: true;
  logLevel: Level | "silent";
}

export function addServiceOptions(command: Command, name: string): Command {
  return command
    .option("--store <file>", "SQLite file with its state; made when it is not there", `mp2p-${name}.sqlite`)
    .addOption(new Option("--memory", "keep state in memory only: nothing survives a restart").conflicts("store"))
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("info"),
    );
}

/** Options of commands that serve HTTP. */
export interface HttpOptions {
  listen: { host: string; port: number };
  tlsCert?: string;
  tlsKey?: string;
}

export function addHttpOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--listen <host:port>", "where to listen; a port alone is on loopback, 0 is any free port")
        .argParser(endpoint)
        .default({ host: "127.0.0.1", port: 8080 }, "127.0.0.1:8080"),
    )
    .option("--tls-cert <file>", "PEM certificate: serve https instead of http")
    .option("--tls-key <file>", "PEM key of the certificate");
}

/** The `tls` setting of a server, when both files are given. */
export function tlsSettings({ tlsCert, tlsKey }: { tlsCert?: string; tlsKey?: string }) {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) throw new UsageError("--tls-cert and --tls-key go together");
  const tls = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new UsageError(`${tlsCert} and ${tlsKey} are no PEM certificate and its key: ${(error as Error).message}`);
  }
  return { tls };
}

export function createLogger(level: ServiceOptions["logLevel"]): Logger {
  return pino({ level }, destination({ fd: 2, sync: true }));
}

export function openStore({ store, memory }: ServiceOptions, logger: Logger): Store {
  const onError = (error: Error): void => logger.error({ err: error }, "the store could not be written");
  return memory ? createMemoryStore({ onError }) : openSqliteStore(store, { onError });
}
