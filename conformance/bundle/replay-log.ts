import { fromJson } from "./codec.js";
import type { Line } from "./format.js";

type Call = Extract<Line, { open: string } | { order: unknown } | { value: number }>;
type Happening = Extract<Line, { event: unknown }>;

/** A recorded log, walked from both sides: the calls of each scope in their order, the events of all scopes in theirs. */
export class ReplayLog {
  readonly #scopes = new Map<string, number[]>();
  readonly #calls = new Map<number, Call[]>();
  readonly #taken = new Map<number, number>();
  readonly #events: (Happening | undefined)[] = [];
  #first = 0;
  /** The time of the last event taken. */
  now = 0;

  /** What stands for credentials in it. */
  readonly masks: readonly string[];

  constructor(log: readonly Line[], masks: readonly string[]) {
    this.masks = masks;
    for (const line of log) {
      if ("scope" in line) {
        this.#scopes.set(line.name, [...(this.#scopes.get(line.name) ?? []), line.scope]);
        this.#calls.set(line.scope, []);
      } else if ("event" in line) {
        this.#events.push(line);
      } else if (!("close" in line)) {
        this.#calls.get(line.in)?.push(line);
      }
    }
  }

  scopeOf(name: string, attempt: number): number | undefined {
    return this.#scopes.get(name)?.[attempt];
  }

  /** The next thing that the code of this scope asked for, or sent, when it was recorded. */
  nextCall(scope: number): Call | undefined {
    const at = this.#taken.get(scope) ?? 0;
    this.#taken.set(scope, at + 1);
    return this.#calls.get(scope)?.[at];
  }

  /**
   * Takes the first event that can be delivered. With the code that made the recording, that is the first of all; with other code, a scope
   * may not be as far yet, and then it waits while others go on.
   */
  takeEvent(can: (event: Happening) => "yes" | "wait" | "never"): (Happening & { readonly data: unknown }) | undefined {
    const waiting = new Set<number>();
    for (let at = this.#first; at < this.#events.length; at++) {
      const event = this.#events[at];
      if (!event || waiting.has(event.in)) continue;
      const answer = can(event);
      if (answer === "wait") waiting.add(event.in);
      else this.#events[at] = undefined;
      if (answer !== "yes") continue;
      this.now = Math.max(this.now, event.at);
      this.#skip();
      return { ...event, data: fromJson(event.event) };
    }
    this.#skip();
    return undefined;
  }

  #skip(): void {
    while (this.#first < this.#events.length && this.#events[this.#first] === undefined) this.#first++;
  }

  /** What the code of a scope did not ask for any more, in words; undefined where it went all the way. */
  rest(scope: number): string | undefined {
    const call = this.#calls.get(scope)?.[this.#taken.get(scope) ?? 0];
    return call && `the recording goes on: ${this.describe(call)}`;
  }

  describe(call: Call | undefined): string {
    if (!call) return "the recording has ended";
    if ("open" in call) return `${call.open} was opened`;
    return "order" in call ? `${(call.order as { type?: string }).type ?? "something"} was sent` : "time was measured";
  }
}
