import { Code, codeClass, type LdmpHeader, type LdmpMessage, PayloadType, Type } from "../../generated/ldmp/index.js";
import { isError, isSuccess } from "../ldmp/codes.js";
import { createCounterparts, heartbeatToken } from "../ldmp/counterpart.js";
import type { Answer } from "../ldmp/counterpart-types.js";
import { isText } from "../ldmp/payload.js";
import { asksForAnswer } from "../ldmp/readings.js";
import { type RecentMessage, recall, remember } from "../ldmp/recent.js";
import { isAnswered, receiveDatagram } from "../ldmp/reception.js";
import { copyRemote, type Remote } from "../ldmp/remote.js";
import { createTimerQueue } from "../ldmp/timers.js";
import type {
  RemovalReason,
  SourcePeerCore,
  SourcePeerCoreOptions,
  SourcePeerEffect,
  SourcePeerEvent,
} from "./core-types.js";
import { createCounters } from "./counters.js";
import { createRegistry, type Registered } from "./registry.js";

/** The source peer of X.609.8 without any input or output: events in, effects out. */
export function createSourcePeerCore(options: SourcePeerCoreOptions): SourcePeerCore {
  const { id, variables, readings, maxPayload } = options;
  const counters = createCounters();
  const counterparts = createCounterparts({
    ownId: id,
    variables,
    readings,
    random: options.random,
    outstanding: options.outstanding,
    waiting: options.waiting,
    counters,
  });
  const registry = createRegistry(variables.removalTime);
  const timers = createTimerQueue<Registered>();
  let effects: SourcePeerEffect[] = [];

  /** The timer may fire early, never late: hearing from a source does not touch it. */
  const schedule = (source: Registered) => {
    const due = counterparts.dueAt(source);
    if (source.slot < 0 || due < source.due) timers.set(source, due);
  };

  const send = (to: Remote, bytes: Uint8Array) => {
    effects.push({ kind: "send", to, bytes });
  };

  const remove = (source: Registered, reason: RemovalReason) => {
    timers.clear(source);
    registry.remove(source);
    counters.removals[reason]++;
    counterparts.settleAll(source, { kind: reason === "silent" ? "no-answer" : "removed" }, effects);
    effects.push({ kind: "removed", source, reason });
  };

  /** Answers a request and keeps the answer for duplicates of it. */
  const answer = (from: Remote, message: LdmpHeader, code: Code, entry?: RecentMessage) => {
    const given = plainAnswer(code);
    if (entry !== undefined) entry.answer = given;
    send(from, counterparts.reply(message, registry.find(message.sourceId, from), given));
  };

  /** [7.1] Registration. */
  const register = (from: Remote, message: LdmpMessage, now: number) => {
    const { sourceId } = message;
    const refuse = (code: Code) => {
      counters.refusals++;
      effects.push({ kind: "refused", sourceId, from, code });
      answer(from, message, code);
    };
    // 1. Identifiers: 0 means unassigned (E-LDMP-05), and one shared with this source peer would not identify anything.
    if (sourceId === 0) return refuse(Code.badRequest);
    if (sourceId === id) return refuse(Code.forbidden);
    // 2. Admission.
    const refusal = options.admission(sourceId, message.payload);
    if (refusal !== undefined) return refuse(refusal);
    const known = registry.get(sourceId);
    let source = registry.find(sourceId, from);
    // 3. A repeated registration succeeds, or is refused unless the source was told to register (E-LDMP-17).
    if (source !== undefined && readings.repeatedRegistration === "B" && !source.resetSent) {
      counterparts.heard(source, now);
      return refuse(Code.forbidden);
    }
    if (source === undefined) {
      if (known !== undefined && options.onTakenId === "refuse") return refuse(Code.forbidden);
      if (known === undefined && registry.size >= options.maxDataSources) return refuse(Code.forbidden);
      if (known !== undefined) remove(known, "replaced");
      source = { ...counterparts.open(sourceId, copyRemote(from), now), registeredAt: now, posts: 0, resetSent: false };
      registry.add(source);
    }
    // 4. The record is fresh either way: the source may have restarted, Message IDs included.
    source.resetSent = false;
    source.recent.entries.length = 0;
    source.recent.next = 0;
    counterparts.heard(source, now);
    schedule(source);
    counters.registrations++;
    const given = plainAnswer(Code.ok);
    const bytes = counterparts.reply(message, source, given);
    remember(source.recent, message.messageId, message.code, now).answer = given;
    effects.push({ kind: "registered", source, again: known === source });
    effects.push({ kind: "send", to: from, bytes, durable: true });
  };

  /** [7.2] Release of a registered data source. */
  const release = (source: Registered, message: LdmpMessage, now: number) => {
    remove(source, "released");
    const bytes = counterparts.reply(message, source, { code: Code.ok });
    registry.noteRelease(source, message.messageId, now);
    effects.push({ kind: "send", to: source.remote, bytes, durable: true });
  };

  /** [7.4] POST of a registered data source. */
  const post = (source: Registered, message: LdmpMessage, entry: RecentMessage, now: number) => {
    const { messageId, payloadType, payload = new Uint8Array(0) } = message;
    if (payloadType === PayloadType.text && !isText(payload)) {
      counters.dropped.text++;
      return;
    }
    source.posts++;
    counters.posts++;
    effects.push({ kind: "data", data: { sourceId: source.id, messageId, payloadType, payload, at: now } });
    if (readings.postAcknowledgement === "B" && asksForAnswer(message.type, readings)) {
      answer(source.remote, message, Code.changed, entry);
    }
  };

  /** Requests of a data source that is not registered here, or claims to be one from another address (E-LDMP-23 A). */
  const unregistered = (from: Remote, message: LdmpMessage, now: number) => {
    const { code } = message;
    if (code === Code.post) {
      counters.dropped.unregistered++;
      return;
    }
    if (code === Code.release && registry.recallsRelease(message.sourceId, from, message.messageId, now)) {
      counters.duplicates++;
      return answer(from, message, Code.ok);
    }
    answer(from, message, Code.notFound);
  };

  const request = (from: Remote, message: LdmpMessage, now: number) => {
    const { code, messageId } = message;
    const source = registry.find(message.sourceId, from);
    // 1. A duplicate gets the answer it got before and is not carried out again.
    if (source !== undefined) {
      const before = recall(source.recent, messageId, code, now, variables.removalTime);
      if (before !== undefined) {
        counters.duplicates++;
        counterparts.heard(source, now);
        if (before.answer === undefined) return;
        const bytes = counterparts.reply(message, source, before.answer);
        if (code === Code.registration) {
          // Acknowledged again only when it is on disk, which the first time may have failed to be.
          effects.push({ kind: "registered", source, again: true });
          effects.push({ kind: "send", to: from, bytes, durable: true });
        } else send(from, bytes);
        return;
      }
    }
    // 2. Registration needs no record; nothing else is looked at before its size is.
    if (message.payload !== undefined && message.payload.length > maxPayload) {
      counters.dropped.size++;
      if (isAnswered(code)) answer(from, message, Code.badRequest);
      return;
    }
    if (code === Code.registration) return register(from, message, now);
    // 3. What no table lists, and what only a source peer may ask (E-LDMP-11, E-LDMP-36).
    const known = code === Code.release || code === Code.heartbeat || code === Code.post;
    if (!known) {
      if (source !== undefined) counterparts.heard(source, now);
      counters.dropped.method++;
      const due =
        code === Code.get || code === Code.put || (code !== Code.reset && asksForAnswer(message.type, readings));
      if (due)
        answer(from, message, codeClass(code) === 2 || codeClass(code) === 4 ? Code.badRequest : Code.methodNotAllowed);
      return;
    }
    if (source === undefined) return unregistered(from, message, now);
    counterparts.heard(source, now);
    if (code === Code.release) return release(source, message, now);
    const entry = remember(source.recent, messageId, code, now);
    if (code === Code.post) post(source, message, entry, now);
    // [7.3] a connection check of a registered data source is answered: all is well.
    else answer(from, message, Code.ok, entry);
  };

  const acknowledgement = (from: Remote, message: LdmpMessage, now: number) => {
    const source = registry.find(message.sourceId, from);
    // E-LDMP-14: an acknowledgement nobody asked for is ignored.
    const match = source === undefined ? undefined : counterparts.match(source, message, now, effects);
    if (source !== undefined) counterparts.heard(source, now);
    if (source === undefined || match === undefined) {
      counters.dropped.unsolicited++;
      return;
    }
    const { code, payloadType, payload } = message;
    const { token } = match.request;
    if (token !== heartbeatToken) {
      const outcome =
        isSuccess(code) || isError(code) ? ({ kind: "reply", code, payloadType, payload } as const) : undefined;
      effects.push({ kind: "settled", token, outcome: outcome ?? { kind: "no-answer" } });
    } else if (code === Code.unauthorized || code === Code.forbidden || code === Code.notFound) {
      // The mirror image of E-LDMP-23: it says that it is not registered here.
      remove(source, "lost");
    }
  };

  const receive = (from: Remote, message: LdmpMessage, now: number) => {
    counters.messages++;
    // E-LDMP-28: not for us, unless it is a first Registration that does not know our identifier yet (E-LDMP-05 B).
    const { destinationId, type } = message;
    if (destinationId !== id && !(destinationId === 0 && message.code === Code.registration)) {
      counters.dropped.destination++;
    } else if (type === Type.acknowledgement) acknowledgement(from, message, now);
    else if (type === Type.reserved) counters.dropped.malformed++;
    else request(from, message, now);
  };

  const datagram = (from: Remote, bytes: Uint8Array, now: number) => {
    const reception = receiveDatagram(bytes, readings);
    if (reception.message !== undefined) {
      if (reception.trailing > 0) counters.trailing++;
      return receive(from, reception.message, now);
    }
    counters.dropped.malformed++;
    // E-LDMP-27: 4.00 only where an answer is clearly due.
    const { header } = reception;
    if (header === undefined || header.type === Type.acknowledgement || !isAnswered(header.code)) return;
    if (header.destinationId === id || (header.destinationId === 0 && header.code === Code.registration)) {
      answer(from, header, Code.badRequest);
    }
  };

  const tick = (now: number) => {
    for (let source = timers.take(now); source !== undefined; source = timers.take(now)) {
      if (counterparts.expire(source, now, effects)) remove(source, "silent");
      else schedule(source);
    }
  };

  const handle = (event: SourcePeerEvent, now: number) => {
    switch (event.type) {
      case "datagram":
        return datagram(event.from, event.bytes, now);
      case "message":
        return receive(event.from, event.message, now);
      case "timer":
        return tick(now);
      case "closed":
        for (const source of registry.on(event.connection)) remove(source, "closed");
        return;
      case "request": {
        const { token, code, payloadType, payload } = event;
        const source = registry.get(event.sourceId);
        if (source === undefined) {
          effects.push({ kind: "settled", token, outcome: { kind: "unknown" } });
          return;
        }
        counterparts.request(source, { token, code, payloadType, payload }, now, effects);
        return schedule(source);
      }
      case "reset": {
        const source = registry.get(event.sourceId);
        if (source === undefined) return;
        source.resetSent = true;
        counterparts.notify(source, Code.reset, PayloadType.none, undefined, effects);
        // E-LDMP-25: under reading A it is gone until it registers again.
        if (readings.resetRecord === "A") remove(source, "reset");
        return;
      }
      case "restore": {
        const { sourceId, remote, registeredAt } = event;
        if (registry.get(sourceId) !== undefined || registry.size >= options.maxDataSources) return;
        // Spread over the heartbeat time, or a restart would ask all of them at once.
        const [share = 0] = options.random.bytes(1);
        const heardAt = now - (variables.heartbeatTime * share) / 256;
        const source: Registered = {
          ...counterparts.open(sourceId, remote, heardAt),
          registeredAt,
          posts: 0,
          resetSent: false,
        };
        registry.add(source);
        return schedule(source);
      }
    }
  };

  return {
    step(event, now) {
      effects = [];
      handle(event, now);
      return effects;
    },
    nextTimer: timers.next,
    sources: registry.all,
    source: registry.get,
    inUse: registry.inUse,
    get size() {
      return registry.size;
    },
    counters,
  };
}

/** Answers that are a code and nothing else, made once: thousands of data sources have theirs remembered. */
const plainAnswers: Answer[] = [];

function plainAnswer(code: Code): Answer {
  plainAnswers[code] ??= { code };
  return plainAnswers[code];
}
