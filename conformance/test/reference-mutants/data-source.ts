import { codec, counterpart, HEARTBEAT, octets, REPLY, typed, variables } from "./ldmp-edits.js";
import { mutantsOf } from "./mutant.js";

const core = (find: string, replace: string) => ({ file: "impl/data-source/core.ts", find, replace });
const serving = (find: string, replace: string) => ({ file: "impl/data-source/serving.ts", find, replace });
const host = (find: string, replace: string) => ({ file: "impl/data-source/data-source.ts", find, replace });
const parameters = (find: string, replace: string) => ({ file: "impl/data-source/parameters.ts", find, replace });

const REGISTRATION = "message.type !== 2 && message.code === 5";
const RELEASE = "message.type !== 2 && message.code === 6";
const POST = "message.type !== 2 && message.code === 2";
const CONTENT = "message.type === 2 && message.code === 0x45";

const heartbeatAnswer = "if (code === Code.heartbeat) answer(from, peer, message, Code.ok, entry);";
const readable = "if (version !== 1 || type === 3 || payloadType === 1) return undefined;";

/** Defects of a data source. */
export const dataSourceMutants = mutantsOf("ldmp-data-source", {
  "posts-before-the-answer": {
    breaks: ["LDMP-7.1-01", "DS-8.10-g"],
    what: "it posts before its Registration is answered",
    ...core(
      "request(peer, Code.registration, registrationToken, now, options.credentials);",
      "request(peer, Code.registration, registrationToken, now, options.credentials); registered(now);",
    ),
  },
  "heartbeat-before-registration": {
    breaks: ["LDMP-7.1-02", "LDMP-8.2-07", "DS-8.10-e"],
    what: "its first message is a Heartbeat",
    ...core(
      "request(peer, Code.registration, registrationToken, now, options.credentials);",
      "counterparts.notify(peer, Code.heartbeat, PayloadType.none, undefined, sink); request(peer, Code.registration, registrationToken, now, options.credentials);",
    ),
  },
  "registration-wants-no-answer": octets(
    ["LDMP-7.1-03"],
    "its Registration says that no answer is wanted",
    REGISTRATION,
    typed(1),
  ),
  "registers-with-two": {
    breaks: ["LDMP-7.1-06"],
    what: "it registers with a second source peer while it is registered with one",
    file: "impl/data-source/transport.ts",
    find: "if (to.connection === undefined) socket?.port?.send(bytes, to);",
    replace:
      'if (to.connection === undefined) { socket?.port?.send(bytes, to); const { argv } = process; const second = argv.join(",").match(/udp:[^,]*,(?:udp:\\/\\/)([^,:]+):(\\d+)/); if (second && ((bytes[1] ?? 0) === 5 || (bytes[1] ?? 0) === 2)) { const copy = bytes.slice(); copy[6] = 0; copy[7] = 0; socket?.port?.send(copy, { address: second[1] ?? "", port: Number(second[2]) }); } }',
    equivalent: "E-LDMP-26: what a second registration means is open, so that the suite remarks on it only",
  },
  "refusal-taken-for-success": {
    breaks: ["LDMP-7.1-09"],
    what: "a refused Registration counts as registered",
    ...core(
      "if (isSuccess(code)) return registered(now);\n      if (sent",
      "if (isSuccess(code) || isError(code)) return registered(now);\n      if (sent",
    ),
  },
  "registration-not-repeated": {
    breaks: ["LDMP-7.1-10"],
    what: "a Registration without answer is never sent again",
    ...core("retryAt = now + retryIn;", "retryAt = now + 3_600_000;"),
    also: [counterpart("} else if (entry.sent <= repeats) {", "} else if (entry.sent < 1) {")],
    equivalent: "E-LDMP-32: a Registration that is not asked again by the timer of 9.2 is remarked on only",
  },
  "registration-repeated-without-pause": {
    breaks: ["LDMP-9.2-01"],
    what: "requests are repeated after a fifth of the retransmission time",
    ...variables(
      'const retransmissionTime = variable("retransmissionTime");',
      'const retransmissionTime = variable("retransmissionTime") / 5;',
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
  "leaves-without-release": {
    breaks: ["LDMP-7.2-01", "LDMP-6.2-07", "LDMP-8.2-08"],
    what: "it leaves without Release",
    ...core(
      'phase = "releasing";\n    request(peer, Code.release, releaseToken, now);',
      'phase = "releasing";\n    left(undefined);',
    ),
  },
  "release-wants-no-answer": octets(["LDMP-7.2-02"], "its Release says that no answer is wanted", RELEASE, typed(1)),
  "release-repeated": {
    breaks: ["LDMP-7.2-07"],
    what: "Release is sent three times",
    ...core(
      'phase = "releasing";\n    request(peer, Code.release, releaseToken, now);',
      'phase = "releasing";\n    for (let i = 0; i < 2; i++) counterparts.notify(peer, Code.release, PayloadType.none, undefined, sink);\n    request(peer, Code.release, releaseToken, now);',
    ),
  },
  "posts-on-after-release": {
    breaks: ["LDMP-7.2-09"],
    what: "it posts on after its Release was answered",
    ...core(
      "const left = (code: number | undefined) => {",
      'const left = (code: number | undefined) => {\n    if (next === "stop" && code !== undefined) { phase = "registered"; return; }',
    ),
    also: [host("ending.abort();\n    for", "for"), host("await feed.stop?.();", "")],
  },

  "heartbeat-unanswered": {
    breaks: ["LDMP-7.3-05"],
    what: "Heartbeats are not answered",
    ...serving(heartbeatAnswer, "if (code === Code.heartbeat) return;"),
  },
  "heartbeat-answered-not-allowed": {
    breaks: ["LDMP-7.3-05", "LDMP-6.2-04"],
    what: "Heartbeats are answered 4.05",
    ...serving(heartbeatAnswer, heartbeatAnswer.replace("Code.ok", "Code.methodNotAllowed")),
  },
  "acknowledgements-twice": {
    breaks: ["LDMP-6.2-12"],
    what: "every acknowledgement is sent twice",
    file: "impl/data-source/transport.ts",
    find: "if (to.connection === undefined) socket?.port?.send(bytes, to);",
    replace:
      "if (((bytes[0] ?? 0) >> 4 & 3) === 2) socket?.port?.send(bytes, to); if (to.connection === undefined) socket?.port?.send(bytes, to);",
  },
  "heartbeat-answered-by-content": {
    breaks: ["LDMP-8.2-11"],
    what: "Heartbeats are answered 2.01",
    ...serving(heartbeatAnswer, heartbeatAnswer.replace("Code.ok", "0x41 as Code")),
  },
  "silent-one-not-asked": {
    breaks: ["LDMP-7.3-01", "LDMP-6.2-06", "LDMP-8.2-09"],
    what: "a silent source peer is never asked",
    ...counterpart(
      "if (outstanding.length === 0 && now - counterpart.heardAt >= heartbeatTime) {",
      "if (now - counterpart.heardAt >= heartbeatTime) counterpart.heardAt = now;\n      if (outstanding.length === 0 && now < 0) {",
    ),
  },
  "silent-one-asked-late": {
    breaks: ["LDMP-9.1-01"],
    what: "a silent source peer is asked after four times the heartbeat time",
    ...variables('heartbeatTime: variable("heartbeatTime"),', 'heartbeatTime: 4 * variable("heartbeatTime"),'),
  },
  "heartbeat-wants-no-answer": octets(
    ["LDMP-7.3-03"],
    "its Heartbeat says that no answer is wanted",
    HEARTBEAT,
    typed(1),
  ),
  "heartbeat-once": {
    breaks: ["LDMP-7.3-07", "LDMP-9.2-02"],
    what: "a Heartbeat without answer is not repeated",
    ...counterpart("} else if (entry.sent <= repeats) {", "} else if (entry.sent < 1) {"),
  },
  "heartbeat-too-often": {
    breaks: ["LDMP-9.3-01"],
    what: "requests are repeated three times more than allowed",
    ...variables(
      'const repeats = Math.max(0, variable("maxRetransmissions")',
      'const repeats = 3 + Math.max(0, variable("maxRetransmissions")',
    ),
  },
  "stays-with-who-is-gone": {
    breaks: ["LDMP-7.3-11", "LDMP-6.2-09"],
    what: "it stays with a source peer that does not answer",
    ...core(
      "if (counterparts.expire(peer, now, sink)) {",
      "if (counterparts.expire(peer, now, sink)) { peer.outstanding.length = 0; peer.heardAt = now; } if (now < 0) {",
    ),
  },
  "stays-with-who-knows-it-not": {
    breaks: ["LDMP-7.3-11"],
    what: "it stays with a source peer that answers its Heartbeat 4.04",
    ...core('if (lost) fail({ kind: "lost", code }, now);', ""),
    equivalent: "E-LDMP-23: what follows 4.04 to a Heartbeat is open, so that the suite remarks on it only",
  },
  "posts-on-after-a-failure": {
    breaks: ["LDMP-7.3-10"],
    what: "after a failure of the connection it posts before it is registered again",
    ...core('if (phase !== "registered" || peer === undefined) {', "if (peer === undefined) {"),
    also: [
      host(
        'if (core.phase !== "registered") {\n      core.counters.unposted++;',
        "if (core.counters.registrations === 0) {\n      core.counters.unposted++;",
      ),
    ],
  },
  "heartbeats-answered-or-not": {
    breaks: ["LDMP-9.2-03"],
    what: "answers are not heard: requests are repeated",
    ...counterpart("if (entry.request.token === heartbeatToken) outstanding.splice(i, 1);", ""),
    also: [
      counterpart(
        "const index = find(counterpart, message);",
        "const index = isUnmatched((counterpart.outstanding[0]?.request.code ?? 0)) && counterpart.outstanding[0]?.request.code === Code.heartbeat ? -1 : find(counterpart, message);",
      ),
    ],
  },
  "talking-one-asked": {
    breaks: ["LDMP-7.3-12"],
    what: "its source peer is asked at every heartbeat time, whatever arrived from it",
    ...counterpart(
      "counterpart.heardAt = now;",
      "if (now - counterpart.heardAt >= heartbeatTime) counterpart.heardAt = now;",
    ),
    equivalent: "E-LDMP-21: a check that would not have been needed is no fault; the suite remarks on it",
  },

  "never-posts": {
    breaks: ["LDMP-6.1-01", "LDMP-8.2-05", "DS-7.1.2-01"],
    what: "it never posts",
    ...core("return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);", "return;"),
  },
  "posts-once": {
    breaks: ["LDMP-7.4-05"],
    what: "it posts once",
    ...core(
      "return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);",
      "if (counters.posts > 1) return; return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);",
    ),
  },
  "posts-nothing": {
    breaks: ["LDMP-7.4-01"],
    what: "it posts without data",
    ...core(
      "return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);",
      "return counterparts.notify(peer, Code.post, PayloadType.none, undefined, sink);",
    ),
  },
  "post-wants-answer": octets(["LDMP-7.4-02", "LDMP-8.1-04"], "its POST says that an answer is wanted", POST, typed(0)),
  "posts-twice": {
    breaks: ["LDMP-7.4-04", "LDMP-6.2-11"],
    what: "every POST is sent again for lack of an answer",
    ...core(
      "return counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink);",
      "const before = effects.length; counterparts.notify(peer, Code.post, event.payloadType, event.payload, sink); effects.push(...effects.slice(before)); return;",
    ),
  },
  "posts-by-another-code": octets(["LDMP-8.2-05"], "it posts with code 0.04", POST, "octets[1] = 4;"),

  "get-unanswered": {
    breaks: ["LDMP-7.5-07", "LDMP-8.2-04"],
    what: "GET is not answered",
    ...serving(
      'options.push(code === Code.put ? { kind: "put", token, text: text ?? "" } : { kind: "get", token, item: text });',
      'if (code === Code.put) options.push({ kind: "put", token, text: text ?? "" });',
    ),
  },
  "get-without-content": {
    breaks: ["LDMP-7.5-07", "LDMP-8.1-20"],
    what: "GET is answered 2.05 without content",
    ...host("else answer(token, Code.content, value);", "else answer(token, Code.content);"),
  },
  "get-content-as-ok": {
    breaks: ["LDMP-8.2-13"],
    what: "GET is answered with content and 2.01",
    ...host("else answer(token, Code.content, value);", "else answer(token, 0x41 as Code, value);"),
  },
  "get-content-refused": {
    breaks: ["LDMP-8.2-13", "LDMP-7.5-07"],
    what: "GET of an item that it has is answered 4.05",
    ...host("else answer(token, Code.content, value);", "else answer(token, Code.methodNotAllowed);"),
  },
  "get-same-content": {
    breaks: ["LDMP-6.2-02"],
    what: "all items have the same content",
    ...host("value = await item.read();", 'await item.read(); value = "21.5";'),
  },
  "get-same-item-always": {
    breaks: ["LDMP-6.2-02"],
    what: "GET of any item is answered with what the first one has at that time",
    ...host(
      'name === undefined || name === "" ? feed.items[0] : items.get(name);',
      'name === undefined || items.has(name) || name === "" ? feed.items[0] : undefined;',
    ),
    equivalent: "E-LDMP-06: what a content says is the product's own affair, and its time makes each one different",
  },
  "get-message-id-own": octets(
    ["LDMP-7.5-04", "LDMP-8.1-13"],
    "GET is answered with a Message ID of its own",
    CONTENT,
    "octets[2] ^= 0x55;",
  ),
  "get-message-id-swapped": octets(
    ["LDMP-7.5-04"],
    "the Message ID of an answer to GET is little-endian",
    CONTENT,
    "[octets[2], octets[3]] = [octets[3], octets[2]];",
  ),
  "put-message-id-own": octets(
    ["LDMP-7.5-04"],
    "PUT is answered with a Message ID of its own",
    `${REPLY} && message.code === 0x44`,
    "octets[2] ^= 0x55;",
  ),
  "unknown-item-has-content": {
    breaks: ["LDMP-7.5-10", "LDMP-8.2-17"],
    what: "GET of an unknown item is answered with content",
    ...host("? answer(token, Code.notFound)", '? answer(token, Code.content, "nothing")'),
  },
  "unknown-item-unanswered": {
    breaks: ["LDMP-7.5-10"],
    what: "GET of an unknown item is not answered",
    ...host("? answer(token, Code.notFound)", "? undefined"),
  },
  "put-unanswered": {
    breaks: ["LDMP-7.5-09", "LDMP-8.2-06"],
    what: "PUT is not answered",
    ...host("return answer(effect.token, parameters.put(effect.text));", "return void parameters.put(effect.text);"),
  },
  "put-not-applied": {
    breaks: ["LDMP-7.5-09"],
    what: "PUT is confirmed and not applied",
    ...parameters("for (const [parameter, value] of changes) set(parameter, value);", ""),
  },
  "put-answered-2.01": {
    breaks: ["LDMP-8.2-12"],
    what: "PUT is confirmed with 2.01",
    ...parameters("return Code.changed;", "return 0x41 as Code;"),
  },
  "put-unknown-confirmed": {
    breaks: ["LDMP-7.5-10", "LDMP-8.2-17"],
    what: "settings that it does not know are confirmed",
    ...parameters("if (parameter === undefined) return Code.notFound;", "if (parameter === undefined) continue;"),
  },
  "put-unacceptable-confirmed": {
    breaks: ["LDMP-8.2-19", "LDMP-7.5-10"],
    what: "values that it cannot take are confirmed",
    ...parameters(
      "if (!parameter.accepts(value)) return Code.notAcceptable;",
      "if (!parameter.accepts(value)) continue;",
    ),
  },
  "put-without-payload-confirmed": {
    breaks: ["LDMP-8.2-14"],
    what: "PUT without payload is confirmed",
    ...serving(
      'if (code === Code.put ? text === undefined : !isResource(text ?? "")) return refuse(Code.badRequest);',
      'if (code === Code.put ? text === undefined : !isResource(text ?? "")) return refuse(code === Code.put ? Code.changed : Code.badRequest);',
    ),
    equivalent: "E-LDMP-06, E-LDMP-37: no payload may be a configuration that changes nothing, and legal as such",
  },
  "binary-selector-taken": {
    breaks: ["LDMP-8.2-20"],
    what: "GET with a binary selector is answered 2.05 without content",
    ...serving(
      "if (payloadType === PayloadType.binary) return refuse(Code.unsupportedContentFormat);",
      "if (payloadType === PayloadType.binary) return refuse(Code.content);",
    ),
  },

  "reset-ignored": {
    breaks: ["LDMP-7.6-04", "LDMP-6.2-10", "LDMP-8.2-10"],
    what: "RESET is ignored",
    ...serving("else if (code === Code.reset) options.reset(now);", "else if (code === Code.reset) return;"),
  },
  "reset-answered": {
    breaks: ["LDMP-7.6-03", "LDMP-6.2-11"],
    what: "RESET is answered",
    ...serving(
      "else if (code === Code.reset) options.reset(now);",
      "else if (code === Code.reset) { answer(from, peer, message, Code.ok, entry); options.reset(now); }",
    ),
  },
  "reset-keeps-settings": {
    breaks: ["LDMP-7.6-05"],
    what: "settings outlive a RESET",
    ...host("parameters.reset();\n        feed.reset?.();", ""),
  },

  "answers-two-octets-more": octets(
    ["LDMP-8.1-01"],
    "two octets stand behind every answer",
    `${REPLY} && message.payload === undefined`,
    "return new Uint8Array([...octets, 1, 2]);",
  ),
  "registration-with-length": octets(
    ["LDMP-8.1-19", "LDMP-8.1-07"],
    "Heartbeat has a Length of 0",
    HEARTBEAT,
    "return new Uint8Array([...octets, 0, 0]);",
  ),
  "answers-version-2": octets(["LDMP-8.1-02"], "answers have V = 2", REPLY, "octets[0] = (octets[0] & 0x3f) | 0x80;"),
  "version-2-taken": {
    breaks: ["LDMP-8.1-02"],
    what: "messages with V = 2 are taken",
    ...codec(readable, "if (type === 3 || payloadType === 1) return undefined;"),
  },
  "heartbeat-type-other": octets(
    ["LDMP-8.1-03", "LDMP-8.2-03"],
    "Heartbeat follows another reading of T than Registration",
    HEARTBEAT,
    typed(1),
  ),
  "answers-are-no-acknowledgements": octets(["LDMP-8.1-05"], "answers have T = 01", REPLY, typed(1)),
  "post-type-reserved": octets(["LDMP-8.1-06"], "POST has T = 11", POST, typed(3)),
  "type-reserved-taken": {
    breaks: ["LDMP-8.1-06"],
    what: "messages with T = 11 are taken for requests",
    ...codec(readable, "if (version !== 1 || payloadType === 1) return undefined;"),
    also: [codec("type: type as Type,", "type: (type === 3 ? 0 : type) as Type,")],
  },
  "answers-payload-type-reserved": octets(
    ["LDMP-8.1-09"],
    "answers without payload have P = 01",
    `${REPLY} && message.payload === undefined`,
    "octets[0] |= 0x04;",
  ),
  "payload-type-reserved-taken": {
    breaks: ["LDMP-8.1-09"],
    what: "messages with P = 01 are taken",
    ...codec(readable, "if (version !== 1 || type === 3) return undefined;"),
  },
  "text-is-octets": octets(
    ["LDMP-8.1-10"],
    "POST says text of a payload that is none",
    `${POST} && message.payload?.length > 0`,
    "octets[10] = 0xff;",
  ),
  "answers-reserved-bits": {
    ...octets(["LDMP-8.1-11"], "answers have R = 11", REPLY, "octets[0] |= 0x03;"),
    equivalent: "E-LDMP-27: R is to be left out of account, so that the suite remarks on it only",
  },
  "reserved-bits-fatal": {
    breaks: ["LDMP-8.1-11"],
    what: "after a message with R other than 0 it answers nothing any more",
    ...core(
      "counters.messages++;",
      "counters.messages++; if (message.reserved !== 0) (globalThis as any).deaf = true; if ((globalThis as any).deaf) return;",
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
    "2.00 is written with class 0",
    `${REPLY} && message.code === 0x40`,
    "octets[1] = 0x07;",
  ),
  "unlisted-requests-succeed": {
    breaks: ["LDMP-8.2-21", "LDMP-8.2-18"],
    what: "requests that no table lists are answered with success",
    ...serving("outcome ? Code.badRequest : Code.methodNotAllowed", "Code.ok"),
  },
  "unlisted-requests-fatal": {
    breaks: ["LDMP-8.2-18"],
    what: "after a request that it may not be asked it answers nothing any more",
    ...core(
      "counters.messages++;",
      "counters.messages++; if (message.type !== 2 && ![1, 3, 7, 8].includes(message.code)) (globalThis as any).deaf = true; if ((globalThis as any).deaf) return;",
    ),
  },
  "unreadable-fatal": {
    breaks: ["LDMP-6.2-09"],
    what: "after a message that it cannot read it answers nothing any more",
    ...core(
      "if (reception.message !== undefined) return receive(from, reception.message, now);\n    counters.dropped.malformed++;",
      "if ((globalThis as any).deaf) return; if (reception.message !== undefined) return receive(from, reception.message, now);\n    counters.dropped.malformed++; (globalThis as any).deaf = true;",
    ),
  },
  "cut-short-taken": {
    breaks: ["LDMP-8.2-14"],
    what: "a message that is cut short is answered with success",
    ...serving("answer(from, undefined, header, Code.badRequest);", "answer(from, undefined, header, Code.ok);"),
  },
  "message-ids-begin-at-1": {
    breaks: ["LDMP-8.1-14"],
    what: "the first Message ID is always 1",
    file: "impl/ldmp/message-id.ts",
    find: "return ((bytes[0] as number) << 8) | (bytes[1] as number);",
    replace: "return bytes.length > 0 ? 1 : 0;",
  },
  "message-ids-all-the-same": {
    breaks: ["LDMP-8.1-13"],
    what: "all requests have the same Message ID",
    ...counterpart("const id = counterpart.nextId;", "const id = 7;"),
  },
  "message-ids-down": {
    breaks: ["LDMP-8.1-15"],
    what: "Message IDs are counted down",
    file: "impl/ldmp/message-id.ts",
    find: "return (id + 1) % modulus;",
    replace: "return (id + modulus - 1) % modulus;",
  },
  "message-ids-at-random": {
    breaks: ["LDMP-8.1-15"],
    what: "Message IDs are random",
    file: "impl/ldmp/message-id.ts",
    find: "return (id + 1) % modulus;",
    replace: "return Math.floor(Math.random() * modulus);",
  },
  "answers-source-id-other": octets(
    ["LDMP-8.1-16", "LDMP-6.2-01", "DS-8.10-c"],
    "answers have another Source ID",
    REPLY,
    "octets[5] ^= 0x0f;",
  ),
  "posts-source-id-other": octets(["LDMP-6.2-01"], "every POST has another Source ID", POST, "octets[4] = octets[3];"),
  "posts-destination-0": octets(
    ["LDMP-8.1-17", "LDMP-6.2-03"],
    "POST has Destination ID 0",
    POST,
    "octets[6] = octets[7] = 0;",
  ),
  "answers-destination-own": octets(
    ["LDMP-8.1-17", "LDMP-6.2-03"],
    "answers have the Destination ID of the request",
    REPLY,
    "octets[6] = octets[4]; octets[7] = octets[5];",
  ),
  "other-destinations-taken": {
    breaks: ["LDMP-8.1-17"],
    what: "messages for others are taken",
    ...core(
      "if (message.destinationId !== id) counters.dropped.destination++;",
      "if (message.destinationId < 0) counters.dropped.destination++;",
    ),
  },
  "length-swapped": octets(
    ["LDMP-8.1-18"],
    "Length is little-endian",
    "message.payload?.length > 0",
    "[octets[8], octets[9]] = [octets[9], octets[8]];",
  ),
  "length-one-short": octets(
    ["LDMP-8.1-18"],
    "Length is one less than the payload has",
    "message.payload?.length > 0",
    "octets[9]--;",
  ),
  "get-answered-by-code-of-another": {
    breaks: ["LDMP-8.2-01"],
    what: "a Heartbeat without payload is answered 4.00",
    ...serving(heartbeatAnswer, heartbeatAnswer.replace("Code.ok", "Code.badRequest")),
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
