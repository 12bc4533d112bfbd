import { printfLine, withoutCredentials } from "./http-credentials.js";
import { NoAnswer } from "./outcome.js";
import type { Outcome } from "./refuses.js";
import { shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import type { RawEvent } from "./world/raw.js";
import { rawExchange, withoutInterim } from "./world/raw.js";
import { octetsOn } from "./world/wire.js";

export interface RawReply extends Outcome {
  /** Undefined if the connection closed without a status line. */
  readonly status: number | undefined;
  readonly closed: boolean;
  readonly text: string;
}

/** Sends octets, waits for the head of an answer or the end of the connection (reset and orderly close count alike). `credentials`: names of declared header lines. */
export async function sendRaw(
  t: Test,
  base: URL,
  octets: string | Uint8Array,
  timeoutMs: number,
  credentials: readonly string[] = [],
): Promise<RawReply> {
  const bytes = Buffer.from(octets as Uint8Array);
  const secure = base.protocol === "https:";
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const port = Number(base.port) || (secure ? 443 : 80);
  const pipe = secure ? `openssl s_client -quiet -connect ${host}:${port}` : `nc -w 3 ${shellQuote(host)} ${port}`;
  t.transcript.add("http-request", `${bytes.length} octets straight onto the connection`, {
    ...octetsOf(withoutCredentials(bytes, credentials)),
    ...(bytes.length <= 4096 ? { reproduce: `${printfLine(bytes, credentials)} | ${pipe}` } : {}),
  });
  const { closed, error, wire } = await new Promise<Omit<RawEvent, "type">>((resolve) => {
    t.world.open(rawExchange, { host, port, secure, octets: bytes, timeoutMs }, (event) =>
      resolve(event.type === "lost" ? { closed: false, wire: { chunks: [] } } : event),
    );
  });
  const received = octetsOn(wire, false);
  if (error && error.code === "ECONNREFUSED") throw new NoAnswer("unreachable", `cannot connect: ${error.message}`);
  const text = withoutInterim(received.toString("latin1"));
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined && !closed)
    throw new NoAnswer("timeout", `neither an answer nor a closed connection within ${timeoutMs} ms`);
  const outcome = status === undefined ? "the connection closed without an answer" : (text.split("\r\n")[0] ?? "");
  const entry = t.transcript.add("http-response", outcome, octetsOf(received));
  return { outcome, entry, status: status === undefined ? undefined : Number(status), closed, text };
}
