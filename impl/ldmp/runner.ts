import type { Clock } from "../net/clock.js";

/** An I/O-free machine: events in, effects out, and a time at which it wants a `timer` event. */
export interface Machine<Event, Effect> {
  step(event: Event | { readonly type: "timer" }, now: number): readonly Effect[];
  nextTimer(): number;
}

export interface Runner<Event> {
  /** Gives the machine an event and carries out what follows. */
  dispatch(event: Event): void;
  stop(): void;
}

/** Longest delay that a system timer takes. */
const longestDelay = 0x7fff_ffff;

/** Runs a machine on the clock with one system timer, however many deadlines the machine has. */
export function run<Event, Effect>(
  machine: Machine<Event, Effect>,
  clock: Clock,
  perform: (effect: Effect) => void,
): Runner<Event> {
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let stopped = false;
  let busy = false;
  const queue: (Event | { readonly type: "timer" })[] = [];

  const arm = (): void => {
    const next = machine.nextTimer();
    // Moving a system timer costs more than an early tick: it is only ever moved forward.
    if (next >= armedFor || stopped) return;
    clearTimeout(timer);
    armedFor = next;
    timer = setTimeout(tick, Math.min(Math.max(Math.ceil(next - clock.now()), 0), longestDelay));
  };
  const tick = (): void => {
    armedFor = Number.POSITIVE_INFINITY;
    if (!stopped) dispatch({ type: "timer" });
  };
  const dispatch = (event: Event | { readonly type: "timer" }): void => {
    if (stopped) return;
    if (busy) {
      // An effect brought about another event: it is handled when the effects before it are.
      queue.push(event);
      return;
    }
    busy = true;
    try {
      for (let current: typeof event | undefined = event; current !== undefined; current = queue.shift()) {
        for (const effect of machine.step(current, clock.now())) perform(effect);
      }
    } finally {
      busy = false;
      arm();
    }
  };

  return {
    dispatch,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
