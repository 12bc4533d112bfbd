import { Code } from "../core/message.js";
import type { PathContext } from "./context.js";
import type { Path } from "./path.js";

/** The time in which offers are collected, and then measured, before the best is asked [facts b.6]. */
export interface OfferCollection {
  /** Nobody is to be asked yet. */
  readonly isRunning: boolean;
  /** Unless it runs already. */
  begin(): void;
  /** 3200. */
  probed(path: Path): void;
  pathEnded(path: Path): void;
  stop(): void;
}

/** @param offers those that are worth measuring; @param then called when the time is over, not after `stop` */
export function createOfferCollection(
  { host, timers, settings }: PathContext,
  offers: () => readonly Path[],
  then: () => void,
): OfferCollection {
  let stopTimer: (() => void) | undefined;
  /** When each was asked by PROBE. */
  let measuring: Map<Path, number> | undefined;

  function stop(): void {
    stopTimer?.();
    stopTimer = measuring = undefined;
  }

  function end(): void {
    stop();
    then();
  }

  /** Where there is a choice. */
  function measure(): void {
    const choice = settings.probeMs > 0 ? offers() : [];
    if (choice.length < 2) {
      end();
      return;
    }
    const time = new Date(host.now()).toISOString().replace("T", " ").slice(0, 23);
    measuring = new Map(choice.map((path) => [path, timers.now()]));
    stopTimer = timers.after(settings.probeMs, end);
    for (const { link } of choice) link.send({ code: Code.probe, time });
  }

  function noLonger(path: Path): void {
    if (measuring?.delete(path) && measuring.size === 0) end();
  }

  return {
    get isRunning() {
      return stopTimer !== undefined;
    },
    begin() {
      if (stopTimer === undefined && settings.estabMs > 0) stopTimer = timers.after(settings.estabMs, measure);
    },
    probed(path) {
      const sentAt = measuring?.get(path);
      if (sentAt === undefined) return;
      path.rttMs = timers.now() - sentAt;
      noLonger(path);
    },
    pathEnded: noLonger,
    stop,
  };
}
