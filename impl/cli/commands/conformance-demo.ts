import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { combineReports, runConformance } from "./conformance.js";

/** The timers of the LDMP reference entities while they are judged: short, so that silence is. */
const timers = ["--heartbeat", "1", "--retransmission", "0.3", "--retries", "3"];

/**
 * `npm run conformance`: starts each reference entity as a process of its own, judges it, and writes the reports.
 *
 * @returns 0 when all conform, else the highest exit code of the suite
 */
export async function judgeReference(folder: string): Promise<number> {
  const reports = resolve(folder);
  mkdirSync(reports, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "mp2p-conformance-"));
  const written: string[] = [];
  let worst = 0;
  const judge: Judge = async (entity, ...target) => {
    const file = (kind: string) => join(reports, `${entity}.${kind}`);
    const outputs = ["--json", file("json"), "--junit", file("xml"), "--html", file("html")];
    process.stdout.write(`\n${entity}\n`);
    worst = Math.max(worst, await runConformance([entity, ...target, ...declared(entity), "--quiet", ...outputs]));
    written.push(file("json"));
  };

  try {
    for (const entity of ["pams", "homs"]) {
      await using(["serve", entity, "--listen", "0", "--store", join(work, `${entity}.sqlite`)], ({ url = "" }) =>
        judge(entity, "--url", url),
      );
    }
    const sourcePeer = ["source-peer", "--udp", "0", "--tcp", "0", "--control", "0", "--quiet", ...timers];
    await using([...sourcePeer, "--store", join(work, "source-peer.sqlite")], ({ udp = "", control = "" }) => {
      process.env.MP2P_CONTROL = control;
      return judge("ldmp-source-peer", "--url", udp);
    });
    // `exec`: the shell that the suite starts becomes the product, so that a signal reaches it.
    const dataSource = [...command, "data-source", "--to", "{url}", "--period", "0.5", ...timers];
    await judge("ldmp-data-source", "--exec", `exec ${[...dataSource, "--log-level", "silent"].map(quote).join(" ")}`);
    const hybridPeer = [...command, "hybrid-peer", "control"];
    await judge("homp-hybrid-peer", "--adapter", `exec ${hybridPeer.map(quote).join(" ")}`);
    // The same peer towards others: the suite's wish `listen` gives it paths.
    await judge("hybrid-peer", "--adapter", `exec ${hybridPeer.map(quote).join(" ")}`);
    const peer = [...command, "pamp-peer", "--pams", "{url}"];
    await judge("pamp-peer", "--exec", `exec ${peer.map(quote).join(" ")}`);
    const oms = [...command, "pamp-oms", "--control"];
    await judge("pamp-oms", "--adapter", `exec ${oms.map(quote).join(" ")}`);
    await judgeStreaming(judge, work);
    const index = join(reports, "index.html");
    writeFileSync(index, combineReports(written));
    process.stdout.write(`\nAll in one page: ${index}\n`);
    return worst;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Judge = (entity: string, ...target: readonly string[]) => Promise<void>;

/** The entities of X.609.10; a CS makes its sessions at OMS and IXS. */
async function judgeStreaming(judge: Judge, work: string): Promise<void> {
  const serving = (entity: string, ...more: readonly string[]) => [
    ...["serve", entity, "--listen", "0", "--store", join(work, `${entity}.sqlite`), ...more],
  ];
  const tokens = { MP2P_ADMIN_TOKEN: "the-administrator", MP2P_OMS_TOKEN: "the-oms" };
  Object.assign(process.env, tokens);
  await using(serving("ixs"), async ({ url: ixs = "" }) => {
    await judge("ixs", "--url", ixs);
    await using(serving("oms"), async ({ url: oms = "" }) => {
      await judge("oms", "--url", oms);
      Object.assign(process.env, { MP2P_OMS: oms, MP2P_IXS: ixs });
      const cs = serving("cs", "--oms", oms, "--ixs", ixs);
      await using(cs, ({ url = "" }) => judge("cs", "--url", url));
    });
  });
  await using(serving("unis"), ({ url = "" }) => judge("unis", "--url", url));
  const ums = serving("ums", "--admin-token", tokens.MP2P_ADMIN_TOKEN, "--oms-token", tokens.MP2P_OMS_TOKEN);
  await using(ums, ({ url = "" }) => judge("ums", "--url", url));
  const oms = [...command, "serve", "oms", "--listen", "127.0.0.1:0", "--memory", "--json"];
  const servers = ["--pams", "{url}", "--unis", "{url}", "--ums", "{url}", "--cache-server", "cs={url}"];
  await judge("managing-oms", "--exec", `exec ${[...oms, "--log-level", "silent", ...servers].map(quote).join(" ")}`);
  const peer = [...command, "peer", "control"].map(quote).join(" ");
  await judge("peer", "--adapter", `exec ${peer}`);
  await judge("source-peer", "--adapter", `exec ${peer}`);
}

/** Beside this file, in what is built and in the source. */
const executable = ["../main.js", "../main.ts"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find(existsSync) as string;
/** A reference entity is started as this process was: with what reads the source, where this is the source. */
const command = [process.execPath, ...process.execArgv, executable];

/** The reference's own declaration, where the defaults are not all it claims; it takes addresses from the environment. */
function declared(entity: string): readonly string[] {
  const path = ["../../../..", "../../.."]
    .map((root) => fileURLToPath(new URL(`${root}/conformance/reference/${entity}.yaml`, import.meta.url)))
    .find(existsSync);
  return path === undefined ? [] : ["--pics", path];
}

/** Runs a long-running command while `act` works with it; its first line of JSON says where it listens. */
async function using(args: readonly string[], act: (ready: Record<string, string>) => Promise<void>): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [...command.slice(1), ...args, "--json", "--log-level", "error"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = once(child, "exit");
  try {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const first = await Promise.race([once(lines, "line"), ended.then(() => undefined)]);
    if (first === undefined) throw new Error(`mp2p ${args.join(" ")} ended before it listened`);
    child.stdout?.resume();
    await act(JSON.parse(String(first[0])) as Record<string, string>);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

const quote = (word: string): string => (/^[\w./:{}=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
