// A data source in two hundred lines, without anything of this project, and with switches that make it odd or wrong.
// Usage: node tiny-data-source.mjs URL[,URL2] [QUIRK]
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { quirks } from "./data-source-quirks.mjs";

const [, , addresses, name = ""] = process.argv;
const [address, otherAddress] = addresses.split(",");
const quirk = name === "" ? {} : quirks[name];
if (!quirk) throw new Error(`no quirk ${name}`);
const [GET, POST, PUT, REGISTRATION, RELEASE, HEARTBEAT, RESET] = [1, 2, 3, 5, 6, 7, 8];
const {
  type = "A",
  layout = "A",
  heartbeatMs = 800,
  retransmissionMs = 240,
  transmissions = 4,
  removalMs = transmissions * retransmissionMs,
  periodMs = 120,
  slowMs = 0,
} = quirk;
const OWN = 77;
const state = {
  phase: "registering",
  peer: 0,
  heardAt: performance.now(),
  next: quirk.firstId?.() ?? Math.floor(Math.random() * 0x10000),
  period: 0.12,
  count: 0,
  asked: undefined,
  send: () => {},
};

const wants = (yes) => (yes === (type === "A") ? 0 : 1);
const nextId = () => {
  const id = state.next & 0xffff;
  state.next = quirk.nextId ? quirk.nextId(state.next) : state.next + 1;
  return id;
};

function encode({ version, type, payloadType, reserved, code, messageId, sourceId, destinationId, payload }) {
  const head = Buffer.alloc(payload !== undefined || layout === "B" ? 10 : 8);
  head[0] = (version << 6) | (type << 4) | (payloadType << 2) | reserved;
  head[1] = code;
  head.writeUInt16BE(messageId, 2);
  head.writeUInt16BE(sourceId, 4);
  head.writeUInt16BE(destinationId, 6);
  if (head.length === 10) head.writeUInt16BE(payload?.length ?? 0, 8);
  return Buffer.concat([head, payload ?? Buffer.alloc(0)]);
}

function decode(octets) {
  if (octets.length < 8) return undefined;
  const payloadType = (octets[0] >> 2) & 3;
  const holds = (payloadType & 2) !== 0;
  if (holds && (octets.length < 10 || octets.length < 10 + octets.readUInt16BE(8))) return undefined;
  return {
    version: octets[0] >> 6,
    type: (octets[0] >> 4) & 3,
    payloadType,
    reserved: octets[0] & 3,
    code: octets[1],
    messageId: octets.readUInt16BE(2),
    sourceId: octets.readUInt16BE(4),
    destinationId: octets.readUInt16BE(6),
    payload: holds ? octets.subarray(10, 10 + octets.readUInt16BE(8)) : undefined,
  };
}

function send(fields) {
  const message = {
    version: 1,
    payloadType: fields.payload === undefined ? 0 : 3,
    reserved: 0,
    sourceId: OWN,
    destinationId: state.peer,
    ...fields,
  };
  quirk.changes?.(message);
  const octets = encode(message);
  for (const one of quirk.sends?.(octets, message) ?? [octets]) state.send(one);
}

/** Sends a request that wants an answer and repeats it; `over` when nobody answered at all. */
function ask(code, over) {
  clearTimeout(state.asked?.timer);
  const asked = { code, ids: [], sent: 0, timer: undefined };
  state.asked = asked;
  const most = { [RELEASE]: quirk.releases ?? 1, [REGISTRATION]: quirk.registrations }[code] ?? transmissions;
  const transmit = () => {
    if (asked.ids.length === 0 || quirk.freshIds) asked.ids.push(nextId());
    asked.sent++;
    send({ type: wants(true), code, messageId: asked.ids.at(-1) });
    const last = asked.sent >= most;
    const wait = !last || code === RELEASE ? retransmissionMs : removalMs - (transmissions - 1) * retransmissionMs;
    asked.timer = setTimeout(last ? over : transmit, Math.max(1, wait));
  };
  transmit();
}

function register() {
  state.phase = quirk.postsEarly ? "registered" : "registering";
  state.heardAt = performance.now();
  if (quirk.neverRegisters?.(state.count)) return;
  ask(REGISTRATION, () => setTimeout(register, quirk.registrations ? 5_000 : retransmissionMs));
}

function registered() {
  state.phase = "registered";
  state.count = 1;
  state.asked = undefined;
}

function answer(message, code, text) {
  const payload = text === undefined ? undefined : Buffer.from(text);
  const kind = text instanceof Uint8Array && !quirk.marksAllText ? { payloadType: 2 } : {};
  setTimeout(
    () => send({ type: 2, code, messageId: message.messageId, destinationId: message.sourceId, payload, ...kind }),
    slowMs,
  );
}

const sane = ({ version, type, payloadType, destinationId }) =>
  version === 1 && type !== 3 && payloadType !== 1 && destinationId === OWN;

function hear(octets) {
  const message = decode(octets);
  if (!message) {
    const header = octets.length >= 8 ? decode(Buffer.concat([octets, Buffer.alloc(0xffff)])) : undefined;
    quirk.unreadable?.();
    if (header && sane(header) && [GET, PUT, HEARTBEAT].includes(header.code)) answer(header, 0x80);
    return;
  }
  const refusal = message.type === 2 ? undefined : quirk.refuses?.(message);
  if (refusal !== undefined) return answer(message, refusal);
  if (!(quirk.takes ? quirk.takes(message, sane) : sane(message))) return;
  state.heardAt = performance.now();
  if (message.type === 2) return acknowledged(message);
  const usual = handle(message);
  const [code, text] = (quirk.answers ? quirk.answers(message, usual) : usual) ?? [];
  if (code !== undefined) answer(message, code, text);
}

function handle({ code, payload, payloadType, type }) {
  const text = payload?.toString();
  if (code === HEARTBEAT) return [0x40];
  if (code === RESET) {
    if (!quirk.keepsSettings) state.period = 0.12;
    if (!quirk.ignoresReset) register();
    return undefined;
  }
  if (code === GET) {
    if (payloadType === 2 && !quirk.takesBinary) return [0x8f];
    if (text === undefined || text === "" || text === "load") return [0x45, `load ${process.uptime()}`];
    if (text === "image") return [0x45, Buffer.of(0, 255, 254)];
    if (text === "memory") return [0x45, quirk.oneItem ? `load ${process.uptime()}` : "memory 17"];
    return text === "period" ? [0x45, `{"value":${state.period}}`] : [0x84];
  }
  if (code === PUT) return [put(text)];
  return code !== POST && (type === wants(true) || [REGISTRATION, RELEASE].includes(code)) ? [0x85] : undefined;
}

function put(text) {
  let setting;
  try {
    setting = JSON.parse(text ?? "");
  } catch {
    return 0x80;
  }
  if ("owner" in setting) return quirk.obeysAnyone ? 0x44 : 0x81;
  if ("firmware" in setting) return quirk.obeysAnyone ? 0x44 : 0x83;
  if (!("period" in setting)) return 0x84;
  if (!(setting.period > 0)) return 0x86;
  if (!quirk.ignoresPut) state.period = setting.period;
  return 0x44;
}

function acknowledged({ code, messageId, sourceId }) {
  const { asked } = state;
  if (!asked || (!asked.ids.includes(messageId) && !quirk.anyAnswer)) return;
  if (quirk.ignoresAnswers && asked.code === HEARTBEAT) return;
  clearTimeout(asked.timer);
  state.asked = undefined;
  state.peer = sourceId;
  if (asked.code === RELEASE) return leave();
  const lost = code >= 0x80;
  if (asked.code === REGISTRATION && (!lost || quirk.ignoresRefusal)) return registered();
  if (lost && otherAddress && !quirk.staysWithFirst) return open(new URL(otherAddress));
  if (lost && !quirk.ignoresLoss) setTimeout(register, 3 * retransmissionMs);
}

function leave() {
  if (quirk.postsAfterLeaving) return registered();
  process.exit(0);
}

setInterval(() => {
  if (state.phase !== "registered") return;
  if (quirk.posts?.(state.count) ?? true) {
    const payload = quirk.emptyPosts ? undefined : Buffer.from(`{"item":"load","value":${state.count++}}`);
    const messageId = nextId();
    const post = { type: wants(false), code: POST, messageId, payload };
    send(post);
    if (quirk.repeatsPosts) send(post);
  }
}, periodMs);

setInterval(() => {
  if (state.phase !== "registered" || state.asked || quirk.neverAsks) return;
  if (performance.now() - state.heardAt < heartbeatMs * (quirk.asksDespiteTraffic ? 0.25 : 1)) return;
  ask(HEARTBEAT, () => {
    if (!quirk.staysOn) register();
  });
}, 20);

process.on("SIGTERM", () => {
  state.phase = "leaving";
  if (quirk.leavesSilently) process.exit(0);
  ask(RELEASE, () => (quirk.postsAfterLeaving ? registered() : process.exit(0)));
});

function open(url) {
  if (url.protocol === "udp:") {
    const socket = createSocket("udp4");
    socket.connect(Number(url.port), url.hostname, () => {
      state.send = (octets) => socket.send(octets);
      socket.on("message", hear);
      register();
    });
    // A source peer that is gone shows in the silence.
    socket.on("error", () => {});
    return;
  }
  const socket = connect(Number(url.port), url.hostname, register);
  socket.setNoDelay(true);
  let queue = Promise.resolve();
  state.send = (octets) => {
    if (!quirk.single) return socket.write(octets);
    for (const octet of octets) queue = queue.then(() => new Promise((done) => socket.write(Buffer.of(octet), done)));
  };
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = quirk.framing === "whole" ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const holds = rest.length >= 8 && (rest[0] & 8) !== 0;
      const size = holds ? (rest.length < 10 ? 10 : 10 + rest.readUInt16BE(8)) : layout === "B" ? 10 : 8;
      if (rest.length < size) break;
      const one = rest.subarray(0, size);
      rest = quirk.framing === "first" ? Buffer.alloc(0) : rest.subarray(size);
      hear(one);
    }
  });
  socket.on("error", () => process.exit(1));
  socket.on("close", () => process.exit(0));
}

open(new URL(address));
