/** How a client's requests travel. */
import { Mp2pError } from "./errors.js";
import { type OctetBody, streamOf } from "./http-source.js";

export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Octets are taken as the server takes them, and no more of them once it has begun to answer. */
  readonly body: string | OctetBody | undefined;
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
        ...bodyOf(body),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await readText(response.body, maxResponseBytes),
      };
    },
  };
}

/** Octets that are there already need no stream, which browsers send over few connections only. */
function bodyOf(body: TransportRequest["body"]): RequestInit {
  if (body === undefined || typeof body === "string") return body === undefined ? {} : { body };
  if (body.whole !== undefined) return { body: body.whole as Uint8Array<ArrayBuffer> };
  // Not every compiler's types know `duplex`, without which no platform sends a stream.
  return { body: streamOf(body), duplex: "half" } as RequestInit;
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
    on(event: "close" | "drain", listener: () => void): unknown;
    on(event: "socket", listener: (socket: NodeSocket) => void): unknown;
    write(octets: Uint8Array): boolean;
    end(body?: string): void;
    destroy(): unknown;
  };
}

interface NodeSocket {
  readonly connecting: boolean;
  once(event: "connect", listener: () => void): unknown;
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
        const size = typeof body === "string" ? new TextEncoder().encode(body).length : body?.whole?.length;
        const length = size === undefined ? {} : { "content-length": String(size) };
        const all = { ...options, method, headers: { ...headers, ...length }, signal };
        let answered = false;
        let sent = false;
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
            // The rest of the octets is not wanted, and without it nothing else can go over this connection.
            if (!sent) outgoing.destroy();
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
        const end = (text?: string) => {
          sent = true;
          outgoing.end(text);
        };
        if (typeof body !== "object") return end(body);
        const start = () => {
          sendOctets(outgoing, body, () => answered).then(
            () => answered || end(),
            (error: unknown) => {
              outgoing.destroy();
              reject(error);
            },
          );
        };
        // A source is left alone until there is somebody to send its octets to.
        outgoing.on("socket", (socket) => {
          if (socket.connecting) socket.once("connect", start);
          else start();
        });
      }),
  };
}

async function sendOctets(outgoing: ReturnType<NodeHttp["request"]>, body: OctetBody, over: () => boolean) {
  let goOn = () => {};
  let closed = false;
  outgoing.on("drain", () => goOn());
  outgoing.on("close", () => {
    closed = true;
    goOn();
  });
  for await (const octets of body) {
    if (over() || closed) return;
    if (outgoing.write(octets)) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
}

function flatten(headers: NodeResponse["headers"]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

/** `fetch` for all but a GET with a body, and octets, which go over node:http where there is one. */
export function defaultTransport(): Transport {
  const usual = fetchTransport();
  const node = nodeTransport();
  if (node === undefined) return usual;
  return {
    carriesGetBody: true,
    send: (request) =>
      (typeof request.body === "object" || (request.method === "GET" && request.body !== undefined)
        ? node
        : usual
      ).send(request),
  };
}
