import type { Action } from "../client/drive.js";

/**
 * What a hybrid peer can be asked to do. Settings of all: `peer-id` and, where it is to enter an overlay network of the suite's,
 * `overlay-id`, `type`, `sub-type`.
 */
export const hybridPeerActions = {
  create: {
    title:
      "create an overlay network with `title`, `description`, `type`, `sub-type`, `overlay-expires` (s), `heartbeat-interval`, `heartbeat-timeout`, `access-key` and `peerlist` (then it is closed), `cr-policy`, as far as they are given",
    required: false,
  },
  query: {
    title:
      "look for overlay networks by `overlay-id`, `title` or `description`, or for all; the result has `overlay`, a list with an `overlay-id` each",
    required: false,
  },
  modify: {
    title:
      "change `title`, `description`, `overlay-expires` (s) or `access-key` and `peerlist` of the overlay network that it created",
    required: false,
  },
  remove: { title: "remove the overlay network that it created", required: false },
  join: {
    title:
      "join the overlay network `overlay-id`, with `access-key` and for `expires` (s) if given; without `overlay-id` the one that it created, or one that it finds by `title`",
    required: true,
    exec: "start",
  },
  paths: {
    title:
      "take the peers `primary`, `outgoing` and `incoming` (lists of identifiers) for the other ends of its primary and candidate paths",
    required: false,
  },
  "lose-paths": { title: "lose all of these paths at once, as if the neighbours had gone", required: false },
  attach: { title: "let a new application, named `application`, attach itself", required: false },
  leave: { title: "leave the overlay network", required: true, exec: "stop" },
} as const satisfies Readonly<Record<string, Action>>;

export type HybridPeerAction = keyof typeof hybridPeerActions;
