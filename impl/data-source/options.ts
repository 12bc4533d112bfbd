import type { Readings } from "../ldmp/readings.js";
import type { VariableOptions } from "../ldmp/variables.js";
import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { SourcePeerAddress } from "./address.js";
import type { Feed } from "./feed.js";

export interface DataSourceOptions {
  /** This data source's identifier, 1 to 65535; its source peer knows it by that. */
  id: number;
  /** The source peer, or several to try one after the other; it registers with one at a time [X.609.8 7.1]. */
  sourcePeer: string | SourcePeerAddress | readonly (string | SourcePeerAddress)[];
  /** What it posts and offers. Default: nothing but what `post` is given. */
  feed?: Feed;
  /** Payload of the Registration, where the source peer asks for one (E-LDMP-08). */
  secret?: string;
  /** Where UDP sockets are bound. Default: any free port. */
  local?: { host?: string; port?: number };
  variables?: VariableOptions;
  readings?: Partial<Readings>;
  limits?: {
    /** Octets of payload accepted. Default 65535. */
    payload?: number;
    /** Octets that a feed puts into one POST. Default 1200 over UDP, to pass any path whole (E-LDMP-30); else 65535. */
    post?: number;
    /** GET and PUT being answered at a time. Default 64. */
    pending?: number;
  };
  /** How long `close` waits for the answer to the Release, in ms. Default 1000. */
  releaseMs?: number;
  connectTimeoutMs?: number;
  logger?: Logger;
  clock?: Clock;
  random?: Random;
}
