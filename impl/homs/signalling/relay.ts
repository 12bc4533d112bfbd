import { monotonicClock } from "../../net/clock.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import type { Closure, SignallingLimits } from "../../net/webrtc/relay/limits.js";
import { defaultSignallingLimits } from "../../net/webrtc/relay/limits.js";
import { type Claim, type Gate, SignallingRelay } from "../../net/webrtc/relay/relay.js";
import type { RelayClient } from "../../net/webrtc/relay/relay-client.js";
import type { Hello, Watch } from "../../net/webrtc/relay/relay-signal.js";
import type { HomsEvent } from "../events.js";
import type { Homs } from "../homs.js";
import { Claims, type SignallingClaims } from "./claims.js";
import { graphOf, told } from "./monitor.js";

export interface HomsRelayOptions {
  readonly homs: Homs;
  /** Default "token". */
  readonly claims?: SignallingClaims | undefined;
  readonly limits?: Partial<SignallingLimits> | undefined;
  /** Who may watch in the field's way: nobody (default), whoever shows the right token, everybody. */
  readonly monitor?: "open" | ((token: unknown) => boolean) | undefined;
  readonly logger?: Logger;
}

/** What a graph counts for, in messages: it costs as much as there are peers. */
const graphCost = 50;
/** A peer-id is one name for all overlays of a HOMS. */
const room = "";

/** A relay for the members of a HOMS, and those who watch them. */
export class HomsRelay implements Gate {
  readonly relay: SignallingRelay;
  readonly #homs: Homs;
  readonly #claims: Claims;
  readonly #most: number;
  readonly #mayWatch: (token: unknown) => boolean;
  readonly #monitors = new Set<RelayClient>();
  readonly #unsubscribe: () => void;

  constructor({ homs, claims = "token", limits, monitor, logger = silentLogger }: HomsRelayOptions) {
    this.#homs = homs;
    this.#mayWatch = monitor === "open" ? () => true : (monitor ?? (() => false));
    this.#most = limits?.monitors ?? defaultSignallingLimits.monitors;
    this.#claims = new Claims(homs.context, claims);
    this.relay = new SignallingRelay({ gate: this, limits, logger });
    this.#unsubscribe = homs.events.subscribe((event) => this.#happened(event));
  }

  claim(hello: Hello): Claim {
    const result = this.#claims.claim(hello);
    if (result === "shown") return { room, proved: true };
    return result === "first-come" ? { room, proved: false } : result;
  }

  watch(client: RelayClient, { overlayId, token }: Watch): Closure | undefined {
    if (!client.monitor) {
      if (this.#monitors.size >= this.#most || !this.#mayWatch(token)) return "noMonitor";
      client.watch();
      this.#monitors.add(client);
    }
    if (overlayId === undefined) return undefined;
    if (!client.budget.take(monotonicClock.now(), graphCost)) return "tooMany";
    const graph = graphOf(this.#homs, overlayId);
    if (graph !== undefined) client.send(JSON.stringify(graph));
    return undefined;
  }

  gone(client: RelayClient): void {
    this.#monitors.delete(client);
  }

  close(): void {
    this.#unsubscribe();
    this.relay.close();
  }

  #happened(event: HomsEvent): void {
    if (this.#monitors.size > 0) this.#tell(event);
    if (event.kind === "peer-joined") this.relay.retry(event.peerId);
    else if (event.kind === "overlay-removed") for (const peerId of this.relay.peersIn(room)) this.#ended(peerId);
    else if (event.kind === "peer-left" || event.kind === "peer-expired" || event.kind === "peer-lost") {
      this.#ended(event.peerId);
    }
  }

  #tell(event: HomsEvent): void {
    for (const message of told(event)) {
      const text = JSON.stringify(message);
      for (const client of this.#monitors) client.send(text);
    }
  }

  #ended(peerId: string): void {
    if (!this.#claims.isMember(peerId)) this.relay.end(room, peerId);
  }
}
