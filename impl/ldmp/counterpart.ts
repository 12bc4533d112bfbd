import { Code, encode, type LdmpMessage, PayloadType, Type } from "../../generated/ldmp/index.js";
import type {
  Counterpart,
  CounterpartSettings,
  Counterparts,
  Outstanding,
  Request,
  Sink,
} from "./counterpart-types.js";
import { messageIdAge, nextMessageId, randomMessageId } from "./message-id.js";
import { requestType } from "./readings.js";
import { createRecentMessages } from "./recent.js";

/** The token of the Heartbeats that connection management sends. */
export const heartbeatToken = 0;

/** The procedures that are the same at both ends: requests with repeats [7.5, 9.2, 9.3] and connection management [7.3]. */
export function createCounterparts(settings: CounterpartSettings): Counterparts {
  const { ownId, variables, readings, random, counters } = settings;
  const { heartbeatTime, retransmissionTime, repeats, removalTime } = variables;
  /** Numbers answers to whoever is not a counterpart, under reading B of E-LDMP-15. */
  const anyone = { nextId: randomMessageId(random) };

  const takeMessageId = (counterpart: { nextId: number }): number => {
    const id = counterpart.nextId;
    counterpart.nextId = nextMessageId(id);
    return id;
  };

  const encodeRequest = (
    counterpart: Counterpart,
    wantsAnswer: boolean,
    code: Code,
    messageId: number,
    payloadType: PayloadType,
    payload: Uint8Array | undefined,
  ): Uint8Array =>
    encode(
      {
        version: 1,
        type: requestType(wantsAnswer, readings),
        payloadType,
        reserved: 0,
        code,
        messageId,
        sourceId: ownId,
        destinationId: counterpart.id,
        payload,
      },
      readings,
    );

  const transmit = (counterpart: Counterpart, request: Request, now: number, sink: Sink): void => {
    const messageId = takeMessageId(counterpart);
    const { code, payloadType, payload } = request;
    const bytes = encodeRequest(counterpart, true, code, messageId, payloadType, payload);
    // [7.2] a Release is not repeated: one retransmission time is all it waits.
    const overAt = now + (code === Code.release ? retransmissionTime : removalTime);
    const dueAt = Math.min(now + retransmissionTime, overAt);
    counterpart.outstanding.push({ request, messageIds: [messageId], bytes, overAt, sent: 1, dueAt, heard: false });
    sink.push({ kind: "send", to: counterpart.remote, bytes });
  };

  const repeat = (counterpart: Counterpart, entry: Outstanding, sink: Sink): void => {
    if (readings.retransmissionMessageId === "B") {
      const { code, payloadType, payload } = entry.request;
      const messageId = takeMessageId(counterpart);
      entry.messageIds.unshift(messageId);
      entry.bytes = encodeRequest(counterpart, true, code, messageId, payloadType, payload);
    }
    sink.push({ kind: "send", to: counterpart.remote, bytes: entry.bytes });
    counters.repeats++;
  };

  const pump = (counterpart: Counterpart, now: number, sink: Sink): void => {
    while (counterpart.outstanding.length < settings.outstanding) {
      const request = counterpart.waiting.shift();
      if (request === undefined) return;
      transmit(counterpart, request, now, sink);
    }
  };

  const find = (counterpart: Counterpart, message: LdmpMessage): number => {
    const { outstanding } = counterpart;
    const exact = outstanding.findIndex(({ messageIds }) => messageIds.includes(message.messageId));
    if (exact >= 0 || outstanding.length !== 1) return exact;
    // E-LDMP-15: 7.5 demands the echo for GET and PUT only, so the single outstanding request of another kind is meant
    // even if the identifier differs, unless it is one of ours given out lately: then this is a late reply to that one.
    const { code } = (outstanding[0] as Outstanding).request;
    return isUnmatched(code) && messageIdAge(message.messageId, counterpart.nextId) > 64 ? 0 : -1;
  };

  return {
    open(id, remote, now) {
      return {
        id,
        remote,
        nextId: randomMessageId(random),
        heardAt: now,
        recent: createRecentMessages(),
        outstanding: [],
        waiting: [],
        due: 0,
        slot: -1,
      };
    },

    request(counterpart, request, now, sink) {
      if (counterpart.outstanding.length < settings.outstanding) transmit(counterpart, request, now, sink);
      else if (counterpart.waiting.length < settings.waiting) counterpart.waiting.push(request);
      else sink.push({ kind: "settled", token: request.token, outcome: { kind: "busy" } });
    },

    notify(counterpart, code, payloadType, payload, sink) {
      const bytes = encodeRequest(counterpart, false, code, takeMessageId(counterpart), payloadType, payload);
      sink.push({ kind: "send", to: counterpart.remote, bytes });
    },

    reply(request, to, { code, payloadType = PayloadType.none, payload }) {
      // E-LDMP-15: 7.5 demands the request's Message ID for GET and PUT; reading B counts on for the others.
      const own = readings.answerMessageId === "B" && isUnmatched(request.code);
      const messageId = own ? takeMessageId(to ?? anyone) : request.messageId;
      return encode(
        {
          version: 1,
          type: Type.acknowledgement,
          payloadType,
          reserved: 0,
          code,
          messageId,
          sourceId: ownId,
          destinationId: request.sourceId,
          payload,
        },
        readings,
      );
    },

    match(counterpart, message, now, sink) {
      const index = find(counterpart, message);
      if (index < 0) return undefined;
      const { request, sent } = counterpart.outstanding[index] as Outstanding;
      counterpart.outstanding.splice(index, 1);
      pump(counterpart, now, sink);
      return { request, sent };
    },

    heard(counterpart, now) {
      counterpart.heardAt = now;
      const { outstanding } = counterpart;
      for (let i = outstanding.length - 1; i >= 0; i--) {
        const entry = outstanding[i] as Outstanding;
        entry.heard = true;
        // Any message shows that the connection works: there is nothing left to ask.
        if (entry.request.token === heartbeatToken) outstanding.splice(i, 1);
      }
    },

    expire(counterpart, now, sink) {
      const { outstanding } = counterpart;
      for (let i = 0; i < outstanding.length; i++) {
        const entry = outstanding[i] as Outstanding;
        if (entry.dueAt > now) continue;
        if (entry.dueAt >= entry.overAt) {
          // [7.5] removal is for a counterpart of which no message arrived, whatever it was.
          if (!entry.heard && entry.request.code !== Code.release) return true;
          outstanding.splice(i--, 1);
          sink.push({ kind: "settled", token: entry.request.token, outcome: { kind: "no-answer" } });
        } else if (entry.sent <= repeats) {
          repeat(counterpart, entry, sink);
          entry.sent++;
          // A process that was held up repeats late, and then waits its full time all the same.
          entry.overAt += now - entry.dueAt;
          entry.dueAt = Math.min(now + retransmissionTime, entry.overAt);
        } else entry.dueAt = entry.overAt;
      }
      pump(counterpart, now, sink);
      if (outstanding.length === 0 && now - counterpart.heardAt >= heartbeatTime) {
        transmit(
          counterpart,
          { code: Code.heartbeat, payloadType: PayloadType.none, payload: undefined, token: heartbeatToken },
          now,
          sink,
        );
      }
      return false;
    },

    dueAt(counterpart) {
      const { outstanding } = counterpart;
      if (outstanding.length === 0) return counterpart.heardAt + heartbeatTime;
      let due = Number.POSITIVE_INFINITY;
      for (const entry of outstanding) due = Math.min(due, entry.dueAt);
      return due;
    },

    settleAll(counterpart, outcome, sink) {
      for (const { request } of counterpart.outstanding.splice(0)) {
        if (request.token !== heartbeatToken) sink.push({ kind: "settled", token: request.token, outcome });
      }
      for (const { token } of counterpart.waiting.splice(0)) sink.push({ kind: "settled", token, outcome });
    },
  };
}

/** Requests whose answers need not carry their Message ID (E-LDMP-15 B). */
function isUnmatched(code: number): boolean {
  return code === Code.registration || code === Code.release || code === Code.heartbeat;
}
