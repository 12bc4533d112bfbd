import type { PampHandlers } from "../../../generated/pamp/server.js";

/** A PAMS without a memory: answers what the spec allows, and echoes what it can. */
export function pampHandlers(overrides: Partial<PampHandlers> = {}): PampHandlers {
  return {
    PAMP_OVERLAY_NW_REG: () => ({
      status: 200,
      body: { pam_conf_info: { pam_enabled: true, pams_url: "http://pams/pams/", report_interval: 10 } },
    }),
    PAMP_OVERLAY_NW_DEREG: () => ({ status: 200 }),
    PAMP_PEER_REG: () => ({
      status: 200,
      body: { pam_conf_info: { pams_url: "http://pams/pams/", report_interval: 10 } },
    }),
    PAMP_PEER_DEREG: () => ({ status: 200 }),
    PAMP_PEER_STATUS_REPORT: () => ({ status: 200 }),
    PAMP_PEER_LIST_QUERY: ({ body }) => ({
      status: 200,
      body: { peer_list: { peer_id: body.peer_query_condition.peer_id ?? [] } },
    }),
    PAMP_PEER_INFO_QUERY: () => ({ status: 409 }),
    ...overrides,
  };
}
