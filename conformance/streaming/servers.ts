import { csOperations } from "../../generated/cs/operations.js";
import { ixsOperations } from "../../generated/ixs/operations.js";
import { omsOperations } from "../../generated/oms/operations.js";
import { pampOperations } from "../../generated/pamp/operations.js";
import { umsOperations } from "../../generated/ums/operations.js";
import { unisOperations } from "../../generated/unis/operations.js";
import type { Answer } from "../client/answer.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";
import { isObject } from "../engine/matchers.js";
import { moment } from "./clock.js";

export type Json = Readonly<Record<string, unknown>>;

/** Every server of X.609.10 at one address: each has a path of its own. */
export const serverOperations = {
  ...pampOperations,
  ...omsOperations,
  ...ixsOperations,
  ...unisOperations,
  ...umsOperations,
  ...csOperations,
} as const;

/** What PAMS, UNIS, UMS and CS say where a case has scripted nothing: yes to everything. */
export function usualAnswer(request: ClientRequest, standIn: StandIn, now: () => number): Answer {
  switch (request.primitive) {
    case "PAMP_OVERLAY_NW_REG":
      return ok({ pam_conf_info: { pams_url: `${standIn.url}/pams/`, pam_enabled: true, report_interval: 10 } });
    case "PAMP_PEER_REG":
      return ok({ pam_conf_info: { pams_url: `${standIn.url}/pams/`, report_interval: 10 } });
    case "PAMP_PEER_LIST_QUERY":
      return ok({ peer_list: { peer_id: [] } });
    case "PAMP_PEER_INFO_QUERY":
      return ok({ peer_status: { dynamic_status: { overlay_event: "STARTED" } } });
    case "UNIS_DISTANCE_QUERY":
      return ok(distances(request, 60));
    case "UNIS_MEASUREMENT_REPORT":
      return ok({ measurements: { taken: 0, report_interval: 3600 } });
    case "UMS_ACCESS_QUERY":
      return ok({ access_rights: rights(now(), { granted: true }) });
    case "UMS_CHANNEL_LIST":
      return ok({ channels: [] });
    case "CS_QUERY":
      return ok({
        cache_server: { cs_id: "cs", allocations: 0, max_allocations: 100, sessions: 0, methods: ["http", "rtp"] },
      });
    case "CS_ALLOCATE":
    case "CS_ALLOCATION_UPDATE":
    case "CS_ALLOCATION_QUERY": {
      const overlay = request.get("allocation.overlay_network_id") ?? "overlay";
      const priority = request.get("allocation.priority") ?? 10;
      const allocation_id = request.params.AID ?? `allocation-${String(overlay)}`;
      const peer_id = `virtual-${String(overlay)}`;
      return ok({ allocation: { allocation_id, peer_id, overlay_network_id: overlay, priority, state: "joining" } });
    }
    default:
      return { status: 200 };
  }
}

export const ok = (body: Json): Answer => ({ status: 200, body });

/** Everybody who was asked about, in the order of the question unless another one is given. */
export function distances(request: ClientRequest, interval: number, order?: readonly string[]): Json {
  const asked = request.get("distance_query.peers");
  const ids = (Array.isArray(asked) ? asked : []).flatMap((one) => (isObject(one) ? [String(one.peer_id)] : []));
  const sorted = order ? ids.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)) : ids;
  const peer = sorted.map((peer_id, at) => ({ peer_id, distance: at, class: "other-as" }));
  return { distances: { peer, update_request_interval: interval } };
}

/** A result of the UMS that holds for so many seconds. */
export function rights(now: number, more: Json, seconds = 300): Json {
  return { valid_from: moment(now - 1000), valid_until: moment(now + 1000 * seconds), ...more };
}
