import type { IxsHandlers } from "../../generated/ixs/server.js";
import { problem } from "../../generated/runtime/problem.js";
import { bearerOf, randomToken, type Tokens } from "../keys/bearer.js";
import { hashSecret, matchesSecret } from "../keys/secret.js";
import type { Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import { originOf } from "../net/origin.js";
import type { Store } from "../store/store.js";
import type { Change, Holder, IxsCore } from "./core.js";
import { refuse } from "./refusal.js";

export interface HandlerParts {
  readonly core: IxsCore;
  readonly store: Store;
  readonly random: Random;
  readonly logger: Logger;
  /** Tokens that let their holder update and remove whatever is there. */
  readonly administrators: Tokens;
}

/** Characters of a token that a source peer brings. */
const leastToken = 16;

/** The operations of R6 over the core. What changes something is answered when it is on disk. */
export function createHandlers({ core, store, random, logger, administrators }: HandlerParts): IxsHandlers {
  const open = core.readings.authority === "open";
  const written = async (): Promise<boolean> => {
    try {
      await store.commit();
      return true;
    } catch (error) {
      logger.error({ err: error }, "the index could not be written");
      return false;
    }
  };
  const settled = async (change: Change): Promise<boolean> => {
    const done = await written();
    if (done) core.settle(change);
    else core.undo(change);
    return done;
  };
  /** The title of a session is no secret, so who has no right to it may learn that it is there. */
  const holder = (authorization: string | undefined): Holder => {
    const token = bearerOf(authorization);
    return (proof) =>
      open || administrators.admits(authorization) || (token !== undefined && matchesSecret(token, proof));
  };

  return {
    async IXS_INDEX_FILE_REGISTER({ body: { index_file } }, { headers: { authorization }, remoteAddress }) {
      // Who brings a token may register once more after an answer that got lost; an administrator's is not for sharing.
      const trusted = administrators.admits(authorization);
      const shown = trusted ? undefined : bearerOf(authorization);
      if (shown !== undefined && shown.length < leastToken) {
        const detail = `an owner's token has at least ${leastToken} characters; without one, the IXS makes it`;
        return refuse(400, "8.6 a)", "Authorization", detail);
      }
      const owner_token = shown ?? randomToken(random);
      const holds: Holder = (proof) => shown !== undefined && matchesSecret(shown, proof);
      const change = core.register(
        index_file,
        hashSecret(owner_token, random),
        holds,
        trusted ? undefined : originOf(remoteAddress),
      );
      if (change.status !== "accepted") return change;
      if (!(await settled(change))) return unwritten("not registered");
      return { status: 200, body: { registration: { owner_token, version: change.file.version } } };
    },

    async IXS_INDEX_FILE_UPDATE({ body: { index_file } }, { headers: { authorization } }) {
      const change = core.update(index_file, holder(authorization));
      if (change === "stranger") return stranger();
      if (change.status !== "accepted") return change;
      if (!(await settled(change))) return unwritten("not updated");
      return { status: 200, body: { registration: { version: change.file.version } } };
    },

    async IXS_INDEX_FILE_REMOVE({ query }, { headers: { authorization } }) {
      const removed = core.remove(query, holder(authorization));
      if (removed === "stranger") return stranger();
      if ("status" in removed) return removed;
      if (await written()) return { status: 200 };
      core.restore(removed);
      return unwritten("not removed");
    },

    IXS_INDEX_FILE_QUERY({ query: { after, limit, ...named } }) {
      if (after !== undefined && !/^\d{1,15}$/.test(after)) {
        return refuse(400, "8.6 e)", "after", "give what the answer before had in next");
      }
      const { files, upToDate, last } = core.query(named, limit ?? core.limits.answerDefault, Number(after ?? 0));
      const keyed = named.title !== undefined || named.data_source_id !== undefined || named.data_id !== undefined;
      if (keyed && after === undefined && files.length === 0 && !upToDate && last === undefined) {
        return refuse(404, "8.6 e)", "title", "no index file is registered that has everything named");
      }
      const index_file_list = {
        index_file: files,
        ...(upToDate ? { up_to_date: true } : {}),
        ...(last === undefined ? {} : { next: String(last) }),
      };
      return { status: 200, body: { index_file_list } };
    },
  };
}

function stranger() {
  const body = problem(401, {
    detail: "only the holder of the token given at registration may do this",
    member: "Authorization",
    clause: "X.609.10 8.6 (E-DS-36)",
  });
  return { status: 401, headers: { "WWW-Authenticate": 'Bearer realm="ixs"' }, body } as const;
}

function unwritten(what: string) {
  return { status: 503, body: problem(503, { detail: `${what}: the IXS cannot write to its store` }) } as const;
}
