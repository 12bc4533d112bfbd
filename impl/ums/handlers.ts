import { problem } from "../../generated/runtime/problem.js";
import type { UmsHandlers } from "../../generated/ums/server.js";
import { bearerOf } from "../keys/bearer.js";
import type { Logger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import type { Done, UmsCore } from "./core.js";
import type { Refusal } from "./refusal.js";
import type { Throttle } from "./throttle.js";

export interface HandlerParts {
  readonly core: UmsCore;
  readonly store: Store;
  readonly throttle: Throttle;
  readonly logger: Logger;
}

/** Sent with every 401. */
export const challenge = 'Bearer realm="ums"';

/** The operations of R7 and R13 over the core. What an administrator changes is answered when it is on disk. */
export function createHandlers({ core, store, throttle, logger }: HandlerParts): UmsHandlers {
  const written = async (done: Done | Refusal) => {
    if (done.status !== 200) return done;
    try {
      await store.commit();
      return { status: 200 } as const;
    } catch (error) {
      logger.error({ err: error }, "a change could not be written");
      done.undo();
      return { status: 503, body: problem(503, { detail: "not done: the UMS cannot write to its store" }) } as const;
    }
  };

  return {
    UMS_ACCESS_QUERY: ({ body }) => ({ status: 200, body: { access_rights: core.check(body.access_request) } }),

    UMS_CHANNEL_LIST(_request, { headers: { authorization }, remoteAddress }) {
      const credential = bearerOf(authorization);
      const what = { member: "Authorization", clause: "X.609.10 8.12 a)" };
      const wait = credential === undefined ? 0 : throttle.waits(remoteAddress, credential);
      if (wait > 0) {
        const body = problem(429, { ...what, detail: "too many wrong credentials came from this address" });
        return { status: 429, headers: { "Retry-After": wait }, body };
      }
      const channels = credential === undefined ? undefined : core.channelsOf(credential);
      if (credential !== undefined) throttle.shown(remoteAddress, credential, channels !== undefined);
      if (channels !== undefined) return { status: 200, body: { channels } };
      const body = problem(401, { ...what, detail: "the credential of a user is wanted" });
      return { status: 401, headers: { "WWW-Authenticate": challenge }, body };
    },

    UMS_USER_PUT: ({ params: { UID }, body: { user } }) => written(core.setUser(UID, user)),
    UMS_USER_DELETE: ({ params: { UID } }) => written(core.removeUser(UID)),
    UMS_CHANNEL_PUT: ({ params: { CID }, body: { channel } }) => written(core.setChannel(CID, channel)),
    UMS_CHANNEL_DELETE: ({ params: { CID } }) => written(core.removeChannel(CID)),
    UMS_GRANT_PUT: ({ params: { CID, UID }, body: { grant } }) => written(core.grant(CID, UID, grant)),
    UMS_GRANT_DELETE: ({ params: { CID, UID } }) => written(core.revoke(CID, UID)),
  };
}
