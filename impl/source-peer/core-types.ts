import type { Code, LdmpMessage, PayloadType } from "../../generated/ldmp/index.js";
import type { Send, Settled } from "../ldmp/counterpart-types.js";
import type { Readings } from "../ldmp/readings.js";
import type { Remote } from "../ldmp/remote.js";
import type { ProtocolVariables } from "../ldmp/variables.js";
import type { Random } from "../net/clock.js";
import type { Admission } from "./admission.js";
import type { Counters } from "./counters.js";
import type { PostedData } from "./data-feed.js";
import type { Registered } from "./registry.js";

export interface SourcePeerCoreOptions {
  /** This source peer's identifier, 1 to 65535. */
  readonly id: number;
  readonly variables: ProtocolVariables;
  readonly readings: Readings;
  readonly random: Random;
  readonly admission: Admission;
  /** Requests unanswered at a time per data source (E-LDMP-38). */
  readonly outstanding: number;
  /** Requests waiting behind those, per data source. */
  readonly waiting: number;
  readonly maxDataSources: number;
  /** Octets of payload accepted. */
  readonly maxPayload: number;
  /** What a Registration does whose identifier is in use at another address: it takes the place, or it is refused. */
  readonly onTakenId: "replace" | "refuse";
}

export type SourcePeerEvent =
  | { readonly type: "datagram"; readonly from: Remote; readonly bytes: Uint8Array }
  /** A whole message from a stream. */
  | { readonly type: "message"; readonly from: Remote; readonly message: LdmpMessage }
  /** A connection ended; whoever lived on it has failed [7.3]. */
  | { readonly type: "closed"; readonly connection: number }
  | {
      readonly type: "request";
      readonly token: number;
      readonly sourceId: number;
      readonly code: Code;
      readonly payloadType: PayloadType;
      readonly payload: Uint8Array | undefined;
    }
  | { readonly type: "reset"; readonly sourceId: number }
  /** A registration from before a restart. */
  | { readonly type: "restore"; readonly sourceId: number; readonly remote: Remote; readonly registeredAt: number }
  | { readonly type: "timer" };

export type RemovalReason = "released" | "silent" | "reset" | "closed" | "replaced" | "lost";

export type SourcePeerEffect =
  | (Send & { /** Not to be sent before the registry's change is on disk. */ readonly durable?: true })
  | Settled
  | { readonly kind: "data"; readonly data: PostedData }
  | { readonly kind: "registered"; readonly source: Registered; readonly again: boolean }
  | { readonly kind: "removed"; readonly source: Registered; readonly reason: RemovalReason }
  | { readonly kind: "refused"; readonly sourceId: number; readonly from: Remote; readonly code: Code };

export interface SourcePeerCore {
  step(event: SourcePeerEvent, now: number): SourcePeerEffect[];
  /** When a `timer` event is due; Infinity when none is. */
  nextTimer(): number;
  sources(): IterableIterator<Registered>;
  source(id: number): Registered | undefined;
  /** Whether a data source is registered over this connection. */
  inUse(connection: number): boolean;
  readonly size: number;
  readonly counters: Counters;
}
