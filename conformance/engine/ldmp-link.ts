import type { Code, Type } from "../../generated/ldmp/index.js";
import { Code as Codes, codeName, encode, PayloadType } from "../../generated/ldmp/index.js";
import type { Arrival, Channel, ChannelEvents } from "./ldmp-channel.js";
import { openChannel } from "./ldmp-channel.js";
import type { Dialect } from "./ldmp-dialect.js";
import { requestType, wantsAnswer } from "./ldmp-dialect.js";
import type { Answer, Fields } from "./ldmp-message.js";
import { brief, decoded, isReply, toOctets, typeFor } from "./ldmp-message.js";
import { SuiteError } from "./outcome.js";
import { printfOctets, shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf, printable } from "./transcript.js";

/** Wait for an answer to a request that was sent again with other T bits, in ms. */
const SECOND_TRY_MS = 1_000;

export interface LinkOptions {
  /** The suite's identifier on this link. */
  readonly ownId: number;
  /** The product's, as far as it is known; taken from its first message otherwise. */
  readonly peerId: number;
  /** How T and Length are written and read; the run's own, which learns. */
  readonly dialect: Dialect;
  /** Longest wait for an answer, in ms. */
  readonly timeoutMs: number;
  /** Answers the product's Heartbeats with 2.00 without being asked; true unless given. */
  readonly answerHeartbeats?: boolean;
  /** Hears of every message of the product's. */
  onMessage?(answer: Answer): void;
}

type Filter = (answer: Answer) => boolean;

/** The suite's end of an association with the product: a stand-in data source or source peer with one identifier of its own. */
export class LdmpLink {
  readonly ownId: number;
  peerId: number;
  /** Switch off to be a silent counterpart. */
  answerHeartbeats: boolean;
  /** Everything that arrived, in order. */
  readonly arrived: Answer[] = [];
  /** Set when the connection ended or the address is dead. */
  ended: string | undefined;
  readonly #t: Test;
  readonly #options: LinkOptions;
  #channel: Channel | undefined;
  #messageId: number;
  /** Message IDs this link has used: an answer to another one cannot be meant for a new request. */
  readonly #used = new Set<number>();
  #awaited = 0;
  #taken = new Set<Answer>();
  #waiting = new Set<() => void>();

  constructor(t: Test, options: LinkOptions) {
    this.#t = t;
    this.#options = options;
    this.ownId = options.ownId;
    this.peerId = options.peerId;
    this.answerHeartbeats = options.answerHeartbeats ?? true;
    this.#messageId = t.random.integer(0, 0xffff);
  }

  static async open(t: Test, url: string, options: LinkOptions): Promise<LdmpLink> {
    const link = new LdmpLink(t, options);
    link.attach(await openChannel(t.world, url, options.dialect, link.events));
    t.cleanup("the socket", () => link.close());
    return link;
  }

  /** What a channel reports to; for whoever accepts connections. */
  readonly events: ChannelEvents = {
    onArrival: (arrival) => this.#receive(arrival),
    onEnd: (reason) => {
      this.ended = reason;
      this.#t.transcript.add("connection", reason);
      for (const wake of this.#waiting) wake();
    },
  };

  get dialect(): Dialect {
    return this.#options.dialect;
  }

  /** `udp` or `tcp`. */
  get protocol(): "udp" | "tcp" {
    if (!this.#channel) throw new SuiteError("the link is not connected");
    return this.#channel.protocol;
  }

  attach(channel: Channel): void {
    this.#channel = channel;
    this.ended = undefined;
  }

  async close(): Promise<void> {
    await this.#channel?.close();
  }

  /** Numbers the next messages from here on. */
  countFrom(messageId: number): void {
    this.#messageId = messageId;
  }

  /** The number the next message of this link takes. */
  nextMessageId(): number {
    const id = this.#messageId;
    this.#messageId = (id + 1) & 0xffff;
    this.#used.add(id);
    return id;
  }

  /** Sends a sound message and gives back its Message ID. */
  send(fields: Fields): number {
    const { payload, messageId = this.nextMessageId() } = fields;
    const { dialect } = this.#options;
    const octets = encode(
      {
        version: 1,
        type: (fields.type ?? typeFor(fields.code, dialect.type ?? dialect.sendType)) as Type,
        payloadType:
          payload === undefined
            ? PayloadType.none
            : typeof payload === "string"
              ? PayloadType.text
              : PayloadType.binary,
        reserved: 0,
        code: fields.code as Code,
        messageId,
        sourceId: fields.sourceId ?? this.ownId,
        destinationId: fields.destinationId ?? this.peerId,
        payload: payload === undefined ? undefined : toOctets(payload),
      },
      { layout: dialect.layout ?? "A" },
    );
    this.#used.add(messageId);
    this.sendOctets(octets, `${codeName(fields.code)}, Message ID ${messageId}`);
    return messageId;
  }

  /** Sends octets as they are, sound or not. */
  sendOctets(octets: Uint8Array, summary = `${octets.length} octets`): void {
    const channel = this.#channel;
    if (!channel) throw new SuiteError("a message was to be sent on a link that is not connected");
    const { protocol, host, port } = channel;
    const nc = `nc ${protocol === "udp" ? "-u " : ""}-w 2 ${shellQuote(host)} ${port}`;
    this.#t.transcript.add("ldmp-sent", summary, {
      ...octetsOf(octets, "hex"),
      decoded: decoded(octets),
      ...(octets.length <= 4096 ? { reproduce: `printf ${printfOctets(octets)} | ${nc} | xxd` } : {}),
    });
    channel.send(octets);
  }

  /**
   * Sends a request and waits for its acknowledgement: the one with its Message ID or, while nothing else is awaited, any that answers
   * no earlier message (E-LDMP-15). Whether the Message ID and T are right is for the cases of clause 8.1 to judge.
   */
  async request(fields: Fields, options: { readonly withinMs?: number } = {}): Promise<Answer> {
    const { type: known, sendType: asked } = this.dialect;
    const answer = await this.#ask(fields, options);
    if (answer.message || known !== undefined || fields.type !== undefined || !wantsAnswer(fields.code)) return answer;
    // Shown meanwhile, and as it was asked: then the silence is the answer.
    if (this.dialect.type === asked) return answer;
    // Neither declared nor shown when it was sent: to a product of the other reading of T, this asked for no answer (E-LDMP-01).
    const reading = asked === "A" ? "B" : "A";
    const second = await this.#ask(
      { ...fields, type: requestType(true, reading) as Type },
      { withinMs: Math.min(SECOND_TRY_MS, this.#options.timeoutMs) },
    );
    // Once that is what gets answers, every further request asks so from the start.
    if (second.message) this.dialect.sendType = reading;
    return second;
  }

  async #ask(fields: Fields, options: { readonly withinMs?: number }): Promise<Answer> {
    const { messageId = this.nextMessageId() } = fields;
    const earlier = new Set(this.#used);
    const begun = this.arrived.length;
    this.send({ ...fields, messageId });
    return await this.answerTo(messageId, codeName(fields.code), { ...options, earlier, begun });
  }

  /** Waits for the acknowledgement of a message sent before. */
  async answerTo(
    messageId: number,
    what = "the message",
    options: { readonly withinMs?: number; readonly earlier?: ReadonlySet<number>; readonly begun?: number } = {},
  ): Promise<Answer> {
    const { earlier = this.#used, begun = 0 } = options;
    this.#awaited++;
    const fits: Filter = (one) =>
      isReply(one) &&
      (one.message?.messageId === messageId ||
        (this.#awaited === 1 && !earlier.has(one.message?.messageId ?? -1) && this.arrived.indexOf(one) >= begun));
    try {
      return await this.next(fits, { ...options, what: `an answer to ${what} ${messageId}` });
    } finally {
      this.#awaited--;
    }
  }

  /** Acknowledges a message of the product's. */
  reply(to: Answer, fields: Omit<Fields, "messageId">): void {
    if (!to.message) throw new SuiteError("there is no message to reply to");
    this.send({ destinationId: to.message.sourceId, ...fields, messageId: to.message.messageId });
  }

  /** The first message not yet taken that fits, among those that arrived already and those to come; silence after the time. */
  async next(fits: Filter, options: { readonly withinMs?: number; readonly what?: string } = {}): Promise<Answer> {
    const withinMs = options.withinMs ?? this.#options.timeoutMs;
    const deadline = this.#t.world.now() + withinMs;
    for (;;) {
      const found = this.arrived.find((one) => !this.#taken.has(one) && fits(one));
      if (found) {
        this.#taken.add(found);
        return found;
      }
      const left = deadline - this.#t.world.now();
      if (left <= 0 || this.#t.signal.aborted) return this.#silence(withinMs, options.what);
      await this.#arrival(left);
    }
  }

  /** The next request of this code from the product. */
  nextRequest(code: number, options: { readonly withinMs?: number } = {}): Promise<Answer> {
    return this.next(({ message }) => message?.code === code, { ...options, what: codeName(code) });
  }

  /** Listens for a while and gives back what fits among what arrived meanwhile: an empty list is silence. Windows may overlap. */
  async quiet(forMs: number, fits: Filter = () => true, what = "any message"): Promise<Answer[]> {
    const before = this.arrived.length;
    await this.#t.sleep(forMs);
    await new Promise<void>((resolve) => this.#t.world.turn(resolve));
    const heard = this.arrived.slice(before).filter(fits);
    if (heard.length === 0) this.#silence(forMs, what);
    return heard;
  }

  #receive({ octets, message, fault }: Arrival): void {
    const text = message?.payload && printable(message.payload);
    const outcome = message
      ? `${brief(message)}${fault ? ` (unsound: ${fault.message})` : ""}`
      : `${octets.length} octets that are no message${fault ? `: ${fault.message}` : ""}`;
    const log = this.#t.transcript;
    const entry = log.add("ldmp-received", outcome, { ...octetsOf(octets, "hex"), decoded: decoded(octets) });
    const answer: Answer = { outcome, entry, silent: false, message, octets, fault, at: log.now(), text };
    this.arrived.push(answer);
    if (message && this.peerId === 0) this.peerId = message.sourceId;
    this.#options.onMessage?.(answer);
    if (message?.code === Codes.heartbeat && this.answerHeartbeats) {
      this.#taken.add(answer);
      this.reply(answer, { code: Codes.ok });
    }
    for (const wake of this.#waiting) wake();
  }

  #arrival(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#waiting.delete(wake);
        this.#t.signal.removeEventListener("abort", wake);
        resolve();
      };
      // Timers go before sockets: when this process was held up, what came in time is still to be read.
      const { world } = this.#t;
      const cancel = world.timer(withinMs, () => world.turn(() => world.turn(wake)));
      this.#waiting.add(wake);
      this.#t.signal.addEventListener("abort", wake, { once: true });
    });
  }

  #silence(forMs: number, what = "a message"): Answer {
    const outcome = `silence: ${what} did not come within ${Math.round(forMs)} ms`;
    const log = this.#t.transcript;
    const entry = log.add("silence", outcome);
    return {
      outcome,
      entry,
      silent: true,
      message: undefined,
      octets: new Uint8Array(),
      fault: undefined,
      at: log.now(),
      text: undefined,
    };
  }
}
