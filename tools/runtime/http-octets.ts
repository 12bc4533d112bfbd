/** A request body of octets: handed to its handler as it comes, and no faster than the handler takes it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Mp2pError } from "./errors.js";
import { type Exchange, fail, refuse } from "./http-exchange.js";
import { isOctetsContentType } from "./http-negotiation.js";
import { cite } from "./http-operation.js";
import type { ResponseHeaders } from "./http-server-types.js";
import { OCTETS_TYPE } from "./http-source.js";

/** The time that a request has to come, for those that are bounded. */
interface Bound {
  lift(): void;
  restore(): void;
}

const bounds = new WeakMap<IncomingMessage, Bound>();

/**
 * Cuts the connection of a request that has not come in time, answered or not. Octets may take as long as they like while a handler reads
 * them: one that refuses to does not lift the bound.
 */
export function boundRequest(request: IncomingMessage, response: ServerResponse, ms: number): void {
  let timer: NodeJS.Timeout | undefined;
  const bound: Bound = {
    lift: () => clearTimeout(timer),
    restore() {
      clearTimeout(timer);
      if (!request.complete) timer = setTimeout(() => request.complete || request.socket.destroy(), ms).unref();
    },
  };
  bounds.set(request, bound);
  bound.restore();
  const ends = () => request.complete && bound.lift();
  response.once("close", ends);
  request.once("end", ends);
}

/** The body as the handler gets it, of which nothing is read before it asks; undefined when the request was refused. */
export function takeOctets(exchange: Exchange): AsyncIterable<Uint8Array> | undefined {
  const { request, settings, endpoint } = exchange;
  const { headers } = request;
  const coding = headers["content-encoding"];
  const typed = isOctetsContentType(headers["content-type"]);
  if (!typed || (coding !== undefined && coding.toLowerCase() !== "identity")) {
    const accepted: ResponseHeaders = { "Accept-Encoding": "identity", Accept: OCTETS_TYPE };
    const fault = typed
      ? { member: "Content-Encoding", clause: "RFC 9110 8.4" }
      : { member: "Content-Type", clause: "RFC 9110 8.3" };
    refuse(exchange, 415, { detail: `the body must be ${OCTETS_TYPE}, without coding`, ...fault }, accepted);
    return undefined;
  }
  if (Number(headers["content-length"] ?? 0) > settings.octets) {
    const clause = endpoint === undefined ? "" : cite(endpoint.operation, endpoint.operation.clause);
    refuse(exchange, 413, { detail: tooMany(settings.octets), member: "", clause });
    return undefined;
  }
  const parsed = (request as { body?: unknown }).body;
  if (!(parsed instanceof Uint8Array) && request.readableDidRead) {
    fail(exchange, "ERR_HANDLER", "a parser in front of the operation has read its octets");
    return undefined;
  }
  return receive(exchange, parsed instanceof Uint8Array ? parsed : undefined);
}

async function* receive(exchange: Exchange, parsed: Uint8Array | undefined): AsyncGenerator<Uint8Array, void> {
  const { request, settings } = exchange;
  const bound = bounds.get(request);
  const failed = (code: "ERR_ABORTED" | "ERR_BODY_SIZE", message: string, cause?: unknown): Mp2pError => {
    exchange.cutOff = new Mp2pError(code, message, cause === undefined ? undefined : { cause });
    return exchange.cutOff;
  };
  if (parsed !== undefined) {
    if (parsed.length > settings.octets) throw failed("ERR_BODY_SIZE", tooMany(settings.octets));
    yield parsed;
    return;
  }
  let silent = false;
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  // Only the client's silence counts: a handler may take its time.
  const listen = () => {
    timer = setTimeout(() => {
      silent = true;
      request.destroy();
    }, settings.octetsSilenceMs);
  };
  try {
    bound?.lift();
    listen();
    // Destroyed, the request would take its connection along, and with it the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      size += chunk.length;
      if (size > settings.octets) throw failed("ERR_BODY_SIZE", tooMany(settings.octets));
      yield chunk;
      listen();
    }
  } catch (cause) {
    if (cause === exchange.cutOff) throw cause;
    throw failed("ERR_ABORTED", silent ? "the client fell silent" : "the client went away", cause);
  } finally {
    clearTimeout(timer);
    bound?.restore();
  }
}

function tooMany(limit: number): string {
  return `the body has more than ${limit} octets`;
}
