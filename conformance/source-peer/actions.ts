import type { Action } from "../client/drive.js";

/** What a source peer of a data streaming service can be asked to do; `url` is OMS and IXS (and PAMS) at once. */
export const sourcePeerActions = {
  "create-session": {
    title:
      "make a session of `title`, `description`, `data-source-id`, `data-id`, `content-type` (FILE, STREAM) and `fragment-size` (octets) at OMS and IXS; closed by `peerlist` or `password` where these are given; `refresh-expiration` (s) is what it asks the OMS for; the result has `overlay-id`",
    required: true,
    exec: "start",
  },
  append: { title: "make one more fragment, of `octets` in base64", required: false },
  end: { title: "make no more fragments; peers are still served", required: false },
  update: { title: "change `title` or `description` of the session", required: false },
  terminate: { title: "end the session", required: true, exec: "stop" },
} as const satisfies Readonly<Record<string, Action>>;

export type SourcePeerAction = keyof typeof sourcePeerActions;
