import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A server in a process of its own, so that its CPU time can be told from the client's. */
export interface ServerProcess {
  readonly port: number;
  /** User and system time of the whole process so far, in microseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `servers/<name>.js`; it reports its port when it listens. */
export async function startServer(name: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url)), { stdio: "inherit" });
  const port = (await answer(child)) as number;
  return {
    port,
    cpu: () => {
      child.send("cpu");
      return answer(child) as Promise<number>;
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
  process.on("message", async (message) => {
    if (message === "cpu") {
      const { user, system } = process.cpuUsage();
      process.send?.(user + system);
    } else {
      await stop();
      process.exit(0);
    }
  });
  process.send?.(port);
}
