import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const loader = fileURLToPath(new URL("../../../tools/test/run-typescript.mjs", import.meta.url));
const main = fileURLToPath(new URL("../main.ts", import.meta.url));

function start(args: readonly string[], folder: string): ChildProcess {
  return spawn(process.execPath, ["--import", loader, main, ...args], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

/** What a command that ends by itself printed, and its exit code. */
export async function mp2p(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return mp2pWithInput("", ...args);
}

export async function mp2pWithInput(
  input: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const child = start(args, tmpdir());
  child.stdin?.end(input);
  const [out, err, [code]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, "exit")]);
  return { code: code as number, out, err };
}

/** A command that is signalled once it has said something on standard error, and what it said in all. */
export async function mp2pSignalled(
  said: RegExp,
  signal: NodeJS.Signals,
  ...args: string[]
): Promise<{ code: number; err: string }> {
  const child = start(args, tmpdir());
  child.stdout?.resume();
  let err = "";
  child.stderr?.on("data", (octets: Buffer) => {
    const before = said.test(err);
    err += octets;
    if (!before && said.test(err)) child.kill(signal);
  });
  const [code] = await once(child, "close");
  return { code: code as number, err };
}

/** A command whose output goes into another program, and what came out of both. */
export async function mp2pInto(reader: string, ...args: string[]): Promise<{ out: string; err: string }> {
  const line = ["-c", `"$0" "$@" | ${reader}`, process.execPath, "--import", loader, main, ...args];
  const child = spawn("sh", line, { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { out, err };
}

/** A long-running command, in a folder of its own. */
export interface Service {
  /** Its first line of JSON: where it listens. */
  readonly ready: Record<string, string>;
  /** The next line of JSON that it prints. */
  next(): Promise<Record<string, unknown>>;
  write(line: string): void;
  /** The next line of JSON that is so; those before it are passed over. */
  until(wanted: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Sends SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Its own working directory. */
  readonly folder: string;
  /** The exit code of one that ends by itself. */
  readonly ended: Promise<number>;
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number>;
}

export function startService(...args: string[]): Promise<Service> {
  return startServiceWithLine(undefined, ...args);
}

/** @param line what it reads first, where it says nothing before */
export async function startServiceWithLine(line: string | undefined, ...args: string[]): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-cli-"));
  const child = start([...args, "--json", "--log-level", "silent"], folder);
  child.stderr?.pipe(process.stderr);
  const ended = once(child, "exit");
  if (line !== undefined) child.stdin?.write(`${line}\n`);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`mp2p ${args.join(" ")} ended`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  return {
    ready: (await next()) as Record<string, string>,
    next,
    async until(wanted) {
      for (;;) {
        const line = await next();
        if (wanted(line)) return line;
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
    folder,
    ended: ended.then(([code]) => code as number),
    write: (text) => void child.stdin?.write(`${text}\n`),
    async stop() {
      child.kill("SIGTERM");
      const [code] = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code as number;
    },
  };
}
