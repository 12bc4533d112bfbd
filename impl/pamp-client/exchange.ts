import { createPampClient, type PampClient } from "../../generated/pamp/index.js";
import { isMp2pError } from "../../generated/runtime/errors.js";
import type { Auth, ClientOptions } from "../../generated/runtime/http-client-types.js";
import { retryAfterMs } from "../../generated/runtime/http-retry.js";
import type { Clock } from "../net/clock.js";

/** The header in which a PAMS gives a registered peer its token, as clients see it [E-PAMP-68]. */
export const peerTokenHeader = "pamp-peer-token";

/** How a PAMS is reached. */
export interface Reach {
  readonly auth?: Auth | undefined;
  /** For one answer, in ms. */
  readonly timeoutMs: number;
  /** Try the other spelling of a path once after 404 or 405 (E-PAMP-01). */
  readonly fallbacks: boolean;
  readonly transport?: ClientOptions["transport"] | undefined;
}

/** A client of one PAMS; what is to be sent again, and when, is decided here and not in it. */
export function clientOf(pams: string, { auth, timeoutMs, fallbacks, transport }: Reach, token?: string): PampClient {
  const credentials = token === undefined ? auth : { bearer: token };
  return createPampClient({
    baseUrl: pams,
    timeoutMs,
    deadlineMs: 2 * timeoutMs,
    retry: false,
    fallbacks,
    ...(credentials === undefined ? {} : { auth: credentials }),
    ...(transport === undefined ? {} : { transport }),
  });
}

interface Result {
  readonly ok: boolean;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal, with what the server says about another attempt. */
export function refusal({ code, headers }: Result, clock: Clock) {
  return { kind: "refused", status: code, retryAfterMs: retryAfterMs(headers["retry-after"], clock.now()) } as const;
}

/** No answer, or none that can be read. Anything else is a fault of this program and goes on. */
export function loss(error: unknown): { readonly kind: "lost"; readonly reason: string } {
  if (!isMp2pError(error)) throw error;
  return { kind: "lost", reason: `${error.code}: ${error.message}` };
}
