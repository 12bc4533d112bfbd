import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DialectName, Json } from "../dialect.js";
import { objectOf, without } from "../dialect.js";

/** Answers as the study group's public HOMS of these dates were measured to: same statuses, same bodies, same strictness. */
export interface FieldHoms {
  readonly url: string;
  /** What came in, as `METHOD /path?query body`. */
  readonly log: { readonly line: string; readonly body: Json; readonly status: number }[];
  readonly peers: Map<string, { address: string; password: string; ticket: number; expires: number; primary: number }>;
  close(): Promise<void>;
}

const badRequest = { status: 400, body: "BAD REQUEST" };

export async function startFieldHoms(version: Exclude<DialectName, "text">): Promise<FieldHoms> {
  const overlays = new Map<string, Json>();
  const peers: FieldHoms["peers"] = new Map();
  const log: FieldHoms["log"] = [];
  const v22 = version === "v22";
  let ticket = 0;

  const create = (overlay: Json) => {
    const auth = objectOf(overlay.auth);
    const needed = ["title", "type", "sub-type", "owner-id", "description", "heartbeat-interval", "heartbeat-timeout"];
    if (overlay.auth === undefined) return { status: 500, body: "'NoneType' object is not subscriptable" };
    if (needed.some((name) => overlay[name] == null) || auth.admin_key == null) return badRequest;
    if (overlay.type !== "core" || overlay["sub-type"] !== "tree") return badRequest;
    if (auth.type === "closed" && auth.access_key == null && !Array.isArray(auth.peerlist)) return badRequest;
    const id = `overlay-${overlays.size + 1}`;
    const kept = { ...overlay, "overlay-id": id, ...(v22 ? { expires: overlay.expires ?? 0 } : {}) };
    overlays.set(id, kept);
    return { status: 200, body: { overlay: without(kept, "title", "description") } };
  };
  const shown = (overlay: Json): Json => {
    const { auth } = overlay;
    const rest = without(overlay, "auth", "heartbeat-interval", "heartbeat-timeout");
    const status = { num_peers: peers.size, status: "active" };
    return { overlay: { ...rest, status, auth: { type: objectOf(auth).type } } };
  };
  const query = (parameters: URLSearchParams) => {
    const found = [...overlays.values()].filter((overlay) => {
      const [id, title] = [parameters.get("overlay-id"), parameters.get("title")];
      if (id !== null) return overlay["overlay-id"] === id;
      return title === null || String(overlay.title).toLowerCase().includes(title.toLowerCase());
    });
    return { status: 200, body: found.map(shown) };
  };
  const join = (overlay: Json, peer: Json, parameters: URLSearchParams) => {
    const known = overlays.get(String(overlay["overlay-id"]));
    const password = objectOf(peer.auth).password;
    const id = String(peer["peer-id"]);
    if (known === undefined || overlay.type == null || peer.address == null || password == null) return badRequest;
    if (version === "v23a" && !(Number(peer["instance-id"]) > 0)) return badRequest;
    const auth = objectOf(known.auth);
    const access = objectOf(overlay.auth).access_key;
    if (auth.type === "closed" && (access === undefined || access !== auth.access_key)) {
      return { status: 407, body: { overlay: { "overlay-id": known["overlay-id"] } } };
    }
    const [lists, terms] = v22 ? [overlay, overlay] : [peer, peer];
    const recovery = v22 ? Boolean(overlay.recovery) : Boolean(parameters.get("recovery"));
    const before = peers.get(id);
    if (recovery) {
      if (before?.password !== password || typeof lists["ticket-id"] !== "number") return badRequest;
    } else if (before !== undefined) {
      ticket += 1;
      return { status: 500, body: `(1062, "Duplicate entry '${id}' for key 'PRIMARY'")` };
    }
    const expires = Number(terms.expires ?? 3600);
    const kept = before ?? {
      address: String(peer.address),
      password: String(password),
      ticket: ++ticket,
      expires,
      primary: 0,
    };
    peers.set(id, kept);
    const active = [...peers].filter(([, one]) => one.primary > 0);
    const list = (active.length > 0 ? active : [...peers].slice(0, 1)).map(([peerId, { address }]) => ({
      "peer-id": peerId,
      address,
    }));
    const given = {
      "overlay-id": known["overlay-id"],
      type: overlay.type,
      "sub-type": overlay["sub-type"],
      "heartbeat-interval": known["heartbeat-interval"],
      "heartbeat-timeout": known["heartbeat-timeout"],
      status: { peer_info_list: list },
      "cr-policy": known["cr-policy"],
    };
    const number = recovery ? lists["ticket-id"] : kept.ticket;
    if (v22) return { status: 202, body: { overlay: { ...given, expires, "ticket-id": number } } };
    const instance = version === "v23a" ? { "instance-id": peer["instance-id"] } : {};
    return {
      status: 202,
      body: { overlay: given, peer: { "peer-id": id, ...instance, "ticket-id": number, expires } },
    };
  };
  const member = (peer: Json) => {
    const one = peers.get(String(peer["peer-id"]));
    if (version === "v23a" && !(Number(peer["instance-id"]) > 0)) return undefined;
    return one !== undefined && one.password === objectOf(peer.auth).password ? one : undefined;
  };
  const report = (overlay: Json, peer: Json, body: Json) => {
    const status = objectOf(v22 ? peer.status : body.status);
    const costmap = objectOf(v22 ? objectOf(status.costmap).costmap : status.costmap);
    const one = member(peer);
    const numbers = [status.num_primary, status.num_out_candidate, status.num_in_candidate];
    if (one === undefined || numbers.some((number) => number == null)) return badRequest;
    if (!Array.isArray(costmap.primary)) return badRequest;
    one.primary = Number(status.num_primary);
    return { status: 200, body: { overlay: { "overlay-id": overlay["overlay-id"] } } };
  };
  const refresh = (overlay: Json, peer: Json) => {
    if (member(peer) === undefined || peer.address == null) return badRequest;
    const id = { "overlay-id": overlay["overlay-id"] };
    if (v22) return { status: 200, body: { overlay: { ...id, expires: overlay.expires ?? 3600 } } };
    return { status: 200, body: { overlay: id, peer: { "peer-id": peer["peer-id"], expires: peer.expires ?? 3600 } } };
  };
  const answer = (method: string, url: URL, body: Json): { status: number; body: unknown } => {
    const [overlay, peer] = [objectOf(body.overlay), objectOf(body.peer)];
    const id = String(overlay["overlay-id"]);
    const owned = objectOf(overlays.get(id)?.auth).admin_key;
    const owner = !version.startsWith("v23") && owned !== undefined && owned === objectOf(overlay.auth).admin_key;
    switch (`${method} ${url.pathname}`) {
      case "GET /api/InitData":
        return { status: 200, body: { WEB_SOCKET_PORT: 8082 } };
      case "POST /homs":
        return body.overlay === undefined ? { status: 500, body: "'overlay'" } : create(overlay);
      case "GET /homs":
        return query(url.searchParams);
      case "DELETE /homs":
        return owner && overlays.delete(id) ? { status: 200, body: { overlay: { "overlay-id": id } } } : badRequest;
      case "POST /api/HybridOverlayRemoval":
        return overlays.delete(String(body["overlay-id"])) ? { status: 200, body: {} } : badRequest;
      case "POST /peer":
        return join(overlay, peer, url.searchParams);
      case "POST /peer/report":
        return report(overlay, peer, body);
      case "PUT /peer":
        return refresh(overlay, peer);
      case "DELETE /peer":
        return member(peer) !== undefined && peers.delete(String(peer["peer-id"]))
          ? { status: 200, body: { overlay: { "overlay-id": id } } }
          : badRequest;
      default:
        return { status: 405, body: { message: "The method is not allowed for the requested URL." } };
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? "/", "http://homs");
    const body = text === "" ? {} : objectOf(JSON.parse(text));
    const needsJson = request.method !== "GET" && request.headers["content-type"] !== "application/json";
    const said = needsJson
      ? {
          status: 500,
          body: "400 Bad Request: The browser (or proxy) sent a request that this server could not understand.",
        }
      : answer(request.method ?? "", url, body);
    log.push({ line: `${request.method} ${url.pathname}${url.search}`, body, status: said.status });
    response.writeHead(said.status, { "content-type": "application/json", connection: "close" });
    response.end(`${JSON.stringify(said.body)}\n`);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    peers,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
