import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import type { Serving } from "../servers.js";

/** A request on its way through; `json` is what its body says, if it says anything. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: unknown;
}

/** An answer on its way back. Header lines that a body makes needed are added by the proxy. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly json: unknown;
  readonly delivery?: Delivery;
}

/** How one answer reaches the client: as HTTP would have it, unless told otherwise. */
export interface Delivery {
  readonly chunks?: number;
  readonly close?: boolean;
  readonly delayMs?: number;
  /** Interim responses before the final one. */
  readonly interim?: true;
  /** Cuts header and body into segments of so many octets, wherever that is. */
  readonly segments?: number;
  /** The end of the connection is the end of the body: neither a length nor chunks. */
  readonly untilClosed?: true;
  /** Says a length that is another than the body's. */
  readonly length?: number;
}

/** Sends a request on, or another in its place. */
export type Forward = (request: Partial<Passing>) => Promise<Answer>;

/** What a proxy makes of one exchange; undefined ends the connection without an answer. */
export type Twist = (request: Passing, forward: Forward) => Promise<Answer | undefined>;

/** Puts a twist between the suite and a product: the product of which the suite knows nothing else is what it judges. */
export async function proxy(target: string, twist: Twist): Promise<Serving> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    pass(new URL(target), agent, twist, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(target: URL, agent: Agent, twist: Twist, incoming: IncomingMessage, outgoing: ServerResponse) {
  const body = await whole(incoming);
  const passing = {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: incoming.headers,
    body,
    json: parse(body),
  };
  const forward: Forward = (changed) => send(target, agent, changedTo(passing, changed));
  const answer = await twist(passing, forward);
  if (answer === undefined) return void outgoing.destroy();
  await deliver(answer, outgoing);
}

async function deliver({ status, headers = {}, body, delivery = {} }: Answer, to: ServerResponse) {
  const { chunks, close, delayMs, length, interim, segments, untilClosed } = delivery;
  if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const lines: Record<string, string | number> = { ...headers };
  if (interim) {
    to.writeProcessing();
    to.writeEarlyHints({ link: "</style.css>; rel=preload" });
  }
  if (segments !== undefined || untilClosed)
    return await inSegments(to, status, lines, body, segments ?? 1_000, untilClosed);
  if (chunks === undefined && status !== 204) lines["content-length"] = length ?? body.length;
  if (close) lines.connection = "close";
  to.writeHead(status, lines);
  const size = Math.max(1, Math.ceil(body.length / (chunks ?? 1)));
  for (let at = 0; at < body.length; at += size) {
    to.write(body.subarray(at, at + size));
    if (chunks !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  to.end();
}

/** Past the server's own writing, so that nothing joins what is to come apart; ends the connection. */
async function inSegments(
  { socket }: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  body: Buffer,
  size: number,
  untilClosed: true | undefined,
): Promise<void> {
  if (!socket) return;
  const ended = untilClosed || status === 204 ? {} : { "content-length": body.length };
  const lines = Object.entries({ ...headers, ...ended, connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const whole = Buffer.concat([Buffer.from(`${[`HTTP/1.1 ${status} X`, ...lines].join("\r\n")}\r\n\r\n`), body]);
  socket.setNoDelay(true);
  for (let at = 0; at < whole.length; at += size) {
    socket.write(whole.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
}

function send(target: URL, agent: Agent, { method, path, headers, body }: Passing): Promise<Answer> {
  const { "transfer-encoding": _, connection: __, ...rest } = headers;
  const lines = { ...rest, host: target.host, ...(body.length > 0 ? { "content-length": String(body.length) } : {}) };
  if (body.length === 0 && method === "GET") delete lines["content-length"];
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: target.hostname, port: target.port, agent, method, path, headers: lines });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      whole(response).then((answered) => {
        const kept: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) {
          if (!/^(content-length|transfer-encoding|connection|keep-alive|date)$/.test(name)) kept[name] = String(value);
        }
        resolve({ status: response.statusCode ?? 0, headers: kept, body: answered, json: parse(answered) });
      }, reject);
    });
    outgoing.end(body);
  });
}

/** One twist in front of another, nearest to the suite first. */
export function inFrontOf(outer: Twist, inner: Twist): Twist {
  return (request, forward) =>
    outer(request, async (changed) => {
      const passing = changedTo(request, changed);
      const { method, path, headers, body } = passing;
      const answer = await inner(passing, (more) => forward({ method, path, headers, body, ...more }));
      if (answer === undefined) throw new Error("ended by the twist behind");
      return answer;
    });
}

/** The body follows what its JSON was changed to. */
function changedTo(request: Passing, changed: Partial<Passing>): Passing {
  return { ...request, ...changed, ...("json" in changed ? { body: Buffer.from(JSON.stringify(changed.json)) } : {}) };
}

/** The answer with another body. */
export function withJson(answer: Answer, json: unknown): Answer {
  const headers = { "content-type": "application/json", ...answer.headers };
  return { ...answer, headers, body: Buffer.from(JSON.stringify(json)), json };
}

/** An answer of nothing but a status. */
export function bare(status: number): Answer {
  return { status, body: Buffer.alloc(0), json: undefined };
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
