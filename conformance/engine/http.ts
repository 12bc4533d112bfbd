import type { IncomingHttpHeaders } from "node:http";
import { STATUS_CODES } from "node:http";
import { Gate } from "./gate.js";
import { isCredential, variableOf, withoutCredentials } from "./http-credentials.js";
import { exchange } from "./http-exchange.js";
import { sendRaw } from "./http-raw.js";
import { valueAt } from "./matchers.js";
import { SuiteError } from "./outcome.js";
import type { Outcome, Permitted } from "./refuses.js";
import { shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf, printable } from "./transcript.js";

export interface HttpSendOptions {
  /** Sent as JSON, with any method. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** `application/json` unless given; empty for none. */
  readonly contentType?: string;
  /** True for a message that is wrong on purpose; any other is checked against the spec before it is sent. */
  readonly malformed?: boolean;
  readonly timeoutMs?: number;
}

/** An answer. `json` is undefined where the body is no JSON; `get` reads a member by dotted path. */
export interface HttpReply extends Outcome {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
  readonly milliseconds: number;
  get(path: string): unknown;
}

/** Octets of a body that a line for a shell can carry; for more, the case is repeated instead. */
const LONGEST_LINE = 16 * 1024;

/** Says what is wrong with a message of the suite's own, by the generated validators; an empty list when it is right. */
export type OwnMessageCheck = (message: { method: string; path: string; body: unknown }) => readonly string[];

export interface HttpOptions {
  readonly base: string;
  readonly timeoutMs: number;
  /** Sent with every request: credentials from the declaration. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly check?: OwnMessageCheck;
  /** Shared by all cases of a run. */
  readonly gate?: Gate;
}

/** The lower tester for HTTP: sends, keeps every octet, and throws `NoAnswer` where none comes. */
export class Http {
  readonly #t: Test;
  readonly #options: HttpOptions;
  readonly #gate: Gate;

  constructor(t: Test, options: HttpOptions) {
    this.#t = t;
    this.#options = options;
    this.#gate = options.gate ?? new Gate(() => t.world.now());
  }

  /** The address under test. */
  get base(): string {
    return this.#options.base;
  }

  /** The same instrument at another address, or with other header lines on every request. */
  with(other: { readonly base?: string; readonly headers?: Readonly<Record<string, string>> }): Http {
    return new Http(this.#t, { ...this.#options, ...other });
  }

  get(path: string, options?: HttpSendOptions): Promise<HttpReply> {
    return this.send("GET", path, options);
  }

  put(path: string, options?: HttpSendOptions): Promise<HttpReply> {
    return this.send("PUT", path, options);
  }

  post(path: string, options?: HttpSendOptions): Promise<HttpReply> {
    return this.send("POST", path, options);
  }

  delete(path: string, options?: HttpSendOptions): Promise<HttpReply> {
    return this.send("DELETE", path, options);
  }

  async send(method: string, path: string, options: HttpSendOptions = {}): Promise<HttpReply> {
    const { malformed = false, timeoutMs = this.#options.timeoutMs } = options;
    if (!malformed) this.#checkOwn(method, path, options);
    if (this.#t.transcript.phase !== "cleanup") this.#t.record.wrong = malformed;
    const url = new URL(this.#options.base.replace(/\/$/, "") + path);
    const body = bodyOf(options);
    const type = options.contentType ?? (body === undefined ? "" : "application/json");
    const headers: Record<string, string> = {
      accept: "application/json",
      ...this.#options.headers,
      ...(type === "" ? {} : { "content-type": type }),
      ...(body === undefined ? {} : { "content-length": String(body.length) }),
      ...options.headers,
    };
    const log = this.#t.transcript;
    const reproduce =
      body !== undefined && body.length > LONGEST_LINE
        ? undefined
        : curl(method, url, headers, body, this.#credentials);
    let begun = 0;
    const result = await this.#inTurn(() => {
      begun = log.now();
      return exchange(this.#t.world, { url, method, headers, body, timeoutMs, signal: this.#t.signal });
    });
    const request = log.add("http-request", `${method} ${url.pathname}${url.search}`, {
      ...octetsOf(withoutCredentials(result.sent, this.#credentials)),
      ...(reproduce === undefined ? {} : { reproduce }),
      at: begun,
    });
    // What the product takes for its answers is not the case's waste: each is bounded by itself.
    if (!("error" in result)) this.#t.extend(result.milliseconds);
    if ("error" in result) {
      const entry = log.add("note", result.error.message, octetsOf(result.received));
      throw Object.assign(result.error, { entry: result.received.length > 0 ? entry : request });
    }
    const outcome = `${result.status} ${result.statusText || (STATUS_CODES[result.status] ?? "")}`.trim();
    const entry = log.add("http-response", `${outcome} after ${result.milliseconds} ms`, octetsOf(result.received));
    const text = result.body.toString("utf8");
    const json = parse(text);
    return {
      outcome: text === "" ? outcome : `${outcome} with ${excerpt(text)}`,
      entry,
      status: result.status,
      headers: result.headers,
      text,
      json,
      milliseconds: result.milliseconds,
      get: (path) => valueAt(json, path),
    };
  }

  /** Octets straight onto a connection, for what no HTTP library would send. `status` is undefined if it closed without an answer. */
  raw(octets: string | Uint8Array): ReturnType<typeof sendRaw> {
    return this.#inTurn(() =>
      sendRaw(this.#t, new URL(this.#options.base), octets, this.#options.timeoutMs, this.#credentials),
    );
  }

  /** Names of the header lines that the declaration gives. */
  get #credentials(): readonly string[] {
    return Object.keys(this.#options.headers ?? {});
  }

  #inTurn<Result>(send: () => Promise<Result>): Promise<Result> {
    return this.#gate.pass(send, (milliseconds) => this.#t.extend(milliseconds));
  }

  #checkOwn(method: string, path: string, options: HttpSendOptions): void {
    if (!this.#options.check || options.raw !== undefined) return;
    const mistakes = this.#options.check({ method, path, body: options.body });
    if (mistakes.length > 0) {
      throw new SuiteError(
        `the suite's own ${method} ${path} is not as specified: ${mistakes.join("; ")} (say malformed: true if meant)`,
      );
    }
  }
}

/** Permitted statuses: numbers, and classes such as `"4xx"`. */
export function status(
  ...permitted: readonly (number | `${1 | 2 | 3 | 4 | 5}xx`)[]
): Permitted<Outcome & { readonly status: number | undefined }> {
  return {
    expected: permitted.map((one) =>
      typeof one === "number" ? `${one} ${STATUS_CODES[one] ?? ""}`.trim() : `any ${one}`,
    ),
    test: ({ status: seen }) =>
      seen !== undefined && permitted.some((one) => one === seen || one === `${Math.floor(seen / 100)}xx`),
  };
}

function bodyOf({ body, raw }: HttpSendOptions): Buffer | undefined {
  if (raw !== undefined) return Buffer.from(raw as Uint8Array);
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body));
}

/** A body in one line: error pages of other servers have dozens. */
function excerpt(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The request as a line for a shell; credentials come from the environment there. */
export function curl(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
  credentials: readonly string[] = [],
): string {
  const text = body === undefined ? undefined : printable(body);
  const words = ["curl", "-i", ...(url.protocol === "https:" ? ["-k"] : []), "-X", method, shellQuote(url.href)];
  for (const [name, value] of Object.entries(headers)) {
    if (name === "content-length") continue;
    if (isCredential(name, credentials)) words.push("-H", `"${name}: $${variableOf(name)}"`);
    else words.push("-H", shellQuote(`${name}: ${value}`));
  }
  if (body !== undefined && headers["content-type"] === undefined) words.push("-H", shellQuote("content-type;"));
  if (text !== undefined && body !== undefined) words.push("--data-raw", shellQuote(text));
  if (text === undefined && body !== undefined) {
    return `printf %s ${Buffer.from(body).toString("base64")} | base64 -d | ${[...words, "--data-binary", "@-"].join(" ")}`;
  }
  return words.join(" ");
}
