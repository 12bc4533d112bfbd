import type { Action } from "../client/drive.js";

/**
 * What a hybrid peer can be asked to do where it is judged towards other peers. Settings of all: `listen`, `peer-id`, `overlay-id`, `type`, `sub-type`,
 * `profile`, and the limits that are declared (`max-primary`, `outgoing-candidates`, `max-incoming-candidates`).
 */
export const peerActions = {
  join: {
    title: "join the overlay network `overlay-id`, and take part in it",
    required: true,
    exec: "start",
  },
  send: {
    title: "broadcast `text` to the overlay network, as the application `app-id`",
    required: true,
  },
  receive: {
    title: "tell what applications are given from now on, by events `data` with `source`, `sequence` and `text` each",
    required: false,
  },
  scan: {
    title: "ask the tree for its shape; the result is its root, with `peer-id` and `children`, which are alike",
    required: false,
  },
  leave: { title: "leave the overlay network", required: true, exec: "stop" },
} as const satisfies Readonly<Record<string, Action>>;

export type PeerAction = keyof typeof peerActions;
