import {
  defaultTransport,
  fetchTransport,
  nodeTransport,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../../../../generated/runtime/http-transport.js";
import {
  type Dialect,
  type DialectAnswer,
  type DialectChoice,
  type DialectName,
  type DialectRequest,
  objectOf,
} from "./dialect.js";
import { fieldDialect, tooMuch } from "./field.js";

export interface DialectOptions {
  readonly baseUrl: string | URL;
  readonly dialect: DialectChoice;
  /** Number of this instance, from 1 on, for HOMS that ask for one. */
  readonly instance: number;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly onDetected?: (name: DialectName) => void;
}

/**
 * Carries the text's requests to a HOMS that speaks one of the field's dialects, and its answers back. Undefined where the HOMS speaks
 * as the text has it: then nothing stands between.
 */
export function dialectTransport({
  baseUrl,
  dialect,
  instance,
  fetch,
  onDetected,
}: DialectOptions): Transport | undefined {
  if (dialect === "text") return undefined;
  // Not over `fetch` unless asked for: it takes the 407 that these HOMS refuse admission with for a broken connection.
  const inner = fetch === undefined ? (nodeTransport() ?? defaultTransport()) : fetchTransport(fetch);
  const base = new URL(baseUrl).href.replace(/\/$/, "");
  let known = dialect === "auto" ? undefined : fieldDialect(dialect, instance);
  let textual = false;

  const detected = (name: DialectName): void => {
    textual = name === "text";
    if (name !== "text") known = fieldDialect(name, instance);
    onDetected?.(name);
  };
  const send = async (original: TransportRequest, request: DialectRequest): Promise<TransportResponse> => {
    const { headers: given, ...rest } = original;
    const url = `${base}${request.path}${request.query}`;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = body === undefined ? given : { ...given, "content-type": "application/json" };
    return await inner.send({ ...rest, method: request.method, url, headers, body });
  };
  /** A HOMS of the field tells where its relay is; what it says of overlay networks tells its age. */
  const detect = async (original: TransportRequest): Promise<void> => {
    const ask = (path: string) => send(original, { method: "GET", path, query: "", body: undefined });
    const init = await ask("/api/InitData");
    if (init.status !== 200 || objectOf(parsed(init.text)).WEB_SOCKET_PORT === undefined) return detected("text");
    const list = parsed((await ask("/homs")).text);
    // A HOMS of the text that serves the field's peers too says where its relay is, but has not their list.
    if (!Array.isArray(list)) detected("text");
    else if (list.length > 0) detected(ageOf(list[0]));
  };

  return {
    carriesGetBody: inner.carriesGetBody,
    async send(original) {
      if (known === undefined && !textual) await detect(original);
      if (textual) return await inner.send(original);
      // No overlay network is there to tell the age: a creation without a lifetime is understood by all, and its answer tells.
      const speak = known ?? fieldDialect("v23", instance);
      const asked = requestOf(original, base);
      const reason = tooMuch(asked.body);
      if (reason !== undefined) return problem(reason);
      const request = speak.request(asked);
      const first = await send(original, request);
      const second = speak.instead(request, answerOf(first));
      const response = second === undefined ? first : await send(original, second);
      if (known === undefined && request.method === "POST" && request.path === "/homs" && response.status === 200) {
        detected(ageOf(parsed(response.text)));
      }
      const read = speak.answer(request, answerOf(response));
      return read === undefined ? response : { ...response, status: read.status };
    },
  };
}

/** Only V22 says when an overlay network ends. */
const ageOf = (entry: unknown): Dialect["name"] =>
  objectOf(objectOf(entry).overlay).expires === undefined ? "v23" : "v22";

function requestOf({ method, url, body }: TransportRequest, base: string): DialectRequest {
  const { pathname, search } = new URL(url);
  const path = pathname.slice(new URL(`${base}/`).pathname.length - 1);
  return { method, path, query: search, body: typeof body === "string" ? objectOf(parsed(body)) : undefined };
}

const answerOf = ({ status, text }: TransportResponse): DialectAnswer => ({ status, body: parsed(text) });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refused here: there it would be a fault of the server's, to be tried again and again. */
function problem(detail: string): TransportResponse {
  const body = { type: "about:blank", title: "Bad Request", status: 400, detail };
  return { status: 400, headers: { "content-type": "application/problem+json" }, text: JSON.stringify(body) };
}
