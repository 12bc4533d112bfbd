import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Logger } from "pino";
import { Code, codeName } from "../../../generated/ldmp/index.js";
import {
  createFileFeed,
  createLineFeed,
  createSensorFeed,
  type DataSourceNews,
  type Failure,
  type Feed,
  parseSourcePeer,
  startDataSource,
} from "../../data-source/index.js";
import { print, wantsJson } from "../output.js";
import { addProtocolOptions, type ProtocolOptions, protocolSettings } from "../protocol-options.js";
import { createLogger, runUntilSignal, type ServiceOptions } from "../service.js";
import { checked, defined, integer, list, seconds } from "../values.js";

interface DataSourceCliOptions extends ProtocolOptions, Pick<ServiceOptions, "logLevel"> {
  to: string[];
  id: number;
  from: string;
  whole?: true;
  period?: number;
  secret?: string;
}

/** `mp2p data-source` */
export function addDataSourceCommand(program: Command): void {
  const command = program
    .command("data-source")
    .description("LDMP data source (X.609.8): registers with a source peer and posts live data")
    .addOption(
      new Option(
        "--to <url>",
        "the source peer: udp://host:port, tcp://… or tls://…; several, comma-separated, are tried in turn",
      )
        .argParser((text) => list(text).map(checked(parseSourcePeer)))
        .default(["udp://127.0.0.1:6098"], "udp://127.0.0.1:6098"),
    )
    .addOption(new Option("--id <n>", "its identifier, 1 to 65535").argParser(integer(1, 65_535)).default(1001))
    .option(
      "--from <what>",
      "sensors (this machine's readings), stdin (a line a reading), or a file (its new lines)",
      "sensors",
    )
    .option("--whole", "with a file: post all of it whenever it changes")
    .addOption(new Option("--period <seconds>", "how often a sensor posts, or a file is looked at").argParser(seconds))
    .addOption(new Option("--secret <text>", "what the source peer wants in a Registration").env("MP2P_LDMP_SECRET"))
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("warn"),
    );
  addProtocolOptions(command, 45).action(run);
}

async function run(options: DataSourceCliOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  const logger = createLogger(options.logLevel);
  const end = (): void => void process.kill(process.pid, "SIGTERM");
  const dataSource = await startDataSource({
    ...protocolSettings(options),
    ...defined({ secret: options.secret }),
    id: options.id,
    sourcePeer: options.to,
    feed: await createFeed(options, end, logger),
    logger,
  });
  dataSource.onNews((news) => print(json ? { event: news.kind, ...news } : tell(news), json));
  await runUntilSignal({ entity: "data-source", id: options.id, to: options.to.join(", ") }, json, [dataSource]);
}

async function createFeed(
  { from, period, whole }: DataSourceCliOptions,
  onEnd: () => void,
  logger: Logger,
): Promise<Feed> {
  if (from === "sensors") return createSensorFeed(defined({ period }));
  if (from === "stdin") return createLineFeed(process.stdin, { onEnd });
  if (!existsSync(from)) logger.warn({ file: from }, "this file does not exist yet: waiting for it");
  return createFileFeed(from, defined({ period, mode: whole ? ("whole" as const) : undefined }));
}

function reasonOf(failure: Failure): string {
  switch (failure.kind) {
    case "refused": {
      const hint = failure.code === Code.unauthorized ? ": is --secret the one of the source peer?" : "";
      return `refused with ${codeName(failure.code)}${hint}`;
    }
    case "no-answer":
      return "it does not answer";
    case "silent":
      return "it is not heard of any more";
    case "lost":
      return `it does not know this data source any more (${codeName(failure.code)})`;
    case "disconnected":
      return `the connection is gone${failure.reason === undefined ? "" : `: ${failure.reason}`}`;
  }
}

function tell(news: DataSourceNews): string {
  switch (news.kind) {
    case "registered":
      return `registered with ${news.sourcePeer} (source peer ${news.sourcePeerId})`;
    case "failed":
      return `not registered with ${news.sourcePeer}: ${reasonOf(news.failure)}; next attempt in ${Math.round(news.retryMs / 1000)} s`;
    case "reset":
      return "reset by the source peer; registering again";
    case "left":
      return `released from ${news.sourcePeer}`;
  }
}
