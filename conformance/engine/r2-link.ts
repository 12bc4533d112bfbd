import { Inconclusive } from "./outcome.js";
import { encodeFrame, type Json, type R2Frame, R2FrameReader, type R2Profile } from "./r2-frame.js";
import { encodeMessage, nameOf, R2, type R2Answer, type R2Message, readMessage } from "./r2-message.js";
import { checkOwnMessage } from "./r2-own.js";
import { printfOctets, shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import type { Endpoint } from "./world/wire.js";

/** What a link is carried by: a connection that was called, or one that called. */
export interface R2Channel {
  send(octets: Uint8Array): void;
  /** Takes nothing more from the network. */
  pause(): void;
  close(): void;
}

export interface R2LinkOptions {
  /** For the transcript: whose end this is. */
  readonly name: string;
  readonly profile: R2Profile;
  /** Where the product was called; undefined where it called. */
  readonly to?: Endpoint;
  /** Answers of themselves, by code: undefined leaves it to the case. */
  usual(answer: R2Answer, link: R2Link): R2Message | undefined;
  /** Hears of every message. */
  heard?(answer: R2Answer): void;
  /** Told of every message and of the end. */
  onChange(): void;
}

export interface NextOptions {
  readonly withinMs: number;
  readonly where?: (answer: R2Answer) => boolean;
}

/** The suite's end of one connection with the product on R2. */
export class R2Link {
  readonly name: string;
  readonly profile: R2Profile;
  /** The product opened it. */
  readonly incoming: boolean;
  /** Everything that arrived, in order. */
  readonly arrived: R2Answer[] = [];
  /** What went wrong in the suite itself while it answered. */
  fault: unknown;
  /** How much arrived, be it a frame or not. */
  octets = 0;
  /** When and how it ended. */
  ended: { readonly at: number; readonly reason: string } | undefined;
  /** Answers nothing of itself any more, and sends no heartbeats. */
  mute = false;
  readonly #t: Test;
  readonly #options: R2LinkOptions;
  readonly #channel: R2Channel;
  readonly #reader: R2FrameReader;
  readonly #taken = new Set<R2Answer>();
  readonly #waiting = new Set<() => void>();
  #closing = false;
  /** Ends the heartbeats. */
  #still = (): void => {};

  constructor(t: Test, channel: R2Channel, options: R2LinkOptions) {
    this.#t = t;
    this.#options = options;
    this.#channel = channel;
    this.#reader = new R2FrameReader(options.profile);
    this.name = options.name;
    this.profile = options.profile;
    this.incoming = options.to === undefined;
  }

  /** Sends a sound message. */
  send(message: R2Message): void {
    checkOwnMessage(message);
    this.sendOctets(encodeMessage(this.profile, message), nameOf(message.code));
  }

  /** Sends a frame with a header of its own, right or wrong. */
  sendFrame(header: Json | string | Uint8Array, payload?: Uint8Array, summary = "a frame"): void {
    this.sendOctets(encodeFrame(this.profile, header, payload), summary);
  }

  sendOctets(octets: Uint8Array, summary: string): void {
    const { to } = this.#options;
    const short = octets.length <= 2048;
    const nc =
      to && short ? `printf ${printfOctets(octets)} | nc -w 2 ${shellQuote(to.host)} ${to.port} | xxd` : undefined;
    this.#t.transcript.add("r2-sent", `${this.name}: ${summary}`, {
      ...shown(octets),
      decoded: lines(octets),
      ...(nc === undefined ? {} : { reproduce: nc }),
    });
    if (this.ended === undefined && !this.#closing) this.#channel.send(octets);
  }

  /** The next such message that no earlier call has taken; silent where none comes in time, closed where the connection ends before. */
  async next(codes: number | readonly number[], { withinMs, where = () => true }: NextOptions): Promise<R2Answer> {
    const wanted = typeof codes === "number" ? [codes] : codes;
    const fits = (one: R2Answer): boolean => !this.#taken.has(one) && wanted.includes(one.code) && where(one);
    const end = this.#t.world.now() + withinMs;
    for (;;) {
      if (this.fault !== undefined) throw this.fault;
      const found = this.arrived.find(fits);
      if (found) {
        this.#taken.add(found);
        return found;
      }
      const left = end - this.#t.world.now();
      if (this.ended || left <= 0) break;
      await this.woken(left);
    }
    const what = wanted.map(nameOf).join(" or ");
    const how = this.ended
      ? `the connection ended (${this.ended.reason})`
      : `nothing within ${Math.round(withinMs)} ms`;
    const entry = this.#t.transcript.add("silence", `${this.name}: no ${what}, ${how}`);
    return nothing(this.#t.transcript.now(), entry, how, this.ended !== undefined);
  }

  /** What arrived of a kind since a moment of the transcript. */
  of(codes: number | readonly number[], since = 0): R2Answer[] {
    const wanted = typeof codes === "number" ? [codes] : codes;
    return this.arrived.filter(({ code, at }) => wanted.includes(code) && at >= since);
  }

  /** Waits until the connection ends: whether it did. */
  async over(withinMs: number): Promise<boolean> {
    const end = this.#t.world.now() + withinMs;
    for (let left = withinMs; !this.ended && left > 0; left = end - this.#t.world.now()) await this.woken(left);
    return this.ended !== undefined;
  }

  /** A heartbeat now and then, as the child's side of a path sends them; until the link ends or is mute. */
  beat(everyMs: number): void {
    const again = (): void => {
      if (this.mute) return;
      this.send({ code: R2.heartbeat });
      this.#still = this.#t.world.timer(everyMs, again);
    };
    this.#still();
    this.#still = this.#t.world.timer(everyMs, again);
  }

  /** Takes nothing more from the network, so that what the product sends has to wait. */
  pause(): void {
    this.#t.transcript.add("connection", `${this.name}: reads no more`);
    this.#channel.pause();
  }

  close(): void {
    if (this.ended || this.#closing) return;
    this.#closing = true;
    this.#still();
    this.#t.transcript.add("connection", `${this.name}: closed by the suite`);
    this.#channel.close();
  }

  /** For whoever holds the socket. */
  hear(octets: Uint8Array): void {
    this.octets += octets.length;
    for (const frame of this.#reader.push(octets)) this.#receive(frame);
  }

  /** For whoever holds the socket. */
  end(reason: string): void {
    if (this.ended) return;
    this.#still();
    const own = this.#closing ? "closed by the suite" : reason;
    this.ended = { at: this.#t.transcript.now(), reason: own };
    if (!this.#closing) this.#t.transcript.add("connection", `${this.name}: ${reason}`);
    this.#wake();
  }

  #receive(frame: R2Frame): void {
    const { transcript } = this.#t;
    const read = readMessage(this.profile, frame);
    const outcome = read.fault === undefined ? nameOf(read.code) : `a frame that cannot be read: ${read.fault}`;
    const entry = transcript.add("r2-received", `${this.name}: ${outcome}`, {
      ...shown(frame.octets),
      decoded: lines(frame.octets),
    });
    const answer: R2Answer = { silent: false, closed: false, at: transcript.now(), entry, outcome, frame, ...read };
    this.arrived.push(answer);
    this.#options.heard?.(answer);
    const reply = this.mute ? undefined : this.#options.usual(answer, this);
    try {
      if (reply) this.send(reply);
    } catch (error) {
      // Nobody waits here: whoever waits next is told.
      this.fault ??= error;
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
    this.#options.onChange();
  }

  /** Until something arrives or the connection ends, or so many ms are over. */
  async woken(milliseconds: number): Promise<void> {
    await wokenBy(this.#t, this.#waiting, milliseconds);
  }
}

/** Waits for one of a set of callbacks that others call, or for a time. */
export async function wokenBy(t: Test, waiting: Set<() => void>, milliseconds: number): Promise<void> {
  const { signal } = t;
  if (signal.aborted) throw new Inconclusive("the case used up its time budget");
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener("abort", wake);
      waiting.delete(wake);
      resolve();
    };
    const cancel = t.world.timer(milliseconds, wake);
    signal.addEventListener("abort", wake, { once: true });
    waiting.add(wake);
  });
  if (signal.aborted) throw new Inconclusive("the case used up its time budget");
}

/** What stands for a message that did not come. */
export function nothing(at: number, entry: number, outcome: string, closed = false): R2Answer {
  return {
    silent: true,
    closed,
    at,
    entry,
    outcome,
    code: Number.NaN,
    fault: undefined,
    header: {},
    extension: undefined,
    payload: new Uint8Array(),
    frame: undefined,
    get: () => undefined,
  };
}

/** Of long frames the beginning: floods of them have to fit into a report. */
function shown(octets: Uint8Array) {
  if (octets.length <= 4096) return octetsOf(octets, "hex");
  return { ...octetsOf(octets.subarray(0, 1024), "hex"), octets: octets.length };
}

/** Head and header for people; payloads are octets to everybody. */
function lines(octets: Uint8Array): string[] {
  if (octets.length < 4) return [];
  const text = Buffer.from(octets.subarray(4, 4 + 4096)).toString("utf8");
  const end = text.lastIndexOf("}");
  return [
    `version ${octets[0]}, type ${octets[1]}, header length octets ${octets[2]} ${octets[3]}`,
    text.slice(0, end + 1),
  ];
}
