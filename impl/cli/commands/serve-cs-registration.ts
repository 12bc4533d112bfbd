import { createOmsClient } from "../../../generated/oms/index.js";
import { isMp2pError } from "../../../generated/runtime/errors.js";
import { pauseMs } from "../../net/backoff.js";
import { systemRandom } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { pause } from "../../net/pause.js";
import { UsageError } from "../output.js";

export interface Registration {
  /** The OMS that is told, and its administrator's token. */
  readonly oms: string;
  readonly token: string | undefined;
  readonly csId: string;
  /** How the OMS reaches the cache server, and what it shows there. */
  readonly url: string;
  readonly capacity: number;
  readonly accessToken: string | undefined;
  readonly logger: Logger;
}

const pauses = { baseMs: 1_000, capMs: 30_000, retryAfterCapMs: 30_000 };

/**
 * Makes this cache server known to an OMS (E-DS-26); to one that is down as soon as it answers, so that they may be started in any order.
 *
 * @returns what takes that back @throws UsageError where it is refused at once
 */
export async function register(options: Registration): Promise<{ close(): Promise<void> }> {
  const { oms, token, csId, url, capacity, accessToken, logger } = options;
  const client = createOmsClient({
    baseUrl: oms,
    timeoutMs: 5_000,
    retry: false,
    ...(token !== undefined && { auth: { bearer: token } }),
  });
  const body = {
    cache_server: {
      cs_id: csId,
      url,
      capacity: Math.max(1, capacity),
      ...(accessToken !== undefined && { access_token: accessToken }),
    },
  };
  const ending = new AbortController();
  /** @returns whether the OMS knows it now */
  const attempt = async (): Promise<boolean> => {
    try {
      const result = await client.OMS_CACHE_SERVER_REGISTER({ body }, { signal: ending.signal });
      if (result.ok) return true;
      if (result.code < 500 && result.code !== 429)
        throw new UsageError(`the OMS refused this cache server with ${result.code}: see --register-token`);
      logger.warn({ oms, status: result.code }, "the OMS cannot take this cache server now: it is told again");
    } catch (error) {
      if (!isMp2pError(error) || error.code === "ERR_BASE_URL" || error.code === "ERR_REQUEST_INVALID") throw error;
      if (!ending.signal.aborted)
        logger.warn({ oms, reason: error.message }, "the OMS does not answer: it is told of this cache server again");
    }
    return false;
  };
  const goOn = async (): Promise<void> => {
    for (let failures = 1; !ending.signal.aborted; failures++) {
      await pause(pauseMs(failures, pauses, systemRandom), ending.signal);
      if (ending.signal.aborted || !(await attempt())) continue;
      logger.info({ oms }, "the OMS knows this cache server");
      return;
    }
  };
  const going = (await attempt())
    ? undefined
    : goOn().catch((error: unknown) => logger.error({ err: error, oms }, "the OMS will not have this cache server"));
  return {
    async close() {
      ending.abort();
      await going;
      // An OMS that is down finds out by itself.
      await client.OMS_CACHE_SERVER_REMOVE({ params: { CSID: csId } }, { timeoutMs: 2_000 }).catch(() => {});
    },
  };
}
