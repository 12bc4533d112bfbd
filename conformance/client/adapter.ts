import { Inconclusive } from "../engine/outcome.js";
import type { Test } from "../engine/test.js";
import type { Child } from "./child.js";
import { startChild } from "./child.js";
import type { Done } from "./drive.js";

const MOST_EVENTS = 10_000;

/** The suite's end of an adapter: one JSON object per line each way; see ADAPTER.md. */
export class Adapter {
  readonly #t: Test;
  readonly #child: Child;
  readonly #timeoutMs: number;
  /** Lines with an `event` that it said of itself. */
  readonly events: Readonly<Record<string, unknown>>[] = [];
  readonly #open = new Map<number, (done: Done) => void>();
  #ids = 0;

  constructor(t: Test, command: string, env: Readonly<Record<string, string>>, timeoutMs: number) {
    this.#t = t;
    this.#timeoutMs = timeoutMs;
    this.#child = startChild(t, {
      command,
      env,
      onLine: (line) => this.#hear(line),
      onEnd: (how) => {
        for (const settle of [...this.#open.values()]) settle(failed(`the adapter ended (${how})`));
      },
    });
  }

  /** @throws Inconclusive where the adapter does not take the case */
  async begin(wishes: Readonly<Record<string, unknown>>): Promise<void> {
    const { how, reason } = await this.ask("start", wishes);
    if (how !== "asked") throw new Inconclusive(`the adapter did not start: ${reason}`);
  }

  /** Never rejects; without an answer in time it is `failed`. */
  ask(action: string, details: Readonly<Record<string, unknown>>): Promise<Done> {
    const id = ++this.#ids;
    const line = JSON.stringify({ id, do: action, ...details });
    this.#t.transcript.add("process", `to the adapter: ${action}`, { text: line });
    const how = this.#child.ended();
    if (how !== undefined) return Promise.resolve(failed(`the adapter ended (${how})`));
    this.#child.write(line);
    return new Promise((resolve) => {
      const settle = (done: Done): void => {
        cancel();
        this.#open.delete(id);
        resolve(done);
      };
      const late = (): void => settle(failed(`the adapter did not answer ${action} within ${this.#timeoutMs} ms`));
      const cancel = this.#t.world.timer(this.#timeoutMs, late);
      this.#open.set(id, settle);
    });
  }

  ended(): string | undefined {
    return this.#child.ended();
  }

  #hear(line: string): void {
    if (line.trim() === "") return;
    this.#t.transcript.add("process", "from the adapter", { text: line });
    const answer = parse(line);
    if (answer && typeof answer.event === "string" && this.events.length < MOST_EVENTS) this.events.push(answer);
    const settle = answer && typeof answer.id === "number" ? this.#open.get(answer.id) : undefined;
    if (!answer || !settle) return;
    if (answer.unsupported !== undefined && answer.unsupported !== false) {
      const reason = typeof answer.unsupported === "string" ? answer.unsupported : "its adapter says so";
      settle({ how: "unsupported", result: undefined, reason });
    } else if (answer.error !== undefined) {
      settle({ how: "failed", result: answer.result, reason: String(answer.error) });
    } else if (answer.ok === true) {
      settle({ how: "asked", result: answer.result, reason: "its adapter took it" });
    } else {
      settle(failed(`the adapter answered neither "ok": true, "unsupported" nor "error": ${line.slice(0, 200)}`));
    }
  }
}

function failed(reason: string): Done {
  return { how: "failed", result: undefined, reason };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
