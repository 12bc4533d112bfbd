import {
  type AnyResult,
  type CallOptions,
  type ClientOptions,
  createHompClient,
  type HompClient,
  HttpError,
} from "../../../generated/homp/index.js";
import { retryAfterMs } from "../../../generated/runtime/http-retry.js";
import { isProblemDetails } from "../../../generated/runtime/problem.js";
import type { Logger } from "../../net/logger.js";

/** What came of one request to the HOMS. */
export type Outcome<Body = unknown> =
  /** 2xx. Members may be missing or odd: a peer takes what it can use (E-HOMP-43, E-X-06). */
  | { readonly kind: "done"; readonly status: number; readonly body: Loose<Body> }
  /** An answer that would be the same again. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  /** No answer, or one that says to come again. `arrived`: it is not known whether the HOMS acted on it. */
  | {
      readonly kind: "unavailable";
      readonly status: number | undefined;
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
      readonly uncertain: boolean;
    };

/** A body off the wire, of which nothing is taken for granted. */
export type Loose<Body> = { readonly [Name in keyof Body]?: unknown };

type BodyOf<Result> = Extract<Result, { ok: true }> extends { body: infer Body } ? Body : unknown;

/** The HCI functional entity of a hybrid peer: its dialogue with the HOMS [Q.4100 7.2.5.2]. One attempt per call. */
export interface HomsInterface {
  ask<Result extends AnyResult>(
    call: (client: HompClient, options: CallOptions) => Promise<Result>,
    options?: Pick<CallOptions, "signal" | "timeoutMs">,
  ): Promise<Outcome<BodyOf<Result>>>;
}

export type HomsInterfaceOptions = Pick<ClientOptions, "baseUrl" | "auth" | "transport" | "fetch" | "timeoutMs">;

/** Statuses after which another attempt may find better times. */
const passing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

/** @throws Mp2pError ERR_BASE_URL */
export function createHomsInterface(options: HomsInterfaceOptions, logger: Logger): HomsInterface {
  const client = createHompClient({
    ...options,
    // Attempts are paced by whoever asks, who knows what a second one may do.
    retry: false,
    // A creation is repeated as `overlay` where `overlay_info` is not understood (E-HOMP-01).
    fallbacks: true,
    validate: { request: "throw", response: "warn" },
    onWarning: (error) => logger.debug({ err: error }, "the HOMS answered in a way of its own"),
  });
  return {
    async ask(call, { signal, timeoutMs } = {}) {
      try {
        const result = await call(client, {
          ...(signal && { signal }),
          ...(timeoutMs !== undefined && { timeoutMs, deadlineMs: timeoutMs * 2 }),
        });
        return outcomeOf(result);
      } catch (error) {
        return outcomeOfError(error);
      }
    },
  };
}

function outcomeOf<Body>({ code: status, body, headers, operation }: AnyResult): Outcome<Body> {
  if (status >= 200 && status <= 299) return { kind: "done", status, body: objectOf(body) };
  const said = isProblemDetails(body)
    ? (body.detail ?? body.title)
    : typeof body === "string"
      ? body.slice(0, 200)
      : "";
  const reason = `${operation} answered ${status}${said ? `: ${said}` : ""}`;
  if (!passing(status)) return { kind: "refused", status, reason };
  const asked = retryAfterMs(headers["retry-after"], Date.now());
  return { kind: "unavailable", status, reason, retryAfterMs: asked, uncertain: false };
}

function outcomeOfError<Body>(error: unknown): Outcome<Body> {
  // Not an HttpError, or one about our own request: a mistake of the caller's, not of the network's.
  if (!(error instanceof HttpError) || error.code === "ERR_REQUEST_INVALID") throw error;
  const { status, message, code } = error;
  // The status has said that it is done; only the words that follow are not understood.
  if (code === "ERR_RESPONSE_JSON" && status !== undefined && status < 300) return { kind: "done", status, body: {} };
  return { kind: "unavailable", status, reason: message, retryAfterMs: undefined, uncertain: true };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
