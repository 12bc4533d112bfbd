import { print } from "./output.js";

/** What runs, and how to end it. */
interface Running {
  close(): Promise<void>;
}

/** What comes so soon after the first signal belongs to it: a terminal, `timeout` or `npx` signal a process and its group. In ms. */
const burstMs = 1000;

/**
 * Calls once on SIGINT or SIGTERM, for an orderly end. A second signal, from somebody who has waited for that, ends the process at once.
 *
 * @returns how to go back to what was before
 */
export function onceSignalled(end: () => void, exitCode = 1): () => void {
  let first: number | undefined;
  const signalled = (): void => {
    if (first === undefined) {
      first = performance.now();
      end();
    } else if (performance.now() - first > burstMs) process.exit(exitCode);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, signalled);
  return () => {
    for (const signal of signals) process.off(signal, signalled);
  };
}

/**
 * Says on standard output that a service is up, then runs until SIGINT or SIGTERM, or until `over`, and ends it gracefully: answers under way
 * go out, what is queued reaches the disk. A second signal ends the process at once.
 */
export async function runUntilSignal(
  ready: object | string,
  json: boolean,
  parts: readonly Running[],
  over?: Promise<unknown>,
): Promise<void> {
  print(json && typeof ready === "object" ? { event: "listening", ...ready } : ready, json);
  await new Promise<void>((resolve) => {
    onceSignalled(resolve);
    void over?.then(() => resolve());
  });
  for (const part of parts) await part.close();
}
