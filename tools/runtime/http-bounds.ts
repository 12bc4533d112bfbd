/** What ends a call, and how it says so. */
import { HttpError } from "./http-client-types.js";
import type { Operation } from "./http-operation.js";
import { type RetryOptions, timerMs } from "./http-retry.js";

/** What bounds a call as a whole. */
export interface Bounds {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Time of day, in ms. */
  readonly endsAt: number;
  readonly retry: RetryOptions | false;
}

export function aborted({ id }: Operation, cause: unknown): HttpError {
  return new HttpError("ERR_ABORTED", `${id} was aborted`, { operation: id, cause });
}

export function late({ id }: Operation, cause?: unknown): HttpError {
  return new HttpError("ERR_DEADLINE", `${id} was not answered before its deadline`, { operation: id, cause });
}

/** How long one attempt may still take. */
export interface Patience {
  /** Begins to count anew: `ms`, but never beyond the deadline. */
  wait(ms: number): void;
  /** What ran out, once something has. */
  readonly ended: "timeout" | "deadline" | undefined;
  end(): void;
}

export function createPatience(endsAt: number, onEnd: () => void): Patience {
  let ended: Patience["ended"];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    wait(ms) {
      clearTimeout(timer);
      const remaining = Math.max(0, endsAt - Date.now());
      if (remaining === Number.POSITIVE_INFINITY && ms === remaining) return;
      timer = setTimeout(
        () => {
          ended = remaining <= ms ? "deadline" : "timeout";
          onEnd();
        },
        timerMs(Math.min(ms, remaining)),
      );
    },
    get ended() {
      return ended;
    },
    end: () => clearTimeout(timer),
  };
}

/** What `work` gives, unless the call ends first; it then goes on unheard. */
export function within<T>(work: Promise<T>, operation: Operation, { signal, endsAt }: Bounds): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(operation, signal?.reason));
    const timer = setTimeout(() => reject(late(operation)), timerMs(Math.max(0, endsAt - Date.now())));
    signal?.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
  });
}
