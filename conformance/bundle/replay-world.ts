import { Inconclusive } from "../engine/outcome.js";
import type { Lost, Outside, RunWorld, Source, World } from "../engine/world.js";
import { toJson } from "./codec.js";
import { difference } from "./difference.js";
import type { ReplayLog } from "./replay-log.js";

/** Thrown where the code asks for what the recording does not hold. */
class Unrecorded extends Inconclusive {}

const PREFIX = "the recording does not fit";

/** One scope of the run that is repeated; hears from its recording only. */
export class ReplayScope implements World {
  readonly #clock: () => number;
  readonly #log: ReplayLog;
  readonly name: string;
  /** Its number in the log; undefined where the log has no such scope. */
  readonly number: number | undefined;
  readonly #heard = new Map<number, (event: unknown) => void>();
  readonly #told: (() => void)[] = [];
  #sources = 0;
  lost: string | undefined;

  constructor(log: ReplayLog, name: string, number: number | undefined, clock: () => number) {
    this.#log = log;
    this.#clock = clock;
    this.name = name;
    this.number = number;
    if (number === undefined) this.lost = `${PREFIX}: it does not hold ${name}`;
  }

  now(): number {
    return this.#clock();
  }

  timer(_milliseconds: number, fire: () => void): () => void {
    const source = this.#sources++;
    if (this.lost === undefined) this.#heard.set(source, fire);
    return () => void this.#heard.delete(source);
  }

  turn(run: () => void): void {
    this.timer(0, run);
  }

  heldUp(): number {
    const next = this.#next();
    if (next === undefined) return 0;
    if ("value" in next) return next.value;
    this.lose("the case asks whether this machine was held up");
    return 0;
  }

  open<Asked extends object, Event extends { readonly type: string }, Order extends { readonly type: string }>(
    outside: Outside<Asked, Event, Order>,
    asked: Asked,
    heard: (event: Event | Lost) => void,
  ): Source<Order> {
    const source = this.#sources++;
    if (this.lost === undefined) {
      const next = this.#next();
      if (!next || !("open" in next) || next.open !== outside.kind || next.source !== source) {
        this.lose(`the case opens ${outside.kind} where ${this.#log.describe(next)}`);
      } else {
        const differs = difference(next.asked, toJson(asked), this.#log.masks);
        if (differs) this.lose(`what is asked of ${outside.kind} differs at ${differs}`);
      }
    }
    if (this.lost !== undefined) throw new Unrecorded(this.lost);
    this.#heard.set(source, heard as (event: unknown) => void);
    return { order: (order) => this.#order(source, outside.kind, order) };
  }

  onLost(told: () => void): void {
    if (this.lost === undefined) this.#told.push(told);
    else told();
  }

  /** True if the source is there to hear. */
  hears(source: number): boolean {
    return this.#heard.has(source);
  }

  deliver(source: number, event: unknown): void {
    this.#heard.get(source)?.(event);
  }

  /** Nothing more comes from the recording: whoever waits is told so. */
  lose(why: string): void {
    if (this.lost !== undefined) return;
    this.lost = `${PREFIX}: ${why}`;
    const lost: Lost = { type: "lost", reason: this.lost };
    for (const heard of this.#heard.values()) heard(lost);
    this.#heard.clear();
    for (const told of this.#told) told();
  }

  #order(source: number, kind: string, order: object): void {
    if (this.lost !== undefined) return;
    const next = this.#next();
    if (!next || !("order" in next) || next.source !== source) {
      this.lose(`the case sends to ${kind} where ${this.#log.describe(next)}`);
      return;
    }
    const differs = difference(next.order, toJson(order), this.#log.masks);
    if (differs) this.lose(`sent differs at ${differs} (to ${kind})`);
  }

  #next() {
    return this.number === undefined ? undefined : this.#log.nextCall(this.number);
  }
}

/** The world of a recorded run. */
export function replayWorld(log: ReplayLog, started: string): RunWorld & { readonly scopes: readonly ReplayScope[] } {
  const scopes: ReplayScope[] = [];
  const tries = new Map<string, number>();
  const enter = (name: string): ReplayScope => {
    const attempt = tries.get(name) ?? 0;
    tries.set(name, attempt + 1);
    const scope = new ReplayScope(log, name, log.scopeOf(name, attempt), () => log.now);
    scopes.push(scope);
    return scope;
  };
  return Object.assign(enter("run"), { started, scopes, scope: enter, close: () => {} });
}
