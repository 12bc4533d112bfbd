import { type Command, Option } from "commander";
import {
  type Configuration,
  effectiveConfiguration,
  mergeConfigurations,
  optionsOf,
  readAssignment,
  readConfiguration,
  readConfigurationFile,
} from "../../hybrid-peer/control/configuration/index.js";
import type { HybridPeerOptions } from "../../hybrid-peer/index.js";
import { addClientOptions } from "../client-options.js";
import { print } from "../output.js";
import type { ServiceOptions } from "../service.js";
import { endpoint } from "../values.js";

/** Options of all subcommands of `mp2p hybrid-peer`, as commander gives them. */
export interface PeerOptions extends Pick<ServiceOptions, "logLevel"> {
  config?: string;
  set?: readonly string[];
  printConfig?: true;
}

/** Those and the subcommand's own. */
export type Options = PeerOptions & Record<string, unknown>;

/** Where the flags that have a name of their own go in the configuration. */
const flags: Readonly<Record<string, string>> = {
  homs: "homs",
  homsDialect: "homsDialect",
  bearer: "bearer",
  peerId: "peerId",
  address: "address",
  password: "password",
  signalling: "webrtc.signalling",
  profile: "profile",
  tlsCert: "listen.tlsCert",
  tlsKey: "listen.tlsKey",
  tlsCa: "tlsAuthorities",
};

/** Adds what says who the peer is and how it speaks to the HOMS. */
export function addPeerOptions(command: Command): Command {
  return addClientOptions(command, "HOMS")
    .addOption(
      new Option("--homs-dialect <name>", "how the HOMS speaks (auto finds out)").choices([
        "text",
        "v22",
        "v23a",
        "v23",
        "auto",
      ]),
    )
    .addOption(
      new Option("--peer-id <id>", "its identifier; its owner-id too (default: made at random)").env("MP2P_PEER_ID"),
    )
    .addOption(new Option("--address <uri>", "where other peers reach it, as the HOMS is told").env("MP2P_ADDRESS"))
    .addOption(
      new Option("--password <text>", "letters and digits (default: made at random, as it should be)").env(
        "MP2P_PASSWORD",
      ),
    )
    .addOption(new Option("--config <file>", "settings from a YAML or JSON file; flags win").env("MP2P_CONFIG"))
    .addOption(
      new Option("--set <name=value>", "one setting, such as paths.maxPrimary=3; may be repeated").argParser(
        (text: string, before: readonly string[] = []) => [...before, text],
      ),
    )
    .option("--print-config", "print the settings that count, and end")
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("warn"),
    );
}

/** Adds what says how other peers are reached. */
export function addPathOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--listen <host:port>", "take connections there (default: any free port of 127.0.0.1)").argParser(
        endpoint,
      ),
    )
    .option("--no-listen", "no paths to other peers: overlay management alone")
    .option("--signalling <url>", "reach peers over WebRTC through this relay, such as ws://127.0.0.1:8082")
    .addOption(new Option("--profile <name>", "how frames are spelt").choices(["p23", "p22", "p20"]))
    .option("--tls-cert <file>", "PEM certificate: speak TLS")
    .option("--tls-key <file>", "PEM key of the certificate")
    .option("--tls-ca <file>", "PEM authorities of other peers' certificates");
}

/** File, then environment and flags: the later ones win. @throws HybridPeerError ERR_CONFIGURATION */
export function configurationOf(options: Options, command: Command): Configuration {
  const given = (name: string): boolean =>
    options[name] !== undefined && command.getOptionValueSource(name) !== "default";
  const layers: Configuration[] = options.config === undefined ? [] : [readConfigurationFile(options.config)];
  const layer = (name: string, setting: string, value: unknown): void => {
    const source = command.getOptionValueSource(name) === "env" ? "environment" : "flag";
    layers.push(readConfiguration(nested(setting, value), source));
  };
  for (const [name, setting] of Object.entries(flags)) if (given(name)) layer(name, setting, options[name]);
  if (given("timeout")) layer("timeout", "timeoutMs", Math.round(Number(options.timeout) * 1000));
  if (given("listen")) layer("listen", "listen", options.listen);
  for (const text of options.set ?? []) layers.push(readAssignment(text, "--set"));
  return mergeConfigurations(...layers);
}

/** `a.b` with a value, as a file has it. */
const nested = (name: string, value: unknown): object =>
  name.split(".").reduceRight<unknown>((inner, member) => ({ [member]: inner }), value) as object;

/**
 * What `startHybridPeer` takes. Commands without paths only tell an address, at which somebody else may answer.
 *
 * @param paths whether the command is to have paths to other peers unless it is told otherwise
 */
export function settingsOf(options: Options, command: Command, paths: boolean): HybridPeerOptions {
  const settings = optionsOf(configurationOf(options, command));
  const { address = "tcp://127.0.0.1:9000", listen, webrtc } = settings;
  if (listen !== undefined || webrtc !== undefined) return listen === false ? { ...settings, address } : settings;
  return paths ? { ...settings, listen: {} } : { ...settings, address, listen: false };
}

/** `--print-config` and `mp2p hybrid-peer config`. */
export function printConfiguration(options: Options, command: Command, json: boolean): void {
  const configuration = effectiveConfiguration(configurationOf(options, command));
  if (json) {
    print({ settings: configuration }, true);
    return;
  }
  const shown = configuration.map(({ value, ...one }) => ({
    ...one,
    value: value === undefined ? "-" : typeof value === "object" ? JSON.stringify(value) : String(value),
  }));
  const width = (name: "name" | "value" | "from") => Math.max(...shown.map((one) => one[name].length));
  const [names, values, sources] = [width("name"), width("value"), width("from")];
  for (const { name, value, from, about } of shown) {
    process.stdout.write(`${name.padEnd(names)}  ${value.padEnd(values)}  ${from.padEnd(sources)}  ${about}\n`);
  }
}
