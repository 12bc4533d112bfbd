import { createHash, timingSafeEqual } from "node:crypto";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { isIP } from "node:net";
import { codeName, PayloadType } from "../../generated/ldmp/index.js";
import { parseJson } from "../../generated/runtime/json.js";
import { problem } from "../../generated/runtime/problem.js";
import { RequestError, type RequestErrorCode } from "../ldmp/errors.js";
import { textOf } from "../ldmp/payload.js";
import type { Clock } from "../net/clock.js";
import { openHttpHost } from "../net/http-host.js";
import { createHttpMetrics, type HttpMetrics } from "../net/http-metrics.js";
import type { Logger } from "../net/logger.js";
import { createEventStreams } from "./event-stream.js";
import type { Content, DataSourceInfo, ManagedSession, SourcePeer } from "./source-peer.js";

/** The parts of a source peer that its control interface offers. */
export type Controlled = Pick<SourcePeer, "id" | "list" | "get" | "put" | "reset" | "onData" | "counters"> & {
  /** The session that the data go to, where there is to be one. */
  session(): ManagedSession | undefined;
};

export interface ControlOptions {
  host?: string;
  port?: number;
  token?: string;
}

const bodyLimit = 256 * 1024;

const statuses: Record<RequestErrorCode, number> = {
  ERR_NOT_REGISTERED: 404,
  ERR_REMOVED: 410,
  ERR_BUSY: 429,
  ERR_REFUSED: 502,
  ERR_CLOSED: 503,
  ERR_NO_ANSWER: 504,
};

/** A failure with the HTTP status that tells it. */
class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * The HTTP control interface: what an operator, or a test, makes a source peer do. It is no part of X.609.8.
 *
 *     GET  /data-sources              who is registered
 *     GET  /data-sources/17           one of them
 *     POST /data-sources/17/get       {"item": "load"}              → {"code": "2.05", "text": "…"}
 *     POST /data-sources/17/put       {"parameters": {"period": 2}} → {"code": "2.04"}
 *     POST /data-sources/17/reset                                   → 202
 *     GET  /data                      server-sent events, one per POST that arrives; ?source=17 for one data source
 *     GET  /session                   the session that the data go to [X.609.10 7.1]
 *     POST /session/start             → 202; so with /session/stop: the operator's commands (E-DS-21)
 *
 * `text` or `base64` in place of `item` and `parameters` gives the payload as it is.
 */
export async function openControl(peer: Controlled, options: ControlOptions, logger: Logger, clock: Clock) {
  const metrics = createHttpMetrics("source_peer");
  addMetrics(metrics, peer);
  const streams = createEventStreams(peer.onData, encodeData);
  const guard = createGuard(options);

  const answer = async (request: IncomingMessage, path: string[], query: URLSearchParams, response: ServerResponse) => {
    const [root, name, action] = path;
    if (root === "data") {
      only(request, "GET");
      const source = query.get("source");
      streams.open(request, response, source === null ? undefined : identifier(source));
      return 200;
    }
    if (root === "session") {
      const session = peer.session();
      if (session === undefined) throw new Refusal(404, "this source peer has no session to command");
      only(request, name === undefined ? "GET" : "POST");
      if (name === "start") session.start();
      if (name === "stop") session.stop();
      return send(response, name === undefined ? 200 : 202, { ...session.state });
    }
    if (name === undefined) {
      only(request, "GET");
      return send(response, 200, { dataSources: peer.list().map(present) });
    }
    const id = identifier(name);
    if (action === undefined) {
      only(request, "GET");
      const found = peer.list().find((source) => source.id === id);
      if (found === undefined) throw new RequestError("ERR_NOT_REGISTERED", `no data source ${id} is registered`);
      return send(response, 200, present(found));
    }
    only(request, "POST");
    const body = await readBody(request);
    if (action === "reset") {
      await peer.reset(id);
      return send(response, 202, {});
    }
    const raw = payloadIn(body);
    if (action === "get") return send(response, 200, presentContent(await peer.get(id, raw ?? text(body, "item"))));
    const configuration = raw ?? body.parameters;
    if (typeof configuration !== "object" && typeof configuration !== "string") {
      throw new Refusal(400, "parameters, text or base64 is wanted: what to configure");
    }
    return send(response, 200, presentContent(await peer.put(id, configuration ?? {})));
  };

  const host = await openHttpHost({
    name: "source-peer",
    metrics,
    logger,
    drainMs: 500,
    ...(options.host !== undefined && { host: options.host }),
    ...(options.port !== undefined && { port: options.port }),
    index: { id: peer.id, dataSources: "/data-sources", data: "/data" },
    health: () => ({ id: peer.id, dataSources: peer.list().length }),
    front(request, response, next) {
      const [pathname = "", search = ""] = (request.url ?? "/").split("?", 2);
      const path = pathname.split("/").filter((part) => part !== "");
      if (!isControlPath(path)) return next();
      const started = clock.now();
      Promise.resolve()
        .then(() => {
          guard(request);
          return answer(request, path, new URLSearchParams(search), response);
        })
        .catch((error: unknown) => fail(response, error, logger))
        .then((status) => metrics.observe(path[2] ?? path[0] ?? "", status, (clock.now() - started) / 1000));
    },
  });
  return {
    url: host.url,
    async close() {
      streams.close();
      await host.close();
    },
  };
}

function isControlPath([root, name, action, ...more]: string[]): boolean {
  if (root === "data") return name === undefined;
  if (root === "session") return action === undefined && /^(start|stop)?$/.test(name ?? "");
  return root === "data-sources" && more.length === 0 && /^(get|put|reset)?$/.test(action ?? "");
}

/** Checks that the caller may use the interface at all. */
function createGuard(options: ControlOptions): (request: IncomingMessage) => void {
  const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
  const wanted = options.token === undefined ? undefined : digest(`Bearer ${options.token}`);
  return ({ headers }) => {
    if (wanted !== undefined) {
      if (!timingSafeEqual(digest(headers.authorization ?? ""), wanted))
        throw new Refusal(401, "a bearer token is wanted", { "www-authenticate": "Bearer" });
      return;
    }
    // Without a token, a web page must not get at it through the browser of somebody on this machine.
    const name = (headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    if (isIP(name) === 0 && name !== "localhost")
      throw new Refusal(403, "use this interface by address or as localhost");
    if (headers.origin !== undefined) throw new Refusal(403, "not for web pages");
  };
}

function only(request: IncomingMessage, method: string): void {
  if (request.method !== method) throw new Refusal(405, `${method} is what this answers`, { allow: method });
}

function identifier(textual: string): number {
  const id = Number(textual);
  if (!/^\d{1,5}$/.test(textual) || id > 65_535)
    throw new Refusal(400, "a data source is named by a number up to 65535");
  return id;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Refusal(413, `a body has at most ${bodyLimit} octets`, { connection: "close" });
    chunks.push(chunk);
  }
  if (size === 0) return {};
  let body: unknown;
  try {
    body = parseJson(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Refusal(400, "a JSON object is wanted");
  return body as Record<string, unknown>;
}

function text(body: Record<string, unknown>, member: string): string | undefined {
  const value = body[member];
  if (value !== undefined && typeof value !== "string") throw new Refusal(400, `${member} must be a string`);
  return value;
}

/** A payload given as it is to be sent. */
function payloadIn(body: Record<string, unknown>): string | Uint8Array | undefined {
  const base64 = text(body, "base64");
  const payload = base64 === undefined ? text(body, "text") : Buffer.from(base64, "base64");
  if (payload !== undefined && Buffer.byteLength(payload) > 65_535)
    throw new Refusal(413, "a payload has at most 65535 octets");
  return payload;
}

function present(source: DataSourceInfo): object {
  const iso = (at: number): string => new Date(at).toISOString();
  return { ...source, registeredAt: iso(source.registeredAt), heardAt: iso(source.heardAt) };
}

function presentPayload(payloadType: PayloadType, payload: Uint8Array): object {
  if (payloadType === PayloadType.none) return {};
  return payloadType === PayloadType.text
    ? { text: textOf(payload) }
    : { base64: Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString("base64") };
}

function presentContent({ code, payloadType, payload }: Content): object {
  return { code: codeName(code).slice(0, 4), ...presentPayload(payloadType, payload) };
}

type Posted = Parameters<Parameters<Controlled["onData"]>[0]>[0];

function encodeData({ sourceId, messageId, payloadType, payload, at }: Posted): string {
  const body = { source: sourceId, messageId, at: new Date(at).toISOString(), ...presentPayload(payloadType, payload) };
  return `event: data\ndata: ${JSON.stringify(body)}\n\n`;
}

function send(response: ServerResponse, status: number, body: object, type = "application/json"): number {
  const octets = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": type, "content-length": octets.length, "cache-control": "no-store" });
  response.end(octets);
  return status;
}

function fail(response: ServerResponse, error: unknown, logger: Logger): number {
  let status = 500;
  let extra = {};
  let detail = "the server failed to answer; its log has the reason";
  if (error instanceof Refusal) ({ status, message: detail } = error);
  else if (error instanceof RequestError) {
    ({ message: detail } = error);
    status = statuses[error.code];
    extra = {
      code: error.code,
      ...(error.ldmpCode !== undefined && { ldmpCode: codeName(error.ldmpCode).slice(0, 4) }),
    };
  } else logger.error({ err: error }, "control request failed");
  if (response.headersSent) {
    response.destroy();
    return status;
  }
  if (error instanceof Refusal)
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  return send(
    response,
    status,
    { ...problem(status, { title: STATUS_CODES[status] ?? "Error", detail }), ...extra },
    "application/problem+json",
  );
}

function addMetrics(metrics: HttpMetrics, { counters, list }: Controlled): void {
  metrics.gauge("data_sources", "Data sources registered", () => list().length);
  metrics.counter("messages_total", "Well-formed LDMP messages received", () => counters.messages);
  metrics.counter("posts_total", "Posted data accepted", () => counters.posts);
  metrics.counter("registrations_total", "Registrations accepted", () => counters.registrations);
  metrics.counter("registrations_refused_total", "Registrations refused", () => counters.refusals);
  metrics.counter("duplicates_total", "Messages that had arrived before", () => counters.duplicates);
  metrics.counter("repeats_total", "Requests sent again for want of an answer", () => counters.repeats);
  for (const reason of Object.keys(counters.removals) as (keyof typeof counters.removals)[]) {
    metrics.counter(`removed_${reason}_total`, `Data sources removed: ${reason}`, () => counters.removals[reason]);
  }
  for (const reason of Object.keys(counters.dropped) as (keyof typeof counters.dropped)[]) {
    metrics.counter(`dropped_${reason}_total`, `Messages without effect: ${reason}`, () => counters.dropped[reason]);
  }
}
