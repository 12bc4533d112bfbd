import type { PampHandlers } from "../../../generated/pamp/server.js";
import type { HttpHost } from "../../net/http-host.js";
import type { Logger } from "../../net/logger.js";
import type { Pams } from "../pams.js";
import { Cluster } from "./cluster.js";
import { createClusterHandlers } from "./handlers.js";
import { type ClusterOptions, Membership } from "./membership.js";
import { mountQuestions } from "./questions.js";

/** The cluster's side of a PAMS server: made before it listens, started when it does. */
export interface ClusterFront {
  readonly handlers: PampHandlers;
  readonly membership: Membership;
  /** Rejects with the system's error when the DHT node cannot listen. */
  start(host: HttpHost, own: { readonly pamsUrl: string; readonly secure: boolean }): Promise<void>;
  leave(): Promise<void>;
}

/** How often the homes of overlay networks are asked whether these are still wanted, in ms. */
const compareMs = 5_000;

export function createClusterFront(pams: Pams, options: ClusterOptions, logger: Logger): ClusterFront {
  const membership = new Membership(options, () => pams.core.peerCount, logger);
  const cluster = new Cluster({ core: pams.core, receipts: pams.receipts, own: pams.handlers, membership });
  let timer: NodeJS.Timeout | undefined;
  const compare = (): void => {
    cluster.compare().catch((error: unknown) => logger.warn({ err: error }, "comparing overlay networks failed"));
  };
  return {
    handlers: createClusterHandlers(cluster, pams.handlers),
    membership,
    async start(host, own) {
      mountQuestions(host.app, membership, cluster.questions);
      await membership.start({ ...own, port: host.port });
      timer = setInterval(compare, compareMs).unref();
    },
    async leave() {
      clearInterval(timer);
      await cluster.leave();
      await membership.stop();
    },
  };
}
