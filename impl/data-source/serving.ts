import { Code, codeClass, type LdmpHeader, type LdmpMessage, PayloadType } from "../../generated/ldmp/index.js";
import type { Counterpart, Counterparts } from "../ldmp/counterpart-types.js";
import { isResource, isText, textOf } from "../ldmp/payload.js";
import { asksForAnswer, type Readings } from "../ldmp/readings.js";
import { type RecentMessage, recall, remember } from "../ldmp/recent.js";
import { isAnswered } from "../ldmp/reception.js";
import type { Remote } from "../ldmp/remote.js";
import type { DataSourceCounters, DataSourceEffect, DataSourceEvent } from "./core-types.js";

export interface ServingOptions {
  readonly counterparts: Counterparts;
  readonly counters: DataSourceCounters;
  readonly readings: Readings;
  /** For how long a duplicate may turn up, in ms. */
  readonly lifetime: number;
  readonly maxPayload: number;
  readonly maxPending: number;
  /** The source peer this data source belongs to, when the message is from it. */
  sourcePeer(from: Remote, message: LdmpMessage): Counterpart | undefined;
  push(effect: DataSourceEffect): void;
  /** Carries out a RESET. */
  reset(now: number): void;
}

/** What a data source does with requests of its source peer, and of others. */
export interface Serving {
  serve(from: Remote, message: LdmpMessage, now: number): void;
  /** Sends the application's answer, unless whoever asked is gone. */
  answered(answer: Extract<DataSourceEvent, { type: "answer" }>): void;
  /** Answers a message that cannot be decoded beyond its header. */
  refuse(from: Remote, header: LdmpHeader): void;
  /** Drops what the application has not answered yet. */
  forget(): void;
}

export function createServing(options: ServingOptions): Serving {
  const { counterparts, counters, readings, maxPayload } = options;
  const pending = new Map<number, { message: LdmpMessage; entry: RecentMessage; from: Counterpart }>();
  let lastToken = 0;

  const answer = (
    from: Remote,
    to: Counterpart | undefined,
    message: LdmpHeader,
    code: Code,
    entry?: RecentMessage,
  ) => {
    const given = { code };
    if (entry !== undefined) entry.answer = given;
    options.push({ kind: "send", to: from, bytes: counterparts.reply(message, to, given) });
  };

  /** [7.5] GET and PUT: what is wrong with the message itself is answered here, the rest by the application. */
  const acquisition = (from: Counterpart, message: LdmpMessage, entry: RecentMessage) => {
    const { code, payloadType, payload } = message;
    const refuse = (refusal: Code) => answer(from.remote, from, message, refusal, entry);
    if (payloadType === PayloadType.binary) return refuse(Code.unsupportedContentFormat);
    if (payload !== undefined && (payload.length > maxPayload || !isText(payload))) return refuse(Code.badRequest);
    // The profile wants parameters in a PUT, and the names of resources without empty segments or controls.
    const text = payload === undefined ? undefined : textOf(payload);
    if (code === Code.put ? text === undefined : !isResource(text ?? "")) return refuse(Code.badRequest);
    if (pending.size >= options.maxPending) {
      // Left to the source peer's repeats, which must not be taken for duplicates then.
      counters.dropped.busy++;
      entry.at = Number.NEGATIVE_INFINITY;
      return;
    }
    const token = ++lastToken;
    pending.set(token, { message, entry, from });
    options.push(code === Code.put ? { kind: "put", token, text: text ?? "" } : { kind: "get", token, item: text });
  };

  /** E-LDMP-11, E-LDMP-36: 4.05 where an answer is due; a POST never asks for one here. */
  const notForUs = (from: Remote, to: Counterpart | undefined, message: LdmpMessage) => {
    const { code } = message;
    counters.dropped.method++;
    const due = isAnswered(code) || (code !== Code.post && asksForAnswer(message.type, readings));
    const outcome = codeClass(code) === 2 || codeClass(code) === 4;
    if (due) answer(from, to, message, outcome ? Code.badRequest : Code.methodNotAllowed);
  };

  return {
    serve(from, message, now) {
      const { code, messageId } = message;
      const peer = options.sourcePeer(from, message);
      // 1. A duplicate gets the answer it got before and is not carried out again.
      if (peer !== undefined) {
        const before = recall(peer.recent, messageId, code, now, options.lifetime);
        counterparts.heard(peer, now);
        if (before !== undefined) {
          counters.duplicates++;
          if (before.answer === undefined) return;
          options.push({ kind: "send", to: from, bytes: counterparts.reply(message, peer, before.answer) });
          return;
        }
      }
      // 2. What no table lists, and what a source peer may not ask.
      const served = code === Code.heartbeat || code === Code.get || code === Code.put || code === Code.reset;
      if (!served) return notForUs(from, peer, message);
      // 3. RESET is obeyed from the registered source peer alone (E-LDMP-25); others learn that we are not theirs.
      if (peer === undefined) {
        counters.dropped.stranger++;
        if (code !== Code.reset) answer(from, undefined, message, Code.notFound);
        return;
      }
      const entry = remember(peer.recent, messageId, code, now);
      if (code === Code.heartbeat) answer(from, peer, message, Code.ok, entry);
      else if (code === Code.reset) options.reset(now);
      else acquisition(peer, message, entry);
    },
    answered({ token, code, payloadType, payload }) {
      const asked = pending.get(token);
      if (asked === undefined) return;
      pending.delete(token);
      const given = { code, payloadType, payload };
      asked.entry.answer = given;
      options.push({
        kind: "send",
        to: asked.from.remote,
        bytes: counterparts.reply(asked.message, asked.from, given),
      });
    },
    refuse(from, header) {
      answer(from, undefined, header, Code.badRequest);
    },
    forget: () => pending.clear(),
  };
}
