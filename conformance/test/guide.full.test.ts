/** CONFORMANCE.md and the workflow file, run line by line against the reference: what the guide teaches works. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = resolve(import.meta.dirname, "../..");
/** What `npm run build` built (`npm run test:full` does so first). */
const cli = resolve(root, process.env.MP2P_DIST ?? "dist", "impl/cli/main.js");
const guide = readFileSync(join(root, "CONFORMANCE.md"), "utf8");
const workflow = readFileSync(join(root, "conformance/workflows/conformance.yml"), "utf8");
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
const lines = blocks("sh").flatMap((text) => text.trim().split("\n"));
/** A reader puts an address of their own in its place. */
const isPlace = (line: string): boolean => /^[A-Z_]+=/.test(line);

let folder: string;
const running: ChildProcess[] = [];
const env: Record<string, string> = {};

/** Starts a reference server; gives the line of JSON that it says it listens by. */
async function start(...args: string[]): Promise<Record<string, string>> {
  const child = spawn(process.execPath, [cli, ...args, "--json", "--log-level", "error"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  child.stdout.resume();
  return JSON.parse(String(line)) as Record<string, string>;
}

/** As somebody pastes it into a shell. */
async function shell(script: string): Promise<{ code: number; out: string }> {
  const child = spawn("bash", ["-c", script], { cwd: folder, env: { ...process.env, ...env } });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = await once(child, "close");
  return { code: Number(code), out };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mp2p-guide-"));
  // What the package's installation would put there.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const main = `exec "${process.execPath}" "${cli}" "$@"`;
  writeFileSync(join(bin, "mp2p"), `#!/bin/sh\n${main}\n`);
  writeFileSync(join(bin, "npx"), `#!/bin/sh\n[ "$1" = --yes ] && shift\n[ "$1" = mp2p ] || exit 99\nshift\n${main}\n`);
  for (const name of ["mp2p", "npx"]) chmodSync(join(bin, name), 0o755);
  env.PATH = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  env.TENANT = "acme";
  env.HOMS = (await start("serve", "homs", "--listen", "127.0.0.1:0", "--memory")).url ?? "";
  env.PAMS = (await start("serve", "pams", "--listen", "127.0.0.1:0", "--memory")).url ?? "";
  env.IXS = (await start("serve", "ixs", "--listen", "127.0.0.1:0", "--memory")).url ?? "";
  const timers = ["--heartbeat", "1", "--retransmission", "0.3", "--retries", "3"];
  const listening = ["--udp", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--control", "127.0.0.1:0", "--memory", "--quiet"];
  env.SOURCE_PEER = (await start("source-peer", ...listening, ...timers)).udp ?? "";
  env.SENSOR = `exec mp2p data-source --to {url} --period 0.5 --log-level silent ${timers.join(" ")}`;
  env.PEER = "exec mp2p pamp-peer --pams {url}";
  env.ADAPTER = "exec mp2p hybrid-peer control";
  for (const text of blocks("yaml"))
    writeFileSync(join(folder, /^# (\S+\.yaml)/.exec(text)?.[1] ?? "unnamed.yaml"), text);
});

afterAll(async () => {
  for (const child of running) {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

describe("CONFORMANCE.md", () => {
  test("names a place for every variable that its lines use", () => {
    const used = lines.filter((line) => !isPlace(line)).flatMap((line) => line.match(/\$\{?[A-Z_]+/g) ?? []);
    const given = lines.filter(isPlace).map((line) => `$${line.split("=")[0]}`);
    expect([...new Set(used)].filter((name) => !given.includes(name))).toEqual([]);
    expect(given.filter((name) => env[name.slice(1)] === undefined)).toEqual([]);
    expect(lines.filter((line) => !isPlace(line) && !/^npx mp2p conformance /.test(line))).toEqual([]);
  });

  test.each(lines.filter((line) => !isPlace(line)))("%s", { timeout: 300_000 }, async (line) => {
    const { code, out } = await shell(line);
    expect(code, out).toBe(0);
    for (const [, file = ""] of line.matchAll(/(?:--(?:json|junit|html|out|bundle|pcap)|>) (\S+)/g))
      expect(existsSync(join(folder, file)), file).toBe(true);
  });

  test("has a line in its text for every command, and every link leads somewhere", () => {
    const listed = execFileSync("bash", ["-c", "npx mp2p conformance --help"], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    const commands = [...listed.matchAll(/^ {2}mp2p conformance (\w+) [A-Z[]/gm)].map(([, name = ""]) => name);
    expect(commands.length).toBeGreaterThan(6);
    expect(commands.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide))).toEqual([]);
    const links = [...guide.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("the workflow file", () => {
  interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly jobs: Readonly<Record<string, { readonly "runs-on": string; readonly steps: readonly Step[] }>>;
  }
  interface Step {
    readonly name?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly if?: string;
  }
  const { on, jobs } = parse(workflow) as Workflow;
  const steps = jobs.conformance?.steps ?? [];
  const script = (name: string): string => steps.find((step) => step.name === name)?.run ?? "";

  test("is sound: triggers, a runner, and steps that each use an action or run a script", () => {
    expect(Object.keys(on)).toEqual(["push", "pull_request", "workflow_dispatch"]);
    expect(jobs.conformance?.["runs-on"]).toBe("ubuntu-latest");
    for (const { uses, run } of steps) {
      expect([uses, run].filter((one) => one !== undefined)).toHaveLength(1);
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
      if (run !== undefined) execFileSync("bash", ["-n", "-c", run]);
    }
  });

  test("judges, keeps the reports, and ends with the suite's exit code", { timeout: 120_000 }, async () => {
    const judge = script("Judge it");
    const options = `export ENTITY=homs URL="$HOMS"; set -eo pipefail; `;
    const good = await shell(options + judge);
    expect(good.code, good.out).toBe(0);
    for (const name of ["report.json", "junit.xml", "report.html", "run.bundle.gz"])
      expect(existsSync(join(folder, "reports", name)), name).toBe(true);
    expect((await shell(options + script("Draw the badge"))).code).toBe(0);
    expect(readFileSync(join(folder, "reports/badge.svg"), "utf8")).toMatch(/: conforms<\/title>/);
    const gone = await shell(`export ENTITY=homs URL=http://127.0.0.1:1; set -eo pipefail; ${judge}`);
    expect(gone.code).toBe(3);
  });
});
