import type { Code, LdmpHeader, LdmpMessage, PayloadType } from "../../generated/ldmp/index.js";
import type { Random } from "../net/clock.js";
import type { Readings } from "./readings.js";
import type { RecentMessages } from "./recent.js";
import type { Remote } from "./remote.js";
import type { Timed } from "./timers.js";
import type { ProtocolVariables } from "./variables.js";

/** The other end, as one end keeps it: its identifiers, what was asked of it, what it asked lately. */
export interface Counterpart extends Timed {
  /** Its Source ID; 0 while it is not known (E-LDMP-05 B). */
  id: number;
  remote: Remote;
  /** The Message ID of the next message to it: one counter per counterpart (E-LDMP-16). */
  nextId: number;
  /** When its last valid message arrived; every one counts (E-LDMP-21 A). */
  heardAt: number;
  recent: RecentMessages;
  readonly outstanding: Outstanding[];
  readonly waiting: Request[];
}

export interface Request {
  readonly code: Code;
  readonly payloadType: PayloadType;
  readonly payload: Uint8Array | undefined;
  /** Names the request to who made it; 0 is the Heartbeat of connection management. */
  readonly token: number;
}

export interface Outstanding {
  readonly request: Request;
  /** The latest first; more than one where repeats take new ones (E-LDMP-16 B). */
  readonly messageIds: number[];
  bytes: Uint8Array;
  /** When it is given up: never before the last repeat has had its time. */
  overAt: number;
  sent: number;
  dueAt: number;
  /** Whether the counterpart said anything since the request went out. */
  heard: boolean;
}

/** How a request ended. */
export type Outcome =
  | {
      readonly kind: "reply";
      readonly code: number;
      readonly payloadType: PayloadType;
      readonly payload: Uint8Array | undefined;
    }
  | { readonly kind: "no-answer" }
  | { readonly kind: "removed" }
  | { readonly kind: "unknown" }
  | { readonly kind: "busy" };

export interface Send {
  readonly kind: "send";
  readonly to: Remote;
  readonly bytes: Uint8Array;
}

export interface Settled {
  readonly kind: "settled";
  readonly token: number;
  readonly outcome: Outcome;
}

/** What takes effects; an array of any wider effect type does. */
export interface Sink {
  push(effect: Send | Settled): unknown;
}

export interface CounterpartSettings {
  readonly ownId: number;
  readonly variables: ProtocolVariables;
  readonly readings: Readings;
  readonly random: Random;
  /** Requests unanswered at a time; further ones wait (E-LDMP-38: 1 by default). */
  readonly outstanding: number;
  /** Requests waiting at most; further ones end as `busy`. */
  readonly waiting: number;
  /** Counted up for every repeat. */
  readonly counters: { repeats: number };
}

/** What a request is answered with. */
export interface Answer {
  readonly code: Code;
  readonly payloadType?: PayloadType;
  readonly payload?: Uint8Array | undefined;
}

/** An acknowledgement that answers the request it was matched with. */
export interface Match {
  readonly request: Request;
  /** Transmissions of the request, repeats included. */
  readonly sent: number;
}

export interface Counterparts {
  open(id: number, remote: Remote, now: number): Counterpart;
  /** Sends a request that wants an answer, or queues it behind the outstanding ones. */
  request(counterpart: Counterpart, request: Request, now: number, sink: Sink): void;
  /** Sends a message that wants no answer (POST, RESET): once, never repeated [7.4, 7.6]. */
  notify(
    counterpart: Counterpart,
    code: Code,
    payloadType: PayloadType,
    payload: Uint8Array | undefined,
    sink: Sink,
  ): void;
  /** The octets of an answer to a request; `to` is who made it, where it is known. */
  reply(request: LdmpHeader, to: Counterpart | undefined, answer: Answer): Uint8Array;
  /** Finds what an acknowledgement answers, and takes it off the list; undefined when it answers nothing. */
  match(counterpart: Counterpart, message: LdmpMessage, now: number, sink: Sink): Match | undefined;
  /** Notes that a valid message arrived [7.3]. */
  heard(counterpart: Counterpart, now: number): void;
  /** Does what is due: repeats, gives up, asks for a message. True when the counterpart is to be removed as silent. */
  expire(counterpart: Counterpart, now: number, sink: Sink): boolean;
  /** When `expire` has something to do next. */
  dueAt(counterpart: Counterpart): number;
  /** Ends every request, made or waiting. */
  settleAll(counterpart: Counterpart, outcome: Outcome, sink: Sink): void;
}
