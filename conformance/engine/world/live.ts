import { heldUp, watchLag } from "../lag.js";
import type { Lost, Outside, RunWorld, Source, World } from "../world.js";

/** Where a live run is written down; told in the order in which everything happened. `at`: ms since the run began. */
export interface Recorder {
  /** Scope 0 is the run itself. */
  scope(scope: number, name: string, at: number): void;
  open(scope: number, source: number, kind: string, asked: object): void;
  order(scope: number, source: number, order: object, at: number): void;
  event(scope: number, source: number, event: object | undefined, at: number): void;
  value(scope: number, value: number): void;
  close(scope: number, verdict: string, at: number): void;
}

/** The real world. With a recorder, everything that comes from it is written down. */
export class LiveWorld {
  readonly #origin = performance.now();
  readonly recorder: Recorder | undefined;
  #now = 0;
  /** Within a turn the time stands still; the first one lasts until the first event. */
  #turn = true;
  #ending = false;
  #scopes = 0;

  constructor(recorder?: Recorder) {
    this.recorder = recorder;
    watchLag();
    this.#endOfTurn();
  }

  /** The world of a run. */
  static open(recorder?: Recorder, started = new Date().toISOString()): RunWorld {
    const world = new LiveWorld(recorder);
    const scopes = new Map<World, number>();
    const run = world.#scope("run");
    return Object.assign(run, {
      started,
      scope: (name: string): World => {
        const scope = world.#scope(name);
        scopes.set(scope, scope.number);
        return scope;
      },
      close: (scope: World, verdict: string): void => {
        recorder?.close(scopes.get(scope) ?? 0, verdict, world.now());
        scopes.delete(scope);
      },
    });
  }

  now(): number {
    return this.#turn ? this.#now : Math.max(this.#now, this.clock());
  }

  /** The real time, to the microsecond. */
  clock(): number {
    return Math.round((performance.now() - this.#origin) * 1000) / 1000;
  }

  deliver(scope: number, source: number, at: number, event: object | undefined, heard: () => void): void {
    this.#now = Math.max(this.#now, at);
    this.#turn = true;
    this.recorder?.event(scope, source, event, this.#now);
    this.#endOfTurn();
    heard();
  }

  #endOfTurn(): void {
    if (this.#ending) return;
    this.#ending = true;
    setImmediate(() => {
      this.#ending = false;
      this.#turn = false;
    });
  }

  #scope(name: string): LiveScope {
    const number = this.#scopes++;
    this.recorder?.scope(number, name, this.now());
    return new LiveScope(this, number);
  }
}

class LiveScope implements World {
  readonly #world: LiveWorld;
  readonly number: number;
  readonly lost = undefined;
  #sources = 0;

  constructor(world: LiveWorld, number: number) {
    this.#world = world;
    this.number = number;
  }

  now(): number {
    return this.#world.now();
  }

  timer(milliseconds: number, fire: () => void): () => void {
    const source = this.#sources++;
    const timer = setTimeout(
      () => this.#world.deliver(this.number, source, this.#world.clock(), undefined, fire),
      milliseconds,
    );
    return () => clearTimeout(timer);
  }

  turn(run: () => void): void {
    const source = this.#sources++;
    setImmediate(() => this.#world.deliver(this.number, source, this.#world.clock(), undefined, run));
  }

  heldUp(withinMs: number): number {
    const value = heldUp(withinMs);
    this.#world.recorder?.value(this.number, value);
    return value;
  }

  open<Asked extends object, Event extends { readonly type: string }, Order extends { readonly type: string }>(
    outside: Outside<Asked, Event, Order>,
    asked: Asked,
    heard: (event: Event | Lost) => void,
  ): Source<Order> {
    const world = this.#world;
    const source = this.#sources++;
    world.recorder?.open(this.number, source, outside.kind, asked);
    // A callback of the operating system may come while promises of the turn before are still open: the event waits for its own turn.
    const emit = (event: Event): void => {
      const at = world.clock();
      setImmediate(() => world.deliver(this.number, source, at, event, () => heard(event)));
    };
    const carryOut = outside.start(asked, emit, () => world.clock());
    return {
      order: (order) => {
        world.recorder?.order(this.number, source, order, world.clock());
        carryOut(order);
      },
    };
  }

  onLost(): void {}
}
