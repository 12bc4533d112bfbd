/** How late this process's own timers are: what a busy machine adds to every time the suite measures. */
const STEP_MS = 10;
const KEPT_MS = 60_000;

const late: { at: number; ms: number }[] = [];
let watching = false;

/** Begins to watch, once for the process. */
export function watchLag(): void {
  if (watching) return;
  watching = true;
  let expected = performance.now() + STEP_MS;
  setInterval(() => {
    const now = performance.now();
    const ms = now - expected;
    expected = now + STEP_MS;
    if (ms > STEP_MS) late.push({ at: now, ms });
    while (late[0] && now - late[0].at > KEPT_MS) late.shift();
  }, STEP_MS).unref();
}

/** The longest time that this process was held up within the last so many ms; 0 where it was not. */
export function heldUp(withinMs: number): number {
  const since = performance.now() - withinMs;
  return Math.max(0, ...late.filter(({ at }) => at >= since).map(({ ms }) => ms));
}
