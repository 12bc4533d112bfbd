import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Said, Wishes } from "./stage.js";

/** A role in a process of its own, as the director of a service sees it. */
export interface Actor {
  readonly name: string;
  /** Everything that it said so far. */
  readonly said: readonly Said[];
  /** The first thing it says, or has said, that fits. Rejects when it ends before, or after `withinMs`. */
  heard(event: string, withinMs?: number): Promise<Said>;
  /** The first that fits of what it says after as much was said as `said` held then. */
  heardAfter(before: number, event: string, withinMs?: number): Promise<Said>;
  tell(word: string): void;
  /** Ends it as an operator would, and waits for it. */
  stop(): Promise<void>;
  /** Ends it as a power failure would, and waits for it. */
  kill(): Promise<void>;
}

/** A cast of actors that end together. */
export interface Cast {
  start(role: string, name: string, wishes: Wishes): Actor;
  stop(): Promise<void>;
}

const LONGEST_WAIT_MS = 120_000;
/** Beside this file's folder, in the language that this process runs. */
const main = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js", import.meta.url));

/** Starts the roles of `service`, each as a process of its own. */
export function openCast(service: string): Cast {
  const actors: Actor[] = [];
  return {
    start(role, name, wishes) {
      const actor = startActor(service, role, name, wishes);
      actors.push(actor);
      return actor;
    },
    async stop() {
      await Promise.all(actors.map((actor) => actor.stop()));
    },
  };
}

function startActor(service: string, role: string, name: string, wishes: Wishes): Actor {
  const args = [...process.execArgv, main, service, role, JSON.stringify({ ...wishes, name })];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const said: Said[] = [];
  const waiting = new Set<() => void>();
  let over: string | undefined;
  const look = (): void => {
    for (const one of waiting) one();
  };
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    said.push(JSON.parse(line) as Said);
    look();
  });
  child.once("exit", (code, signal) => {
    over = `${name} ended with ${code ?? signal}`;
    look();
  });
  // An actor that is gone is not told anything any more.
  child.stdin?.on("error", () => {});
  return {
    name,
    said,
    heard: (event, withinMs) => heardAfter(0, event, withinMs),
    heardAfter,
    tell: (word) => void child.stdin?.write(`${word}\n`),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(forced);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };

  function heardAfter(before: number, event: string, withinMs = LONGEST_WAIT_MS): Promise<Said> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const found = said.slice(before).find((one) => one.event === event);
        if (found === undefined && over === undefined) return;
        waiting.delete(settle);
        clearTimeout(timer);
        if (found === undefined) reject(new Error(`${over} before it said "${event}"`));
        else resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(settle);
        reject(new Error(`${name} did not say "${event}" within ${withinMs} ms`));
      }, withinMs);
      waiting.add(settle);
      settle();
    });
  }
}
