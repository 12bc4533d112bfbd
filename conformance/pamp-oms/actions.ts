import type { Action } from "../client/drive.js";

/** What an OMS can be asked to do. Settings of all: `overlay-id`, a wish that the product may replace by an ID of its own. */
export const omsActions = {
  "create-overlay": {
    title: "establish an overlay network and register it at the PAMS; `content-type` is what it is for",
    required: true,
    exec: "start",
  },
  "create-another": { title: "establish a second overlay network, `overlay-id`, and register it", required: false },
  "close-overlay": { title: "close the overlay network and deregister it", required: true },
  "join-peer": {
    title: "let a peer (`peer-id`) join the overlay network; the result has `pams_url`, what the OMS tells the peer",
    required: true,
  },
  "query-list": {
    title:
      "get a list of peers from the PAMS, by the condition `peer_query_condition` if there is one; the result has `peers`, what the OMS hands on, and `fragments` if it advises some",
    required: false,
  },
  "query-peer": {
    title: "get the status of one peer (`peer-id`) from the PAMS; the result has `peer_status`",
    required: false,
  },
} as const satisfies Readonly<Record<string, Action>>;

export type OmsAction = keyof typeof omsActions;
