import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A server in a process of its own, so that its CPU time can be told from the client's. */
export interface ServerProcess {
  readonly port: number;
  /** User and system time of the whole process so far, in microseconds. */
  cpu(): Promise<number>;
  /** Blocks the server's event loop for a while, as a long garbage collection or a disk would; resolves when it is about to. */
  stall(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a module that calls {@link serve}; it reports its port when it listens. */
export async function startServer(module: URL): Promise<ServerProcess> {
  const child = fork(fileURLToPath(module), { stdio: "inherit" });
  const port = (await answer(child)) as number;
  if (child.pid !== undefined) separate(child.pid);
  return {
    port,
    cpu: () => {
      child.send("cpu");
      return answer(child) as Promise<number>;
    },
    stall: async (milliseconds) => {
      child.send({ stall: milliseconds });
      await answer(child);
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.send("stop");
      }),
  };
}

/**
 * Servers on the first processor, this client on the second. Left to itself the system puts some of them on one, and an exchange
 * there costs more for the changes of context: the contenders would be told apart by luck.
 */
function separate(server: number): void {
  confine(server, 0);
  confine(process.pid, 1);
}

/** Keeps a process to one of the first two processors, where there are two. */
export function confine(pid: number, processor: 0 | 1): void {
  const [first, second] = processors();
  if (first === undefined || second === undefined) return;
  try {
    execFileSync("taskset", ["-acp", `${processor === 0 ? first : second}`, `${pid}`], { stdio: "ignore" });
  } catch {
    if (!warned) console.error("taskset failed: servers and client share processors, figures will vary more");
    warned = true;
  }
}

let warned = false;
let known: readonly number[] | undefined;

/** What this process may run on, asked before it is confined to one; empty where the system does not say. */
function processors(): readonly number[] {
  if (known === undefined) {
    try {
      const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
      known = list.split(",").flatMap((range) => {
        const [from = Number.NaN, to = from] = range.split("-").map(Number);
        return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
      });
    } catch {
      known = [];
    }
  }
  return known;
}

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`the server process ended with ${code}`));
    child.once("exit", gone);
    child.once("message", (message) => {
      child.off("exit", gone);
      resolve(message);
    });
  });
}

/** The server's side of {@link startServer}. */
export function serve(port: number, stop: () => Promise<void> | void): void {
  process.on("message", async (message: "cpu" | "stop" | { stall: number }) => {
    if (typeof message === "object") {
      process.send?.("stalling", () => {
        const end = performance.now() + message.stall;
        while (performance.now() < end);
      });
    } else if (message === "cpu") {
      const { user, system } = process.cpuUsage();
      process.send?.(user + system);
    } else {
      await stop();
      process.exit(0);
    }
  });
  // A bench that was cut short leaves nobody behind.
  process.on("disconnect", () => process.exit(1));
  process.send?.(port);
}
