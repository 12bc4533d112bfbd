import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message, PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, Link, PeerCore } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import { HybridPeerError } from "../errors.js";
import type { PeerPaths } from "../overlay/membership-types.js";
import { createApplications } from "./applications.js";
import type { PeerNetwork } from "./network.js";
import { createPathsReport } from "./paths-report.js";
import { createScans } from "./scans.js";
import { createWake } from "./wake.js";

/** What a link tells the driver. */
export interface DriverLinks<L extends Link> {
  message(link: L, message: Message): void;
  closed(link: L, reason: string): void;
}

export interface DriverOptions<L extends Link> {
  /** Joins path management and data management [Q.4100 7.2.2, 7.2.3]. */
  readonly createCore: (host: CoreHost, settings: CoreSettings) => PeerCore;
  readonly settings: CoreSettings;
  /** Opens a link; rejects in bounded time. */
  readonly connect: (to: PeerContact, links: DriverLinks<L>) => Promise<L>;
  readonly report: (paths: PeerPaths) => void;
  readonly recover: () => void;
  readonly onNews: (news: CoreNews) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Drives the core of one overlay network by real time and real links: the POC functional entity's hands [Q.4100 7.2.1.3]. */
export interface CoreDriver<L extends Link> {
  readonly network: PeerNetwork;
  /** A member now, or again. */
  start(membership: CoreMembership, contacts: readonly PeerContact[]): void;
  contacts(contacts: readonly PeerContact[]): void;
  /** Another peer opened a link for this overlay network. @returns what takes the messages that follow */
  accepted(link: L, first: Message): DriverLinks<L>;
  /** Takes leave of all paths. */
  leave(): void;
}

const FLUSH_LOOK_MS = 5;

export function createCoreDriver<L extends Link>(options: DriverOptions<L>): CoreDriver<L> {
  const { clock, random, logger, settings } = options;
  const listeners = new Set<(news: CoreNews) => void>();
  const scans = createScans();
  /** Its paths are candidates, all of them. */
  let mesh = false;
  let over = false;

  const news = (one: CoreNews): void => {
    if (one.kind === "path" && one.change === "down" && one.lost === true) report.lost(one.peerId);
    scans.news(one);
    options.onNews(one);
    for (const listener of listeners) {
      try {
        listener(one);
      } catch (error) {
        logger.error({ err: error }, "a listener failed");
      }
    }
  };
  const links: DriverLinks<L> = {
    message(link, message) {
      if (!over) core.received(link, message);
    },
    closed(link, reason) {
      if (!over) core.closed(link, reason);
    },
  };
  const report = createPathsReport(clock, options.report);
  const host: CoreHost = {
    now: () => clock.now(),
    random,
    connect(to, token) {
      options.connect(to, links).then(
        (link) => {
          if (over) link.close();
          else core.connected(token, link);
        },
        (error: unknown) => {
          if (!over) core.connectFailed(token, error instanceof Error ? error.message : String(error));
        },
      );
    },
    report: (paths) => report.paths(paths),
    recover: () => options.recover(),
    deliver: (delivery) => applications.deliver(delivery),
    news,
    wake: (at) => wake.at(at),
  };
  const wake = createWake(clock, () => core.tick());
  const applications = createApplications((data) => {
    if (over) throw new HybridPeerError("ERR_CLOSED", "this peer has left the overlay network");
    return core.publish(data);
  }, logger);
  const core = options.createCore(host, settings);

  /** Resolves with true as soon as the state is there, with false when it was waited for long enough. */
  const until = (there: () => boolean, timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const end = clock.now() + timeoutMs;
      const look = (): void => {
        if (over || there()) resolve(!over);
        else if (clock.now() >= end) resolve(false);
        else setTimeout(look, FLUSH_LOOK_MS);
      };
      look();
    });

  const network: PeerNetwork = {
    application: applications.application,
    onData: applications.onData,
    paths: () => core.paths(),
    statistics: () => core.statistics(),
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    scan: ({ timeoutMs = 5000 } = {}) => {
      if (over) return Promise.resolve([]);
      return scans.run(() => core.scan(), timeoutMs);
    },
    flushed: ({ octets = 0, timeoutMs = 10_000 } = {}) =>
      until(() => core.paths().every(({ queued }) => queued <= octets), timeoutMs),
    connected: ({ timeoutMs }) =>
      until(() => core.paths().some(({ kind }) => mesh || kind === "parent" || kind === "child"), timeoutMs),
  };

  return {
    network,
    start(membership, contacts) {
      mesh = membership.subType === "mesh";
      if (!over) core.start(membership, contacts);
    },
    contacts: (contacts) => {
      if (!over) core.contacts(contacts);
    },
    accepted(link, first) {
      if (over) link.close();
      else core.accepted(link, first);
      return links;
    },
    leave() {
      if (over) return;
      core.leave();
      over = true;
      wake.stop();
      report.stop();
      scans.stop();
    },
  };
}
