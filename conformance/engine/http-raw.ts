import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { NoAnswer } from "./outcome.js";
import type { Outcome } from "./refuses.js";
import { printfOctets, shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";

export interface RawReply extends Outcome {
  /** Undefined if the connection closed without a status line. */
  readonly status: number | undefined;
  readonly closed: boolean;
  readonly text: string;
}

/** Sends octets, waits for the head of an answer or the end of the connection (reset and orderly close count alike). */
export async function sendRaw(t: Test, base: URL, octets: string | Uint8Array, timeoutMs: number): Promise<RawReply> {
  const bytes = Buffer.from(octets as Uint8Array);
  const secure = base.protocol === "https:";
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const port = Number(base.port) || (secure ? 443 : 80);
  const pipe = secure ? `openssl s_client -quiet -connect ${host}:${port}` : `nc -w 3 ${shellQuote(host)} ${port}`;
  t.transcript.add("http-request", `${bytes.length} octets straight onto the connection`, {
    ...octetsOf(bytes),
    ...(bytes.length <= 4096 ? { reproduce: `printf ${printfOctets(bytes)} | ${pipe}` } : {}),
  });
  const { received, ended, error } = await new Promise<{
    received: Buffer;
    ended: boolean;
    error?: NodeJS.ErrnoException;
  }>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = secure ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    const done = (ended: boolean, error?: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ received: Buffer.concat(chunks), ended, ...(error ? { error } : {}) });
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).includes("\r\n\r\n")) setTimeout(() => done(false), 20);
    });
    socket.on("end", () => done(true));
    socket.on("error", (error: NodeJS.ErrnoException) => done(true, error));
    socket.write(bytes);
  });
  if (error && error.code === "ECONNREFUSED") throw new NoAnswer("unreachable", `cannot connect: ${error.message}`);
  const text = received.toString("latin1");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined && !ended)
    throw new NoAnswer("timeout", `neither an answer nor a closed connection within ${timeoutMs} ms`);
  const outcome = status === undefined ? "the connection closed without an answer" : (text.split("\r\n")[0] ?? "");
  const entry = t.transcript.add("http-response", outcome, octetsOf(received));
  return { outcome, entry, status: status === undefined ? undefined : Number(status), closed: ended, text };
}
