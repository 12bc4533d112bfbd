import { type ChildProcess, fork } from "node:child_process";
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
  process.send?.(port);
}
