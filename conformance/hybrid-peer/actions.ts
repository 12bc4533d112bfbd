import type { Action } from "../client/drive.js";

/**
 * What a hybrid peer can be asked to do where it is judged towards other peers. Settings of all: `peer-id`, `overlay-id`, `type`, `sub-type`,
 * `profile`, and the limits that are declared (`max-primary`, `outgoing-candidates`, `max-incoming-candidates`).
 */
export const peerActions = {
  join: {
    title: "join the overlay network `overlay-id`, and take part in it",
    required: true,
    exec: "start",
  },
  send: {
    title: "broadcast the text `payload` to the overlay network, as the application `app-id`",
    required: true,
  },
  receive: {
    title:
      "tell what applications have been given so far; the result has `data`, a list with `source`, `sequence` and `payload` (text) each",
    required: false,
  },
  scan: {
    title:
      "ask the tree for its shape; the result has `paths`, a list of lists of peers with a `peer-id` each, one for each leaf",
    required: false,
  },
  leave: { title: "leave the overlay network", required: true, exec: "stop" },
} as const satisfies Readonly<Record<string, Action>>;

export type PeerAction = keyof typeof peerActions;
