import type { IncomingHttpHeaders, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Outside } from "../world.js";
import type { Wire } from "./wire.js";
import { tap } from "./wire.js";

export interface HttpAsked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly timeoutMs: number;
}

export type HttpEvent = (
  | {
      readonly type: "answered";
      readonly status: number;
      readonly statusText: string;
      readonly headers: IncomingHttpHeaders;
      readonly body: Uint8Array;
      readonly milliseconds: number;
    }
  | {
      readonly type: "failed";
      readonly kind: "unreachable" | "timeout" | "closed" | "malformed";
      readonly message: string;
    }
) & { readonly wire: Wire };

/** One request on a connection of its own, until its whole answer or its failure. Any method may have a body, GET too. */
export const httpExchange: Outside<HttpAsked, HttpEvent, { readonly type: "stop" }> = {
  kind: "http",
  start({ url, method, headers, body, timeoutMs }, emit, clock) {
    const { protocol, pathname, search } = new URL(url);
    const target = `${method} ${pathname}${search}`;
    const begun = clock();
    let wire: Wire = { chunks: [] };
    let settled = false;
    const settle = (event: HttpEvent): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      emit(event);
    };
    const fail = (kind: (HttpEvent & { type: "failed" })["kind"], message: string): void => {
      settle({ type: "failed", kind, message, wire });
      outgoing.destroy();
    };
    const secure = protocol === "https:";
    // The protocol is judged, not the certificate: products in a laboratory sign theirs themselves.
    const trust = secure ? { rejectUnauthorized: false } : {};
    const options: RequestOptions = { method, headers, agent: false, ...trust };
    const outgoing = (secure ? httpsRequest : httpRequest)(url, options);
    const timer = setTimeout(
      () => fail("timeout", `no complete answer to ${target} within ${timeoutMs} ms`),
      timeoutMs,
    );
    outgoing.on("socket", (socket: Socket) => {
      wire = tap(socket, clock);
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const [kind, message] = failureOf(
        error,
        target,
        wire.chunks.some(({ sent }) => !sent),
      );
      fail(kind, message);
    });
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => fail("closed", `the connection ended inside the answer to ${target}`));
      response.on("end", () =>
        settle({
          type: "answered",
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? "",
          headers: response.headers,
          body: Buffer.concat(chunks),
          milliseconds: Math.round((clock() - begun) * 10) / 10,
          wire,
        }),
      );
    });
    outgoing.end(body);
    return () => fail("timeout", `no answer to ${target} before the case's time was up`);
  },
};

function failureOf(
  error: NodeJS.ErrnoException,
  target: string,
  begun: boolean,
): ["unreachable" | "closed" | "malformed", string] {
  const code = error.code ?? "";
  if (code.startsWith("HPE_")) return ["malformed", `the answer to ${target} is no HTTP: ${error.message}`];
  if (["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"].includes(code)) {
    return ["unreachable", `cannot connect for ${target}: ${error.message}`];
  }
  const where = begun ? "inside the answer" : "before an answer";
  return ["closed", `the connection ended ${where} to ${target} (${code || error.message})`];
}
