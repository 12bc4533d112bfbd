import type { Test } from "../engine/test.js";
import { octetsOf } from "../engine/transcript.js";
import type { CommandEvent, CommandOrder } from "../engine/world/process.js";
import { shellCommand } from "../engine/world/process.js";
import type { Source } from "../engine/world.js";

/** A process that a case started: the product, or the adapter to it. Ended after the case with everything that it started. */
export interface Child {
  /** A line for its standard input. */
  write(line: string): void;
  /** Asks it, and everything it started, to end: SIGTERM. */
  terminate(): void;
  /** How it ended; undefined while it runs. */
  ended(): string | undefined;
}

export interface ChildOptions {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes the lines of its standard output; without it they go into the transcript. */
  onLine?(line: string): void;
  onEnd?(how: string): void;
}

const FORCE_AFTER_MS = 800;
const KEPT_OCTETS = 2048;

/** Starts a shell command in a process group of its own. */
export function startChild(t: Test, { command, env, onLine, onEnd }: ChildOptions): Child {
  t.transcript.add("process", `started: ${command}`);
  let how: string | undefined;
  let line = "";
  let gone = (): void => {};
  const end = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const over = (text: string): void => {
    gone();
    if (how !== undefined) return;
    how = text;
    t.transcript.add("process", `the process ended: ${text}`);
    onEnd?.(text);
  };
  const source: Source<CommandOrder> = t.world.open(
    shellCommand,
    { command, env, ...(onLine ? { input: true as const } : {}) },
    (event: CommandEvent | { type: "lost"; reason: string }) => {
      if (event.type === "exited") over(event.signal ?? `exit code ${event.code}`);
      else if (event.type === "failed") over(`it could not be started: ${event.message}`);
      else if (event.type === "lost") over(event.reason);
      else if (event.type === "output" && onLine && event.stream === "stdout") {
        const lines = (line + Buffer.from(event.octets).toString("utf8")).split("\n");
        line = lines.pop() ?? "";
        for (const one of lines) onLine(one);
      } else if (event.type === "output") {
        t.transcript.add("process", `printed on ${event.stream}`, octetsOf(event.octets.subarray(0, KEPT_OCTETS)));
      }
    },
  );
  t.cleanup("the process", async () => {
    // The shell may have ended before what it started: the signal goes to all of them.
    source.order({ type: "signal", signal: "SIGTERM" });
    const force = t.world.timer(FORCE_AFTER_MS, () => source.order({ type: "signal", signal: "SIGKILL" }));
    if (how === undefined) await end;
    force();
    source.order({ type: "signal", signal: "SIGKILL" });
  });
  return {
    write: (text) => source.order({ type: "write", octets: Buffer.from(`${text}\n`) }),
    terminate: () => source.order({ type: "signal", signal: "SIGTERM" }),
    ended: () => how,
  };
}
