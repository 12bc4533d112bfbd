import { print } from "./output.js";

/** What runs, and how to end it. */
interface Running {
  close(): Promise<void>;
}

/**
 * Says on standard output that a service is up, then runs until SIGINT or SIGTERM, and ends it gracefully: answers under way go
 * out, what is queued reaches the disk. A second signal ends the process at once.
 */
export async function runUntilSignal(ready: object | string, json: boolean, parts: readonly Running[]): Promise<void> {
  print(json && typeof ready === "object" ? { event: "listening", ...ready } : ready, json);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  for (const part of parts) await part.close();
}
