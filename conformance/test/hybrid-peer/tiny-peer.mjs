// A hybrid peer towards other peers, written from what is known of the field's wire (E-HP2P-10) and without anything of this project, with
// switches that make it odd or wrong. Usage: node tiny-peer.mjs adapter [QUIRK]: driven by JSON lines.
import { createServer, connect as dial } from "node:net";
import { createInterface } from "node:readline";
import { quirks } from "./quirks.mjs";

const [, , , name = ""] = process.argv;
const quirk = name === "" ? {} : quirks[name];
if (!quirk) throw new Error(`no quirk ${name}`);

/* Configuration and state. */

const me = { id: "", address: "", ticket: 0, overlay: "", type: "core", subType: "tree", source: undefined };
const limits = { primary: quirk.maxPrimary ?? 4, outgoing: quirk.outgoing ?? 1, incoming: 2 };
let profile = "p23";
let base = "";
let settings = {};
let beat = { interval: 6000, timeout: 19000 };
let policy;
let parent;
const children = new Set();
const outgoing = new Set();
const incoming = new Set();
const links = new Set();
/** Sources: what was seen, and what is cached. */
const sources = new Map();
let tells = false;
let sequence = quirk.starts ?? 0;
let scanned;
let left = false;
let seeking = false;

/* Frames. */

const spelt = { p23: ["req-code", "rsp-code", "req-params", "rsp-params"] };
const [REQ, RSP, REQP, RSPP] = [0, 1, 2, 3];
const key = (which) => (spelt[profile] ?? ["ReqCode", "RspCode", "ReqParams", "RspParams"])[which];
const under = (value) => {
  if (profile !== "p20") return value;
  if (Array.isArray(value)) return value.map(under);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.replaceAll("-", "_"), under(one)]));
};
const hyphens = (value) => {
  if (profile !== "p20") return value;
  if (Array.isArray(value)) return value.map(hyphens);
  if (typeof value !== "object" || value === null) return value;
  const named = (name) => (name === "conn_num" ? name : name.replaceAll("_", "-"));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [named(name), hyphens(one)]));
};

function frame(code, params, more = {}, payload = Buffer.alloc(0)) {
  const [c, p] = code < 1000 ? [key(REQ), key(REQP)] : [key(RSP), key(RSPP)];
  const header = { [c]: code, ...(params === undefined ? {} : { [p]: under(params) }), ...under(more) };
  quirk.writes?.(header, { code, me, params: header[p] });
  if (quirk.pretty === "list" && code === 8) return Buffer.from([1, 1, 0, 2, 0x5b, 0x5d]);
  const text = Buffer.from(quirk.pretty ? JSON.stringify(header, null, 1) : JSON.stringify(header));
  const head = Buffer.from([1, quirk.type ?? 1, 0, 0]);
  if (profile === "p20") head.writeUInt16LE(text.length, 2);
  else head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text, payload]);
}

/** Throws what is wrong with it; undefined where more is to come. */
function take(octets) {
  if (octets.length < 4) return undefined;
  const length = profile === "p20" ? octets.readUInt16LE(2) : octets.readUInt16BE(2);
  if (octets.length < 4 + length) return undefined;
  const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets.subarray(4, 4 + length)));
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw new Error("no object");
  const code = header[key(REQ)] ?? header[key(RSP)];
  if (!Number.isInteger(code)) throw new Error("no code");
  const params = hyphens(header[key(REQP)] ?? header[key(RSPP)] ?? {});
  const extension = profile === "p23" ? (params["ext-header-len"] ?? 0) : 0;
  const size = params.payload?.length ?? 0;
  for (const one of [extension, size])
    if (!Number.isInteger(one) || one < 0 || one > 2 ** 24) throw new Error("no length");
  const end = 4 + length + extension + size;
  if (octets.length < end) return undefined;
  const payload = octets.subarray(4 + length + extension, end);
  return { code, params, header: hyphens(header), payload, octets: octets.subarray(0, end), end };
}

/* Links. */

function link(socket, isIncoming) {
  const own = {
    socket,
    incoming: isIncoming,
    peer: undefined,
    role: undefined,
    seen: Date.now(),
    waiting: new Map(),
    gone: false,
  };
  links.add(own);
  let rest = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on("data", (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    try {
      for (let one = take(rest); one; one = take(rest)) {
        rest = rest.subarray(one.end);
        own.seen = Date.now();
        received(own, one);
      }
    } catch {
      if (quirk.crashes) process.exit(1);
      if (quirk.dropsAll) for (const other of links) drop(other);
      drop(own);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => lost(own));
  return own;
}

function send(to, code, params, more, payload) {
  if (to.gone) return;
  if (to.socket.writableLength > 4e6) return drop(to);
  to.socket.write(frame(code, params, more, payload));
}

function answerOf(to, codes, ms = 3000) {
  return new Promise((resolve) => {
    const wait = setTimeout(() => done(undefined), ms);
    const done = (one) => {
      clearTimeout(wait);
      for (const code of codes) to.waiting.delete(code);
      resolve(one);
    };
    for (const code of codes) to.waiting.set(code, done);
    to.socket.once("close", () => done(undefined));
  });
}

function open(address) {
  return new Promise((resolve) => {
    const [, host, port] = /^tcp:\/\/\[?([^\]]+?)\]?:(\d+)$/.exec(address) ?? [];
    if (!host) return resolve(undefined);
    const socket = dial(Number(port), host);
    socket.once("connect", () => resolve(link(socket, false)));
    socket.once("error", () => resolve(undefined));
  });
}

function drop(own) {
  own.socket.destroy();
  lost(own);
}

function lost(own) {
  if (own.gone) return;
  own.gone = true;
  links.delete(own);
  const known = parent === own || children.has(own) || outgoing.has(own) || incoming.has(own);
  if (parent === own) {
    parent = undefined;
    if (!left) setTimeout(recover, quirk.recoversAfter ?? 20);
  }
  for (const set of [children, outgoing, incoming]) set.delete(own);
  if (quirk.seeksChildren && known && own.role === "incoming") void seek();
  if (known && !left) {
    report();
    if (own.role === "outgoing" && !quirk.contentWithFew) setTimeout(() => void seek(), 300);
  }
}

const primaries = () => [...(parent ? [parent] : []), ...children];

/* HOMS. */

async function homs(method, path, body) {
  try {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.ok ? await response.json().catch(() => ({})) : undefined;
  } catch {
    return undefined;
  }
}

const overlay = () => ({ "overlay-id": me.overlay, type: me.type, "sub-type": me.subType });
const self = () => ({ "peer-id": me.id, address: me.address, auth: { password: "Tiny1234" } });
let entries = [];

async function join(recovery) {
  const extra = recovery ? { recovery: true, "ticket-id": String(me.ticket) } : {};
  const answer = await homs("POST", "/peer", { overlay: { ...overlay(), ...extra }, peer: self() });
  if (!answer) return;
  me.ticket = Number(answer.overlay["ticket-id"]);
  policy = answer.overlay["cr-policy"];
  beat = { interval: 1000 * answer.overlay["heartbeat-interval"], timeout: 1000 * answer.overlay["heartbeat-timeout"] };
  const listed = answer.overlay.status.peer_info_list ?? [];
  entries = listed.filter((one) => one["peer-id"] !== me.id);
}

let reported = "";
function report() {
  setTimeout(() => {
    if (quirk.neverReports) return;
    const names = (set) => [...set].map(({ peer }) => peer);
    const map = {
      primary: names(primaries()),
      outgoing_candidate: names(outgoing),
      incoming_candidate: names(incoming),
    };
    if (quirk.mixesCandidates) {
      map.outgoing_candidate = [...map.outgoing_candidate, ...map.incoming_candidate];
      map.incoming_candidate = [];
    }
    quirk.reports?.(map);
    const status = {
      num_primary: map.primary.length,
      num_out_candidate: map.outgoing_candidate.length,
      num_in_candidate: map.incoming_candidate.length,
      costmap: map,
    };
    if (JSON.stringify(status) === reported) return;
    reported = JSON.stringify(status);
    void homs("POST", "/peer/report", {
      overlay: { "overlay-id": me.overlay },
      peer: { "peer-id": me.id, auth: self().auth },
      status,
    });
  }, 10);
}

/* Finding a parent. */

async function hello(to, vertical = false) {
  const own = await open(to.address);
  if (!own) return false;
  const operation = {
    "overlay-id": me.overlay,
    conn_num: 3,
    ttl: 3,
    ...(vertical ? { "vertical-candidate": true } : {}),
  };
  send(own, 1, { operation, peer: { "peer-id": me.id, address: me.address, "ticket-id": quirk.ticket ?? me.ticket } });
  const answer = await answerOf(own, [1202], quirk.helloMs ?? 1500);
  drop(own);
  return answer !== undefined;
}

async function seek() {
  if (seeking || left) return;
  seeking = true;
  const list = quirk.onlyFirst ? entries.slice(0, 1) : entries;
  for (const one of list) if (await hello(one)) break;
  seeking = false;
  // What has not come of it in a while is tried again, with what the HOMS knows by then.
  setTimeout(async () => {
    if (left || seeking || quirk.onlyFirst || quirk.neverRecovers || entries.length === 0) return;
    if (parent || me.subType === "mesh") return;
    await join(true);
    void seek();
  }, 2000);
}

async function recover() {
  if (left || parent || quirk.neverRecovers) return;
  for (const one of quirk.neverSwitches ? [] : [...outgoing]) {
    if (await ask(one)) return;
  }
  if (parent) return;
  await join(true);
  void seek();
}

let asking = false;
/** PRIMARY. */
async function ask(own) {
  if (asking) return false;
  asking = true;
  send(own, 4, push() ? { buffermap: map() } : profile === "p20" ? undefined : {});
  const answer = await answerOf(own, [4200, 4603]);
  asking = false;
  if (answer?.code !== 4200 || own.gone) return false;
  outgoing.delete(own);
  parent = own;
  own.role = "parent";
  report();
  if (push()) supply(own, answer.params.buffermap);
  const above = answer.params["parent-peer"];
  if (above && profile === "p23" && !quirk.knowsNoGrandparent) void hello(above, true);
  if (policy?.["recovery-by"] === "pull") void pull(own);
  return true;
}

/* Data. */

const push = () => policy?.["recovery-by"] === "push" && !quirk.neverPushes;

function known(source) {
  if (!sources.has(source)) sources.set(source, { seen: new Set(), cache: new Map() });
  return sources.get(source);
}

function map() {
  const list = [...sources].map(([id, { cache }]) => ({ SourcePeerId: id, Sequence: [...cache.keys()] }));
  return list.length === 0 || quirk.emptyMaps ? null : list.filter(({ Sequence }) => Sequence.length > 0);
}

function supply(to, theirs) {
  if (quirk.suppliesNothing) return;
  for (const [id, { cache }] of sources) {
    const has = (Array.isArray(theirs) ? theirs : []).find((one) => one.SourcePeerId === id)?.Sequence ?? [];
    for (const [number, one] of cache) if (!has.includes(number)) to.socket.write(one.octets);
  }
}

async function pull(from) {
  if (quirk.neverPulls) return;
  send(from, 10, { "overlay-id": me.overlay });
  const answer = await answerOf(from, [10200]);
  for (const { SourcePeerId: id, Sequence: numbers } of answer?.params.buffermap ?? []) {
    for (const number of numbers ?? []) {
      if (known(id).seen.has(number)) continue;
      send(from, 11, undefined, { "overlay-id": me.overlay, "source-id": id, sequence: number });
      await answerOf(from, [11200], 1000);
    }
  }
}

function keep(id, number, one) {
  if (!policy || quirk.neverCaches || (policy.mN_Cache === 0 && !quirk.cachesAnyway)) return;
  const { cache } = known(id);
  cache.set(number, one);
  const most = quirk.cacheMost ?? policy.mN_Cache;
  one.at = Date.now();
  const old = () => cache.values().next().value.at <= Date.now() - 1000 * (quirk.forgets ? 0 : policy.mD_Cache);
  while (cache.size > most && old()) cache.delete(cache.keys().next().value);
}

/** Once per source and number; the first is kept, given to applications, and handed on. */
function datum(from, one, number, id) {
  const numbered = number !== undefined;
  if (me.source !== undefined && id !== me.source && !quirk.anySource) return;
  if (numbered && !quirk.repeats) {
    if (known(id).seen.has(number) || id === me.id) return;
    if (quirk.dropsLate && known(id).seen.size > 0 && number < Math.max(...known(id).seen)) return;
    known(id).seen.add(number);
  }
  if (numbered) keep(id, number, one);
  const event = { event: "data", source: id, sequence: number, text: one.payload.toString("utf8") };
  if (tells) for (let n = 0; n < (quirk.gives ?? 1); n++) say(event);
  if (me.subType === "mesh") return;
  relay(from, one);
}

function relay(from, one) {
  if (quirk.neverRelays) return;
  const to = primaries().filter((own) => own !== from || quirk.echoes);
  if (quirk.relaysToCandidates) to.push(...outgoing, ...incoming);
  const octets = quirk.relays ? quirk.relays(one, frame) : one.octets;
  for (const own of quirk.relaysToOne ? to.slice(0, 1) : to) {
    if (own.socket.writableLength > 4e6) drop(own);
    else own.socket.write(octets);
  }
}

function publish(text) {
  const payload = Buffer.from(text);
  sequence += quirk.step ?? 1;
  const extension = Buffer.from(JSON.stringify({ "app-id": "conformance" }));
  const type = { p23: "payload-type", p22: "content-type", p20: "type" }[profile];
  const params = {
    operation: { ack: false, ...(profile === "p23" ? { "candidate-path": false } : {}) },
    peer: { "peer-id": me.id, ...(profile === "p20" ? {} : { sequence }) },
    ...(profile === "p22" ? { app: { "app-id": "conformance" } } : {}),
    payload: { length: payload.length, [type]: "text/plain" },
    ...(profile === "p23" ? { "ext-header-len": extension.length } : {}),
  };
  const octets = frame(6, params, {}, profile === "p23" ? Buffer.concat([extension, payload]) : payload);
  known(me.id).seen.add(sequence);
  keep(me.id, sequence, { octets, payload });
  const to = quirk.sendsToOne ? primaries().slice(0, 1) : primaries();
  for (const own of to) for (let n = 0; n < (quirk.sends ?? 1); n++) own.socket.write(octets);
  if (quirk.sendsToCandidates) for (const own of outgoing) own.socket.write(octets);
}

/* Messages. */

function received(own, one) {
  const { code, params } = one;
  const waiting = own.waiting.get(code);
  if (code >= 1000 && waiting) waiting(one);
  quirk.hears?.(own, one, { send, drop, me });
  switch (code) {
    case 1:
      return void helloed(own, params);
    case 2:
      return estabbed(own, params);
    case 3:
      return send(
        own,
        3200,
        quirk.probesOddly ? { operation: { "ntp-time": "now" } } : { operation: params.operation },
      );
    case 4:
      return asked(own, params);
    case 5:
      return send(own, 5200);
    case 6: {
      if (quirk.strangers !== true && !primaries().includes(own)) return;
      if ((params.operation?.ack && !quirk.neverAcks) || quirk.acksAll) send(own, 6200);
      return datum(own, one, params.peer.sequence, params.peer["peer-id"]);
    }
    case 7:
      if (params.operation?.ack && !quirk.releasesMutely) send(own, 7200);
      if (quirk.staysReleased) return;
      own.socket.end();
      return lost(own);
    case 8:
      return quirk.neverBeats ? undefined : send(own, 8200);
    case 9:
    case 9200:
      return scan(own, code, params);
    case 10:
      return quirk.hidesMap ? undefined : send(own, 10200, { "overlay-id": me.overlay, buffermap: map() });
    case 11:
      return fetched(own, one.header);
    case 11200: {
      const id = params.peer["peer-id"];
      const number = params.sequence ?? params.peer.sequence;
      if (known(id).seen.has(number)) return;
      const extension = Buffer.from(JSON.stringify({ "app-id": "conformance" }));
      const type = { p23: "payload-type", p22: "content-type" }[profile];
      const again = {
        operation: { ack: false },
        peer: { "peer-id": id, sequence: number },
        payload: { length: one.payload.length, [type]: "text/plain" },
        ...(profile === "p23" ? { "ext-header-len": extension.length } : {}),
      };
      const octets = frame(6, again, {}, profile === "p23" ? Buffer.concat([extension, one.payload]) : one.payload);
      return datum(own, { octets, payload: one.payload }, number, id);
    }
  }
}

async function helloed(own, { operation, peer }) {
  if (typeof peer?.address !== "string" || typeof peer["peer-id"] !== "string" || !Number.isInteger(peer["ticket-id"]))
    return drop(own);
  if (!Number.isInteger(operation?.ttl)) return drop(own);
  if (operation["overlay-id"] !== me.overlay && !quirk.anyOverlay) return drop(own);
  if (peer["ticket-id"] < me.ticket && !quirk.anyTicket) return drop(own);
  if (quirk.neverWelcomes) return drop(own);
  if (!quirk.mutely) send(own, quirk.helloAnswer ?? 1202);
  const ttl = operation.ttl - 1;
  if (ttl > 0 || quirk.endless) {
    const relayed = { operation: { ...operation, ttl: quirk.sameTtl ? operation.ttl : ttl }, peer };
    for (const child of children)
      if (child.peer !== peer["peer-id"] || quirk.tellsOriginator) if (!quirk.keepsHellos) send(child, 1, relayed);
  }
  const room = primaries().length < limits.primary || incoming.size < limits.incoming || quirk.boundless;
  if (!room || quirk.neverOffers) return;
  const to = await open(peer.address);
  if (!to) return;
  to.peer = peer["peer-id"];
  const operationOf = { "overlay-id": quirk.offersOverlay ?? operation["overlay-id"] };
  send(to, 2, {
    operation: operationOf,
    "allow-primary-req": primaries().length < limits.primary,
    peer: { "peer-id": me.id, "ticket-id": me.ticket },
  });
  const answer = await answerOf(to, [2200, 2603]);
  if (answer?.code !== 2200) return drop(to);
  if (to.role !== undefined) return;
  to.role = "incoming";
  incoming.add(to);
  report();
}

function estabbed(own, { operation, peer, "allow-primary-req": allow = true }) {
  if (operation["overlay-id"] !== me.overlay && !quirk.anyOverlay) {
    send(own, 2603);
    return own.socket.end();
  }
  if ((peer["ticket-id"] >= me.ticket && !quirk.anyTicket && !quirk.looksAtHelloOnly) || quirk.refusesOffers) {
    send(own, 2603);
    return own.socket.end();
  }
  own.peer = peer["peer-id"];
  const listed = entries.find((one) => one["peer-id"] === own.peer);
  own.contact = { "peer-id": own.peer, address: listed?.address ?? "tcp://127.0.0.1:1" };
  if (
    (parent || asking) &&
    me.subType !== "mesh" &&
    outgoing.size - (asking ? 1 : 0) >= limits.outgoing &&
    !quirk.greedy
  ) {
    send(own, 2603);
    return own.socket.end();
  }
  send(own, 2200);
  own.role = "outgoing";
  outgoing.add(own);
  report();
  if (me.subType === "mesh") {
    const again = () => {
      if (own.gone || left) return;
      void pull(own).then(() => setTimeout(again, 300));
    };
    return quirk.neverPulls ? undefined : again();
  }
  if (!parent && allow && !quirk.neverAsks) {
    void (async () => {
      if (quirk.probes) {
        send(own, 3, { operation: { "ntp-time": String(Date.now()) } });
        await answerOf(own, [3200]);
      }
      if (!parent) await ask(own);
    })();
  }
}

function asked(own, params) {
  const isStranger = own.role !== "incoming" && own.peer === undefined;
  const full = primaries().length >= limits.primary && !quirk.boundless;
  if (full || ((isStranger || own.role === "outgoing") && !quirk.looksAtHelloOnly) || quirk.refusesAll)
    return send(own, 4603, profile === "p20" ? undefined : {});
  incoming.delete(own);
  own.role = "child";
  children.add(own);
  const above = parent && profile === "p23" && !quirk.knowsNoGrandparent ? { "parent-peer": parent.contact } : {};
  send(own, 4200, push() ? { buffermap: map(), ...above } : profile === "p20" ? undefined : above);
  report();
  if (push()) supply(own, params.buffermap);
}

function fetched(own, header) {
  const found = sources.get(header["source-id"])?.cache.get(header.sequence);
  if (!found && !quirk.invents) return;
  if (quirk.hidesData) return;
  const payload = quirk.invents ? Buffer.from("something") : found.payload;
  const extension = Buffer.from(JSON.stringify({ "app-id": "conformance" }));
  const peer = { "peer-id": header["source-id"] };
  const params =
    profile === "p23"
      ? {
          peer,
          sequence: header.sequence,
          payload: { length: payload.length, "payload-type": "text/plain" },
          "ext-header-len": extension.length,
        }
      : {
          operation: { ack: false },
          peer: { ...peer, sequence: header.sequence },
          payload: { length: payload.length, "content-type": "text/plain" },
        };
  send(own, 11200, params, {}, profile === "p23" ? Buffer.concat([extension, payload]) : payload);
}

function scan(own, code, { cseq, overlay: tree, peer }) {
  const step = [me.id, String(me.ticket), me.address];
  if (code === 9) {
    if (peer["peer-id"] === me.id) return;
    const others = primaries().filter((one) => one !== own);
    if (others.length === 0 || quirk.alwaysLeaf)
      return send(own, 9200, { cseq, overlay: { ...tree, path: [step] }, peer });
    send(own, 9100, { cseq, overlay: tree, peer });
    const via = quirk.hidesInVia ? tree.via : [[me.id, me.address], ...tree.via];
    for (const one of others) send(one, 9, { cseq, overlay: { ...tree, via }, peer });
    return;
  }
  const via = tree.via.slice(1);
  if (via.length === 0) return void scanned?.push(tree.path.map(([id]) => ({ "peer-id": id })));
  const next = primaries().find((one) => one.peer === via[0][0]);
  if (next && !quirk.keepsScans)
    send(next, 9200, { cseq, overlay: { ...tree, via, path: [step, ...tree.path] }, peer });
}

/* Time. */

let beats = 0;
setInterval(() => {
  if (left) return;
  const due = Date.now() - beats >= (quirk.beatsEvery ?? 0.8) * beat.interval;
  if (due) {
    beats = Date.now();
    const to = [...(parent ? [parent] : []), ...(quirk.beatsPrimariesOnly ? [] : outgoing)];
    if (!quirk.neverSends) for (const own of to) send(own, 8);
  }
  if (quirk.trustsTcp) return;
  for (const own of links) {
    const silence = Date.now() - own.seen;
    if (quirk.trustsParent && (own === parent || outgoing.has(own))) continue;
    if (own.role && silence > beat.timeout * (quirk.patience ?? 1)) drop(own);
  }
}, 50);
if (quirk.losesCandidates) setInterval(() => outgoing.forEach(drop), 1500);
if (quirk.losesIdle) setInterval(() => [...primaries()].forEach(drop), 2500);

/* Driven by lines. */

const actions = {
  async start({ url, ...wishes }) {
    base = url;
    settings = wishes;
    profile = settings.profile ?? "p23";
    me.id = settings["peer-id"];
    me.overlay = settings["overlay-id"];
    me.type = settings.type;
    me.subType = settings["sub-type"];
    const server = createServer((socket) => link(socket, true));
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    me.address = `tcp://127.0.0.1:${server.address().port}`;
  },
  async join() {
    if (me.type === "sub" && me.subType === "tree") {
      const found = await (await fetch(`${base}/homs?overlay-id=${me.overlay}`)).json();
      me.source = found.overlay[0]["owner-id"];
    }
    await join(false);
    if (!quirk.neverSeeks) void seek();
  },
  async send({ text }) {
    publish(text);
  },
  async receive() {
    tells = true;
  },
  async scan() {
    scanned = [];
    const cseq = Date.now() % 1e6;
    const peer = { "peer-id": me.id, address: me.address, "ticket-id": me.ticket };
    const to = quirk.scansOne ? primaries().slice(0, 1) : primaries();
    for (const own of to)
      send(own, 9, {
        cseq: profile === "p20" ? String(cseq) : cseq,
        overlay: { "overlay-id": me.overlay, via: [[me.id, me.address]], path: null },
        peer,
      });
    await new Promise((done) => setTimeout(done, 300));
    const tree = { "peer-id": me.id, children: [] };
    for (const path of quirk.losesScans ? [] : scanned) {
      let at = tree;
      for (const step of path) {
        const known = at.children.find((one) => one["peer-id"] === step["peer-id"]);
        const child = known ?? { ...step, children: [] };
        if (!known) at.children.push(child);
        at = child;
      }
    }
    return tree;
  },
  async leave() {
    left = true;
    await homs("DELETE", "/peer", {
      overlay: { "overlay-id": me.overlay },
      peer: { "peer-id": me.id, auth: self().auth },
    });
    if (!quirk.leavesMutely)
      for (const own of [...primaries(), ...outgoing, ...incoming]) send(own, 7, { operation: { ack: false } });
    setTimeout(() => links.forEach(drop), 200);
  },
};

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...details } = JSON.parse(line);
  const action = quirk.lacks?.includes(name) ? undefined : actions[name];
  if (!action) say({ id, unsupported: true });
  else
    void action(details).then(
      (result) => say({ id, ok: true, ...(result === undefined ? {} : { result }) }),
      (error) => say({ id, error: String(error) }),
    );
}
process.exit(0);
