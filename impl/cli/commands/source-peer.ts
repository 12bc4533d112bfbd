import { type Command, Option } from "commander";
import { PayloadType, type PostedData, startSourcePeer } from "../../source-peer/index.js";
import { print, UsageError, wantsJson } from "../output.js";
import { printable } from "../printable.js";
import { addProtocolOptions, type ProtocolOptions, protocolSettings } from "../protocol-options.js";
import {
  addServiceOptions,
  createLogger,
  openStore,
  runUntilSignal,
  type ServiceOptions,
  tlsSettings,
} from "../service.js";
import { defined, endpoint, integer, list } from "../values.js";
import { addSessionOptions, checkSessionOptions, openSession, type SessionCliOptions } from "./source-peer-session.js";

type Listen = { host: string; port: number };

interface SourcePeerCliOptions extends ServiceOptions, ProtocolOptions, SessionCliOptions {
  id: number;
  udp: Listen;
  tcp?: Listen;
  tls?: Listen;
  tlsCert?: string;
  tlsKey?: string;
  control: Listen;
  controlToken?: string;
  allow?: number[];
  secret?: string;
  outstanding?: number;
  quiet?: true;
}

/** `mp2p source-peer` */
export function addSourcePeerCommand(program: Command): void {
  const command = program
    .command("source-peer")
    .description(
      "LDMP source peer (X.609.8): data sources register with it and post; prints what arrives, and shares it with peers (X.609.10)",
    )
    .addOption(new Option("--id <n>", "its identifier, 1 to 65535").argParser(integer(1, 65_535)).default(1))
    .addOption(
      new Option("--udp <host:port>", "UDP endpoint")
        .argParser(endpoint)
        .default({ host: "127.0.0.1", port: 6098 }, "127.0.0.1:6098"),
    )
    .addOption(new Option("--tcp <host:port>", "TCP endpoint").argParser(endpoint))
    .addOption(new Option("--tls <host:port>", "TLS endpoint; with --tls-cert and --tls-key").argParser(endpoint))
    .option("--tls-cert <file>", "PEM certificate")
    .option("--tls-key <file>", "PEM key")
    .addOption(
      new Option("--control <host:port>", "HTTP control interface: list, get, put, reset, live data, health, metrics")
        .argParser(endpoint)
        .default({ host: "127.0.0.1", port: 7680 }, "127.0.0.1:7680"),
    )
    .addOption(
      new Option("--control-token <token>", "bearer token for the control interface").env("MP2P_CONTROL_TOKEN"),
    )
    .addOption(
      new Option("--allow <ids>", "the only data sources accepted, comma-separated").argParser((text) =>
        list(text).map(integer(1, 65_535)),
      ),
    )
    .addOption(new Option("--secret <text>", "what a Registration must hold").env("MP2P_LDMP_SECRET"))
    .addOption(
      new Option("--outstanding <n>", "requests unanswered at a time, per data source (default: 1)").argParser(
        integer(1, 65_535),
      ),
    )
    .option("--quiet", "do not print the data that arrive");
  addServiceOptions(addSessionOptions(addProtocolOptions(command, 60)), "source-peer").action(run);
}

async function run(options: SourcePeerCliOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  const { tls } = tlsSettings(options);
  if ((options.tls === undefined) !== (tls === undefined)) {
    throw new UsageError("--tls goes together with --tls-cert and --tls-key");
  }
  await checkSessionOptions(options);
  const logger = createLogger(options.logLevel);
  const store = openStore(options, logger);
  const sourcePeer = await startSourcePeer({
    ...protocolSettings(options),
    ...defined({
      outstanding: options.outstanding,
      tcp: options.tcp,
      tls: options.tls && tls && { ...options.tls, ...tls },
    }),
    id: options.id,
    udp: options.udp,
    control: { ...options.control, ...defined({ token: options.controlToken }) },
    admission: defined({ allow: options.allow, secret: options.secret }),
    store,
    logger,
  });
  if (!options.quiet) sourcePeer.onData((data) => print(json ? describe(data) : line(data), json));
  const session = await openSession(options, { sourcePeer, store, logger, json, quiet: options.quiet === true }).catch(
    async (error: unknown) => {
      await sourcePeer.close();
      await store.close();
      throw error;
    },
  );
  const at = (scheme: string, point: { address: string; port: number } | undefined) =>
    point && `${scheme}://${point.address}:${point.port}`;
  const ready = defined({
    entity: "source-peer",
    id: sourcePeer.id,
    url: at("udp", sourcePeer.udp) ?? at("tcp", sourcePeer.tcp),
    udp: at("udp", sourcePeer.udp),
    tcp: at("tcp", sourcePeer.tcp),
    tls: at("tls", sourcePeer.tls),
    control: sourcePeer.url,
  });
  await runUntilSignal(ready, json, [...(session === undefined ? [] : [session]), sourcePeer, store]);
}

const text = new TextDecoder();

/** Arrived data for other programs. */
export function describe({ sourceId, at, payloadType, payload }: PostedData): object {
  return {
    event: "data",
    sourceId,
    time: new Date(at).toISOString(),
    ...(payloadType === PayloadType.text
      ? { text: text.decode(payload) }
      : { base64: Buffer.from(payload).toString("base64") }),
  };
}

/** Arrived data for people. */
export function line({ sourceId, at, payloadType, payload }: PostedData): string {
  const shown = payloadType === PayloadType.text ? printable(text.decode(payload)) : `${payload.length} octets`;
  return `${new Date(at).toISOString().slice(11, 23)}  data source ${sourceId}  ${shown}`;
}
