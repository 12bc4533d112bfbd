import type { Action } from "../client/drive.js";

/** What a peer can be asked to do. Settings of all: `overlay-id`, `peer-id`, wishes that a product may replace by its own. */
export const peerActions = {
  join: {
    title:
      "join the overlay network, whose PAMS is at the suite's address: done when it is registered and has reported once",
    required: true,
    exec: "start",
  },
  leave: { title: "leave the overlay network in good order", required: true, exec: "stop" },
  "change-profile": {
    title: "change the profile to the members of `static_status`",
    required: false,
  },
  exchange: {
    title:
      "behave as if fragments had been exchanged: `events` (as fragment_event of 9.1.4), `uploaded` and `downloaded` in kilobytes",
    required: false,
  },
  hold: {
    title:
      "hold the fragments of `fragment` and from `start_fragment_id` to `end_fragment_id`, of `num_of_fragment` with `fragment_size` kilobytes",
    required: false,
  },
  pause: { title: "pause the exchange of data", required: false },
  complete: { title: "have received everything", required: false },
} as const satisfies Readonly<Record<string, Action>>;

export type PeerAction = keyof typeof peerActions;
