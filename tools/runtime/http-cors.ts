/** OPTIONS, Allow and cross-origin requests from browsers. */
import type { Endpoint, Exchange } from "./http-exchange.js";
import { observe } from "./http-exchange.js";
import type { RouteMatch } from "./http-router.js";

export function allowedMethods({ methods }: RouteMatch<Endpoint>): string {
  const names = [...methods.keys()];
  return [...names, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

export function answerOptions(exchange: Exchange, match: RouteMatch<Endpoint>): void {
  const methods = allowedMethods(match);
  const { request, response } = exchange;
  if (response.hasHeader("Access-Control-Allow-Origin") && request.headers["access-control-request-method"]) {
    response.setHeader("Access-Control-Allow-Methods", methods);
    const wanted = request.headers["access-control-request-headers"];
    if (wanted !== undefined) response.setHeader("Access-Control-Allow-Headers", wanted);
    response.setHeader("Access-Control-Max-Age", "600");
  }
  response.writeHead(204, { Allow: methods });
  response.end();
  if (exchange.settings.options.onRequest !== undefined) observe(exchange, 204);
}

/** [Fetch standard, CORS protocol] Credentials are never allowed: authorization is a header that pages set themselves. */
export function allowOrigin({ request, response }: Exchange, cors: "*" | readonly string[]): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (cors === "*") response.setHeader("Access-Control-Allow-Origin", "*");
  else {
    response.setHeader("Vary", "Origin");
    if (!cors.includes(origin)) return;
    response.setHeader("Access-Control-Allow-Origin", origin);
  }
  response.setHeader("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After, Allow");
}
