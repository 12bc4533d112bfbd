import { createInterface } from "node:readline";

/** What a role was given, as plain JSON. */
export type Wishes = Readonly<Record<string, unknown>>;

/** Something that a role says to whoever started it: a line of JSON on standard output. */
export type Said = Readonly<Record<string, unknown>> & { readonly event: string };

/** Where a role plays: the process that was started for it. */
export interface Stage {
  say(said: Said): void;
  /** What it is told on standard input, a word per line. */
  onTold(listener: (word: string) => void): void;
  /** Resolves on SIGTERM, SIGINT, or when whoever started it is gone. */
  readonly ended: Promise<void>;
}

/** One part of a service, in a process of its own. Resolves when it has nothing more to do. */
export type Role = (wishes: Wishes, stage: Stage) => Promise<void>;

export function openStage(): Stage {
  const listeners = new Set<(word: string) => void>();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    for (const listener of listeners) listener(line.trim());
  });
  const ended = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    // Standard input ends with the process that started this one, however that came to an end.
    lines.once("close", () => resolve());
  });
  return {
    say: (said) => void process.stdout.write(`${JSON.stringify(said)}\n`),
    onTold: (listener) => void listeners.add(listener),
    ended,
  };
}

/** @throws Error naming the member */
export function text(wishes: Wishes, name: string): string {
  const value = wishes[name];
  if (typeof value !== "string" || value === "") throw new Error(`${name}: a text is wanted`);
  return value;
}

/** @throws Error naming the member */
export function count(wishes: Wishes, name: string): number {
  const value = wishes[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new Error(`${name}: a whole number from 0 is wanted`);
  }
  return value;
}

/** Of the peers of a service: dozens of processes may share a processor, and nobody is away because it is slow. */
export const patience = { answerMs: 30_000 } as const;
