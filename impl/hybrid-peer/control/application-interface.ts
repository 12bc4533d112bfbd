import type { Clock } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { CoreNews, Delivery, Link } from "../core/ports.js";
import { HybridPeerError } from "../errors.js";
import { createApplications } from "./applications.js";
import type { CoreDriver } from "./core-driver.js";
import type { PeerNetwork } from "./network.js";
import { createScans } from "./scans.js";

/** The AI functional entity [Q.4100 7.2.1.2] of one membership: what applications hold stays, whichever core works for it. */
export interface ApplicationInterface {
  readonly network: PeerNetwork;
  deliver(delivery: Delivery): void;
  news(news: CoreNews): void;
  stop(): void;
}

const LOOK_MS = 5;

/** @param current the core that works now */
export function createApplicationInterface(
  current: () => CoreDriver<never & Link>,
  { clock, logger }: { clock: Clock; logger: Logger },
): ApplicationInterface {
  const listeners = new Set<(news: CoreNews) => void>();
  const scans = createScans();
  const applications = createApplications((data) => {
    if (current().over) throw new HybridPeerError("ERR_CLOSED", "this peer has left the overlay network");
    return current().core.publish(data);
  }, logger);

  /** Resolves with true as soon as the state is there, with false when it was waited for long enough or can come no more. */
  const until = (there: () => boolean, timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const end = clock.now() + timeoutMs;
      const look = (): void => {
        if (current().over) resolve(false);
        else if (there()) resolve(true);
        else if (clock.now() >= end) resolve(false);
        else setTimeout(look, LOOK_MS);
      };
      look();
    });

  return {
    network: {
      application: applications.application,
      onData: applications.onData,
      paths: () => current().core.paths(),
      statistics: () => current().core.statistics(),
      onNews(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      scan: ({ timeoutMs = 5000 } = {}) =>
        current().over ? Promise.resolve([]) : scans.run(() => current().core.scan(), timeoutMs),
      flushed: ({ octets = 0, timeoutMs = 10_000 } = {}) =>
        until(
          () =>
            current()
              .core.paths()
              .every(({ queued }) => queued <= octets),
          timeoutMs,
        ),
      connected: ({ timeoutMs }) => until(() => current().isConnected, timeoutMs),
    },
    deliver: applications.deliver,
    news(news) {
      scans.news(news);
      for (const listener of listeners) {
        try {
          listener(news);
        } catch (error) {
          logger.error({ err: error }, "a listener failed");
        }
      }
    },
    stop: scans.stop,
  };
}
