import type { TlsOptions } from "node:tls";
import type { Readings } from "../ldmp/readings.js";
import type { VariableOptions } from "../ldmp/variables.js";
import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import type { AdmissionOptions } from "./admission.js";

/** Where to listen. */
export interface Listen {
  /** Default 127.0.0.1: serving others is a decision. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
}

export interface SourcePeerLimits {
  /** Data sources registered at a time. Default 65535: one per identifier. */
  dataSources?: number;
  /** Octets of payload in one message. Default 65535, what Length can say. */
  payload?: number;
  /** Requests waiting per data source. Default 64. */
  waiting?: number;
  /** TCP and TLS connections at a time. Default 65536. */
  connections?: number;
  /** How long a connection may stay without a registration, or in the midst of a message, in ms. Default 30000. */
  idleConnectionMs?: number;
}

export interface SourcePeerOptions {
  /** This source peer's identifier, 1 to 65535. Default 1. */
  id?: number;
  /** UDP endpoint (E-LDMP-04 A); on by default, at any free port of 127.0.0.1. */
  udp?: Listen | false;
  /** TCP endpoint (E-LDMP-04 B). Default: none. */
  tcp?: Listen;
  /** TLS endpoint: `key` and `cert` at least, `ca` with `requestCert` to admit by certificate. Default: none. */
  tls?: Listen & TlsOptions;
  /** HTTP control interface; on by default, at any free port of 127.0.0.1. */
  control?: (Listen & { /** Bearer token that every request has to bring. */ token?: string }) | false;
  /** Keeps registrations over a restart. Default: they are kept in memory. The caller closes it. */
  store?: Store;
  variables?: VariableOptions;
  readings?: Partial<Readings>;
  admission?: AdmissionOptions;
  /** Requests unanswered at a time per data source (E-LDMP-38). Default 1. */
  outstanding?: number;
  /** What a Registration does whose identifier is in use at another address. Default `replace`: it is the restarted source. */
  onTakenId?: "replace" | "refuse";
  limits?: SourcePeerLimits;
  logger?: Logger;
  clock?: Clock;
  random?: Random;
}
