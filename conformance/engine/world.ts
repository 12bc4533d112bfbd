/** What goes out and comes in, as it can be written down: JSON values and octets. */
export type Datum = string | number | boolean | null | undefined | Uint8Array | readonly Datum[] | Data;
export interface Data {
  readonly [name: string]: Datum;
}

/** Told by any source in place of its own events when a recording has nothing more for it: settle, so that nobody waits. */
export interface Lost {
  readonly type: "lost";
  readonly reason: string;
}

/**
 * One kind of thing outside of the suite: a socket, a listener, a process, an HTTP exchange. Its live half is the only code that touches the
 * operating system; all of them are in folders named `world/`, which a test checks.
 */
export interface Outside<Asked, Event extends { readonly type: string }, Order extends { readonly type: string }> {
  /** `udp`, `tcp-listener`, `http` …: its name in the log. */
  readonly kind: string;
  /**
   * The live half; never called in a replay. Tells by `emit` what happened (from any callback, but never before it has returned), and gives
   * back what carries out orders. Both may hold octets; hand over copies of what changes later. Neither may throw.
   */
  start(asked: Asked, emit: (event: Event) => void, clock: () => number): (order: Order) => void;
}

/** Something that was opened outside. */
export interface Source<Order> {
  /** Sends, answers, stops, closes: whatever orders this kind takes. Carried out at once in a live run, compared in a replay. */
  order(order: Order): void;
}

/**
 * Everything that a case cannot know beforehand, so that a run can be repeated from its log with the product switched off: no other code
 * may look at the clock, set a timer, open a socket or start a process.
 *
 * Between two events the suite's code is a function of what it has seen. So each event is delivered in a turn of its own, when all promises
 * of the turn before have settled, and the log keeps the order of all events of a run together with what the suite sent in between. A
 * replay delivers the same events in the same order, takes the time from them, and compares what is sent. An instrument therefore may
 * use any promises it likes, but waits for the outside by `open`, `timer` and `turn` only.
 *
 * An instrument of a new kind is an `Outside` (its live half in a folder `world/`) and a function that opens it:
 *
 * ```ts
 * const child = t.world.open(shellCommand, { command, env: { MP2P_URL: url } }, (event) => {
 *   if (event.type === "output") lines.push(event.octets);
 *   if (event.type === "ended" || event.type === "lost") done();
 * });
 * child.order({ type: "write", octets });
 * ```
 *
 * Asked, Event and Order are objects of `Datum` members. Where octets pass through a connection, name the members as `world/sockets.ts` does:
 * then they are in the captures too.
 */
export interface World {
  /** Milliseconds since the run began. The same all through one turn: work of the suite's own takes no time. */
  now(): number;
  /** Calls after so many milliseconds, in a turn of its own, unless cancelled by what it gives back. */
  timer(milliseconds: number, fire: () => void): () => void;
  /** Calls once everything that has arrived by now is delivered. */
  turn(run: () => void): void;
  /** The longest time, in ms, that this process was held up within the last so many ms; 0 where it was not. */
  heldUp(withinMs: number): number;
  /** Opens something outside and hears of it, in a turn per event, never before this returns. */
  open<Asked extends object, Event extends { readonly type: string }, Order extends { readonly type: string }>(
    outside: Outside<Asked, Event, Order>,
    asked: Asked,
    heard: (event: Event | Lost) => void,
  ): Source<Order>;
  /** Why this case cannot be told from the recording: it asks for what is not there. Always undefined in a live run. */
  readonly lost: string | undefined;
  /** Calls as soon as `lost` is set. */
  onLost(told: () => void): void;
}

/** The world of a whole run: itself for what the cases share, and a world for each case. */
export interface RunWorld extends World {
  /** When the run began: ISO 8601, UTC. */
  readonly started: string;
  /** The world of one try of a case; the same name again is its next try. */
  scope(name: string): World;
  /** Told when a scope is done, with how it ended. */
  close(scope: World, verdict: string): void;
}
