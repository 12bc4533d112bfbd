import { fraction } from "../../net/backoff.js";
import { Code } from "../core/message.js";
import type { PathKind } from "../core/ports.js";
import type { PathContext } from "./context.js";
import type { Life, Path } from "./path.js";

/** Path status probe [Q.4100 7.2.2.3]: HEARTBEAT on every path in both directions, and what silence means. */
export interface Liveness {
  newLife(kind: PathKind): Life;
  opened(): void;
  /** 8200. */
  answered(path: Path): void;
  /** Asks now, out of turn. */
  ask(path: Path): void;
  stop(): void;
}

/** Share of the overlay's heartbeat-interval after which one is sent, as the field's peers do. */
const BEAT_SHARE = 0.9;
/** The first HEARTBEAT comes early: its answer shows whether quick answers can be expected at all. */
const FIRST_BEAT_MS = 50;
/** Checks of several paths that are nearly due are done at once. */
const LEAST_PAUSE_MS = 20;

/** Heard of not long ago: as far as one can tell, its other end is there. */
export function isFresh({ life }: Path, { timers, settings }: Pick<PathContext, "timers" | "settings">): boolean {
  return settings.quietMs === 0 || timers.now() - life.heardAt <= 1.5 * settings.quietMs;
}

export function createLiveness(ctx: PathContext): Liveness {
  const { host, timers, table, settings } = ctx;
  let takeBack: (() => void) | undefined;
  let nextAt = Number.POSITIVE_INFINITY;

  function arm(at: number): void {
    if (at >= nextAt || at === Number.POSITIVE_INFINITY) return;
    takeBack?.();
    nextAt = at;
    takeBack = timers.after(at - timers.now(), sweep);
  }

  /** Beside the overlay's interval, often enough that the other end need not ask, however long its own queue is. */
  const beatEvery = (): number => {
    const byOverlay = BEAT_SHARE * ctx.membership.heartbeatIntervalMs;
    return settings.quietMs > 0 ? Math.min(byOverlay, 2 * settings.quietMs) : byOverlay;
  };

  /** Silence that means loss. Peers that do not answer quickly have until the overlay's heartbeat-timeout. */
  function bearable({ life, link, rttMs = 0 }: Path): number {
    const { heartbeatTimeoutMs } = ctx.membership;
    if (settings.quietMs === 0 || settings.silenceMs === 0 || !life.answers) return heartbeatTimeoutMs;
    const quick = Math.max(settings.silenceMs, 4 * rttMs);
    // What is asked waits behind the data that is queued, and so does the answer.
    return Math.min(heartbeatTimeoutMs, link.queued > 0 ? 3 * quick : quick);
  }

  function beat(path: Path, now: number): void {
    path.life.askedAt ??= now;
    path.life.beatAt = now;
    path.link.send({ code: Code.heartbeat });
  }

  /** @returns when it is to be looked at again */
  function check(path: Path, now: number): number {
    const { life } = path;
    const quiet = now - life.heardAt;
    const limit = bearable(path);
    if (quiet >= limit) {
      ctx.end(path, `silent for ${Math.round(quiet)} ms`, "lost");
      return Number.POSITIVE_INFINITY;
    }
    const every = beatEvery();
    const asksQuickly = settings.quietMs > 0;
    if (now - life.beatAt >= every || (asksQuickly && quiet >= life.quietMs && now - life.beatAt >= life.quietMs))
      beat(path, now);
    const nextAsk = asksQuickly ? Math.max(life.heardAt, life.beatAt) + life.quietMs : Number.POSITIVE_INFINITY;
    return Math.min(life.heardAt + limit, life.beatAt + every, nextAsk);
  }

  function sweep(): void {
    takeBack = undefined;
    nextAt = Number.POSITIVE_INFINITY;
    const now = timers.now();
    let next = Number.POSITIVE_INFINITY;
    for (const path of table.all()) if (table.has(path)) next = Math.min(next, check(path, now));
    arm(Math.max(now + LEAST_PAUSE_MS, next));
  }

  return {
    newLife(kind) {
      const now = timers.now();
      const quietMs = settings.quietMs * (0.85 + 0.3 * fraction(host.random));
      const beatAt = now - beatEvery() + FIRST_BEAT_MS;
      // All of the field answer their children; whether they answer their parents, each has to show [facts b.8].
      return { heardAt: now, askedAt: undefined, beatAt, answers: kind === "outgoing-candidate", quietMs };
    },
    opened: () => arm(timers.now() + FIRST_BEAT_MS),
    answered(path) {
      const { life } = path;
      life.answers = true;
      if (life.askedAt === undefined) return;
      path.rttMs = timers.now() - life.askedAt;
      life.askedAt = undefined;
    },
    ask: (path) => beat(path, timers.now()),
    stop() {
      takeBack?.();
      takeBack = undefined;
      nextAt = Number.POSITIVE_INFINITY;
    },
  };
}
