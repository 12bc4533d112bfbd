import { encode, type Hello } from "../../generated/peer/frame/index.js";
import { isSignedBy, type KeyPair } from "./ed25519.js";
import { wokenBy } from "./r2-link.js";
import type { R10Answer, R10Frame, R10Message, R10Type } from "./r10-message.js";
import { as, proofText, R10FrameReader } from "./r10-message.js";
import { printfOctets, shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import type { Endpoint } from "./world/wire.js";

/** What a link is carried by. */
export interface R10Channel {
  send(octets: Uint8Array): void;
  close(): void;
}

export interface R10LinkOptions {
  /** For the transcript: whose end this is. */
  readonly name: string;
  /** Where the product was called; undefined where it called. */
  readonly to?: Endpoint;
  /** What this end says of itself. */
  readonly hello: Hello;
  /** The key that its proof is made with. */
  readonly key: KeyPair;
  /** Called for every message after the handshake. */
  heard(answer: R10Answer, link: R10Link): void;
  /** The handshake of both ends is done. */
  ready(link: R10Link): void;
  onChange(): void;
}

export interface NextOptions {
  readonly withinMs: number;
  readonly where?: (answer: R10Answer) => boolean;
}

/** The suite's end of one link on R10, over TCP. Shakes hands of itself. */
export class R10Link {
  readonly name: string;
  readonly incoming: boolean;
  /** Everything that arrived, in order. */
  readonly arrived: R10Answer[] = [];
  /** When and how it ended. */
  ended: { readonly at: number; readonly reason: string } | undefined;
  /** The product's hello, once it came. */
  hello: Hello | undefined;
  /** Whether the product's proof is one: undefined until it came. */
  proven: boolean | undefined;
  fault: unknown;
  readonly own: Hello;
  readonly #t: Test;
  readonly #options: R10LinkOptions;
  readonly #channel: R10Channel;
  readonly #reader = new R10FrameReader();
  readonly #taken = new Set<R10Answer>();
  readonly #waiting = new Set<() => void>();
  readonly #ownOctets: Uint8Array;
  #closing = false;

  constructor(t: Test, channel: R10Channel, options: R10LinkOptions) {
    this.#t = t;
    this.#channel = channel;
    this.#options = options;
    this.name = options.name;
    this.incoming = options.to === undefined;
    this.own = options.hello;
    this.#ownOctets = encode(options.hello);
    // The opener says hello first.
    if (!this.incoming) this.sendOctets(this.#ownOctets, "hello");
  }

  send(message: R10Message): void {
    this.sendOctets(encode(message), message.type);
  }

  sendOctets(octets: Uint8Array, summary: string): void {
    const { to } = this.#options;
    const nc =
      to && octets.length <= 2048
        ? `printf ${printfOctets(octets)} | nc -w 2 ${shellQuote(to.host)} ${to.port} | xxd`
        : undefined;
    this.#t.transcript.add("r10-sent", `${this.name}: ${summary}`, {
      ...shown(octets),
      ...(nc === undefined ? {} : { reproduce: nc }),
    });
    if (this.ended === undefined && !this.#closing) this.#channel.send(octets);
  }

  /** The next such message that no earlier call has taken; silent where none comes in time, closed where the link ends before. */
  async next(types: R10Type | readonly R10Type[], { withinMs, where = () => true }: NextOptions): Promise<R10Answer> {
    const wanted: readonly R10Type[] = typeof types === "string" ? [types] : types;
    const end = this.#t.world.now() + withinMs;
    for (;;) {
      if (this.fault !== undefined) throw this.fault;
      const found = this.arrived.find(
        (one) => one.message && wanted.includes(one.message.type) && !this.#taken.has(one) && where(one),
      );
      if (found) {
        this.#taken.add(found);
        return found;
      }
      const left = end - this.#t.world.now();
      if (this.ended || left <= 0) break;
      await wokenBy(this.#t, this.#waiting, left);
    }
    const how = this.ended
      ? `the connection ended (${this.ended.reason})`
      : `nothing within ${Math.round(withinMs)} ms`;
    const entry = this.#t.transcript.add("silence", `${this.name}: no ${wanted.join(" or ")}, ${how}`);
    return noMessage(this.#t.transcript.now(), entry, how, this.ended !== undefined);
  }

  of(type: R10Type, since = 0): R10Answer[] {
    return this.arrived.filter(({ message, at }) => message?.type === type && at >= since);
  }

  /** Waits until the handshake is done, or the link ends; whether it is done. */
  async ready(withinMs: number): Promise<boolean> {
    const end = this.#t.world.now() + withinMs;
    while (this.proven === undefined && !this.ended) {
      const left = end - this.#t.world.now();
      if (left <= 0) return false;
      await wokenBy(this.#t, this.#waiting, left);
    }
    return this.proven === true;
  }

  /** Waits until the link ends: whether it did. */
  async over(withinMs: number): Promise<boolean> {
    const end = this.#t.world.now() + withinMs;
    for (let left = withinMs; !this.ended && left > 0; left = end - this.#t.world.now())
      await wokenBy(this.#t, this.#waiting, left);
    return this.ended !== undefined;
  }

  close(): void {
    if (this.ended || this.#closing) return;
    this.#closing = true;
    this.#t.transcript.add("connection", `${this.name}: closed by the suite`);
    this.#channel.close();
  }

  /** For whoever holds the socket. */
  hear(octets: Uint8Array): void {
    for (const frame of this.#reader.push(octets)) this.#receive(frame);
  }

  /** For whoever holds the socket. */
  end(reason: string): void {
    if (this.ended) return;
    this.ended = { at: this.#t.transcript.now(), reason: this.#closing ? "closed by the suite" : reason };
    if (!this.#closing) this.#t.transcript.add("connection", `${this.name}: ${reason}`);
    this.wake();
  }

  #receive({ octets, message, fault }: R10Frame): void {
    const { transcript } = this.#t;
    const outcome = message ? summaryOf(message) : `a frame that cannot be read: ${fault}`;
    const entry = transcript.add("r10-received", `${this.name}: ${outcome}`, shown(octets));
    const at = transcript.now();
    const answer: R10Answer = { silent: false, closed: false, at, entry, outcome, message, octets, fault };
    this.arrived.push(answer);
    try {
      if (!this.#shakesHands(answer)) this.#options.heard(answer, this);
    } catch (error) {
      this.fault ??= error;
    }
    this.wake();
  }

  #shakesHands(answer: R10Answer): boolean {
    const hello = as(answer, "hello");
    if (hello && !this.hello) {
      this.hello = hello;
      this.#helloOctets = answer.octets;
      if (this.incoming) this.sendOctets(this.#ownOctets, "hello");
      // The answering end's proof comes first; the opener's stands on it.
      if (this.incoming) this.#prove(answer.octets);
      return true;
    }
    const proof = as(answer, "proof");
    if (!proof || !this.hello || this.proven !== undefined) return false;
    const text = proofText(this.#ownOctets, this.#helloOctets);
    const key = Buffer.from(this.hello.publicKey).toString("base64url");
    this.proven = isSignedBy(key, text, proof.signature);
    if (!this.incoming) this.#prove(this.#helloOctets);
    this.#options.ready(this);
    return true;
  }

  #helloOctets: Uint8Array = new Uint8Array();

  #prove(received: Uint8Array): void {
    this.send({ type: "proof", signature: this.#options.key.sign(proofText(received, this.#ownOctets)) });
  }

  wake(): void {
    for (const wake of [...this.#waiting]) wake();
    this.#options.onChange();
  }
}

export function noMessage(at: number, entry: number, outcome: string, closed = false): R10Answer {
  return { silent: true, closed, at, entry, outcome, message: undefined, octets: new Uint8Array(), fault: undefined };
}

/** `request of 0-3, 7`, `fragment 4 (1024 octets)`. */
function summaryOf(message: R10Message): string {
  switch (message.type) {
    case "have":
    case "request":
    case "cancel":
    case "refuse": {
      const runs = message.runs
        .slice(0, 20)
        .map(({ first, count }) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`));
      return `${message.type}${message.type === "refuse" ? ` (${message.reason})` : ""} of ${runs.join(", ")}`;
    }
    case "fragment":
      return `fragment ${message.index}, ${message.payload.length} octets at ${message.offset} of ${message.size}`;
    case "descriptors":
      return `descriptors of ${message.first}-${message.first + message.items.length - 1}`;
    case "bye":
      return `bye (${message.reason})`;
    case "hello":
      return `hello of ${message.peerId} for ${message.overlayId}`;
    default:
      return message.type;
  }
}

/** Of long frames the beginning: thousands of them have to fit into a report. */
function shown(octets: Uint8Array) {
  if (octets.length <= 2048) return octetsOf(octets, "hex");
  return { ...octetsOf(octets.subarray(0, 256), "hex"), octets: octets.length };
}
