// A PAMP peer in some 200 lines, without anything of this project, and with switches that make it odd or wrong.
// Usage: node tiny-peer.mjs URL [QUIRK]; with `adapter` for URL it is driven by JSON lines on its standard input.
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { peerQuirks } from "./peer-quirks.mjs";

const [, , where, name = ""] = process.argv;
const quirk = name === "" ? {} : peerQuirks[name];
if (!quirk) throw new Error(`no quirk ${name}`);

const agent = quirk.keepsAlive ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
const profile = {
  max_up_bw: 1000,
  max_dn_bw: 5000,
  max_up_bw_per_net: 100,
  max_dn_bw_per_net: 500,
  max_num_conn_for_up: 50,
  max_num_conn_for_dn: 60,
  max_num_conn_for_up_per_net: 40,
  max_num_active_net: 20,
};
const peer = {
  base: "",
  overlay: process.env.MP2P_OVERLAY_ID ?? "overlay-1",
  id: process.env.MP2P_PEER_ID ?? "peer-1",
  actions: (process.env.MP2P_ACTIONS ?? "").split(",").slice(1),
  details: JSON.parse(process.env.MP2P_WISHES ?? "{}").details ?? {},
  phase: "outside",
  intervalS: 0,
  profileDue: true,
  event: "STARTED",
  uploaded: 0,
  downloaded: 0,
  left: 40_000,
  events: [],
  holds: undefined,
  timer: undefined,
};

/** The resource base: everything behind it is /{NID}/… */
function resource(address) {
  const url = new URL(address);
  if (!/\/pams\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, "")}/pams/`;
  return url.href.replace(/\/$/, "");
}

function send(method, path, body, headers = {}) {
  const message = { method, path, body, headers };
  quirk.sends?.(message, peer);
  if (message.skip) return Promise.resolve({ status: 200 });
  const text = message.text ?? (message.body === undefined ? undefined : JSON.stringify(message.body));
  return new Promise((resolve) => {
    const outgoing = request(`${peer.base}${message.path}`, {
      method: message.method,
      agent,
      headers: {
        accept: "application/json",
        ...(text === undefined
          ? {}
          : quirk.chunked
            ? { "content-type": "application/json" }
            : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
        ...message.headers,
        ...Object.fromEntries(Object.entries(message.headers).map(([key, value]) => [key, value ?? []])),
      },
    });
    outgoing.on("error", () => resolve({ status: 0 }));
    outgoing.on("response", (response) => {
      let answer = "";
      response.on("data", (chunk) => {
        answer += chunk;
      });
      response.on("error", () => resolve({ status: 0 }));
      response.on("end", () => {
        let json;
        try {
          json = JSON.parse(answer);
        } catch {}
        resolve({ status: response.statusCode, json, text: answer, headers: response.headers });
      });
    });
    if (quirk.splits && text !== undefined) {
      const half = Math.ceil(text.length / 2);
      outgoing.write(text.slice(0, half));
      setTimeout(() => outgoing.end(text.slice(half)), 30);
    } else {
      outgoing.end(text);
    }
  });
}

if (quirk.oneId) peer.id = quirk.oneId;
const nid = () => encodeURIComponent(peer.overlay);
const pid = () => encodeURIComponent(peer.id);

async function register() {
  peer.phase = "registering";
  clearTimeout(peer.timer);
  const path = quirk.registerPath ?? `/${nid()}/peer/`;
  const body = { peer_information: { peer_id: peer.id, ...(quirk.untyped ? {} : { type: "PEER" }) } };
  const reply = await send("POST", path, body);
  if (peer.phase !== "registering") return;
  const good = reply.status >= 200 && reply.status < 300;
  if (!good && !quirk.ignoresRefusal) return refused(reply);
  const conf = reply.json?.pam_conf_info ?? reply.json?.pam_conf ?? {};
  if (quirk.strictMembers && Object.keys(reply.json ?? {}).some((one) => one !== "pam_conf_info"))
    return refused(reply);
  if (quirk.needsLength && reply.headers["content-length"] === undefined) return refused(reply);
  peer.intervalS = quirk.intervalS?.(conf.report_interval ?? 0) ?? Number(conf.report_interval ?? 0);
  const address = conf.pams_url ?? conf.pam_url;
  if (address && !quirk.staysPut) peer.base = resource(address);
  peer.phase = "registered";
  peer.profileDue = true;
  if (quirk.reportsLate && peer.intervalS > 0) return plan();
  await report();
  await perform();
}

function refused(reply) {
  peer.phase = "refused";
  if (quirk.hammers) return void setImmediate(register);
  const wait = 1000 * Number(reply.headers?.["retry-after"] ?? 0.5);
  if (reply.status === 409) return void send("DELETE", `/${nid()}/peers/${pid()}`).then(register);
  if (quirk.givesUp) return;
  peer.timer = setTimeout(register, wait);
}

async function perform() {
  for (const action of peer.actions.splice(0)) {
    if (action !== "leave") await act(action, peer.details[action] ?? {});
  }
}

function dynamic() {
  const amount = (value) => (quirk.numbers ? value : String(value));
  const { uploaded, downloaded, events } = peer;
  for (const name of ["uploaded", "downloaded"]) if (quirk.totals !== name) peer[name] = 0;
  if (!quirk.repeatsEvents) peer.events = [];
  return {
    overlay_event: peer.event,
    uploaded: amount(uploaded),
    downloaded: amount(downloaded),
    left: amount(peer.left),
    ...(events.length > 0 ? { fragment_event: events } : {}),
    ...(peer.holds ?? {}),
    num_upload_connection: 10,
    num_download_connection: 12,
  };
}

async function report() {
  if (peer.phase !== "registered" && !quirk.reportsAfterLeaving) return;
  const due = quirk.apart ? [["static"], ["dynamic"]] : [["static", "dynamic"]];
  const whole = peer.profileDue && !quirk.noStatic;
  peer.profileDue = false;
  for (const parts of whole ? due : [["dynamic"]]) {
    const status = {
      ...(parts.includes("dynamic") && !quirk.noDynamic ? { dynamic_status: dynamic() } : {}),
      ...(parts.includes("static") || quirk.alwaysStatic ? { static_status: { ...profile } } : {}),
    };
    const reply = await send("PUT", `/${nid()}/peer/${pid()}${quirk.bareReport ? "" : "/"}`, { peer_status: status });
    if (reply.status === 404 && !quirk.ignoresUnknown) {
      if (quirk.stopsUnknown) {
        peer.phase = "refused";
        return;
      }
      peer.timer = setTimeout(register, 100);
      peer.phase = "refused";
      return;
    }
    if (reply.status === 404 && quirk.hammers) return void setImmediate(report);
    if (quirk.stopsAfterTrouble && (reply.status === 0 || reply.status >= 500)) return;
  }
  plan();
}

function plan() {
  clearTimeout(peer.timer);
  const seconds = quirk.zeroLoops && peer.intervalS === 0 ? 0.001 : peer.intervalS;
  if (seconds > 0) peer.timer = setTimeout(report, 1000 * seconds);
}

async function act(action, details) {
  if (quirk.ignores?.includes(action)) return;
  if (action === "change-profile") {
    Object.assign(profile, details.static_status);
    peer.profileDue = !quirk.keepsProfile;
  } else if (action === "exchange") {
    peer.uploaded += details.uploaded ?? 0;
    peer.downloaded += details.downloaded ?? 0;
    peer.events.push(...(details.events ?? []).map((one) => quirk.event?.(one, peer) ?? one));
  } else if (action === "hold") {
    const { fragment, start_fragment_id, end_fragment_id, num_of_fragment, fragment_size } = details;
    peer.holds = {
      fragment_list: { num_of_fragment, fragment_size, fragment },
      fragment_range: { start_fragment_id, end_fragment_id },
    };
    quirk.holds?.(peer.holds);
  } else if (action === "pause") {
    peer.event = "STOPPED";
  } else if (action === "complete") {
    peer.event = "COMPLETED";
    if (!quirk.keepsLeft) peer.left = 0;
  } else if (action === "leave") {
    return await leave();
  }
  if (peer.phase === "registered") await report();
}

async function leave() {
  clearTimeout(peer.timer);
  peer.phase = "left";
  if (!quirk.leavesSilently)
    await send("DELETE", quirk.leavePath?.(peer) ?? `/${nid()}/peers/${pid()}`, quirk.leaveBody);
  if (quirk.reportsAfterLeaving) {
    peer.intervalS = 0.2;
    return void report();
  }
  if (where !== "adapter") process.exit(0);
}

process.on("SIGTERM", () => void leave());
if (where === "adapter") {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, do: action, ...details } = JSON.parse(line);
    const answer = (more) => process.stdout.write(`${JSON.stringify({ id, ...more })}\n`);
    if (quirk.unsupported?.includes(action)) return answer({ unsupported: true });
    if (action === "start") {
      peer.base = resource(details.url);
      peer.overlay = details["overlay-id"];
      peer.id = quirk.oneId ?? `${details["peer-id"]}${quirk.suffix ?? ""}`;
      peer.actions = [];
    } else if (action === "join") {
      void register();
    } else {
      void act(action, details);
    }
    answer({ ok: true });
  });
} else {
  peer.base = resource(where);
  void register();
}
