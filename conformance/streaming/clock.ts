import type { RunContext } from "../engine/entity.js";

/** Milliseconds since the epoch, by this machine's clock: for moments in messages. What is measured is measured by `t.world.now()`. */
export type WallClock = () => number;

export function wallClock({ world }: RunContext): WallClock {
  const started = Date.parse(world.started);
  return () => Math.round(started + world.now());
}

/** `2026-01-31T12:00:00.000Z` */
export const moment = (milliseconds: number): string => new Date(milliseconds).toISOString();
