import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message, PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, Delivery, Link, PeerCore } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { PeerPaths } from "../overlay/membership-types.js";
import { createPathsReport } from "./paths-report.js";
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
  readonly deliver: (delivery: Delivery) => void;
  readonly onNews: (news: CoreNews) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Drives the core of one overlay network by real time and real links: the POC functional entity's hands [Q.4100 7.2.1.3]. */
export interface CoreDriver<L extends Link> {
  /** What applications ask of it. */
  readonly core: Pick<PeerCore, "publish" | "scan" | "paths" | "statistics">;
  /** There is a path that data take. */
  readonly isConnected: boolean;
  /** It has taken leave. */
  readonly over: boolean;
  /** A member now, or again. */
  start(membership: CoreMembership, contacts: readonly PeerContact[]): void;
  contacts(contacts: readonly PeerContact[]): void;
  /** Another peer opened a link for this overlay network. @returns what takes the messages that follow */
  accepted(link: L, first: Message): DriverLinks<L>;
  /** Takes leave of all paths. */
  leave(): void;
}

export function createCoreDriver<L extends Link>(options: DriverOptions<L>): CoreDriver<L> {
  const { clock, random, logger, settings } = options;
  /** Its paths are candidates, all of them. */
  let mesh = false;
  let over = false;

  const links: DriverLinks<L> = {
    message(link, message) {
      if (over) return;
      try {
        core.received(link, message);
      } catch (error) {
        // A fault of this peer's own: it costs the link that showed it, not the peer.
        logger.error({ err: error, remote: link.remote, code: message.code }, "a message could not be handled");
        link.close();
        core.closed(link, "a message could not be handled");
      }
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
    deliver: options.deliver,
    news(news) {
      if (news.kind === "path" && news.change === "down" && news.lost === true) report.lost(news.peerId);
      options.onNews(news);
    },
    wake: (at) => wake.at(at),
  };
  const wake = createWake(clock, () => core.tick());
  const core = options.createCore(host, settings);

  return {
    core,
    get isConnected() {
      return core.paths().some(({ kind }) => mesh || kind === "parent" || kind === "child");
    },
    get over() {
      return over;
    },
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
    },
  };
}
