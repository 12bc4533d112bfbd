import { isMp2pError } from "../../../generated/runtime/errors.js";
import type { ClientOptions } from "../../../generated/runtime/http-client-types.js";
import { retryAfterMs } from "../../../generated/runtime/http-retry.js";
import { pauseMs } from "../../net/backoff.js";
import { type Random, systemClock } from "../../net/clock.js";
import { PeerError } from "../errors.js";
import type { PeerTimes, ServerName } from "../types.js";

/** What all generated clients resolve to, as far as it is looked at here. */
interface Result {
  readonly status: number | "other";
  readonly code: number;
  readonly ok: boolean;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ContactOptions {
  readonly server: ServerName;
  readonly times: PeerTimes;
  readonly random: Random;
  /** Told when the server stops answering, and when it answers again. */
  onChange(change: "down" | "up", reason?: string): void;
}

/** Statuses by which a server says that trying later may help. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** One server as a peer sees it: whether it answers, and how long to wait before it is tried again. */
export class Contact {
  readonly server: ServerName;
  readonly #options: ContactOptions;
  #failures = 0;
  #url = "";
  #reason = "";

  constructor(options: ContactOptions) {
    this.server = options.server;
    this.#options = options;
  }

  get isDown(): boolean {
    return this.#failures > 0;
  }

  /** What clients of this server are made with; what is sent again is decided here. */
  clientOptions(baseUrl: string, token?: () => string | undefined): ClientOptions {
    const { answerMs } = this.#options.times;
    this.#url = baseUrl;
    const bearer = (): string | undefined => {
      const value = token?.();
      return value === undefined ? undefined : `Bearer ${value}`;
    };
    return { baseUrl, timeoutMs: answerMs, deadlineMs: answerMs, retry: false, ...(token && { auth: bearer }) };
  }

  /** That it did not answer, or not now, and why: where it is, and what came, is for whoever is to mend it. */
  unavailable(): PeerError {
    const said = /^\d{3}(:|$)/.test(this.#reason) ? "cannot serve now" : "does not answer";
    return new PeerError("ERR_UNAVAILABLE", `the ${this.server} at ${this.#url} ${said}: ${this.#reason}`);
  }

  /** One attempt. Undefined: no answer, or one that says to come back later. */
  async once<R extends Result>(call: () => Promise<R>): Promise<R | undefined> {
    return (await this.#attempt(call)).result;
  }

  /** Attempts until there is an answer, with growing pauses. @throws the reason of the signal */
  async until<R extends Result>(call: () => Promise<R>, signal: AbortSignal): Promise<R> {
    for (;;) {
      signal.throwIfAborted();
      const { result, waitMs } = await this.#attempt(call);
      if (result !== undefined) return result;
      await pause(waitMs, signal);
    }
  }

  /** The pause before the next attempt, after those that failed so far. */
  get waitMs(): number {
    return this.#wait(0);
  }

  #wait(asked: number): number {
    const { retryMs, retryCapMs } = this.#options.times;
    const settings = { baseMs: retryMs, capMs: retryCapMs, retryAfterCapMs: 4 * retryCapMs };
    return pauseMs(Math.max(1, this.#failures), settings, this.#options.random, asked);
  }

  async #attempt<R extends Result>(call: () => Promise<R>): Promise<{ result?: R; waitMs: number }> {
    let result: R;
    try {
      result = await call();
    } catch (error) {
      // What could not be sent is this program's fault or its caller's: asking again would not help.
      if (!isMp2pError(error) || error.code === "ERR_REQUEST_INVALID" || error.code === "ERR_BASE_URL") throw error;
      return { waitMs: this.#failed(0, reasonOf(error.message)) };
    }
    if (passing.has(result.code)) {
      const asked = retryAfterMs(result.headers["retry-after"], systemClock.now()) ?? 0;
      return { waitMs: this.#failed(asked, describe(result)) };
    }
    const wasDown = this.isDown;
    this.#failures = 0;
    if (wasDown) this.#options.onChange("up");
    return { result, waitMs: 0 };
  }

  #failed(asked: number, reason: string): number {
    this.#failures++;
    this.#reason = reason;
    if (this.#failures === 1) this.#options.onChange("down", reason);
    return this.#wait(asked);
  }
}

/** Without what was asked, which the listener knows, and in one line: TLS speaks in several. */
const reasonOf = (message: string): string =>
  message
    .replace(/^[A-Z_]+: (no answer from \S+: )?/, "")
    .replace(/\s+/g, " ")
    .trim();

/** Status and words of a refusal. */
export function describe({ code, body }: Pick<Result, "code" | "body">): string {
  const detail = (body as { detail?: unknown } | undefined)?.detail;
  return typeof detail === "string" ? `${code}: ${detail}` : String(code);
}

/** A refusal as what is thrown to the application. */
export function refused(what: string, result: Pick<Result, "code" | "body">): PeerError {
  const code = result.code === 404 ? "ERR_NOT_FOUND" : "ERR_REFUSED";
  return new PeerError(code, `${what} was refused with ${describe(result)}`, result.code);
}

/** Rejects with the signal's reason when that comes first. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
