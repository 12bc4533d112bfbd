// A hybrid peer towards its HOMS, written from Q.4103 alone and without anything of this project, with switches that make it odd or wrong.
// Usage: node tiny-hybrid-peer.mjs adapter [QUIRK]: driven by JSON lines; node tiny-hybrid-peer.mjs URL [QUIRK]: does what MP2P_ACTIONS says.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { quirks } from "./quirks.mjs";

const [, , where, name = ""] = process.argv;
const quirk = name === "" ? {} : quirks[name];
if (!quirk) throw new Error(`no quirk ${name}`);

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const password = quirk.password ?? Array.from(randomBytes(16), (byte) => letters[byte % letters.length]).join("");
const me = { base: "", id: `tiny-${randomBytes(4).toString("hex")}`, password, settings: {} };
const adminKey = `admin${randomBytes(8).toString("hex")}`;
let owned;
let member;
let applications = [];

// ---- HTTP, octet by octet ----

/** One request on a connection of its own. Resolves with status 0 where no whole answer comes. */
function send(primitive, method, path, body) {
  const message = {
    primitive,
    method,
    path,
    body,
    headers: { accept: "application/json" },
    version: "1.1",
    me,
    member,
    owned,
  };
  quirk.sends?.(message);
  if (message.skip)
    return Promise.resolve({
      status: 200,
      body: { overlay: primitive === "query" ? [] : { "overlay-id": "unasked" } },
    });
  const url = new URL(me.base);
  const text = message.text ?? (message.body === undefined ? "" : JSON.stringify(message.body));
  const target = quirk.absolute ? `${me.base}${message.path}` : message.path;
  const headers = { host: url.host, connection: "close", ...message.headers };
  if (text !== "") headers["content-type"] ??= "application/json";
  if (text !== "" && !quirk.chunked) headers["content-length"] = Buffer.byteLength(text);
  if (text !== "" && quirk.chunked) headers["transfer-encoding"] = "chunked";
  const lines = Object.entries(headers).flatMap(([key, value]) =>
    value === undefined ? [] : [`${quirk.shouts ? key.toUpperCase() : key}: ${value}`],
  );
  const head = `${message.method} ${target} HTTP/${message.version}\r\n${lines.join("\r\n")}\r\n\r\n`;
  const octets = Buffer.concat([
    Buffer.from(head),
    text === "" ? Buffer.alloc(0) : quirk.chunked ? chunks(text) : Buffer.from(text),
  ]);
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname);
    let got = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on("connect", async () => {
      if (!quirk.drips) return void socket.write(octets);
      for (let at = 0; at < octets.length; at += 40) {
        socket.write(octets.subarray(at, at + 40));
        await new Promise((next) => setTimeout(next, 2));
      }
    });
    socket.on("data", (data) => {
      got = Buffer.concat([got, data]);
      const answer = parse(got, false);
      if (answer) {
        resolve(answer);
        socket.destroy();
      }
    });
    socket.on("error", () => resolve({ status: 0 }));
    socket.on("close", () => resolve(parse(got, true) ?? { status: 0 }));
  });
}

function chunks(text) {
  const parts = [];
  for (const part of text.match(/[\s\S]{1,17}/g) ?? [])
    parts.push(`${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`);
  return Buffer.from(`${parts.join("")}0\r\n\r\n`);
}

function parse(octets, ended) {
  const end = octets.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = octets.subarray(0, end).toString("latin1");
  const header = (wanted) => new RegExp(`^${wanted}: *(.*)$`, "im").exec(head)?.[1]?.trim();
  const rest = octets.subarray(end + 4);
  let text = rest.toString();
  const length = header("content-length");
  if (/chunked/i.test(header("transfer-encoding") ?? "")) {
    if (!text.endsWith("0\r\n\r\n")) return undefined;
    text = text.replace(/([0-9a-f]+)\r\n([\s\S]*?)\r\n(?=[0-9a-f]+\r\n)/gi, "$2").replace(/0\r\n\r\n$/, "");
  } else if (length !== undefined) {
    if (rest.length < Number(length)) return undefined;
  } else if (!ended && !/ (204|304) /.test(head)) {
    return undefined;
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {}
  return { status: Number(/^HTTP\/1\.\d (\d+)/.exec(head)?.[1]), body, retryAfter: Number(header("retry-after") ?? 0) };
}

const good = ({ status }) => status >= 200 && status < 300;
const passing = ({ status }) => status === 0 || status >= 500;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Comes again after no answer or a 5xx, ever more slowly. */
async function persist(attempt, tries = 4) {
  for (let wait = 400; ; wait *= 2) {
    const answer = await attempt();
    if (!passing(answer) || --tries <= 0 || quirk.givesUp) return answer;
    await pause(quirk.hammers ? 5 : Math.max(wait, 1000 * (answer.retryAfter ?? 0)));
    if (quirk.hammers) tries = 1000;
  }
}

// ---- the owner [6.2.1 to 6.2.4] ----

const auth = (access) => ({
  type: access["access-key"] || access.peerlist ? "closed" : "open",
  admin_key: adminKey,
  ...(access["access-key"] && { access_key: access["access-key"] }),
  ...(access.peerlist && { peerlist: access.peerlist }),
});

async function create(wishes) {
  const overlay = {
    title: wishes.title || "tiny",
    type: wishes.type || "core",
    "sub-type": wishes["sub-type"] || "tree",
    "owner-id": me.id,
    ...(wishes["overlay-expires"] && { expires: wishes["overlay-expires"] }),
    description: wishes.description || "",
    "heartbeat-interval": wishes["heartbeat-interval"] || 10,
    "heartbeat-timeout": wishes["heartbeat-timeout"] || 35,
    auth: auth(wishes),
    ...(wishes["cr-policy"] && { "cr-policy": wishes["cr-policy"] }),
  };
  const answer = await persist(() => send("create", "POST", "/homs", { overlay_info: overlay }));
  if (!good(answer)) throw new Error(`creation: ${answer.status}`);
  owned = { id: answer.body.overlay["overlay-id"], type: overlay.type, shape: overlay["sub-type"], access: wishes };
}

async function query(wishes) {
  const keywords = ["overlay-id", "title", "description"].filter(
    (key) => typeof wishes[key] === "string" && wishes[key] !== "",
  );
  const search = new URLSearchParams(keywords.map((key) => [key, wishes[key]]));
  const answer = await persist(() =>
    send("query", "GET", `/homs${keywords.length > 0 && !quirk.plainQuery ? `?${search}` : ""}`),
  );
  if (!good(answer)) return [];
  const list = Array.isArray(answer.body) ? answer.body : answer.body.overlay;
  const all = list.map((one) => one.overlay ?? one);
  return all.filter((one) => keywords.every((key) => String(one[key]).includes(wishes[key])));
}

async function modify(wishes) {
  const access = wishes["access-key"] ? wishes : owned.access;
  const overlay = {
    "overlay-id": owned.id,
    ...(wishes.title && { title: wishes.title }),
    "owner-id": me.id,
    ...(wishes["overlay-expires"] && { expires: wishes["overlay-expires"] }),
    ...(wishes.description && { description: wishes.description }),
    auth: auth(access),
  };
  await persist(() => send("modify", "PUT", "/homs", { overlay }));
}

const remove = () =>
  persist(() =>
    send("remove", "DELETE", "/homs", {
      overlay: { "overlay-id": owned.id, "owner-id": me.id, auth: { admin_key: adminKey } },
    }),
  );

// ---- the member [6.2.5 to 6.2.8] ----

const peer = () => ({ "peer-id": me.id, address: "tcp://127.0.0.1:9100", auth: { password: me.password } });
const access = () => (member.key ? { auth: { type: "closed", access_key: member.key } } : {});

async function join(wishes) {
  let target = { id: wishes["overlay-id"], type: wishes.type ?? "core", shape: wishes["sub-type"] ?? "tree" };
  if (!target.id && owned) target = owned;
  else if (!target.id) {
    const found = quirk.guesses ? [{ "overlay-id": "guessed" }] : await query({ title: wishes.title });
    const one = quirk.takesFirst
      ? (await query({}))[0]
      : (found.find(({ title }) => title === wishes.title) ?? found[0]);
    if (!one) throw new Error("nothing found");
    target = { id: one["overlay-id"], type: one.type, shape: one["sub-type"] };
  }
  member = { ...target, key: wishes["access-key"] ?? owned?.access["access-key"], paths: none, asked: wishes.expires };
  await enter(false);
}

const none = { primary: [], outgoing: [], incoming: [] };

async function enter(recovery) {
  const own = member;
  clearTimeout(own.timer);
  if (quirk.invents) own.ticket = "1700000000";
  const overlay = {
    "overlay-id": own.id,
    type: own.type,
    "sub-type": own.shape,
    ...(own.asked && { expires: own.asked }),
    ...access(),
    ...(quirk.invents && { "ticket-id": own.ticket }),
    ...(recovery && { recovery: true, ...(own.ticket !== undefined && { "ticket-id": own.ticket }) }),
  };
  const answer = await persist(
    () => send(recovery ? "recover" : "join", "POST", "/peer", { overlay, peer: peer() }),
    5,
  );
  if (!good(answer) && !quirk.deaf) {
    if (answer.status !== 409) throw new Error(`join: ${answer.status}`);
    await send("leave", "DELETE", "/peer", { overlay: { "overlay-id": own.id }, peer: peer() });
    return await enter(false);
  }
  const said = answer.body?.overlay ?? {};
  const ticket = said["ticket-id"] ?? answer.body?.peer?.["ticket-id"];
  if (!quirk.invents && ticket !== undefined) own.ticket = String(ticket);
  own.joined = true;
  if (quirk.neverRefreshes || (quirk.fearsTheDead && said.status?.peer_info_list?.length > 0)) return;
  plan(lifetimeOf(answer));
}

const lifetimeOf = ({ body }) =>
  Number(
    (quirk.fixed ? undefined : (body?.peer?.expires ?? body?.overlay?.expires)) ??
      member.lifetime ??
      (quirk.deaf ? 1 : 60),
  );

function plan(lifetime) {
  if (!member || member.left) return;
  member.lifetime = lifetime;
  clearTimeout(member.timer);
  member.timer = setTimeout(refresh, 1000 * lifetime * (quirk.share ?? 0.6));
}

async function refresh() {
  const own = member;
  if (own.left && !quirk.stays) return;
  const overlay = { "overlay-id": own.id, ...(own.asked && { expires: own.asked }), ...access() };
  const body = { overlay, peer: { ...peer(), ...(applications.length > 0 && { applications }) } };
  const answer = await send("refresh", "PUT", "/peer", body);
  if (own.left && !quirk.stays) return;
  if (good(answer)) {
    own.refreshed = (own.refreshed ?? 0) + 1;
    if (quirk.refreshesOnce || (quirk.refreshesTwice && own.refreshed >= 2)) return;
    return plan(lifetimeOf(answer));
  }
  if (passing(answer)) {
    if (quirk.fragile) return;
    own.timer = setTimeout(refresh, quirk.hammers ? 5 : Math.max(300, 1000 * (answer.retryAfter ?? 0)));
    return;
  }
  if (quirk.stubborn) {
    own.timer = setTimeout(refresh, 20);
    return;
  }
  if (!quirk.resigns) await enter(false).catch(() => {});
}

async function report() {
  const { primary, outgoing, incoming } = member.paths;
  const status = {
    num_primary: primary.length,
    num_out_candidate: outgoing.length,
    num_in_candidate: incoming.length,
    costmap: { primary, outgoing_candidate: outgoing, incoming_candidate: incoming },
  };
  const answer = await persist(() =>
    send("report", "POST", "/peer/report", {
      overlay: { "overlay-id": member.id },
      peer: { "peer-id": me.id, auth: { password: me.password }, ...(applications.length > 0 && { applications }) },
      status,
    }),
  );
  if (quirk.needsBody && !answer.body) process.exit(1);
}

async function leave() {
  const own = member;
  if (!own || own.left) return;
  own.left = true;
  if (!quirk.stays) clearTimeout(own.timer);
  await send("leave", "DELETE", "/peer", {
    overlay: { "overlay-id": own.id, ...access() },
    peer: { "peer-id": me.id, auth: { password: me.password } },
  });
}

// ---- being driven ----

const actions = {
  create,
  async query(wishes) {
    const found = await query(wishes);
    const shown = quirk.hides ? found.slice(1) : found;
    return { overlay: shown.map((one) => ({ "overlay-id": one["overlay-id"], title: one.title })) };
  },
  modify,
  remove,
  join,
  async paths({ primary = [], outgoing = [], incoming = [] }) {
    member.paths = { primary, outgoing, incoming };
    await report();
  },
  async "lose-paths"() {
    member.paths = none;
    if (quirk.reportsFirst) await report();
    if (!quirk.noRecovery) await enter(true);
    if (!quirk.reportsFirst && !quirk.silentLoss) await report();
  },
  async attach({ application }) {
    applications = [...applications, application];
    if (quirk.byRefresh) await refresh();
    else await report();
  },
  leave,
};

async function perform(action, wishes) {
  const known = Object.hasOwn(actions, action) && !(quirk.lacks ?? []).includes(action);
  if (!known) return { unsupported: `no ${action} here` };
  try {
    const result = await actions[action]({ ...me.settings, ...wishes });
    return { ok: true, ...(result !== undefined && { result }) };
  } catch (error) {
    return { error: error.message };
  }
}

function begin({ url, ...settings }) {
  me.base = url.replace(/\/$/, "");
  me.settings = settings;
  if (typeof settings["peer-id"] === "string" && !quirk.ownName) me.id = settings["peer-id"];
}

const bye = async () => {
  if (!quirk.vanishes) await leave();
  process.exit(0);
};

if (where === "adapter") {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, do: action, ...wishes } = JSON.parse(line);
    const say = (answer) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
    if (action === "start") {
      begin(wishes);
      say({ ok: true });
    } else if (action === "leave" && quirk.vanishes) {
      say({ ok: true });
      clearTimeout(member?.timer);
    } else {
      void perform(action, wishes).then(say);
    }
  }
  // Nobody is there any more: timers of its own must not keep it, or it would call whoever listens on that port next.
  process.exit(0);
} else {
  process.on("SIGTERM", bye);
  const { details = {}, ...settings } = JSON.parse(process.env.MP2P_WISHES ?? "{}");
  begin({ ...settings, url: where });
  const hold = setInterval(() => {}, 60_000);
  hold.ref();
  for (const action of (process.env.MP2P_ACTIONS ?? "join").split(",")) await perform(action, details[action] ?? {});
}
