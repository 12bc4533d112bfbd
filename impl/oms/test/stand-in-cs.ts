import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCsListener, problem } from "../../../generated/cs/server.js";
import type { Allocation, AllocationRequest } from "../../../generated/cs/types.js";

/** A cache server that only keeps book of what it is commanded, over real sockets. */
export interface StandInCs {
  readonly url: string;
  readonly port: number;
  /** What was asked for, by allocation: what is there now. */
  readonly there: Map<string, { allocation: Allocation; request: AllocationRequest }>;
  /** Everything that was ever asked for. */
  readonly requests: AllocationRequest[];
  room: number;
  /** How often it was asked how it is. */
  queries: number;
  close(): Promise<void>;
}

export async function standInCs(name: string, port = 0, token = "oms-of-cs"): Promise<StandInCs> {
  const there: StandInCs["there"] = new Map();
  const requests: AllocationRequest[] = [];
  let last = 0;
  const unknown = { status: 404, body: problem(404) } as const;
  const listener = createCsListener(
    {
      CS_QUERY() {
        server.queries++;
        const { room: max_allocations } = server;
        const state = { cs_id: name, allocations: there.size, max_allocations, sessions: 0, methods: [] };
        return { status: 200, body: { cache_server: state } };
      },
      CS_ALLOCATE({ body: { allocation: request } }) {
        requests.push(request);
        const priority = request.priority ?? 10;
        for (const one of there.values()) {
          if (one.request.overlay_network_id !== request.overlay_network_id) continue;
          Object.assign(one, { request, allocation: { ...one.allocation, priority } });
          return { status: 200, body: { allocation: one.allocation } };
        }
        if (there.size >= server.room) return { status: 503, body: problem(503) };
        const allocation_id = `a${++last}`;
        const { overlay_network_id } = request;
        const peer_id = `${name}-${allocation_id}`;
        const allocation: Allocation = { allocation_id, peer_id, overlay_network_id, priority, state: "joining" };
        there.set(allocation_id, { allocation, request });
        return { status: 200, body: { allocation } };
      },
      CS_ALLOCATION_QUERY({ params: { AID } }) {
        const one = there.get(AID);
        return one === undefined ? unknown : { status: 200, body: { allocation: one.allocation } };
      },
      CS_ALLOCATION_UPDATE({ params: { AID }, body }) {
        const one = there.get(AID);
        if (one === undefined) return unknown;
        one.allocation = { ...one.allocation, priority: body.allocation.priority };
        return { status: 200, body: { allocation: one.allocation } };
      },
      CS_RELEASE: ({ params: { AID } }) => (there.delete(AID) ? { status: 200 } : unknown),
      CS_SESSION_CREATE: () => ({ status: 503, body: problem(503) }),
      CS_SESSION_QUERY: () => unknown,
      CS_SESSION_TERMINATE: () => unknown,
      CS_SESSION_POST: () => unknown,
      CS_DATA_UPLOAD: () => unknown,
    },
    {
      authorize: (operation, { headers }) =>
        operation === "CS_QUERY" || headers.authorization === `Bearer ${token}`
          ? undefined
          : { status: 401, challenge: "Bearer" },
    },
  );
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const { port: bound } = http.address() as AddressInfo;
  const server: StandInCs = {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    there,
    requests,
    room: 100,
    queries: 0,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
