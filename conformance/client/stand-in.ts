import type { Operation } from "../../generated/runtime/http-operation.js";
import { Inconclusive, SuiteError } from "../engine/outcome.js";
import type { Test } from "../engine/test.js";
import { octetsOf } from "../engine/transcript.js";
import type { Answer, Reply } from "./answer.js";
import { checkOwnAnswer, summaryOf, toOctets } from "./answer.js";
import type { HttpHost } from "./http-host.js";
import type { Arrived } from "./http-reader.js";
import type { ClientRequest, Route } from "./request.js";
import { readRequest, routesOf, silence } from "./request.js";

/** How a protocol's server is stood in for. */
export interface StandInProtocol {
  readonly operations: Readonly<Record<string, Operation>>;
  /** What is answered where the case has scripted nothing: the success that the Recommendation has. `standIn.url` is its address. */
  usual(request: ClientRequest, standIn: StandIn): Answer;
}

export interface StandInOptions {
  readonly protocol: StandInProtocol;
  /** Its name in the transcript, where a case has several: `the other PAMS`. */
  readonly name?: string;
  /** Hears of every request, for what is judged over the whole run. */
  onRequest?(request: ClientRequest): void;
}

export interface NextOptions {
  readonly withinMs: number;
  readonly where?: (request: ClientRequest) => boolean;
  /** There is no more reason to wait. */
  readonly unless?: () => boolean;
}

interface Script {
  readonly primitive: string;
  readonly reply: Reply;
  /** Answers left; endless unless given. */
  left: number;
}

/** A server that the suite plays for one case: it says what the case scripted, and otherwise what the Recommendation has. */
export class StandIn {
  /** Everything the product sent to it, in order. */
  readonly arrived: ClientRequest[] = [];
  /** Where the product reaches it, without a path: `http://127.0.0.1:40001`. */
  url = "";
  readonly #t: Test;
  readonly #options: StandInOptions;
  readonly #routes: Route[];
  readonly #taken = new Set<ClientRequest>();
  readonly #waiting = new Set<() => void>();
  /** Answers leave in the order of the requests of their connection. */
  readonly #turns = new Map<HttpHost, Map<number, Promise<void>>>();
  #scripts: Script[] = [];
  /** A fault of the suite's own, told to the case as soon as it looks. */
  #fault: unknown;

  constructor(t: Test, options: StandInOptions) {
    this.#t = t;
    this.#options = options;
    this.#routes = routesOf(options.protocol.operations);
  }

  /** @param address what the product is told, where that is not where the suite listens */
  attach(host: HttpHost, address = host.url): void {
    this.#turns.set(host, this.#turns.get(host) ?? new Map());
    this.url = address;
  }

  /** What a primitive is answered from now on, or the next `times` times; `"*"`: whatever arrives. */
  answer(primitive: string, reply: Reply, { times = Number.POSITIVE_INFINITY }: { times?: number } = {}): void {
    const operation = Object.values(this.#options.protocol.operations).find(({ id }) => id === primitive);
    if (!operation && primitive !== "*") throw new SuiteError(`there is no primitive ${primitive} to script`);
    if (operation && typeof reply !== "function") checkOwnAnswer(operation, reply);
    // What is scripted for good replaces what was.
    if (times === Number.POSITIVE_INFINITY) this.#scripts = this.#scripts.filter((one) => one.primitive !== primitive);
    const script = { primitive, reply, left: times };
    const last = this.#scripts.findLastIndex(
      (one) => one.primitive === primitive && one.left < Number.POSITIVE_INFINITY,
    );
    if (times === Number.POSITIVE_INFINITY) this.#scripts.push(script);
    else this.#scripts.splice(last + 1, 0, script);
  }

  /** Drops what is scripted for a primitive and not used up. */
  forget(primitive: string): void {
    this.#scripts = this.#scripts.filter((one) => one.primitive !== primitive);
  }

  /** The next request of such a primitive that no earlier call has taken; silent where none comes in time. */
  async next(
    primitive: string | readonly string[],
    { withinMs, where = () => true, unless = () => false }: NextOptions,
  ): Promise<ClientRequest> {
    const wanted = typeof primitive === "string" ? [primitive] : primitive;
    const fits = (one: ClientRequest): boolean =>
      !this.#taken.has(one) && (wanted.includes("*") || wanted.includes(one.primitive)) && where(one);
    const end = this.#t.world.now() + withinMs;
    for (;;) {
      if (this.#fault !== undefined) throw this.#fault;
      const found = this.arrived.find(fits);
      if (found) {
        this.#taken.add(found);
        return found;
      }
      const left = end - this.#t.world.now();
      if (left <= 0 || unless()) break;
      await this.#woken(left);
    }
    const entry = this.#t.transcript.add("silence", `no ${wanted.join(" or ")} within ${Math.round(withinMs)} ms`);
    return silence(this.#t.transcript.now(), entry, withinMs);
  }

  /** What arrives in so many ms, all primitives together; empty where the product is quiet. */
  async during(milliseconds: number): Promise<ClientRequest[]> {
    const before = this.arrived.length;
    const end = this.#t.world.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = end - this.#t.world.now()) await this.#woken(left);
    if (this.#fault !== undefined) throw this.#fault;
    const seen = this.arrived.slice(before);
    if (seen.length === 0) this.#t.transcript.add("silence", `nothing within ${Math.round(milliseconds)} ms`);
    return seen;
  }

  /** What arrived of a primitive, since a moment of the transcript if given. */
  of(primitive: string, since = 0): ClientRequest[] {
    return this.arrived.filter((one) => one.primitive === primitive && one.at >= since);
  }

  /** For the host: a request has arrived. */
  receive(arrived: Arrived, host: HttpHost): void {
    const { transcript } = this.#t;
    const at = transcript.now();
    const line = arrived.fault === undefined ? `${arrived.method} ${arrived.target}` : arrived.fault;
    const entry = transcript.add(
      "http-request",
      `from the product${this.#name(" to ")}: ${line}`,
      octetsOf(redact(arrived.octets)),
    );
    const request = readRequest(arrived, this.#routes, at, entry);
    this.arrived.push(request);
    this.#options.onRequest?.(request);
    const turns = this.#turns.get(host);
    const before = turns?.get(arrived.connection) ?? Promise.resolve();
    const reply = this.#replyTo(request);
    turns?.set(
      arrived.connection,
      before.then(() => this.#send(request, reply, host)).catch((error: unknown) => this.#fail(error)),
    );
    this.wake();
  }

  /** For the host: a connection ended, within a request if there is a rest. */
  lost(connection: number, rest: Arrived | undefined, host: HttpHost): void {
    this.#turns.get(host)?.delete(connection);
    if (rest === undefined) return;
    const { transcript } = this.#t;
    const entry = transcript.add("http-request", `from the product: ${rest.fault}`, octetsOf(redact(rest.octets)));
    this.#options.onRequest?.(readRequest(rest, this.#routes, transcript.now(), entry));
  }

  #replyTo(request: ClientRequest): Answer {
    if (request.arrived.fault !== undefined) return { status: 400, close: true };
    const fits = ({ primitive, left }: Script): boolean =>
      left > 0 && (primitive === "*" || (primitive !== "" && primitive === request.primitive));
    const script = this.#scripts.find(fits);
    if (script) script.left--;
    try {
      const scripted = script?.reply;
      const answer = typeof scripted === "function" ? scripted(request) : scripted;
      if (answer === undefined && !request.operation) return { status: 404 };
      const chosen = answer ?? this.#options.protocol.usual(request, this);
      if (request.operation) checkOwnAnswer(request.operation, chosen);
      return chosen;
    } catch (error) {
      this.#fail(error);
      return { status: 500 };
    }
  }

  async #send(request: ClientRequest, answer: Answer, host: HttpHost): Promise<void> {
    if (answer.delayMs !== undefined) {
      await new Promise<void>((resolve) => this.#t.world.timer(answer.delayMs ?? 0, resolve));
    }
    const { connection, method, version } = request.arrived;
    const { octets, ends } = toOctets(answer, method);
    const wishes = request.header("connection");
    const last = ends || /close/i.test(wishes) || (version === "1.0" && !/keep-alive/i.test(wishes));
    this.#t.transcript.add("http-response", `${summaryOf(answer)}${this.#name(" of ")}`, octetsOf(octets));
    if (octets.length > 0) host.send(connection, octets);
    if (last) host.drop(connection);
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
    this.wake();
  }

  #name(before: string): string {
    return this.#options.name === undefined ? "" : `${before}${this.#options.name}`;
  }

  /** Makes those who wait look again. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Until something arrives, or so many ms are over. */
  async #woken(milliseconds: number): Promise<void> {
    const { signal } = this.#t;
    if (signal.aborted) throw new Inconclusive("the case used up its time budget");
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const cancel = this.#t.world.timer(milliseconds, wake);
      signal.addEventListener("abort", wake, { once: true });
      this.#waiting.add(wake);
    });
    if (signal.aborted) throw new Inconclusive("the case used up its time budget");
  }
}

/** Credentials do not belong into a report that people pass on. */
function redact(octets: Buffer): Buffer {
  const text = octets.toString("latin1");
  return Buffer.from(text.replace(/^(authorization|cookie): .*$/gim, "$1: (not shown)"), "latin1");
}
