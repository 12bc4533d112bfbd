import type { Logger } from "../net/logger.js";
import type { Parameter } from "./parameters.js";

/** A payload: text, or octets for a binary one. */
export type Payload = string | Uint8Array;

/** Something a source peer can GET [X.609.8 7.5]. */
export interface DataItem {
  /** Selects it; the payload of GET. */
  readonly name: string;
  /** The value now. A RangeError is answered with 4.06, any other error with 4.04: it is not there at the moment. */
  read(): Payload | Promise<Payload>;
}

/** What a feed works with while it runs. */
export interface FeedContext {
  /** Sends a POST; false when the data source is not registered, and nothing was sent [X.609.8 7.1]. */
  post(payload: Payload): boolean;
  /** Resolves when the data source is registered: at once when it is. */
  registered(): Promise<void>;
  /** Octets that one POST should hold at most. */
  readonly maxPost: number;
  /** Aborted when the data source is closed. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Where the data of a data source come from. */
export interface Feed {
  /** What GET offers; the first is the default item (E-LDMP-06). */
  readonly items: readonly DataItem[];
  /** What PUT can change. */
  readonly parameters?: readonly Parameter[];
  /** Begins to post. Called once, before the first registration. */
  start?(context: FeedContext): void;
  /** Back to the initial state [X.609.8 7.6]; the parameters have been set back already. */
  reset?(): void;
  stop?(): void | Promise<void>;
}
