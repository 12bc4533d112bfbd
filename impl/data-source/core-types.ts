import type { Code, LdmpMessage, PayloadType } from "../../generated/ldmp/index.js";
import type { Send } from "../ldmp/counterpart-types.js";
import type { Readings } from "../ldmp/readings.js";
import type { Remote } from "../ldmp/remote.js";
import type { ProtocolVariables } from "../ldmp/variables.js";
import type { Random } from "../net/clock.js";

export interface DataSourceCoreOptions {
  /** This data source's identifier, 1 to 65535. */
  readonly id: number;
  readonly variables: ProtocolVariables;
  readonly readings: Readings;
  readonly random: Random;
  /** Payload of every Registration (E-LDMP-08); none by default. */
  readonly credentials?: Uint8Array | undefined;
  /** Identifiers of the source peers to try, in order; undefined where it is learnt from the response (E-LDMP-05 B). */
  readonly sourcePeers: readonly (number | undefined)[];
  /** Octets of payload accepted. */
  readonly maxPayload: number;
  /** GET and PUT being answered at a time; more are left to the source peer's repeats. */
  readonly maxPending: number;
}

export type DataSourceEvent =
  | { readonly type: "start" }
  /** The transport to the source peer of the last `connect` is there. */
  | { readonly type: "connected"; readonly remote: Remote }
  /** It could not be made, or ended. */
  | { readonly type: "disconnected"; readonly reason?: string }
  | { readonly type: "datagram"; readonly from: Remote; readonly bytes: Uint8Array }
  | { readonly type: "message"; readonly from: Remote; readonly message: LdmpMessage }
  | { readonly type: "post"; readonly payloadType: PayloadType; readonly payload: Uint8Array }
  /** The application's answer to a `get` or `put` effect. */
  | {
      readonly type: "answer";
      readonly token: number;
      readonly code: Code;
      readonly payloadType: PayloadType;
      readonly payload: Uint8Array | undefined;
    }
  /** Leave for another source peer, by its place in `sourcePeers`. */
  | { readonly type: "move"; readonly sourcePeer: number }
  | { readonly type: "stop" }
  | { readonly type: "timer" };

export type Phase =
  | "stopped"
  | "waiting"
  | "connecting"
  | "registering"
  /** An error came after a repeat, so the lost reply may have been a success: a Heartbeat finds out (E-LDMP-17). */
  | "probing"
  | "registered"
  | "releasing";

/** Why a data source is not, or no longer, registered. */
export type Failure =
  | { readonly kind: "refused"; readonly code: number }
  | { readonly kind: "no-answer" }
  | { readonly kind: "silent" }
  | { readonly kind: "lost"; readonly code: number }
  | { readonly kind: "disconnected"; readonly reason: string | undefined };

export type DataSourceEffect =
  | Send
  | { readonly kind: "connect"; readonly sourcePeer: number }
  | { readonly kind: "disconnect" }
  | { readonly kind: "registered"; readonly sourcePeer: number; readonly id: number }
  /** `retryIn` ms until the next attempt. */
  | { readonly kind: "failed"; readonly failure: Failure; readonly sourcePeer: number; readonly retryIn: number }
  /** The source peer wants an item: its selector as text, undefined for the default item. */
  | { readonly kind: "get"; readonly token: number; readonly item: string | undefined }
  | { readonly kind: "put"; readonly token: number; readonly text: string }
  /** Back to the initial state [7.6]. */
  | { readonly kind: "reset" }
  /** A `post` event came while not registered: nothing was sent [7.1]. */
  | { readonly kind: "unposted" }
  /** Left; `code` is the source peer's answer to the Release, undefined when none came. */
  | { readonly kind: "left"; readonly sourcePeer: number; readonly code: number | undefined }
  | { readonly kind: "stopped" };

export interface DataSourceCounters {
  messages: number;
  posts: number;
  unposted: number;
  registrations: number;
  failures: number;
  duplicates: number;
  repeats: number;
  readonly dropped: {
    malformed: number;
    destination: number;
    stranger: number;
    unsolicited: number;
    method: number;
    busy: number;
  };
}

export interface DataSourceCore {
  step(event: DataSourceEvent, now: number): DataSourceEffect[];
  /** When a `timer` event is due; Infinity when none is. */
  nextTimer(): number;
  readonly phase: Phase;
  readonly counters: DataSourceCounters;
}
