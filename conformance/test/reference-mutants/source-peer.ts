import { codec, counterpart, HEARTBEAT, octets, REPLY, typed, variables } from "./ldmp-edits.js";
import { mutantsOf } from "./mutant.js";

const core = (find: string, replace: string) => ({ file: "impl/source-peer/core.ts", find, replace });
const host = (find: string, replace: string) => ({ file: "impl/source-peer/source-peer.ts", find, replace });

const GET = "message.type !== 2 && message.code === 1";
const PUT = "message.type !== 2 && message.code === 3";
const RESET = "message.type !== 2 && message.code === 8";

const heartbeatAnswer = "else answer(from, message, Code.ok, entry);";
const strangerAnswer = "return answer(from, message, Code.ok);\n    }\n    answer(from, message, Code.notFound);";
const expiry = 'if (counterparts.expire(source, now, effects)) remove(source, "silent");';
const neverRemoves =
  "if (counterparts.expire(source, now, effects)) { source.outstanding.length = 0; source.heardAt = now; schedule(source); }";
const handOn =
  'effects.push({ kind: "data", data: { sourceId: source.id, messageId, payloadType, payload, at: now } });';

/** Defects of a source peer in what it does with data sources. */
export const sourcePeerMutants = mutantsOf("ldmp-source-peer", {
  "registration-answered-bad-request": {
    breaks: ["LDMP-7.1-04", "LDMP-6.2-04", "LDMP-8.2-07", "DS-8.10-f"],
    what: "a Registration that succeeds is answered 4.00",
    ...core("const given = plainAnswer(Code.ok);", "const given = plainAnswer(Code.badRequest);"),
  },
  "registration-again-forgets": {
    breaks: ["LDMP-7.1-04"],
    what: "a data source that registers again is forgotten",
    ...core(
      'effects.push({ kind: "registered", source, again: known === source });',
      'if (known === source) remove(source, "replaced");',
    ),
  },
  "registration-again-refused": {
    breaks: ["LDMP-7.1-04"],
    what: "a repeated Registration is answered 4.05",
    ...core(
      "const given = plainAnswer(Code.ok);",
      "const given = plainAnswer(known === source ? Code.methodNotAllowed : Code.ok);",
    ),
    equivalent: "E-LDMP-17: a repeated Registration may be refused, as long as the data source stays registered",
  },
  "registration-of-one-only": {
    breaks: ["LDMP-7.1-07", "DS-8.10-b"],
    what: "there is room for one data source only",
    ...core(
      "registry.size >= options.maxDataSources) return refuse(Code.forbidden);",
      "registry.size >= 1) return refuse(Code.forbidden);",
    ),
  },
  "registration-refused-unanswered": {
    breaks: ["LDMP-7.1-08", "LDMP-8.2-15", "LDMP-8.2-16"],
    what: "a refused Registration is not answered",
    ...core("counters.refusals++;", "counters.refusals++; if (code !== undefined) return;"),
  },
  "registration-refused-with-success": {
    breaks: ["LDMP-7.1-08", "LDMP-8.2-15", "LDMP-8.2-16"],
    what: "a refused Registration is answered with success",
    ...core(
      'effects.push({ kind: "refused", sourceId, from, code });\n      answer(from, message, code);',
      "answer(from, message, Code.ok);",
    ),
  },
  "registration-refused-by-unlisted-code": {
    breaks: ["LDMP-8.2-16", "LDMP-8.2-15"],
    what: "a refused Registration is answered 4.02",
    ...core("if (sourceId === id) return refuse(Code.forbidden);", "if (sourceId === id) return refuse(0x82 as Code);"),
    equivalent:
      "E-LDMP-11, E-LDMP-13: a code is read by its class, and which one of class 4 fits is open; the suite remarks that 4.01 and 4.03 are usual",
  },
  "registration-with-payload-refused": {
    breaks: ["LDMP-8.1-20"],
    what: "a Registration with a payload that nobody asked for is refused",
    ...core(
      "const refusal = options.admission(sourceId, message.payload);",
      "const refusal = message.payload === undefined ? options.admission(sourceId, message.payload) : Code.badRequest;",
    ),
    equivalent: "E-LDMP-37: a payload that nobody asked for may be ignored or refused",
  },
  "posts-of-strangers-handed-on": {
    breaks: ["LDMP-7.1-01", "DS-8.10-g"],
    what: "what a stranger posts is handed on",
    ...core(
      "counters.dropped.unregistered++;",
      'effects.push({ kind: "data", data: { sourceId: message.sourceId, messageId: message.messageId, payloadType: message.payloadType, payload: message.payload ?? new Uint8Array(0), at: now } });',
    ),
  },
  "release-of-one-is-of-all": {
    breaks: ["LDMP-6.2-01"],
    what: "every data source is forgotten when one leaves",
    ...core('remove(source, "released");', 'for (const one of [...registry.all()]) remove(one, "released");'),
  },
  "release-answered-forbidden": {
    breaks: ["LDMP-7.2-03", "LDMP-6.2-07", "LDMP-8.2-08"],
    what: "a Release that succeeds is answered 4.03",
    ...core(
      "const bytes = counterparts.reply(message, source, { code: Code.ok });\n    registry.noteRelease",
      "const bytes = counterparts.reply(message, source, { code: Code.forbidden });\n    registry.noteRelease",
    ),
  },
  "release-again-not-found": {
    breaks: ["LDMP-7.2-03"],
    what: "a duplicate of a Release that succeeded is answered 4.04",
    ...core(
      "if (code === Code.release && registry.recallsRelease(message.sourceId, from, message.messageId, now)) {",
      "if (code === (255 as Code)) {",
    ),
    equivalent:
      "E-LDMP-17, E-LDMP-23: whoever keeps no record of answers takes the duplicate for the Release of a stranger",
  },
  "release-not-carried-out": {
    breaks: ["LDMP-7.2-04"],
    what: "a Release is answered and the data source stays",
    ...core('remove(source, "released");', ""),
  },
  "release-of-strangers-unanswered": {
    breaks: ["LDMP-7.2-05"],
    what: "the Release of a stranger is not answered",
    ...core(
      strangerAnswer,
      "return answer(from, message, Code.ok);\n    }\n    if (code !== Code.release) answer(from, message, Code.notFound);",
    ),
  },
  "release-of-strangers-succeeds": {
    breaks: ["LDMP-7.2-06", "LDMP-8.2-17"],
    what: "the Release of a stranger is answered with success",
    ...core(
      strangerAnswer,
      "return answer(from, message, Code.ok);\n    }\n    answer(from, message, code === Code.release ? Code.ok : Code.notFound);",
    ),
  },
  "heartbeat-of-strangers-succeeds": {
    breaks: ["LDMP-7.2-04"],
    what: "the Heartbeat of a stranger is answered with success",
    ...core(
      strangerAnswer,
      "return answer(from, message, Code.ok);\n    }\n    answer(from, message, code === Code.heartbeat ? Code.ok : Code.notFound);",
    ),
    equivalent: "E-LDMP-23: what a stranger's Heartbeat is answered is open; the suite remarks on it",
  },

  "heartbeat-unanswered": {
    breaks: ["LDMP-7.3-04"],
    what: "Heartbeats are not answered",
    ...core(heartbeatAnswer, ""),
  },
  "heartbeat-answered-not-allowed": {
    breaks: ["LDMP-7.3-04"],
    what: "Heartbeats are answered 4.05",
    ...core(heartbeatAnswer, "else answer(from, message, Code.methodNotAllowed, entry);"),
  },
  "acknowledgements-twice": {
    breaks: ["LDMP-6.2-12"],
    what: "every acknowledgement is sent twice",
    ...host(
      "if (to.connection === undefined) return udp?.send(bytes, to);",
      "if (((bytes[0] ?? 0) >> 4 & 3) === 2) udp?.send(bytes, to); if (to.connection === undefined) return udp?.send(bytes, to);",
    ),
  },
  "silent-ones-not-asked": {
    breaks: ["LDMP-7.3-02", "LDMP-6.2-06", "LDMP-8.2-09"],
    what: "a silent data source is never asked",
    ...counterpart(
      "if (outstanding.length === 0 && now - counterpart.heardAt >= heartbeatTime) {",
      "if (now - counterpart.heardAt >= heartbeatTime) counterpart.heardAt = now;\n      if (outstanding.length === 0 && now < 0) {",
    ),
  },
  "silent-ones-asked-late": {
    breaks: ["LDMP-9.1-01"],
    what: "a silent data source is asked after four times the heartbeat time",
    ...variables('heartbeatTime: variable("heartbeatTime"),', 'heartbeatTime: 4 * variable("heartbeatTime"),'),
  },
  "silent-ones-asked-early": {
    breaks: ["LDMP-9.1-01"],
    what: "a silent data source is asked after a third of the heartbeat time",
    ...variables('heartbeatTime: variable("heartbeatTime"),', 'heartbeatTime: variable("heartbeatTime") / 3,'),
    equivalent: "E-LDMP-33: a smaller heartbeat time may be used; the suite remarks that it is not the declared one",
  },
  "talking-ones-asked": {
    breaks: ["LDMP-7.3-12"],
    what: "data sources are asked at every heartbeat time, whatever arrived from them",
    ...counterpart(
      "counterpart.heardAt = now;",
      "if (now - counterpart.heardAt >= heartbeatTime) counterpart.heardAt = now;",
    ),
    equivalent: "E-LDMP-21: a check that would not have been needed is no fault; the suite remarks on it",
  },
  "silent-ones-asked-once": {
    breaks: ["LDMP-7.3-08", "LDMP-7.5-11", "LDMP-9.2-02"],
    what: "requests are not repeated",
    ...counterpart("} else if (entry.sent <= repeats) {", "} else if (entry.sent < 1) {"),
  },
  "requests-repeated-once-only": {
    breaks: ["LDMP-9.3-01"],
    what: "requests are repeated once",
    ...counterpart("} else if (entry.sent <= repeats) {", "} else if (entry.sent <= 1) {"),
  },
  "requests-repeated-too-often": {
    breaks: ["LDMP-9.3-01"],
    what: "requests are repeated three times more than allowed",
    ...variables(
      'const repeats = Math.max(0, variable("maxRetransmissions")',
      'const repeats = 3 + Math.max(0, variable("maxRetransmissions")',
    ),
  },
  "requests-repeated-early": {
    breaks: ["LDMP-9.2-01"],
    what: "requests are repeated after a quarter of the retransmission time",
    ...variables(
      'const retransmissionTime = variable("retransmissionTime");',
      'const retransmissionTime = variable("retransmissionTime") / 4;',
    ),
  },
  "requests-repeated-late": {
    breaks: ["LDMP-9.2-01"],
    what: "requests are repeated after four times the retransmission time",
    ...variables(
      'const retransmissionTime = variable("retransmissionTime");',
      'const retransmissionTime = variable("retransmissionTime") * 4;',
    ),
  },
  "requests-repeated-when-answered": {
    breaks: ["LDMP-9.2-03", "LDMP-6.2-06"],
    what: "answers are not heard: requests are repeated, and who answers is removed",
    ...counterpart("const index = find(counterpart, message);", "const index: number = -1;"),
    also: [
      counterpart("entry.heard = true;", ""),
      counterpart("if (entry.request.token === heartbeatToken) outstanding.splice(i, 1);", ""),
    ],
  },
  "silent-ones-kept": {
    breaks: ["LDMP-7.3-09", "LDMP-7.2-08", "LDMP-7.5-12"],
    what: "silent data sources are never removed",
    ...core(expiry, neverRemoves),
  },
  "silent-ones-forgotten-early": {
    breaks: ["LDMP-7.3-09"],
    what: "a silent data source is forgotten at the first repeat, though it is asked on",
    ...core(
      'remove(source, "silent");\n      else schedule(source);',
      'remove(source, "silent");\n      else { if ((source.outstanding[0]?.sent ?? 0) > 1) registry.remove(source); schedule(source); }',
    ),
  },
  "posts-answered": {
    breaks: ["LDMP-7.4-03", "LDMP-6.2-11"],
    what: "a POST is answered",
    ...core(handOn, `${handOn}\n    answer(source.remote, message, Code.changed, entry);`),
  },
  "posts-not-handed-on": {
    breaks: ["LDMP-6.1-03", "LDMP-6.3-02", "LDMP-8.2-05", "DS-8.10-02", "DS-8.10-a", "DS-8.10-03"],
    what: "what is posted is not handed on",
    ...core(handOn, ""),
  },
  "posts-of-another": {
    breaks: ["DS-8.10-d"],
    what: "what is posted is handed on as that of another data source",
    ...core(handOn, handOn.replace("sourceId: source.id", "sourceId: source.id ^ 1")),
  },
  "posts-cut": {
    breaks: ["LDMP-8.1-20", "LDMP-8.1-18"],
    what: "512 octets of a POST are handed on at most",
    ...core(handOn, handOn.replace("payloadType, payload,", "payloadType, payload: payload.subarray(0, 512),")),
  },
  "posts-binary-as-text": {
    breaks: ["LDMP-8.1-08"],
    what: "a binary payload is taken for text",
    ...core(
      handOn,
      handOn.replace(
        "payloadType, payload,",
        "payloadType, payload: new TextEncoder().encode(new TextDecoder().decode(payload)),",
      ),
    ),
  },
  "posts-twice": {
    breaks: ["LDMP-8.1-13"],
    what: "a duplicate of a POST is handed on again",
    ...core("if (before !== undefined) {", "if (before !== undefined && code !== Code.post) {"),
    equivalent: "E-LDMP-17: what becomes of a duplicate is open, as long as it does no harm",
  },
  "posts-without-data-end-it": {
    breaks: ["LDMP-8.1-20"],
    what: "a data source that posts without payload is removed",
    ...core(
      "const { messageId, payloadType, payload = new Uint8Array(0) } = message;",
      'const { messageId, payloadType, payload = new Uint8Array(0) } = message; if (message.payload === undefined) return remove(source, "silent");',
    ),
  },

  "get-to-another": {
    breaks: ["LDMP-6.1-04", "LDMP-7.1-05"],
    what: "requests go to another data source than the one named",
    ...core(
      "const { token, code, payloadType, payload } = event;\n        const source = registry.get(event.sourceId);",
      "const { token, code, payloadType, payload } = event;\n        const source = [...registry.all()].find((one) => one.id !== event.sourceId) ?? registry.get(event.sourceId);",
    ),
  },
  "get-is-put": {
    breaks: ["LDMP-7.5-02", "LDMP-8.2-04"],
    what: "PUT is sent for GET",
    ...host("code: Code.get, ...form", "code: Code.put, ...form"),
  },
  "put-is-get": {
    breaks: ["LDMP-7.5-01", "LDMP-8.2-06"],
    what: "GET is sent for PUT",
    ...host("code: Code.put, ...form", "code: Code.get, ...form"),
  },
  "get-without-selector": {
    breaks: ["LDMP-7.5-06"],
    what: "GET is sent without saying what is wanted",
    ...host("const form = payloadOf(item);", "const form = payloadOf(undefined);"),
  },
  "get-same-item-always": {
    breaks: ["LDMP-6.2-02"],
    what: "GET asks for the same item always",
    ...host("const form = payloadOf(item);", 'const form = payloadOf("x");'),
  },
  "put-without-configuration": {
    breaks: ["LDMP-7.5-08"],
    what: "PUT is sent without the configuration",
    ...host("const form = payloadOf(\n", "const form = true ? payloadOf(undefined) : payloadOf(\n"),
  },
  "put-refused-is-success": {
    breaks: ["LDMP-7.5-13"],
    what: "an error that a GET or PUT is answered with is taken for success",
    ...host(
      "if (isError(code)) request.reject(refused(sourceId, code));",
      "if (code < 0) request.reject(refused(sourceId, code));",
    ),
  },
  "refusals-of-values-unheard": {
    breaks: ["LDMP-8.2-19", "LDMP-8.2-20"],
    what: "answers 4.06 and 4.15 are ignored: what they refuse is sent again",
    ...core(
      "const match = source === undefined ?",
      "const match = source === undefined || message.code === 0x86 || message.code === 0x8f ?",
    ),
  },
  "get-takes-any-answer": {
    breaks: ["LDMP-7.5-05"],
    what: "any acknowledgement is taken for the answer to a GET",
    ...counterpart(
      "return isUnmatched(code) && messageIdAge(message.messageId, counterpart.nextId) > 64 ? 0 : -1;",
      "return code === undefined ? -1 : 0;",
    ),
  },
  "reset-not-sent": {
    breaks: ["LDMP-6.2-10", "LDMP-7.6-01", "LDMP-8.2-10", "LDMP-8.2-01"],
    what: "RESET is not sent",
    ...core("counterparts.notify(source, Code.reset, PayloadType.none, undefined, effects);", ""),
  },
  "reset-is-release": {
    breaks: ["LDMP-7.6-01", "LDMP-8.2-10"],
    what: "Release is sent for RESET",
    ...core(
      "counterparts.notify(source, Code.reset, PayloadType.none, undefined, effects);",
      "counterparts.notify(source, Code.release, PayloadType.none, undefined, effects);",
    ),
  },
  "reset-three-times": {
    breaks: ["LDMP-6.2-11"],
    what: "RESET is sent three times",
    ...core(
      "counterparts.notify(source, Code.reset, PayloadType.none, undefined, effects);",
      "for (let i = 0; i < 3; i++) counterparts.notify(source, Code.reset, PayloadType.none, undefined, effects);",
    ),
  },
  "reset-bars-registration": {
    breaks: ["LDMP-6.2-10"],
    what: "a data source that was reset may not register again",
    ...core(
      "if (sourceId === id) return refuse(Code.forbidden);",
      "if (sourceId === id || (globalThis as any).barred?.has(sourceId)) return refuse(Code.forbidden);",
    ),
    also: [
      core(
        "source.resetSent = true;",
        "source.resetSent = true; ((globalThis as any).barred ??= new Set()).add(source.id);",
      ),
    ],
  },
  "reset-obeyed": {
    breaks: ["LDMP-7.6-01"],
    what: "a RESET of a data source is obeyed: it is forgotten",
    ...core(
      "if (source !== undefined) counterparts.heard(source, now);\n      counters.dropped.method++;",
      'if (source !== undefined && code === Code.reset) remove(source, "reset"); else if (source !== undefined) counterparts.heard(source, now);\n      counters.dropped.method++;',
    ),
  },
  "wrong-direction-answered": {
    breaks: ["LDMP-8.2-18"],
    what: "GET and PUT of a data source are answered with success",
    ...core("Code.badRequest : Code.methodNotAllowed);", "Code.badRequest : Code.ok);"),
  },

  "answers-two-octets-more": octets(
    ["LDMP-8.1-01"],
    "two octets stand behind every answer",
    REPLY,
    "return new Uint8Array([...octets, 1, 2]);",
  ),
  "reset-one-octet-less": octets(
    ["LDMP-8.1-01"],
    "the header of a RESET has seven octets",
    RESET,
    "return octets.slice(0, 7);",
  ),
  "reset-with-length": octets(
    ["LDMP-8.1-19", "LDMP-8.1-07"],
    "RESET has a Length of 0",
    RESET,
    "return new Uint8Array([...octets, 0, 0]);",
  ),
  "answers-version-2": octets(["LDMP-8.1-02"], "answers have V = 2", REPLY, "octets[0] = (octets[0] & 0x3f) | 0x80;"),
  "version-2-taken": {
    breaks: ["LDMP-8.1-02"],
    what: "messages with V = 2 are taken",
    ...codec(
      "if (version !== 1 || type === 3 || payloadType === 1) return undefined;",
      "if (type === 3 || payloadType === 1) return undefined;",
    ),
  },
  "put-wants-no-answer": octets(["LDMP-8.1-03", "LDMP-7.5-03"], "PUT says that no answer is wanted", PUT, typed(1)),
  "get-wants-no-answer": octets(
    ["LDMP-8.1-03", "LDMP-7.5-03", "LDMP-8.2-03"],
    "GET says that no answer is wanted",
    GET,
    typed(1),
  ),
  "heartbeat-wants-no-answer": octets(["LDMP-7.3-03"], "Heartbeat says that no answer is wanted", HEARTBEAT, typed(1)),
  "reset-wants-answer": octets(["LDMP-7.6-02"], "RESET says that an answer is wanted", RESET, typed(0)),
  "reset-is-acknowledgement": octets(["LDMP-8.1-04"], "RESET says that it is an acknowledgement", RESET, typed(2)),
  "answers-are-no-acknowledgements": octets(["LDMP-8.1-05"], "answers have T = 01", REPLY, typed(1)),
  "errors-are-no-acknowledgements": octets(
    ["LDMP-8.1-05"],
    "answers of class 4 have T = 00",
    `${REPLY} && message.code >= 0x80`,
    typed(0),
  ),
  "get-type-reserved": octets(["LDMP-8.1-06"], "GET has T = 11", GET, typed(3)),
  "type-reserved-taken": {
    breaks: ["LDMP-8.1-06"],
    what: "messages with T = 11 are taken for requests",
    ...codec(
      "if (version !== 1 || type === 3 || payloadType === 1) return undefined;",
      "if (version !== 1 || payloadType === 1) return undefined;",
    ),
    also: [codec("type: type as Type,", "type: (type === 3 ? 0 : type) as Type,")],
  },
  "answers-payload-type-reserved": octets(["LDMP-8.1-09"], "answers have P = 01", REPLY, "octets[0] |= 0x04;"),
  "payload-type-reserved-taken": {
    breaks: ["LDMP-8.1-09"],
    what: "messages with P = 01 are taken",
    ...codec(
      "if (version !== 1 || type === 3 || payloadType === 1) return undefined;",
      "if (version !== 1 || type === 3) return undefined;",
    ),
  },
  "no-text-handed-on": {
    breaks: ["LDMP-8.1-10"],
    what: "a text payload that is no UTF-8 is handed on",
    ...core(
      "if (payloadType === PayloadType.text && !isText(payload)) {",
      "if (payloadType === PayloadType.none && !isText(payload)) {",
    ),
    equivalent: "E-LDMP-30: a text that is no UTF-8 may be handed on or dropped, as long as it does no harm",
  },
  "get-text-is-octets": octets(
    ["LDMP-8.1-10"],
    "GET says text of a payload that is none",
    `${GET} && message.payload?.length > 0`,
    "octets[10] = 0xff;",
  ),
  "answers-reserved-bits": {
    ...octets(["LDMP-8.1-11"], "answers have R = 11", REPLY, "octets[0] |= 0x03;"),
    equivalent: "E-LDMP-27: R is to be left out of account, so that the suite remarks on it only",
  },
  "reserved-bits-fatal": {
    breaks: ["LDMP-8.1-11"],
    what: "a data source whose message has R other than 0 is forgotten",
    ...core(
      "counters.messages++;",
      'counters.messages++; const odd = registry.get(message.sourceId); if (message.reserved !== 0 && odd) return remove(odd, "silent");',
    ),
  },
  "answers-code-unlisted": octets(
    ["LDMP-8.1-12", "LDMP-8.2-21"],
    "success is answered 2.01",
    `${REPLY} && message.code === 0x40`,
    "octets[1] = 0x41;",
  ),
  "answers-code-of-requests": octets(
    ["LDMP-8.2-02"],
    "4.04 is written with class 0",
    `${REPLY} && message.code === 0x84`,
    "octets[1] = 0x04;",
  ),
  "answers-success-2.03": octets(
    ["LDMP-8.2-11"],
    "success is answered 2.03",
    `${REPLY} && message.code === 0x40`,
    "octets[1] = 0x43;",
  ),
  "cut-short-taken": {
    breaks: ["LDMP-8.2-14"],
    what: "a message that is cut short is answered with success",
    ...core("answer(from, header, Code.badRequest);", "answer(from, header, Code.ok);"),
  },
  "cut-short-other-code": {
    breaks: ["LDMP-8.2-14"],
    what: "a message that is cut short is answered 4.06",
    ...core("answer(from, header, Code.badRequest);", "answer(from, header, Code.notAcceptable);"),
    equivalent: "E-LDMP-13: which code of class 4 fits is open; the suite remarks that 4.00 is usual",
  },
  "unlisted-requests-succeed": {
    breaks: ["LDMP-8.2-21", "LDMP-8.2-18"],
    what: "requests that no table lists are answered with success",
    ...core("Code.badRequest : Code.methodNotAllowed);", "Code.ok : Code.ok);"),
  },
  "unreadable-ends-it": {
    breaks: ["LDMP-6.2-09"],
    what: "nothing is answered any more after a message that cannot be read",
    ...core(
      "counters.dropped.malformed++;\n    // E-LDMP-27",
      "counters.dropped.malformed++; (globalThis as any).deaf = bytes.length < 8;\n    // E-LDMP-27",
    ),
    also: [
      core(
        "const reception = receiveDatagram(bytes, readings);",
        "if ((globalThis as any).deaf) return; const reception = receiveDatagram(bytes, readings);",
      ),
    ],
  },
  "requests-one-message-id": {
    breaks: ["LDMP-8.1-13"],
    what: "all requests have the same Message ID",
    ...counterpart("const id = counterpart.nextId;", "const id = 7;"),
  },
  "requests-message-ids-down": {
    breaks: ["LDMP-8.1-15"],
    what: "Message IDs are counted down",
    file: "impl/ldmp/message-id.ts",
    find: "return (id + 1) % modulus;",
    replace: "return (id + modulus - 1) % modulus;",
  },
  "requests-message-ids-by-two": {
    breaks: ["LDMP-8.1-15"],
    what: "Message IDs are counted in steps of two",
    file: "impl/ldmp/message-id.ts",
    find: "return (id + 1) % modulus;",
    replace: "return (id + 2) % modulus;",
    equivalent: "E-LDMP-16: the count may be shared by all counterparts, so that one of them sees gaps",
  },
  "message-id-0-fatal": {
    breaks: ["LDMP-8.1-15"],
    what: "a data source whose Message ID comes to 0 is forgotten",
    ...core(
      "counters.messages++;",
      'counters.messages++; const wrapped = registry.get(message.sourceId); if (message.messageId === 0 && wrapped) return remove(wrapped, "silent");',
    ),
  },
  "message-id-0-ignored": {
    breaks: ["LDMP-8.1-15"],
    what: "messages with Message ID 0 are ignored",
    ...core("counters.messages++;", "counters.messages++; if (message.messageId === 0) return;"),
  },
  "answers-message-id-own": octets(
    ["LDMP-7.1-04"],
    "answers have Message IDs far from those of the requests",
    REPLY,
    "octets[2] ^= 0x55;",
  ),
  "answers-message-id-swapped": octets(
    ["LDMP-7.1-04"],
    "the Message IDs of answers are little-endian",
    REPLY,
    "[octets[2], octets[3]] = [octets[3], octets[2]];",
  ),
  "get-other-source-id": octets(
    ["LDMP-8.1-16"],
    "GET has another Source ID than answers",
    GET,
    "octets[4] = 0; octets[5] = 77;",
  ),
  "answers-source-id-of-the-other": octets(
    ["LDMP-6.2-03", "LDMP-8.1-16"],
    "answers have the Source ID of who asked",
    REPLY,
    "octets[4] = octets[6]; octets[5] = octets[7];",
  ),
  "get-destination-0": octets(["LDMP-8.1-17"], "GET has Destination ID 0", GET, "octets[6] = octets[7] = 0;"),
  "answers-destination-own": octets(
    ["LDMP-8.1-17", "LDMP-6.2-01"],
    "answers have the Destination ID of the request",
    REPLY,
    "octets[6] = octets[4]; octets[7] = octets[5];",
  ),
  "other-destinations-taken": {
    breaks: ["LDMP-8.1-17"],
    what: "messages for others are taken",
    ...core(
      "if (destinationId !== id && !(destinationId === 0 && message.code === Code.registration)) {",
      "if (destinationId > 65535) {",
    ),
  },
  "get-length-swapped": octets(
    ["LDMP-8.1-18"],
    "Length is little-endian",
    "message.payload?.length > 0",
    "[octets[8], octets[9]] = [octets[9], octets[8]];",
  ),
  "trailing-octets-refused": {
    breaks: ["LDMP-8.1-18"],
    what: "a message with octets behind it is not answered",
    ...core("if (reception.trailing > 0) counters.trailing++;", "if (reception.trailing > 0) return;"),
    equivalent: "E-LDMP-04: octets behind a message may make it void, as long as they do no harm",
  },
  "segments-whole-only": {
    breaks: ["LDMP-8.1-01"],
    what: "over a connection, a message has to come in one segment",
    file: "impl/ldmp/stream.ts",
    find: "messages = decoder.push(chunk);",
    replace: "messages = decoder.push(chunk); if (decoder.pending > 0) intact = false;",
    setting: "tcp",
  },
  "segments-first-only": {
    breaks: ["LDMP-8.1-20"],
    what: "over a connection, the first message of a segment is taken only",
    file: "impl/ldmp/stream.ts",
    find: "for (const message of messages) onMessage(message as LdmpMessage);",
    replace: "for (const message of messages.slice(0, 1)) onMessage(message as LdmpMessage);",
    setting: "tcp",
  },
});
