/** The header fields of a client's requests. */
import { aborted, type Bounds, within } from "./http-bounds.js";
import type { Auth, CallOptions, ClientOptions } from "./http-client-types.js";
import type { Operation } from "./http-operation.js";

/** Lower-case names; a call's own fields outrank the client's. */
export async function requestHeaders(
  { auth, headers: shared }: Pick<ClientOptions, "auth" | "headers">,
  operation: Operation,
  call: CallOptions,
  bounds: Bounds,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = { accept: "application/json, application/problem+json;q=0.9" };
  const authorization =
    typeof auth === "function" ? await askFor(auth, operation, bounds) : auth && authorizationValue(auth);
  if (authorization !== undefined) headers.authorization = authorization;
  for (const given of [shared, call.headers]) {
    for (const [name, value] of Object.entries(given ?? {})) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The caller's function counts against the call's deadline. What it throws is the caller's own, and passed on as it is. */
function askFor(auth: Extract<Auth, () => unknown>, operation: Operation, bounds: Bounds) {
  if (bounds.signal?.aborted) throw aborted(operation, bounds.signal.reason);
  const asked = async () => auth();
  return within(asked(), operation, bounds);
}

function authorizationValue(auth: Exclude<Auth, () => unknown>): string {
  if ("bearer" in auth) return `Bearer ${auth.bearer}`;
  // [RFC 7617 2.1] user-id and password as UTF-8
  const octets = new TextEncoder().encode(`${auth.basic.username}:${auth.basic.password}`);
  return `Basic ${btoa(String.fromCharCode(...octets))}`;
}
