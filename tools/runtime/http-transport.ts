/** How a client's requests travel. */
import { Mp2pError } from "./errors.js";

export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Aborted when the caller, the timeout or the deadline ends this attempt; made anew for each attempt. */
  readonly signal: AbortSignal;
  /** Octets of the response body. */
  readonly maxResponseBytes: number;
}

export interface TransportResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends one request and reads the whole answer. Rejects with whatever the platform gives when there is none; the client
 * makes a typed error of it.
 */
export interface Transport {
  /** Whether a GET may have a body on this transport; if not, the operation's query carrier is used. */
  readonly carriesGetBody: boolean;
  send(request: TransportRequest): Promise<TransportResponse>;
}

/** Over `fetch`, which never sends a body with GET. Redirects are results: following one would lose a body. */
export function fetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  return {
    carriesGetBody: false,
    async send({ method, url, headers, body, signal, maxResponseBytes }) {
      const response = await fetch(url, {
        method,
        headers: { ...headers },
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await readText(response.body, maxResponseBytes),
      };
    },
  };
}

async function readText(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function tooLarge(limit: number): Mp2pError {
  return new Mp2pError("ERR_RESPONSE_SIZE", `the response is larger than ${limit} octets`);
}

/** The little of node:http that is used; typed here so that browsers' compilers need no Node types. */
interface NodeHttp {
  request(
    url: string,
    options: { method: string; headers: Record<string, string>; signal: AbortSignal },
    onResponse: (response: NodeResponse) => void,
  ): {
    on(event: "error", listener: (error: Error) => void): unknown;
    on(event: "close", listener: () => void): unknown;
    end(body?: string): void;
  };
}

interface NodeResponse {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

type BuiltinLoader = (name: string) => unknown;

/**
 * Over node:http and node:https, found at run time so that bundles for browsers never ask for them; undefined elsewhere.
 *
 * @param options any of `http.request`: an `agent`, or `ca`, `cert` and `key` for servers with certificates of their own
 */
export function nodeTransport(options: Readonly<Record<string, unknown>> = {}): Transport | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: BuiltinLoader } };
  const load = process?.getBuiltinModule;
  if (typeof load !== "function") return undefined;
  return {
    carriesGetBody: true,
    send: (request) =>
      new Promise((resolve, reject) => {
        const { method, url, headers, body, signal, maxResponseBytes } = request;
        const http = load(url.startsWith("https:") ? "node:https" : "node:http") as NodeHttp;
        const length = body === undefined ? {} : { "content-length": String(new TextEncoder().encode(body).length) };
        const all = { ...options, method, headers: { ...headers, ...length }, signal };
        let answered = false;
        const outgoing = http.request(url, all, (response) => {
          answered = true;
          const decoder = new TextDecoder();
          let text = "";
          let size = 0;
          response.on("data", (chunk) => {
            size += chunk.byteLength;
            if (size > maxResponseBytes) {
              response.destroy();
              reject(tooLarge(maxResponseBytes));
            } else text += decoder.decode(chunk, { stream: true });
          });
          response.on("end", () => {
            resolve({
              status: response.statusCode ?? 0,
              headers: flatten(response.headers),
              text: text + decoder.decode(),
            });
          });
          response.on("error", reject);
        });
        outgoing.on("error", reject);
        // A 101 that nobody asked for ends the connection without an error.
        outgoing.on("close", () => {
          if (!answered) reject(new Error("the connection was closed without an answer"));
        });
        outgoing.end(body);
      }),
  };
}

function flatten(headers: NodeResponse["headers"]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

/** `fetch` for all but a GET with a body, which goes over node:http where there is one. */
export function defaultTransport(): Transport {
  const usual = fetchTransport();
  const node = nodeTransport();
  if (node === undefined) return usual;
  return {
    carriesGetBody: true,
    send: (request) => (request.method === "GET" && request.body !== undefined ? node : usual).send(request),
  };
}
