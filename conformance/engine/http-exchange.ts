import type { IncomingHttpHeaders } from "node:http";
import { NoAnswer } from "./outcome.js";
import { httpExchange } from "./world/http.js";
import { octetsOn } from "./world/wire.js";
import type { World } from "./world.js";

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

/** One request on a connection of its own, with its octets; never rejects. */
export function exchange(world: World, request: WireRequest): Promise<WireReply | FailedExchange> {
  const { url, method, headers, body, timeoutMs, signal } = request;
  return new Promise((resolve) => {
    const source = world.open(httpExchange, { url: url.href, method, headers, body, timeoutMs }, (event) => {
      signal.removeEventListener("abort", stop);
      if (event.type === "lost") {
        return resolve({
          sent: Buffer.alloc(0),
          received: Buffer.alloc(0),
          error: new NoAnswer("unreachable", event.reason),
        });
      }
      const octets = { sent: octetsOn(event.wire, true), received: octetsOn(event.wire, false) };
      if (event.type === "failed") resolve({ ...octets, error: new NoAnswer(event.kind, event.message) });
      else resolve({ ...event, ...octets, body: Buffer.from(event.body) });
    });
    const stop = (): void => source.order({ type: "stop" });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
