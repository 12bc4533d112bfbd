import { pampOperations } from "../../generated/pamp/operations.js";
import type { Answer } from "../client/answer.js";
import type { ClientProtocol } from "../client/client.js";
import type { Action } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";

type Json = Readonly<Record<string, unknown>>;

/**
 * A PAMS that grants everything, for the product whose actions these are.
 *
 * @param intervalS the report interval that it tells, in seconds
 * @param wrapper another name for `pam_conf_info` in the answer to an overlay registration (E-PAMP-03)
 */
export function pampProtocol(
  actions: Readonly<Record<string, Action>>,
  intervalS: number,
  wrapper?: "pam_conf",
): ClientProtocol {
  return {
    operations: pampOperations,
    actions,
    server: "PAMS",
    usual: (request, standIn) => {
      const answer = usual(request, standIn, intervalS);
      if (wrapper === undefined || request.primitive !== "PAMP_OVERLAY_NW_REG") return answer;
      const { pam_conf_info } = answer.body as { readonly pam_conf_info: Json };
      return { ...answer, body: { [wrapper]: pam_conf_info }, malformed: true };
    },
  };
}

function usual(request: ClientRequest, standIn: StandIn, intervalS: number): Answer {
  switch (request.primitive) {
    case "PAMP_OVERLAY_NW_REG":
      return configured(standIn, { pam_enabled: true, report_interval: 10 });
    case "PAMP_PEER_REG":
      return configured(standIn, { report_interval: intervalS });
    case "PAMP_PEER_LIST_QUERY":
      return { status: 200, body: { peer_list: { peer_id: [] } } };
    case "PAMP_PEER_INFO_QUERY":
      return { status: 200, body: { peer_status: { dynamic_status: { overlay_event: "STARTED" } } } };
    default:
      return { status: 200 };
  }
}

/** A registration granted, as Tables 2 and 6 have it, by the PAMS at this address unless another one is given. */
export function configured(standIn: StandIn, conf: Json): Answer {
  return { status: 200, body: { pam_conf_info: { pams_url: pamsUrl(standIn), ...conf } } };
}

/** The address of a PAMS as it is handed out [9.1.1]. */
export function pamsUrl(standIn: StandIn): string {
  return `${standIn.url}/pams/`;
}
