import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import express, { type Express, type Request, type Response } from "express";
import { createFrontServer } from "../../generated/runtime/http-front.js";
import { problem } from "../../generated/runtime/problem.js";
import type { HttpMetrics } from "./http-metrics.js";
import type { Logger } from "./logger.js";
import { silentLogger } from "./logger.js";

/** A generated listener (`createPampListener`, `createHompListener`): answers what its spec names and calls `next` for the rest. */
export type Front = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export interface HttpHostOptions {
  /** The entity's short name, as in `/healthz` and the log: `pams`, `homs`. */
  name: string;
  /** Answers the specified operations without touching Express. */
  front: Front;
  metrics: HttpMetrics;
  /** Default 127.0.0.1: serving others is a decision. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** `key` and `cert` at least; makes the server speak HTTPS only. */
  tls?: TlsOptions;
  /** Whether the front takes octets that may come for hours. Default false. */
  streams?: boolean;
  logger?: Logger;
  /** What `GET /` shows to somebody who opens the address in a browser. */
  index?: object;
  /** Extra members of `/healthz`; one that throws makes it 503. */
  health?: () => object;
  /** How long answers under way may take when closing, in ms. Default 5000. */
  drainMs?: number;
  /** Default 30000 ms: peers that report every ten seconds keep their connection. */
  keepAliveMs?: number;
  /** Connections at a time; more are refused by the socket. Default: no limit. */
  maxConnections?: number;
}

export interface HttpHost {
  /** Where it listens, without trailing slash. An unspecified address (0.0.0.0) shows as localhost. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** The Express app behind the front: mount more on it. */
  readonly app: Express;
  /** Stops listening, lets answers under way finish for `drainMs`, then cuts what is left. */
  close(): Promise<void>;
}

/**
 * Listens, with the entity's operations in front and `/healthz`, `/metrics` and an index behind them.
 * Rejects with the system's error (`EADDRINUSE`, `EACCES`…) when it cannot.
 */
export async function openHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const { name, front, host = "127.0.0.1", port = 0, logger = silentLogger } = options;
  const state = { closing: false };
  const app = createApp(options, state);
  const fresh = new Set<Socket>();
  const failed = (request: IncomingMessage, response: ServerResponse, error: unknown) => {
    logger.error({ err: error, method: request.method, url: request.url }, "request failed");
    sendProblem(response, 500, "the server failed to answer; its log has the reason");
  };
  const listener: Front = (request, response, next) => {
    fresh.delete(request.socket);
    if (state.closing) response.shouldKeepAlive = false;
    front(request, response, (error) => (error === undefined ? next() : failed(request, response, error)));
  };
  const behind = (request: Request, response: Response) => {
    app(request, response, (unanswered?: unknown) => {
      if (unanswered !== undefined) failed(request, response, unanswered);
      else sendProblem(response, 404, `nothing here answers ${request.method} ${request.url}`);
    });
  };

  const { tls } = options;
  const server: Server = createFrontServer((request, response, next = () => {}) => listener(request, response, next), {
    app: behind,
    streams: options.streams ?? false,
    ...(tls === undefined ? {} : { tls }),
  });
  server.keepAliveTimeout = options.keepAliveMs ?? 30_000;
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => {
    // A TLS connection counts once its handshake is over, which may be after closing has begun.
    if (state.closing) return void socket.destroy();
    fresh.add(socket);
    socket.once("close", () => fresh.delete(socket));
  });
  await listen(server, port, host);

  const address = server.address() as AddressInfo;
  const url = `${options.tls ? "https" : "http"}://${urlHost(host)}:${address.port}`;
  logger.info({ entity: name, url }, "listening");
  return {
    url,
    port: address.port,
    server,
    app,
    async close() {
      state.closing = true;
      await drain(server, fresh, options.drainMs ?? 5000);
      logger.info({ entity: name, url }, "closed");
    },
  };
}

function createApp(options: HttpHostOptions, state: { closing: boolean }): Express {
  const { name, metrics, logger = silentLogger } = options;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use((request, response, next) => {
    const started = process.hrtime.bigint();
    response.on("finish", () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      logger.debug({ method: request.method, url: request.originalUrl, status: response.statusCode, ms }, "answered");
    });
    next();
  });
  app.get("/healthz", (_request, response) => {
    try {
      const details = options.health?.() ?? {};
      response
        .status(state.closing ? 503 : 200)
        .json({ status: state.closing ? "closing" : "ok", entity: name, ...details });
    } catch (error) {
      logger.error({ err: error }, "health check failed");
      response.status(503).json({ status: "failing", entity: name });
    }
  });
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.get("/", (_request, response) => {
    response.json({ entity: name, health: "/healthz", metrics: "/metrics", ...options.index });
  });
  return app;
}

/** Answers with problem details, or cuts an answer that has begun. */
export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problem(status, { detail }));
  response.writeHead(status, { "content-type": "application/problem+json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/**
 * `close` waits for every connection. Ends the ones without a request under way: those between two requests (looked for
 * again until none is left, since each becomes one when its last answer has gone out), and those that never sent any,
 * which node counts as busy.
 */
function drain(server: Server, fresh: ReadonlySet<Socket>, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
    for (const socket of fresh) socket.destroy();
  });
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
