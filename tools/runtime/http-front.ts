/** A node server that answers a protocol's operations itself and hands every other path to an app behind it. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from "node:https";
import { boundRequest } from "./http-octets.js";
import { DirectRequest } from "./http-request.js";
import type { Listener } from "./http-server-types.js";

/** Answers what the operations do not; `express()` fits. */
export type FrontApp = (request: never, response: never) => unknown;

export interface FrontOptions {
  /** Gets every path that the operations do not have. Default: they are answered with 404. */
  readonly app?: FrontApp;
  /** Key, certificate and so on; makes the server speak HTTPS. */
  readonly tls?: TlsServerOptions;
  /** Whether bodies of octets may take longer to come than other requests, as long as they come. Generated code knows. */
  readonly streams?: boolean;
}

/**
 * Bounds on slow clients, in ms. Node looks for offenders only every 30 s unless told otherwise, so that a limit of 10 s
 * alone would not be one.
 */
const settings = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  IncomingMessage: DirectRequest,
};

/**
 * Not yet listening: `createFrontServer(…).listen(port, host)`.
 *
 * Express changes the prototype of every request that it handles, which up to Node 22 costs it more than all else. The
 * operations never meet it: only what is handed on does. (Objects born with Express's prototypes would spare the app that
 * change, and make every operation dearer by a fifth.)
 */
export function createFrontServer(listener: Listener, { app, tls, streams = false }: FrontOptions = {}): Server {
  const answer: RequestListener =
    app === undefined
      ? (request, response) => listener(request, response)
      : (request, response) => listener(request, response, () => app(request as never, response as never));
  // Node's own limit knows of one request as much as of another.
  const serve: RequestListener = streams
    ? (request, response) => {
        boundRequest(request, response, settings.requestTimeout);
        answer(request, response);
      }
    : answer;
  const all = streams ? { ...settings, requestTimeout: 0 } : settings;
  return tls === undefined ? createServer(all, serve) : createTlsServer({ ...all, ...tls }, serve);
}
