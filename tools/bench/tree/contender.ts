import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Broadcaster, type Latency, measureLatency, measureThroughput, type Throughput } from "./broadcaster.js";

/** A contender in a process of its own, so that none runs in another's garbage. */
export interface Contender {
  throughput(messages: number, window: number): Promise<Throughput>;
  latency(messages: number): Promise<Latency>;
  stop(): Promise<void>;
}

type Request =
  | readonly ["throughput", messages: number, window: number]
  | readonly ["latency", messages: number]
  | readonly ["stop"];

/** @returns a string where this machine lacks what the contender needs: what to install */
export async function startContender(name: string): Promise<Contender | string> {
  const child = fork(fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url)), { stdio: "inherit" });
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`${name} ended with ${code}`));
      child.once("exit", gone);
      child.once("message", (message) => {
        child.off("exit", gone);
        resolve(message);
      });
    });
  const ask = (request: Request): Promise<unknown> => {
    child.send(request);
    return answer();
  };
  const ready = await answer();
  if (typeof ready === "string") return ready;
  return {
    throughput: (messages, window) => ask(["throughput", messages, window]) as Promise<Throughput>,
    latency: (messages) => ask(["latency", messages]) as Promise<Latency>,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        if (child.connected) child.send(["stop"]);
        else resolve();
      }),
  };
}

/** The contender's side: `start` gives a string where something is not installed. */
export async function contend(start: () => Promise<Broadcaster | string>): Promise<void> {
  const system = await start();
  // A bench that was cut short leaves nobody behind.
  process.on("disconnect", () => process.exit(1));
  if (typeof system === "string") {
    process.send?.(system, () => process.exit(0));
    return;
  }
  process.on("message", async (request: Request) => {
    if (request[0] === "throughput") {
      const reached = await measureThroughput(system, request[1], request[2]).catch((error: Error) => {
        console.error(`${process.argv[1]}: ${error.message}`);
        // What loses messages delivers nothing in this round.
        return { deliveriesPerSecond: 0, cpuMicroseconds: Number.NaN };
      });
      process.send?.(reached);
    } else if (request[0] === "latency") process.send?.(await measureLatency(system, request[1]));
    else {
      await system.close();
      process.exit(0);
    }
  });
  process.send?.(true);
}
