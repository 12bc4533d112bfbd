import type { Clock } from "../../net/clock.js";

/** One system timer, however many deadlines stand behind it. */
export interface Wake {
  /** The action is wanted at this time of the clock; no earlier call stands. Undefined: not at all. */
  at(time: number | undefined): void;
  stop(): void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Moving a system timer costs more than an early one that finds nothing to do: it is only ever moved forward. */
export function createWake(clock: Clock, action: () => void): Wake {
  let due: number | undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const arm = (): void => {
    if (stopped || due === undefined || due >= armedFor) return;
    clearTimeout(timer);
    armedFor = due;
    timer = setTimeout(rung, Math.min(Math.max(Math.ceil(due - clock.now()), 0), LONGEST_TIMER_MS));
  };
  const rung = (): void => {
    armedFor = Number.POSITIVE_INFINITY;
    if (due === undefined || stopped) return;
    if (due > clock.now()) arm();
    else {
      due = undefined;
      action();
    }
  };
  return {
    at(time) {
      due = time;
      arm();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
