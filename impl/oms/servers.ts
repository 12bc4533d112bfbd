import { createCsClient } from "../../generated/cs/index.js";
import { isMp2pError } from "../../generated/runtime/errors.js";
import type { ClientOptions } from "../../generated/runtime/http-client-types.js";
import { createUmsClient } from "../../generated/ums/index.js";
import type { CsConnector } from "./cache-servers/control.js";
import type { Ums } from "./rights.js";

/** A server that answered something that is of no use: as good as none. */
class UselessAnswer extends Error {
  constructor(operation: string, status: number) {
    super(`${operation} was answered with ${status}`);
    this.name = "UselessAnswer";
  }
}

const noTime = { serviceClass: undefined, from: 0, until: 0 } as const;

/** What a peer handed in, and the other server's schema does not take, is nobody's failure to answer. */
export function unsendable(error: unknown): "unsendable" {
  if (isMp2pError(error) && error.code === "ERR_REQUEST_INVALID") return "unsendable";
  throw error;
}

/** When to ask again is decided by who asks. */
function clientOptions(url: string, timeoutMs: number, token?: string): ClientOptions {
  return {
    baseUrl: url,
    timeoutMs,
    deadlineMs: 2 * timeoutMs,
    retry: false,
    ...(token === undefined ? {} : { auth: { bearer: token } }),
  };
}

/** R7 over the wire. */
export function connectUms(url: string, token: string | undefined, timeoutMs: number): Ums {
  const client = createUmsClient(clientOptions(url, timeoutMs, token));
  return {
    async access({ userId, credential, peerId, sessionId }) {
      const access_request = {
        peer_id: peerId,
        session_id: sessionId,
        ...(userId === undefined ? {} : { user_id: userId }),
        ...(credential === undefined ? {} : { user_credential: credential }),
      };
      const result = await client.UMS_ACCESS_QUERY({ body: { access_request } }).catch(unsendable);
      // What a peer said of its user is no user's: that is the peer's fault, and the UMS is well.
      if (result === "unsendable" || result.status === 400) return { granted: false, ...noTime };
      if (result.status !== 200) throw new UselessAnswer("UMS_ACCESS_QUERY", result.code);
      const { granted, service_class, valid_from, valid_until } = result.body.access_rights;
      return {
        granted,
        serviceClass: service_class,
        from: Date.parse(valid_from),
        until: Date.parse(valid_until),
      };
    },
  };
}

/** R8 over the wire; `token` for cache servers that have none of their own. */
export function csConnector(token: string | undefined, timeoutMs: number): CsConnector {
  return ({ url, accessToken }) => {
    const client = createCsClient(clientOptions(url, timeoutMs, accessToken ?? token));
    return {
      async state() {
        const result = await client.CS_QUERY();
        if (result.status !== 200) throw new UselessAnswer("CS_QUERY", result.code);
        const { allocations, max_allocations } = result.body.cache_server;
        return { allocations, free: max_allocations === undefined ? undefined : max_allocations - allocations };
      },
      async allocate(allocation) {
        const result = await client.CS_ALLOCATE({ body: { allocation } });
        if (result.status === 503) return "refused";
        if (result.status !== 200) throw new UselessAnswer("CS_ALLOCATE", result.code);
        const { allocation_id: allocationId, peer_id: peerId } = result.body.allocation;
        return { allocationId, peerId };
      },
      async fate(allocationId) {
        const result = await client.CS_ALLOCATION_QUERY({ params: { AID: allocationId } });
        if (result.status === 404) return "unknown";
        if (result.status !== 200) throw new UselessAnswer("CS_ALLOCATION_QUERY", result.code);
        return result.body.allocation.state;
      },
      async prioritise(allocationId, priority) {
        const result = await client.CS_ALLOCATION_UPDATE({
          params: { AID: allocationId },
          body: { allocation: { priority } },
        });
        if (result.status === 404) return "unknown";
        if (result.status !== 200) throw new UselessAnswer("CS_ALLOCATION_UPDATE", result.code);
        return "done";
      },
      async release(allocationId) {
        const result = await client.CS_RELEASE({ params: { AID: allocationId } });
        if (result.status !== 200 && result.status !== 404) throw new UselessAnswer("CS_RELEASE", result.code);
      },
    };
  };
}
