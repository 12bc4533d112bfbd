import type { IncomingHttpHeaders, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { NoAnswer } from "./outcome.js";

export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface WireReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Every octet of the connection, as sent and as received. */
  readonly sent: Buffer;
  readonly received: Buffer;
  readonly milliseconds: number;
}

export interface FailedExchange {
  readonly sent: Buffer;
  readonly received: Buffer;
  readonly error: NoAnswer;
}

/** One request on a connection of its own, with its octets; never rejects. Any method may have a body, GET too. */
export function exchange(request: WireRequest): Promise<WireReply | FailedExchange> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const begun = performance.now();
  const target = `${request.method} ${request.url.pathname}${request.url.search}`;
  return new Promise((resolve) => {
    const settle = (error: NoAnswer): void => {
      clearTimeout(timer);
      request.signal.removeEventListener("abort", stop);
      resolve({ sent: Buffer.concat(sent), received: Buffer.concat(received), error });
      outgoing.destroy();
    };
    // The protocol is judged, not the certificate: products in a laboratory sign theirs themselves.
    const trust = request.url.protocol === "https:" ? { rejectUnauthorized: false } : {};
    const options: RequestOptions = { method: request.method, headers: request.headers, agent: false, ...trust };
    const outgoing = (request.url.protocol === "https:" ? httpsRequest : httpRequest)(request.url, options);
    const stop = (): void => settle(new NoAnswer("timeout", `no answer to ${target} before the case's time was up`));
    const timer = setTimeout(
      () => settle(new NoAnswer("timeout", `no complete answer to ${target} within ${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    request.signal.addEventListener("abort", stop, { once: true });
    outgoing.on("socket", (socket) => tap(socket, sent, received));
    outgoing.on("error", (error: NodeJS.ErrnoException) => settle(noAnswer(error, target, received.length > 0)));
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => settle(new NoAnswer("closed", `the connection ended inside the answer to ${target}`)));
      response.on("end", () => {
        clearTimeout(timer);
        request.signal.removeEventListener("abort", stop);
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? "",
          headers: response.headers,
          body: Buffer.concat(chunks),
          sent: Buffer.concat(sent),
          received: Buffer.concat(received),
          milliseconds: Math.round((performance.now() - begun) * 10) / 10,
        });
      });
    });
    outgoing.end(request.body);
    if (request.signal.aborted) stop();
  });
}

/** Copies what passes through a socket: the transcript shows octets, not what a library made of them. */
function tap(socket: Socket, sent: Buffer[], received: Buffer[]): void {
  const write = socket.write.bind(socket) as (...parts: unknown[]) => boolean;
  socket.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    sent.push(
      typeof chunk === "string" ? Buffer.from(chunk, rest[0] === "latin1" ? "latin1" : "utf8") : Buffer.from(chunk),
    );
    return write(chunk, ...rest);
  }) as typeof socket.write;
  socket.on("data", (chunk: Buffer) => received.push(Buffer.from(chunk)));
}

function noAnswer(error: NodeJS.ErrnoException, target: string, begun: boolean): NoAnswer {
  const code = error.code ?? "";
  if (code.startsWith("HPE_")) return new NoAnswer("malformed", `the answer to ${target} is no HTTP: ${error.message}`);
  if (["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"].includes(code)) {
    return new NoAnswer("unreachable", `cannot connect for ${target}: ${error.message}`);
  }
  const where = begun ? "inside the answer" : "before an answer";
  return new NoAnswer("closed", `the connection ended ${where} to ${target} (${code || error.message})`);
}
