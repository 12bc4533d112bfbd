import type { ListenerEvent } from "../engine/world/sockets.js";
import { tcpListener } from "../engine/world/sockets.js";
import type { World } from "../engine/world.js";
import type { Arrived } from "./http-reader.js";
import { HttpReader, nothing } from "./http-reader.js";

/** The suite's end of the product's connections. */
export interface HttpHost {
  /** `http://127.0.0.1:40001` */
  readonly url: string;
  /** Onto the connection that a request came by; nothing happens where it has ended. */
  send(connection: number, octets: Uint8Array): void;
  /** Ends a connection at once. */
  drop(connection: number): void;
  close(): Promise<void>;
}

export interface HostEvents {
  onRequest(request: Arrived): void;
  /** A connection ended; `rest`: octets of a request that never became complete. */
  onEnd?(connection: number, rest: Arrived | undefined): void;
}

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/**
 * Listens for the product on `host:port` (port 0: any free one).
 *
 * @throws Error where the address cannot be had
 */
export async function hostHttp(
  world: World,
  at: { readonly host: string; readonly port: number },
  events: HostEvents,
): Promise<HttpHost> {
  const readers = new Map<number, HttpReader>();
  let closed = false;
  return await new Promise<HttpHost>((resolve, reject) => {
    let over = (): void => {};
    const ended = new Promise<void>((done) => {
      over = done;
    });
    const source = world.open(tcpListener, at, (event: ListenerEvent | { type: "lost"; reason: string }) => {
      switch (event.type) {
        case "listening":
          return resolve({
            url: `http://${at.host.includes(":") ? `[${at.host}]` : at.host}:${event.local.port}`,
            send: (to, octets) => {
              if (readers.has(to)) source.order({ type: "send", to, octets });
            },
            drop: (to) => {
              if (readers.delete(to)) source.order({ type: "close", to });
            },
            async close() {
              if (closed) return;
              closed = true;
              for (const to of readers.keys()) source.order({ type: "close", to });
              source.order({ type: "end" });
              await ended;
            },
          });
        case "connected":
          readers.set(event.from, new HttpReader(event.from));
          if (closed) source.order({ type: "close", to: event.from });
          return;
        case "arrived":
          return arrived(event.from, event.octets);
        case "closed": {
          const rest = readers.get(event.from)?.rest ?? nothing.octets;
          const cut = { ...nothing, octets: rest, connection: event.from, fault: "it ends before it is complete" };
          if (readers.delete(event.from)) events.onEnd?.(event.from, rest.length > 0 ? cut : undefined);
          return;
        }
        case "failed":
          return;
        case "unusable":
          return reject(new Error(`cannot listen on ${at.host}:${at.port}: ${event.message}`));
        case "ended":
          return over();
        case "lost":
          over();
          return reject(new Error(event.reason));
      }
    });
    const arrived = (from: number, octets: Uint8Array): void => {
      const reader = readers.get(from);
      if (!reader || closed) return;
      const requests = reader.push(octets);
      if (requests.length === 0 && reader.expectsContinue()) source.order({ type: "send", to: from, octets: CONTINUE });
      for (const request of requests) events.onRequest(request);
    };
  });
}
