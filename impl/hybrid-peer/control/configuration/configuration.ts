import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { HybridPeerError } from "../../errors.js";
import type { HybridPeerOptions } from "../../options.js";
import { check, fromText, type SettingValue } from "./setting.js";
import { settings, settingsByName } from "./settings.js";

/** Settings by their dotted names, each with where it comes from. `listen: false` stands under the name `listen`. */
export type Configuration = ReadonlyMap<string, { readonly value: SettingValue; readonly from: string }>;

/** Names that begin alike may be meant. */
const LIKENESS = 4;

/** Octets of a configuration file that are read. */
const LONGEST_FILE = 1024 * 1024;

/**
 * Reads a configuration file, YAML or JSON.
 *
 * @throws HybridPeerError ERR_CONFIGURATION, naming file, member and what is wanted; the system's error where the file cannot be read
 */
export function readConfigurationFile(path: string): Configuration {
  const text = readFileSync(path, "utf8");
  if (text.length > LONGEST_FILE) throw wrong(`${path}: longer than ${LONGEST_FILE} octets`);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw wrong(`${path}: ${(error as Error).message.split("\n")[0]}`);
  }
  return readConfiguration(value ?? {}, path);
}

/** @param from named in errors, and beside the values in what is shown */
export function readConfiguration(source: unknown, from: string): Configuration {
  const read = new Map<string, { value: SettingValue; from: string }>();
  const walk = (value: unknown, name: string): void => {
    if (value === undefined) return;
    if (name === "listen" && value === false) {
      read.set("listen", { value: false, from });
      return;
    }
    const setting = settingsByName.get(name);
    if (setting !== undefined) {
      try {
        read.set(name, { value: check(setting, value), from });
      } catch (error) {
        throw wrong(`${from}: ${(error as Error).message}`);
      }
      return;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const members = settings.filter((one) => one.name.startsWith(`${name}.`));
      if (name === "" || members.length > 0)
        throw wrong(`${from}: ${name || "the whole"}: members and values are wanted`);
      throw unknown(name, from);
    }
    for (const [member, inner] of Object.entries(value)) walk(inner, name === "" ? member : `${name}.${member}`);
    if (name !== "" && !settings.some((one) => one.name.startsWith(`${name}.`))) throw unknown(name, from);
  };
  walk(source, "");
  return read;
}

/** `name=value`, as flags give it. @throws HybridPeerError ERR_CONFIGURATION */
export function readAssignment(text: string, from: string): Configuration {
  const at = text.indexOf("=");
  const name = at === -1 ? text : text.slice(0, at);
  const setting = settingsByName.get(name);
  if (setting === undefined) throw unknown(name, from);
  if (at === -1) throw wrong(`${from}: ${name}=VALUE is wanted`);
  try {
    return new Map([[name, { value: check(setting, fromText(setting, text.slice(at + 1))), from }]]);
  } catch (error) {
    throw wrong(`${from}: ${(error as Error).message}`);
  }
}

/** The later ones win. A `listen` with members takes back a `listen: false` before it, and the other way round. */
export function mergeConfigurations(...layers: readonly Configuration[]): Configuration {
  const merged = new Map<string, { value: SettingValue; from: string }>();
  for (const layer of layers) {
    if (layer.has("listen")) for (const name of merged.keys()) if (name.startsWith("listen.")) merged.delete(name);
    if ([...layer.keys()].some((name) => name.startsWith("listen."))) merged.delete("listen");
    for (const [name, one] of layer) merged.set(name, one);
  }
  return merged;
}

/** Every setting with the value that counts and where it comes from; secrets only say that they are there. */
export function effectiveConfiguration(configuration: Configuration) {
  return settings.map(({ name, about, default: standard, secret }) => {
    const given = configuration.get(name);
    const value = given === undefined ? standard : secret === true ? "(given)" : given.value;
    return { name, value, from: given?.from ?? "default", about };
  });
}

/** What `startHybridPeer` takes. @throws HybridPeerError ERR_CONFIGURATION; the system's error for PEM files that cannot be read */
export function optionsOf(configuration: Configuration): HybridPeerOptions {
  const at = (name: string): SettingValue | undefined => configuration.get(name)?.value;
  const group = (prefix: string): Record<string, SettingValue> | undefined => {
    const members = [...configuration].filter(([name]) => name.startsWith(`${prefix}.`));
    if (members.length === 0) return undefined;
    return Object.fromEntries(members.map(([name, { value }]) => [name.slice(prefix.length + 1), value]));
  };
  const [cert, key] = [at("listen.tlsCert"), at("listen.tlsKey")];
  if ((cert === undefined) !== (key === undefined)) throw wrong("listen.tlsCert and listen.tlsKey go together");
  const tls = cert === undefined ? {} : { tls: { cert: readFileSync(String(cert)), key: readFileSync(String(key)) } };
  const { tlsCert: _, tlsKey: __, ...socket } = group("listen") ?? {};
  const listen = at("listen") === false ? false : group("listen") && { ...socket, ...tls };
  const authorities = at("tlsAuthorities");
  const bearer = at("bearer");
  const plain = ["homsDialect", "peerId", "password", "address", "profile", "timeoutMs", "attempts", "leaveMs"];
  const options: Record<string, unknown> = {
    homs: at("homs") ?? settingsByName.get("homs")?.default,
    ...Object.fromEntries(plain.map((name) => [name, at(name)])),
    listen,
    tlsAuthorities: authorities && readFileSync(String(authorities)),
    auth: bearer && { bearer },
    webrtc: group("webrtc"),
    membership: group("membership"),
    backoff: group("backoff"),
    paths: group("paths"),
    links: group("links"),
  };
  const { signalling } = group("webrtc") ?? { signalling: "" };
  if (signalling === undefined) throw wrong("webrtc.signalling is missing");
  // Each value was checked against the table, which has the members of the options.
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as HybridPeerOptions;
}

/** Checks what was given through the API. @throws HybridPeerError ERR_CONFIGURATION */
export function checkOptions({
  paths,
  links,
  profile,
  homsDialect,
  timeoutMs,
  attempts,
  leaveMs,
}: HybridPeerOptions): void {
  readConfiguration({ paths, links, profile, homsDialect, timeoutMs, attempts, leaveMs }, "options");
}

function unknown(name: string, from: string): HybridPeerError {
  const last = (dotted: string): string => dotted.slice(dotted.lastIndexOf(".") + 1).toLowerCase();
  const near = settings.filter((one) => last(one.name).slice(0, LIKENESS) === last(name).slice(0, LIKENESS));
  const hint = near.length > 0 ? `; did you mean ${near.map((one) => one.name).join(" or ")}?` : "";
  return wrong(`${from}: there is no setting ${name}${hint}`);
}

const wrong = (message: string) => new HybridPeerError("ERR_CONFIGURATION", message);
