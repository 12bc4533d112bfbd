import { Code, type LdmpMessage, PayloadType, Type } from "../../generated/ldmp/index.js";
import { isError, isSuccess } from "../ldmp/codes.js";
import { createCounterparts } from "../ldmp/counterpart.js";
import type { Counterpart, Settled, Sink } from "../ldmp/counterpart-types.js";
import { isAnswered, receiveDatagram } from "../ldmp/reception.js";
import { copyRemote, type Remote, sameRemote } from "../ldmp/remote.js";
import type {
  DataSourceCore,
  DataSourceCoreOptions,
  DataSourceCounters,
  DataSourceEffect,
  DataSourceEvent,
  Failure,
  Phase,
} from "./core-types.js";
import { createServing } from "./serving.js";

/** Tokens of the requests a data source makes, beside the connection check. */
const registrationToken = 1;
const releaseToken = 2;
const probeToken = 3;

/** The data source of X.609.8 without any input or output: events in, effects out. */
export function createDataSourceCore(options: DataSourceCoreOptions): DataSourceCore {
  const { id, variables, readings, sourcePeers } = options;
  const counters: DataSourceCounters = {
    messages: 0,
    posts: 0,
    unposted: 0,
    registrations: 0,
    failures: 0,
    duplicates: 0,
    repeats: 0,
    dropped: { malformed: 0, destination: 0, stranger: 0, unsolicited: 0, method: 0, busy: 0 },
  };
  // One request at a time is all a data source ever makes (E-LDMP-38).
  const counterparts = createCounterparts({
    ownId: id,
    variables,
    readings,
    random: options.random,
    outstanding: 1,
    waiting: 1,
    counters,
  });

  let effects: DataSourceEffect[] = [];
  let phase: Phase = "stopped";
  /** The source peer registered with, or being tried; there is never a second one [7.1 NOTE]. */
  let peer: Counterpart | undefined;
  let peerIndex = 0;
  let retryAt = Number.POSITIVE_INFINITY;
  /** Attempts to register that failed in a row. */
  let failures = 0;
  /** What follows a Release: another source peer, or the end. */
  let next: number | "stop" = "stop";
  /** Its Message IDs go on with every registration: a late answer to an earlier request is then known as one. */
  const nextIds = new Map<number, number>();

  /** Settled requests come back here instead of leaving as effects: they are this core's own. */
  const settled: Settled[] = [];
  const sink: Sink = {
    push: (effect) => (effect.kind === "send" ? effects.push(effect) : settled.push(effect)),
  };

  const request = (to: Counterpart, code: Code, token: number, now: number, payload?: Uint8Array) => {
    const payloadType = payload === undefined ? PayloadType.none : PayloadType.text;
    counterparts.request(to, { code, token, payloadType, payload }, now, sink);
  };

  const forgetPeer = () => {
    if (peer !== undefined) counterparts.settleAll(peer, { kind: "removed" }, { push: () => undefined });
    if (peer !== undefined) nextIds.set(peerIndex, peer.nextId);
    peer = undefined;
    serving.forget();
  };

  const connect = (index: number) => {
    forgetPeer();
    peerIndex = index;
    phase = "connecting";
    effects.push({ kind: "connect", sourcePeer: index });
  };

  /** [7.1] A request to register with the source peer that is connected. */
  const register = (now: number) => {
    if (peer === undefined) return;
    phase = "registering";
    request(peer, Code.registration, registrationToken, now, options.credentials);
  };

  /** E-LDMP-22: at once after a loss, then after growing delays, which differ between data sources that lost the same peer. */
  const delay = (): number => {
    if (failures === 0) return 0;
    const [random = 0] = options.random.bytes(1);
    const { retransmissionTime, registrationBackoffMost } = variables;
    const pause = Math.min(registrationBackoffMost, retransmissionTime * 2 ** Math.min(failures - 1, 30));
    return pause * (1 + random / 1024);
  };

  const fail = (failure: Failure, now: number) => {
    counters.failures++;
    const wasRegistered = phase === "registered";
    failures = wasRegistered ? 0 : failures + 1;
    const retryIn = delay();
    const failed = peerIndex;
    // Another source peer is tried when this one did not take us; it is told so, in case it did (E-LDMP-26).
    const elsewhere = !wasRegistered && sourcePeers.length > 1;
    if (elsewhere && peer !== undefined && failure.kind === "no-answer") {
      counterparts.settleAll(peer, { kind: "removed" }, { push: () => undefined });
      request(peer, Code.release, releaseToken, now);
    }
    forgetPeer();
    if (elsewhere) peerIndex = (peerIndex + 1) % sourcePeers.length;
    phase = "waiting";
    retryAt = now + retryIn;
    effects.push({ kind: "disconnect" }, { kind: "failed", failure, sourcePeer: failed, retryIn });
  };

  const registered = (now: number) => {
    if (peer === undefined) return;
    phase = "registered";
    failures = 0;
    counters.registrations++;
    counterparts.heard(peer, now);
    effects.push({ kind: "registered", sourcePeer: peerIndex, id: peer.id });
  };

  const left = (code: number | undefined) => {
    effects.push({ kind: "left", sourcePeer: peerIndex, code }, { kind: "disconnect" });
    failures = 0;
    if (next === "stop") {
      forgetPeer();
      phase = "stopped";
      effects.push({ kind: "stopped" });
    } else connect(next);
  };

  /** [7.2] Leaves the source peer; once, whatever comes of it. `then` says what follows. */
  const leave = (then: number | "stop", now: number) => {
    next = then;
    if (phase === "releasing") return;
    const perhapsRegistered = phase === "registered" || phase === "registering" || phase === "probing";
    if (peer === undefined || !perhapsRegistered) {
      effects.push({ kind: "disconnect" });
      forgetPeer();
      if (then !== "stop") return connect(then);
      phase = "stopped";
      effects.push({ kind: "stopped" });
      return;
    }
    counterparts.settleAll(peer, { kind: "removed" }, { push: () => undefined });
    serving.forget();
    phase = "releasing";
    request(peer, Code.release, releaseToken, now);
  };

  const concluded = (token: number, code: number | undefined, sent: number, now: number) => {
    if (token === releaseToken) {
      if (phase === "releasing") left(code);
    } else if (code === undefined) {
      if (phase === "registering" || phase === "probing") fail({ kind: "no-answer" }, now);
    } else if (token === registrationToken) {
      if (isSuccess(code)) return registered(now);
      if (sent > 1 && code !== Code.unauthorized && peer !== undefined) {
        phase = "probing";
        return request(peer, Code.heartbeat, probeToken, now);
      }
      fail({ kind: "refused", code }, now);
    } else if (token === probeToken) {
      if (isSuccess(code)) registered(now);
      else fail({ kind: "refused", code }, now);
    } else if (phase === "registered") {
      // E-LDMP-23: the source peer does not know us any more.
      const lost = code === Code.unauthorized || code === Code.forbidden || code === Code.notFound;
      if (lost) fail({ kind: "lost", code }, now);
    }
  };

  const acknowledgement = (from: Remote, message: LdmpMessage, now: number) => {
    if (!isPeer(from, message)) {
      counters.dropped.unsolicited++;
      return;
    }
    const current = peer as Counterpart;
    const match = counterparts.match(current, message, now, sink);
    counterparts.heard(current, now);
    if (match === undefined || !(isSuccess(message.code) || isError(message.code))) {
      counters.dropped.unsolicited++;
      return;
    }
    // E-LDMP-05 B: the source peer's identifier is learnt from its response.
    if (current.id === 0) current.id = message.sourceId;
    concluded(match.request.token, message.code, match.sent, now);
  };

  const isPeer = (from: Remote, message: LdmpMessage): boolean =>
    peer !== undefined && sameRemote(peer.remote, from) && (peer.id === 0 || peer.id === message.sourceId);

  const serving = createServing({
    counterparts,
    counters,
    readings,
    lifetime: variables.removalTime,
    maxPayload: options.maxPayload,
    maxPending: options.maxPending,
    // A source peer that asks before its answer to the Registration has arrived is served: it has us registered.
    sourcePeer: (from, message) =>
      (phase === "registered" || phase === "registering" || phase === "probing") && isPeer(from, message)
        ? peer
        : undefined,
    push: (effect) => effects.push(effect),
    reset(now) {
      if (peer === undefined || phase !== "registered") return;
      // [7.6] never answered; a new registration follows at once (E-LDMP-22).
      counterparts.settleAll(peer, { kind: "removed" }, { push: () => undefined });
      serving.forget();
      effects.push({ kind: "reset" });
      register(now);
    },
  });

  const receive = (from: Remote, message: LdmpMessage, now: number) => {
    counters.messages++;
    if (message.destinationId !== id) counters.dropped.destination++;
    else if (message.type === Type.acknowledgement) acknowledgement(from, message, now);
    else if (message.type === Type.reserved) counters.dropped.malformed++;
    else serving.serve(from, message, now);
  };

  const datagram = (from: Remote, bytes: Uint8Array, now: number) => {
    const reception = receiveDatagram(bytes, readings);
    if (reception.message !== undefined) return receive(from, reception.message, now);
    counters.dropped.malformed++;
    const { header } = reception;
    if (header === undefined || header.type === Type.acknowledgement || !isAnswered(header.code)) return;
    if (header.destinationId === id) serving.refuse(from, header);
  };

  const tick = (now: number) => {
    if (phase === "waiting") {
      if (now >= retryAt) connect(peerIndex);
      return;
    }
    if (peer === undefined || counterparts.dueAt(peer) > now) return;
    if (counterparts.expire(peer, now, sink)) {
      // [7.3] the source peer did not say a word: what is known about it goes, and registration begins anew.
      fail({ kind: phase === "registered" ? "silent" : "no-answer" }, now);
    }
  };

  const handle = (event: DataSourceEvent, now: number) => {
    switch (event.type) {
      case "start":
        if (phase === "stopped") connect(peerIndex);
        return;
      case "connected":
        if (phase !== "connecting") return;
        peer = counterparts.open(sourcePeers[peerIndex] ?? 0, copyRemote(event.remote), now);
        peer.nextId = nextIds.get(peerIndex) ?? peer.nextId;
        return register(now);
      case "disconnected":
        if (phase === "releasing") return left(undefined);
        if (phase === "stopped" || phase === "waiting") return;
        return fail({ kind: "disconnected", reason: event.reason }, now);
      case "datagram":
        return datagram(event.from, event.bytes, now);
      case "message":
        return receive(event.from, event.message, now);
      case "post":
        if (phase !== "registered" || peer === undefined) {
          counters.unposted++;
          effects.push({ kind: "unposted" });
          return;
        }
        counters.posts++;
        return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);
      case "answer":
        return serving.answered(event);
      case "move":
        if (event.sourcePeer === peerIndex && phase !== "releasing" && phase !== "stopped") return;
        return leave(event.sourcePeer, now);
      case "stop":
        return leave("stop", now);
      case "timer":
        return tick(now);
    }
  };

  return {
    step(event, now) {
      effects = [];
      handle(event, now);
      for (let ended = settled.shift(); ended !== undefined; ended = settled.shift()) {
        if (ended.outcome.kind === "no-answer") concluded(ended.token, undefined, 0, now);
      }
      return effects;
    },
    nextTimer() {
      if (phase === "waiting") return retryAt;
      return peer === undefined ? Number.POSITIVE_INFINITY : counterparts.dueAt(peer);
    },
    get phase() {
      return phase;
    },
    counters,
  };
}
