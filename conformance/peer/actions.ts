import type { Action } from "../client/drive.js";

/**
 * What a peer of a data streaming service can be asked to do. Settings of all: `peer-id`, a wish; `url` is OMS, IXS, PAMS, UNIS and UMS
 * at once, each below a path of its own.
 */
export const peerActions = {
  join: {
    title:
      "find the session by `title`, `data-source-id` and `data-id` at the IXS and take part in it, over TCP at an address of its own; `password` if it is closed, `user-id` and `user-credential` if the OMS asks the UMS",
    required: true,
    exec: "start",
  },
  receive: {
    title:
      'tell what applications are given from now on, by lines {"event":"fragment","index":…,"size":…,"digest":SHA-256 in hexadecimal digits}',
    required: false,
  },
  find: {
    title:
      "ask the IXS for the newest index file of `title`, `data-source-id` and `data-id`; the result has `index_file`",
    required: false,
  },
  "ask-for-peers": { title: "ask the OMS for peers now", required: false },
  channels: {
    title: "ask the UMS, with `user-credential`, what channels there are for its user; the result has `channels`",
    required: false,
  },
  leave: { title: "leave in good order", required: true, exec: "stop" },
} as const satisfies Readonly<Record<string, Action>>;

export type PeerAction = keyof typeof peerActions;
