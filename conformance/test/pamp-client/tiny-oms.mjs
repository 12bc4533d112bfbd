// An OMS towards its PAMS in some 150 lines, without anything of this project, and with switches that make it odd or wrong.
// Usage: node tiny-oms.mjs URL [QUIRK]; with `adapter` for URL it is driven by JSON lines on its standard input.
import { request } from "node:http";
import { createInterface } from "node:readline";
import { omsQuirks } from "./oms-quirks.mjs";

const [, , where, name = ""] = process.argv;
const quirk = name === "" ? {} : omsQuirks[name];
if (!quirk) throw new Error(`no quirk ${name}`);

let base = "";
const overlays = new Map();
const resource = (address) => {
  const url = new URL(address);
  if (!/\/pams\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, "")}/pams/`;
  return url.href.replace(/\/$/, "");
};

function send(method, path, body, headers = {}) {
  const message = { method, path, body, headers };
  quirk.sends?.(message);
  if (message.skip) return Promise.resolve({ status: 200 });
  const text = message.text ?? (message.body === undefined ? undefined : JSON.stringify(message.body));
  return new Promise((resolve) => {
    const outgoing = request(`${base}${message.path}`, {
      method: message.method,
      agent: false,
      headers: {
        accept: "application/json",
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
        ...message.headers,
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
        resolve({ status: response.statusCode, json, headers: response.headers });
      });
    });
    outgoing.end(text);
  });
}

const good = ({ status }) => status >= 200 && status < 300;
const nid = (id) => encodeURIComponent(quirk.otherOverlay ? `${id}x` : id);

async function create({ "overlay-id": id, "content-type": type = "FILE" }) {
  const overlay = { id: quirk.oneId ?? `${id}${quirk.suffix ?? ""}`, pams: undefined };
  overlays.set(overlay.id, overlay);
  for (;;) {
    const body = {
      overlay_network_information: { overlay_network_id: overlay.id, content_type: quirk.contentType ?? type },
    };
    if (quirk.untyped && type === "FILE") delete body.overlay_network_information.content_type;
    const reply = await send("POST", "/", body);
    if (quirk.registersTwice) await send("POST", "/", body);
    if (good(reply) || [406, 409].includes(reply.status)) {
      const conf = reply.json?.pam_conf_info ?? reply.json?.pam_conf ?? {};
      if (quirk.strictMembers && Object.keys(reply.json ?? {}).length > 1) throw new Error("an unknown member");
      if (quirk.needsLength && reply.headers["content-length"] === undefined) throw new Error("no length");
      const pams = quirk.ownAddress ? base : (conf.pams_url ?? conf.pam_url);
      if (conf.pam_enabled !== false || quirk.ignoresDisabled) overlay.pams = pams;
      if (conf.report_interval > 0 && !quirk.registersOnce) repeat(body, conf.report_interval);
      return { pams_url: overlay.pams };
    }
    if (reply.status >= 400 && reply.status < 500 && !quirk.hammers) throw new Error(String(reply.status));
    const wait = Number(reply.headers?.["retry-after"] ?? 0.5);
    if (!quirk.hammers) await new Promise((resolve) => setTimeout(resolve, 1000 * wait));
  }
}

/** Registers again at each interval [X.609.10 8.1 c)]. */
function repeat(body, interval) {
  const id = body.overlay_network_information.overlay_network_id;
  const again = quirk.repeatsAnother ? { overlay_network_information: { overlay_network_id: `${id}-again` } } : body;
  const timer = setInterval(
    () => (overlays.has(id) ? send("POST", "/", again) : clearInterval(timer)),
    1000 * interval,
  );
}

async function close({ "overlay-id": id }) {
  const all = quirk.closesAll ? [...overlays.keys()] : [id];
  for (const one of all) {
    if (!quirk.neverCloses) {
      const reply = await send("DELETE", quirk.closePath?.(one) ?? `/${nid(one)}/`, quirk.closeBody);
      if (quirk.repeatsClosing && !good(reply)) for (;;) await send("DELETE", `/${nid(one)}/`);
      if (quirk.queriesClosed) await send("GET", `/${nid(one)}/peer`);
    }
    overlays.delete(one);
  }
  return {};
}

async function queryList({ "overlay-id": id, peer_query_condition }) {
  const condition = peer_query_condition ? { ...peer_query_condition } : quirk.emptyCondition && {};
  if (condition) quirk.condition?.(condition);
  const reply = await send("GET", `/${nid(id)}/peer`, condition ? { peer_query_condition: condition } : undefined);
  if (!good(reply)) {
    if (quirk.invents) return { peers: ["peer-of-old"] };
    throw new Error(String(reply.status));
  }
  const { peer_id, peers = peer_id, fragment_list } = reply.json?.peer_list ?? {};
  if (quirk.invents) return { peers: [...(peers ?? []), "peer-of-old"] };
  const kept = quirk.keepsPeers ? [] : (peers ?? []).slice(0, quirk.leavesOut ? 1 : undefined);
  return { peers: kept, ...(quirk.keepsAdvice ? {} : { fragments: fragment_list?.fragment }) };
}

async function queryPeer({ "overlay-id": id, "peer-id": peer }) {
  const reply = await send(
    "GET",
    quirk.infoPath?.(id, peer) ?? `/${nid(id)}/peers/${encodeURIComponent(peer)}`,
    quirk.infoBody,
  );
  if (!good(reply)) {
    if (quirk.inventsStatus) return { peer_status: { dynamic_status: { overlay_event: "STARTED" } } };
    throw new Error(String(reply.status));
  }
  const body = reply.json ?? {};
  return quirk.inventsStatus ? { peer_status: {} } : { peer_status: body.peer_status ?? body["peer_status "] };
}

const perform = {
  "create-overlay": create,
  "create-another": create,
  "close-overlay": close,
  "join-peer": async ({ "overlay-id": id }) => ({
    pams_url: overlays.get(id)?.pams ?? (quirk.tellsNothing ? undefined : undefined),
  }),
  "query-list": queryList,
  "query-peer": queryPeer,
};

if (where === "adapter") {
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const { id, do: action, ...details } = JSON.parse(line);
    const answer = (more) => process.stdout.write(`${JSON.stringify({ id, ...more })}\n`);
    if (action === "start") {
      base = resource(details.url);
      create.wishes = details;
      return answer({ ok: true });
    }
    if (quirk.unsupported?.includes(action)) return answer({ unsupported: "not here" });
    try {
      const all = {
        "overlay-id": quirk.oneId ?? create.wishes["overlay-id"],
        "content-type": create.wishes["content-type"],
        ...details,
      };
      if (quirk.tellsNothing && action === "join-peer") return answer({ ok: true, result: {} });
      answer({ ok: true, result: await perform[action](all) });
    } catch (error) {
      answer({ error: error.message });
    }
  });
} else {
  base = resource(where);
  const { details = {}, ...settings } = JSON.parse(process.env.MP2P_WISHES ?? "{}");
  const keep = setInterval(() => {}, 1000);
  process.on("SIGTERM", () => process.exit(0));
  for (const action of (process.env.MP2P_ACTIONS ?? "create-overlay").split(",")) {
    await perform[action]({ ...settings, ...details[action] }).catch(() => {});
  }
  void keep;
}
