import type { Http, HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import type { PamsTest } from "./case.js";
import type { Json } from "./messages.js";
import { idIn } from "./messages.js";

/** How to send: as `t.http` does, or through another instrument, which knows no tokens of peers. */
export type Sending = Omit<HttpSendOptions, "body"> & { readonly http?: Http };

/** Paths of the peer resources, in the spelling of each table or in the one declared (E-PAMP-01). */
function segment(t: PamsTest, printed: "peer" | "peers"): string {
  const reading = t.declared.reading("E-PAMP-01");
  return reading === "A" ? printed : reading === "B" ? "peer" : "peers";
}

export const paths = {
  overlays: () => "/pams/",
  overlay: (NID: string) => `/pams/${encodeURIComponent(NID)}/`,
  registration: (t: PamsTest, NID: string) => `/pams/${encodeURIComponent(NID)}/${segment(t, "peer")}/`,
  list: (t: PamsTest, NID: string) => `/pams/${encodeURIComponent(NID)}/${segment(t, "peer")}`,
  report: (t: PamsTest, NID: string, PID: string) =>
    `/pams/${encodeURIComponent(NID)}/${segment(t, "peer")}/${encodeURIComponent(PID)}/`,
  peer: (t: PamsTest, NID: string, PID: string) =>
    `/pams/${encodeURIComponent(NID)}/${segment(t, "peers")}/${encodeURIComponent(PID)}`,
};

/** PAMP_OVERLAY_NW_REG; what it registers is deregistered after the case, also where it should have been refused. */
export async function registerOverlay(t: PamsTest, body: Json, { http = t.http, ...as }: Sending = {}) {
  const reply = await http.post(paths.overlays(), { body, ...as });
  const id = idIn(body, "overlay_network_information");
  if (reply.status < 300 && id !== undefined) t.cleanup(`overlay ${id}`, () => t.http.delete(paths.overlay(id)));
  return reply;
}

/** PAMP_OVERLAY_NW_DEREG */
export function deregisterOverlay(t: PamsTest, NID: string, { http = t.http, ...as }: Sending = {}) {
  return http.delete(paths.overlay(NID), as);
}

/** PAMP_PEER_REG; what it registers is deregistered after the case. */
export async function registerPeer(t: PamsTest, NID: string, body: Json, { http = t.http, ...as }: Sending = {}) {
  const reply = await http.post(paths.registration(t, NID), { body, ...as });
  const id = idIn(body, "peer_information");
  if (reply.status >= 300 || id === undefined) return reply;
  remember(t, NID, id, reply);
  t.cleanup(`peer ${id}`, () => deregisterPeer(t, NID, id));
  return reply;
}

/** PAMP_PEER_DEREG */
export function deregisterPeer(t: PamsTest, NID: string, PID: string, { http = t.http, ...as }: Sending = {}) {
  const token = http === t.http ? tokenOf(t, NID, PID) : {};
  return http.delete(paths.peer(t, NID, PID), { ...as, headers: { ...token, ...as.headers } });
}

/** PAMP_PEER_STATUS_REPORT */
export function report(t: PamsTest, NID: string, PID: string, body: Json, { http = t.http, ...as }: Sending = {}) {
  const malformed = as.malformed === true || t.declared.reading("E-PAMP-08") === "B";
  const headers = { ...(http === t.http ? tokenOf(t, NID, PID) : {}), ...as.headers };
  return http.put(paths.report(t, NID, PID), { body, ...as, malformed, headers });
}

/** PAMP_PEER_INFO_QUERY */
export function queryPeer(t: PamsTest, NID: string, PID: string, { http = t.http, ...as }: Sending = {}) {
  return http.get(paths.peer(t, NID, PID), as);
}

/** PAMP_PEER_LIST_QUERY, its conditions in the body of the GET unless another carrier is declared (E-PAMP-12). */
export function listPeers(t: PamsTest, NID: string, condition: Json, { http = t.http, ...as }: Sending = {}) {
  const body = { peer_query_condition: condition };
  switch (t.declared.value("query-carrier")) {
    case "query":
      return http.get(`${paths.list(t, NID)}?${parameters(condition)}`, as);
    case "post":
      return http.post(t.declared.value("query-path").replace("{NID}", encodeURIComponent(NID)), {
        body,
        ...as,
        malformed: true,
      });
    default:
      return http.get(paths.list(t, NID), { body, ...as });
  }
}

/** Members of a condition under their own names, those of objects inside it too; a list repeats its name. */
function parameters(condition: Json): string {
  const query = new URLSearchParams();
  const add = (members: Json): void => {
    for (const [name, value] of Object.entries(members)) {
      if (isObject(value)) add(value);
      else for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
    }
  };
  add(condition);
  return query.toString();
}

// ---- tokens that a product may give its peers (E-PAMP-68) ----

const tokens = new WeakMap<PamsTest, Map<string, string>>();

function remember(t: PamsTest, NID: string, PID: string, reply: HttpReply): void {
  const name = t.declared.value("peer-token-header").toLowerCase();
  const token = name === "" ? undefined : reply.headers[name];
  if (typeof token !== "string") return;
  const known = tokens.get(t) ?? new Map<string, string>();
  tokens.set(t, known.set(`${NID}/${PID}`, token));
}

/** The header by which a peer shows the token it was given, if any. */
export function tokenOf(t: PamsTest, NID: string, PID: string): Record<string, string> {
  const token = tokens.get(t)?.get(`${NID}/${PID}`);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
