/** A node server that answers a protocol's operations itself and hands every other path to an app behind it. */
import { createServer, IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from "node:https";
import type { Listener } from "./http-server-types.js";

/** What an Express app is, as far as this file needs to know; `express()` fits. */
export interface FrontApp {
  (request: never, response: never): unknown;
  /** Prototype that the app gives every request it handles. */
  readonly request: object;
  /** Prototype that the app gives every response it handles. */
  readonly response: object;
}

export interface FrontOptions {
  /** Gets every path that the operations do not have. Default: they are answered with 404. */
  readonly app?: FrontApp;
  /** Key, certificate and so on; makes the server speak HTTPS. */
  readonly tls?: TlsServerOptions;
}

/**
 * Bounds on slow clients, in ms. Node looks for offenders only every 30 s unless told otherwise, so that a limit of 10 s
 * alone would not be one.
 */
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

/** Not yet listening: `createFrontServer(…).listen(port, host)`. */
export function createFrontServer(listener: Listener, { app, tls }: FrontOptions = {}): Server {
  const serve: RequestListener =
    app === undefined
      ? (request, response) => listener(request, response)
      : (request, response) => listener(request, response, () => app(request as never, response as never));
  const classes = app === undefined ? {} : adoptPrototypes(app);
  return tls === undefined
    ? createServer({ ...timeouts, ...classes }, serve)
    : createTlsServer({ ...timeouts, ...classes, ...tls }, serve);
}

/**
 * Express changes the prototype of each request and response to its own, which on Node 20 makes every later access slow:
 * half of all it costs. Objects born with that prototype need no change.
 */
function adoptPrototypes(app: FrontApp): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  const adopt = (base: new (...parameters: never) => unknown, prototype: object): unknown => {
    function Adopted(...parameters: unknown[]): unknown {
      return Reflect.construct(base, parameters, Adopted);
    }
    Adopted.prototype = prototype;
    return Adopted;
  };
  return {
    IncomingMessage: adopt(IncomingMessage, app.request) as typeof IncomingMessage,
    ServerResponse: adopt(ServerResponse, app.response) as typeof ServerResponse,
  };
}
