import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { DeclarationInput } from "../engine/declaration.js";
import type { EntityId, Target } from "../engine/entity.js";
import type { Setting } from "../test/reference-mutants/mutant.js";

/** An entity of the reference system, as the suite is to reach it. */
export interface Reference {
  readonly target: Target;
  readonly declaration: DeclarationInput;
  stop(): Promise<void>;
}

export interface ReferenceOptions {
  readonly setting?: Setting | undefined;
  /** Set for the processes started: MP2P_DEFECT, for one. */
  readonly env?: Readonly<Record<string, string>>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const command = ["--import", path("../test/reference-mutants/seed.mjs"), path("../../impl/cli/main.ts")];

/** Times of LDMP short enough to wait for, those of the declarations in ../reference. */
const times = ["--heartbeat", "1", "--retransmission", "0.3"];
const TOKEN = "the-token-of-the-oms";
const STARTS_WITHIN_MS = 60_000;

/**
 * Starts an entity of the reference system as a process of its own, to be judged by its own declaration.
 *
 * @throws Error when it does not come up
 */
export async function startReference(entity: EntityId, options: ReferenceOptions = {}): Promise<Reference> {
  const { setting, env = {} } = options;
  switch (entity) {
    case "pams": {
      const guarded = setting === "guarded";
      const signed = setting === "signed";
      const more = guarded ? ["--oms-token", TOKEN, "--peer-tokens"] : signed ? ["--receipts", "check"] : [];
      const served = await serve(["serve", "pams", "--listen", "127.0.0.1:0", ...more], env);
      const declaration = await declared(guarded ? "pams-guarded" : signed ? "pams-signed" : "pams", {
        MP2P_OMS_TOKEN: TOKEN,
      });
      return { target: { url: served.said.url ?? "" }, declaration, stop: served.stop };
    }
    case "homs": {
      const served = await serve(["serve", "homs", "--listen", "127.0.0.1:0"], env);
      const declaration = await declared("homs");
      // Lifetimes of a second: what expires is waited for less long.
      const values = { ...declaration.values, "short-expires": 1, "expiry-grace": 1 };
      return { target: { url: served.said.url ?? "" }, declaration: { ...declaration, values }, stop: served.stop };
    }
    case "ldmp-source-peer": {
      const listen = ["--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--control", "127.0.0.1:0"];
      const served = await serve(["source-peer", ...listen, ...times, "--quiet"], env);
      const { udp = "", tcp = "", control = "" } = served.said;
      const declaration = await declared(entity, { MP2P_CONTROL: control });
      return { target: { url: setting === "tcp" ? tcp : udp }, declaration, stop: served.stop };
    }
    case "ldmp-data-source": {
      const run = (to: string): string =>
        `exec ${started(env, "data-source", "--from", "sensors", "--period", "0.5", ...times, "--log-level", "silent")} --to ${to}`;
      const declaration = await declared(entity);
      const transport = setting === "tcp" ? { transport: "tcp" } : {};
      // A process may take long to come up where many are started at once.
      const values = {
        ...declaration.values,
        "registers-within": 15,
        "two-source-peers": run("{url},{url2}"),
        ...transport,
      };
      return { target: { exec: run("{url}") }, declaration: { ...declaration, values }, stop: async () => {} };
    }
    case "ixs":
    case "oms":
    case "unis": {
      const served = await serve(["serve", entity, "--listen", "127.0.0.1:0"], env);
      return { target: { url: served.said.url ?? "" }, declaration: await declared(entity), stop: served.stop };
    }
    case "ums": {
      const tokens = { MP2P_ADMIN_TOKEN: "the-administrator", MP2P_OMS_TOKEN: TOKEN };
      const words = ["--admin-token", tokens.MP2P_ADMIN_TOKEN, "--oms-token", TOKEN];
      const served = await serve(["serve", "ums", "--listen", "127.0.0.1:0", ...words], env);
      return { target: { url: served.said.url ?? "" }, declaration: await declared("ums", tokens), stop: served.stop };
    }
    case "cs": {
      // Its sessions are made at an OMS and an IXS.
      const [oms, ixs] = [
        await serve(["serve", "oms", "--listen", "127.0.0.1:0"], {}),
        await serve(["serve", "ixs", "--listen", "127.0.0.1:0"], {}),
      ];
      const urls = { MP2P_OMS: oms.said.url ?? "", MP2P_IXS: ixs.said.url ?? "" };
      const words = ["serve", "cs", "--listen", "127.0.0.1:0", "--oms", urls.MP2P_OMS, "--ixs", urls.MP2P_IXS];
      const served = await serve(words, env);
      const stop = async (): Promise<void> => {
        await Promise.all([served, oms, ixs].map((one) => one.stop()));
      };
      return { target: { url: served.said.url ?? "" }, declaration: await declared("cs", urls), stop };
    }
    case "managing-oms": {
      const servers = ["pams", "unis", "ums"].flatMap((name) => [`--${name}`, "{url}"]);
      const words = ["serve", "oms", "--listen", "127.0.0.1:0", "--memory", "--json", "--log-level", "silent"];
      const exec = `exec ${started(env, ...words, ...servers, "--cache-server", "cs={url}")}`;
      return { target: { exec }, declaration: await declared(entity), stop: async () => {} };
    }
    // Adapters, for they can be asked for everything.
    case "homp-hybrid-peer":
    case "hybrid-peer":
      return await adapted(entity, started(env, "hybrid-peer", "control"));
    case "peer":
    case "source-peer":
      return await adapted(entity, started(env, "peer", "control"));
    case "pamp-oms":
    case "pamp-peer":
      return await adapted(entity, started(env, entity, "--control"));
  }
}

async function adapted(entity: EntityId, command: string): Promise<Reference> {
  return { target: { adapter: `exec ${command}` }, declaration: await declared(entity), stop: async () => {} };
}

/** The shell command of a product that the suite starts itself. */
function started(env: Readonly<Record<string, string>>, ...words: readonly string[]): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ["env", ...settings, process.execPath, ...command, ...words].map((word) => `'${word}'`).join(" ");
}

interface Said {
  readonly url?: string;
  readonly udp?: string;
  readonly tcp?: string;
  readonly control?: string;
}

/** Starts a server and waits for the line in which it says where it listens. */
async function serve(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ said: Said; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [...command, ...words, "--memory", "--json", "--log-level", "silent"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), STARTS_WITHIN_MS);
  try {
    const lines = createInterface({ input: child.stdout });
    const came = once(lines, "line", { signal: limit.signal });
    const ended = once(child, "exit", { signal: limit.signal }).then(() => Promise.reject(new Error("it ended")));
    const [line] = (await Promise.race([came, ended])) as [string];
    return { said: JSON.parse(line) as Said, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`${words.join(" ")} did not come up: ${complaint || String(error)}`);
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  // It holds nothing that is worth an orderly end.
  child.kill("SIGKILL");
  await gone;
}

/** The reference's own declaration, with these values for the names in it: the environment has those of no single product. */
async function declared(file: string, names: Readonly<Record<string, string>> = {}): Promise<DeclarationInput> {
  const text = await readFile(path(`../reference/${file}.yaml`), "utf8");
  const filled = text.replace(/\$\{(\w+)\}/g, (found, name: string) => names[name] ?? found);
  return parse(filled) as DeclarationInput;
}
