import { spawn } from "node:child_process";
import type { Outside } from "../world.js";

export interface CommandAsked {
  /** For the shell. */
  readonly command: string;
  /** Besides the environment of the suite. */
  readonly env: Readonly<Record<string, string>>;
  /** Its standard input is written to; otherwise it has none. */
  readonly input?: true;
}

export type CommandEvent =
  | { readonly type: "output"; readonly stream: "stdout" | "stderr"; readonly octets: Uint8Array }
  /** The process is gone; output may still come. */
  | { readonly type: "exited"; readonly code: number | null; readonly signal: string | null }
  /** It is gone and all of its output has come. */
  | { readonly type: "ended"; readonly code: number | null }
  | { readonly type: "failed"; readonly message: string };

export type CommandOrder =
  /** To the shell and everything that it started. */
  | { readonly type: "signal"; readonly signal: "SIGTERM" | "SIGKILL" }
  | { readonly type: "write"; readonly octets: Uint8Array }
  | { readonly type: "end-of-input" };

/** A shell command in a process group of its own. */
export const shellCommand: Outside<CommandAsked, CommandEvent, CommandOrder> = {
  kind: "process",
  start({ command, env, input }, emit) {
    const child = spawn(command, {
      shell: true,
      detached: true,
      stdio: [input ? "pipe" : "ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.on("data", (octets: Buffer) => emit({ type: "output", stream, octets }));
    }
    child.on("exit", (code, signal) => emit({ type: "exited", code, signal }));
    child.on("close", (code) => emit({ type: "ended", code }));
    child.on("error", ({ message }) => emit({ type: "failed", message }));
    // A process that ends while it is written to is told of by its end.
    child.stdin?.on("error", () => {});
    return (order) => {
      if (order.type === "write") child.stdin?.write(order.octets);
      else if (order.type === "end-of-input") child.stdin?.end();
      else endGroup(child.pid, order.signal);
    };
  },
};

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // ended already
  }
}
