import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Outside } from "../world.js";
import type { Wire } from "./wire.js";
import { tap } from "./wire.js";

export interface RawAsked {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly octets: Uint8Array;
  readonly timeoutMs: number;
}

export interface RawEvent {
  readonly type: "ended";
  /** The product closed or reset the connection; false where the time was over, or the head of an answer was there. */
  readonly closed: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  readonly wire: Wire;
}

/** After the head of an answer, its body has this long to come too, in ms. */
const BODY_MS = 20;

/** What follows the interim responses (1xx, but for 101): any number of them may come before an answer [RFC 9110 15.2]. */
export function withoutInterim(text: string): string {
  return text.replace(/^(HTTP\/1\.[01] 1(?!01)\d\d[\s\S]*?\r\n\r\n)+/, "");
}

/** Octets straight onto a connection, until the head of an answer or the end of the connection (reset and orderly close count alike). */
export const rawExchange: Outside<RawAsked, RawEvent, never> = {
  kind: "raw",
  start({ host, port, secure, octets, timeoutMs }, emit, clock) {
    const socket = secure ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    const wire = tap(socket, clock);
    const received: Buffer[] = [];
    let settled = false;
    const done = (closed: boolean, error?: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      socket.destroy();
      if (settled) return;
      settled = true;
      emit({
        type: "ended",
        closed,
        ...(error ? { error: { code: error.code ?? "", message: error.message } } : {}),
        wire,
      });
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.on("data", (chunk: Buffer) => {
      received.push(chunk);
      if (withoutInterim(Buffer.concat(received).toString("latin1")).includes("\r\n\r\n"))
        setTimeout(() => done(false), BODY_MS);
    });
    socket.on("end", () => done(true));
    socket.on("error", (error: NodeJS.ErrnoException) => done(true, error));
    socket.write(octets);
    return () => {};
  },
};
