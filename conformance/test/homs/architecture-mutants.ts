import type { Mutant } from "./defects.js";
import {
  after,
  answers,
  CREATION,
  idle,
  is,
  JOIN,
  LEAVE,
  MODIFICATION,
  part,
  QUERY,
  REFRESH,
  REPORT,
  refuses,
} from "./defects.js";
import type { Json } from "./tiny-homs.js";

/** Defects in what Q.4100 has a HOMS do, each a defect by Q.4103 too. */
export const architectureMutants: readonly Mutant[] = [
  after("everything on /peer gets 501", "HOMP-7-01", (exchange) =>
    exchange.path.startsWith("/peer") ? { status: 501 } : undefined,
  ),
  idle("HP2P-7.3-01", JOIN),
  after("a refresh gets 501", "HP2P-7.3.1.1-01", (exchange) => (is(exchange, REFRESH) ? { status: 501 } : undefined)),
  after("a modification gets 501", "HP2P-8.1-01", (exchange) =>
    is(exchange, MODIFICATION) ? { status: 501 } : undefined,
  ),
  after("a leave gets 501", "HP2P-8.1-02", (exchange) => (is(exchange, LEAVE) ? { status: 501 } : undefined)),
  after("a report gets 501", "HP2P-8.1-03", (exchange) => (is(exchange, REPORT) ? { status: 501 } : undefined)),
  refuses("knows no mesh", "HP2P-7.1-01", CREATION, (info) => info["sub-type"] === "mesh"),
  after("a creation whose owner-id is a list is answered as if it were right", "HP2P-7.3.1.1-02", (exchange, reply) =>
    is(exchange, CREATION) && Array.isArray(part(exchange, "overlay_info")["owner-id"])
      ? { status: 200, body: { overlay: { ...part(exchange, "overlay_info"), "overlay-id": "made-all-the-same" } } }
      : reply,
  ),
  after("a query is answered by a word", "HP2P-7.3.1.1-03", (exchange, { status }) =>
    is(exchange, QUERY) ? { status, body: "none" as unknown as Json } : undefined,
  ),
  idle("HP2P-7.3.1.2-01", MODIFICATION),
  answers("the number of peers is always 2", "HP2P-7.3.1.3-01", QUERY, (overlay) => {
    overlay.status = { num_peers: 2, status: "active" };
  }),
  answers("no peers to enter by", "HP2P-7.3.1.4-01", JOIN, (overlay) => {
    overlay.status = { ...(overlay.status as Json), peer_info_list: [] };
  }),
  answers("peers to enter by that never joined", "HP2P-7.3.1.4-02", JOIN, (overlay) => {
    const { status } = overlay as { status: { peer_info_list: Json[] } };
    status.peer_info_list.push({ "peer-id": "nobody", address: "tcp://192.0.2.1:1" });
  }),
  answers("peers to enter by with one address for all", "HP2P-7.3.2.1-01", JOIN, (overlay) => {
    const { status } = overlay as { status: { peer_info_list: Json[] } };
    for (const one of status.peer_info_list) one.address = "tcp://192.0.2.99:9";
  }),
];
