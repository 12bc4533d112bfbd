import { sleep } from "../../../generated/runtime/http-retry.js";
import { type BackoffSettings, pauseMs } from "../../net/backoff.js";
import type { Random } from "../../net/clock.js";
import { HybridPeerError } from "../errors.js";
import type { Outcome } from "./homs-interface.js";

export interface Persistence {
  readonly attempts: number;
  readonly backoff: BackoffSettings;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told of each attempt that is to be repeated. */
  readonly onRetry: (reason: string, retryMs: number) => void;
}

/**
 * Repeats what can be repeated until the HOMS has done or refused it.
 *
 * @param between asked before each repetition whether the attempt before was done after all
 * @throws HybridPeerError ERR_REFUSED, ERR_UNAVAILABLE, ERR_CLOSED
 */
export async function persist<Body>(
  attempt: () => Promise<Outcome<Body>>,
  { attempts, backoff, random, signal, onRetry }: Persistence,
  between: () => Promise<Extract<Outcome<Body>, { kind: "done" }> | undefined> = async () => undefined,
): Promise<Extract<Outcome<Body>, { kind: "done" }>> {
  let uncertain = false;
  for (let count = 1; ; count++) {
    const outcome: Outcome<Body> = (uncertain ? await between() : undefined) ?? (await attempt());
    if (outcome.kind === "done") return outcome;
    if (signal.aborted) throw new HybridPeerError("ERR_CLOSED", "the peer is closed");
    if (outcome.kind === "refused") throw new HybridPeerError("ERR_REFUSED", outcome.reason, outcome.status);
    uncertain ||= outcome.uncertain;
    if (count >= attempts) throw new HybridPeerError("ERR_UNAVAILABLE", outcome.reason, outcome.status);
    const wait = pauseMs(count, backoff, random, outcome.retryAfterMs);
    onRetry(outcome.reason, wait);
    await sleep(wait, signal).catch(() => {
      throw new HybridPeerError("ERR_CLOSED", "the peer is closed");
    });
  }
}
