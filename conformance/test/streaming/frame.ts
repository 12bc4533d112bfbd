import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Operation } from "../../../generated/runtime/http-operation.js";
import type { Serving } from "../servers.js";

export type Json = Record<string, unknown>;

/** One request that the table of operations knows. */
export interface Exchange {
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of `Authorization: Bearer`; empty where there is none. */
  readonly token: string;
  readonly body: Json;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** A server in one file; `switches` say what it does wrong or oddly. */
export interface Tiny {
  answer(exchange: Exchange): Reply | Promise<Reply>;
  /** Another body that stands outside of the table of operations: the octets of an upload. */
  /** Whether the server ends over such a body. */
  mortal?(text: string): boolean;
  /** What came, with what this one does not miss. */
  completed?(operation: string, body: Json): Json;
  /** How much it keeps. */
  left?(): number;
  octets?(method: string, path: string, token: string, query: URLSearchParams, octets: Buffer): Reply | undefined;
}

export class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

/** More than any message needs. */
const LIMIT = 1024 * 1024;

/** Serves a tiny server by the operations of its protocol; requests are checked by the generated validators. */
export async function serveTiny(operations: Readonly<Record<string, Operation>>, tiny: Tiny): Promise<Serving> {
  const routes = Object.values(operations).map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replace(/\/$/, "").replace(/\{[^}]*\}/g, "([^/]+)")}/?$`),
    names: [...operation.path.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name),
  }));
  const reply = async (request: IncomingMessage): Promise<Reply> => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length <= LIMIT) chunks.push(chunk as Buffer);
    }
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://tiny");
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const octets = Buffer.concat(chunks);
    if (tiny.mortal?.(octets.toString())) {
      server.close();
      server.closeAllConnections();
    }
    const apart = tiny.octets?.(request.method ?? "", pathname, token, query, octets);
    if (apart) return apart;
    const route = routes.find(
      ({ operation, pattern }) => operation.method === request.method && pattern.test(pathname),
    );
    if (!route) return { status: 404 };
    if (length > LIMIT) return { status: 413 };
    const { operation, pattern, names } = route;
    const values = pattern.exec(pathname)?.slice(1) ?? [];
    const params = Object.fromEntries(values.map((value, at) => [names[at] ?? "", decodeURIComponent(value)]));
    let body: Json = {};
    if (operation.request) {
      const sent: unknown = JSON.parse(octets.toString());
      const value = tiny.completed?.(operation.id, sent as Json) ?? sent;
      if (operation.request.validate(value)) return { status: 400 };
      body = value as Json;
    }
    return await tiny.answer({ operation: operation.id, params, query, token, body });
  };
  const server = createServer((request, response) => {
    reply(request)
      .catch((error: unknown): Reply => ({ status: error instanceof Refused ? error.status : 400 }))
      .then((answer) => write(response, answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function write(response: ServerResponse, { status, body }: Reply): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
