import type { Code, Type } from "../../generated/ldmp/index.js";
import { Code as Codes, codeName, encode, PayloadType, peekHeader } from "../../generated/ldmp/index.js";
import type { NetworkSeen } from "./entity.js";
import type { Arrival, Channel, ChannelEvents } from "./ldmp-channel.js";
import { openChannel } from "./ldmp-channel.js";
import type { Dialect } from "./ldmp-dialect.js";
import { requestType, wantsAnswer } from "./ldmp-dialect.js";
import type { Answer, Fields } from "./ldmp-message.js";
import { brief, decoded, isReply, toOctets, typeFor } from "./ldmp-message.js";
import { ownOctets } from "./ldmp-own.js";
import { SuiteError } from "./outcome.js";
import { printfOctets, shellQuote } from "./shell.js";
import type { Test } from "./test.js";
import { octetsOf, printable } from "./transcript.js";

/** Wait for an answer to a request that was sent again with other T bits, in ms. */
const SECOND_TRY_MS = 1_000;
/** Over datagrams a request is asked so often within the time for its answer, unless that leaves less than so many ms to each. */
const ASKED = 3;
const LEAST_MS = 500;
/** How long answers to earlier requests may still come in, where none says what it answers. */
const SETTLE_MS = 500;

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
  /** Octets that are wrong on purpose may be sent over it; false unless given. */
  readonly hostile?: boolean;
  /** Hears of every message of the product's. */
  onMessage?(answer: Answer): void;
  /** Where it is counted what the network was seen to do. */
  readonly seen?: Seen;
}

/** What the network was seen to do, counted as it shows. */
export type Seen = { -readonly [Name in keyof NetworkSeen]: NetworkSeen[Name] };

interface Asking {
  /** Longest wait for the answer, in ms: the request is sent once then, for silence is an answer too. */
  readonly withinMs?: number;
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
  /** Requests sent, those included that were sent again. */
  asked = 0;
  /** Set when the connection ended or the address is dead. */
  ended: string | undefined;
  readonly #t: Test;
  readonly #options: LinkOptions;
  #channel: Channel | undefined;
  #check: ReturnType<typeof ownOctets> | undefined;
  #messageId: number;
  /** Message IDs this link has used, and how often: an answer to another one cannot be meant for a new request. */
  readonly #used = new Map<number, number>();
  #awaited = 0;
  /** Requests without an answer so far that may still get one. */
  #unanswered = 0;
  /** The link began, and it has said nothing yet. */
  #unheard = false;
  /** The latest Message ID of a request of the product's. */
  #latest: number | undefined;
  #taken = new Set<Answer>();
  /** The product listens, so that a line of shell reaches it as this link does. */
  #calls = false;
  /** The line that sends a request again, by its Message ID. */
  readonly #lines = new Map<number, string>();
  /** What requests were answered with, by their octets: one that comes again did not get its answer. */
  readonly #replied = new Map<string, Fields>();
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
    link.#unheard = true;
    link.#calls = true;
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
    const { hostile, dialect } = this.#options;
    this.#check = hostile ? undefined : ownOctets(channel.protocol, dialect);
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
    if (!this.#used.has(id)) this.#used.set(id, 0);
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
    this.sendOctets(octets, `${codeName(fields.code)}, Message ID ${messageId}`);
    return messageId;
  }

  /**
   * Sends octets as they are: sound or, over a hostile link, not.
   *
   * @throws SuiteError where they are unsound and the link does not say that this is on purpose
   */
  sendOctets(octets: Uint8Array, summary = `${octets.length} octets`): void {
    const channel = this.#channel;
    if (!channel) throw new SuiteError("a message was to be sent on a link that is not connected");
    this.#check?.(octets, this.ownId);
    const { protocol, host, port } = channel;
    const nc = `nc ${protocol === "udp" ? "-u " : ""}-w 2 ${shellQuote(host)} ${port}`;
    const { messageId, type } = peekHeader(octets) ?? {};
    // Alone, what answers a message of the product's means nothing.
    const line = this.#calls && type !== 2 && octets.length <= 4096;
    const reproduce = line ? `printf ${printfOctets(octets)} | ${nc} | xxd` : undefined;
    if (reproduce !== undefined && messageId !== undefined) this.#lines.set(messageId, reproduce);
    this.#t.transcript.add("ldmp-sent", summary, {
      ...octetsOf(octets, "hex"),
      decoded: decoded(octets),
      ...(reproduce === undefined ? {} : { reproduce }),
    });
    if (messageId !== undefined) this.#used.set(messageId, (this.#used.get(messageId) ?? 0) + 1);
    this.#unheard = false;
    channel.send(octets);
  }

  /**
   * Sends a request and waits for its acknowledgement: the one with its Message ID or, while nothing else is awaited, any that answers
   * no earlier message (E-LDMP-15). Whether the Message ID and T are right is for the cases of clause 8.1 to judge.
   */
  async request(fields: Fields, options: Asking = {}): Promise<Answer> {
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

  async #ask(fields: Fields, options: Asking): Promise<Answer> {
    const send = (messageId: number): number => this.send({ ...fields, messageId });
    return await this.ask(codeName(fields.code), send, options, fields.messageId);
  }

  /**
   * Sends a request by its Message ID and waits for the acknowledgement. Over datagrams, what stays unanswered is asked again, as a new
   * request unless the Message ID is given: silence is believed only then. With `withinMs` it is asked once.
   */
  async ask(what: string, send: (messageId: number) => unknown, options: Asking, messageId?: number): Promise<Answer> {
    const { withinMs = this.#options.timeoutMs } = options;
    const once = this.protocol === "tcp" || options.withinMs !== undefined;
    const most = once ? 1 : Math.max(1, Math.min(ASKED, Math.floor(withinMs / LEAST_MS)));
    const earlier = new Set(this.#used.keys());
    const begun = this.arrived.length;
    const ids: number[] = [];
    for (;;) {
      ids.push(messageId ?? this.nextMessageId());
      if (ids.length > 1) this.#t.extend(withinMs / most);
      this.asked++;
      send(ids.at(-1) as number);
      const answer = await this.answerTo(ids, what, { withinMs: withinMs / most, earlier, begun });
      if (!answer.silent && ids.length > 1 && this.#options.seen) this.#options.seen.askedAgain++;
      if (!answer.silent || ids.length === most || this.ended !== undefined || this.#t.signal.aborted) return answer;
    }
  }

  /** Waits for the acknowledgement of a message sent before, or of any of several that ask for the same. */
  async answerTo(
    messageId: number | readonly number[],
    what = "the message",
    options: { readonly withinMs?: number; readonly earlier?: ReadonlySet<number>; readonly begun?: number } = {},
  ): Promise<Answer> {
    const { earlier = new Set(this.#used.keys()), begun = 0 } = options;
    const ids = typeof messageId === "number" ? [messageId] : messageId;
    const named: Filter = (one) => isReply(one) && ids.includes(one.message?.messageId ?? -1);
    const nameless: Filter = (one) =>
      isReply(one) && !earlier.has(one.message?.messageId ?? -1) && this.arrived.indexOf(one) >= begun;
    const reproduce = this.#lines.get(ids.at(-1) ?? -1);
    const wait = { ...options, what: `an answer to ${what} ${ids.join(", ")}`, ...(reproduce && { reproduce }) };
    this.#awaited++;
    try {
      const first = await this.next((one) => named(one) || (this.#awaited === 1 && nameless(one)), wait);
      const answer = first.silent || named(first) ? first : await this.#latestOf(first, named, nameless);
      if (answer.silent) this.#unanswered++;
      else this.#unanswered = ids.length - 1;
      return answer;
    } finally {
      this.#awaited--;
    }
  }

  /** Of answers with Message IDs of the product's own, the one that comes after those to earlier requests. */
  async #latestOf(first: Answer, named: Filter, nameless: Filter): Promise<Answer> {
    let latest = first;
    for (let left = this.#unanswered; left > 0; left--) {
      const next = await this.next((one) => named(one) || nameless(one), {
        withinMs: SETTLE_MS,
        what: "a later answer",
      });
      if (next.silent) break;
      latest = next;
      if (named(next)) break;
    }
    return latest;
  }

  /** Acknowledges a message of the product's. */
  reply(to: Answer, fields: Omit<Fields, "messageId">): void {
    if (!to.message) throw new SuiteError("there is no message to reply to");
    const reply = { destinationId: to.message.sourceId, ...fields, messageId: to.message.messageId };
    this.#replied.set(Buffer.from(to.octets).toString("hex"), reply);
    this.send(reply);
  }

  /** The first message not yet taken that fits, among those that arrived already and those to come; silence after the time. */
  async next(
    fits: Filter,
    options: { readonly withinMs?: number; readonly what?: string; readonly reproduce?: string } = {},
  ): Promise<Answer> {
    const withinMs = options.withinMs ?? this.#options.timeoutMs;
    const deadline = this.#t.world.now() + withinMs;
    for (;;) {
      const found = this.arrived.find((one) => !this.#taken.has(one) && fits(one));
      if (found) {
        this.#taken.add(found);
        return found;
      }
      const left = deadline - this.#t.world.now();
      if (left <= 0 || this.#t.signal.aborted) return this.#silence(withinMs, options.what, options.reproduce);
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
    const reproduce = message?.type === 2 ? this.#lines.get(message.messageId) : undefined;
    const entry = log.add("ldmp-received", outcome, {
      ...octetsOf(octets, "hex"),
      decoded: decoded(octets),
      ...(reproduce === undefined ? {} : { reproduce }),
    });
    if (this.#unheard) {
      log.add("note", "nothing was sent from this port yet: that was meant for an earlier user of it");
      return;
    }
    const answer: Answer = { outcome, entry, silent: false, message, octets, fault, at: log.now(), text };
    this.#watchNetwork(answer);
    this.arrived.push(answer);
    if (message && this.peerId === 0) this.peerId = message.sourceId;
    this.#options.onMessage?.(answer);
    const replied = this.protocol === "udp" ? this.#replied.get(Buffer.from(octets).toString("hex")) : undefined;
    if (message?.code === Codes.heartbeat && this.answerHeartbeats) {
      this.#taken.add(answer);
      this.reply(answer, { code: Codes.ok });
    } else if (replied) this.send(replied);
    for (const wake of this.#waiting) wake();
  }

  /** Counts what a network does and senders do not: what nobody repeats comes twice, and what is older comes later. */
  #watchNetwork(answer: Answer): void {
    const { seen } = this.#options;
    const { message, octets } = answer;
    if (!seen || !message || this.protocol === "tcp") return;
    const reply = isReply(answer);
    const unrepeated = reply
      ? this.#used.get(message.messageId) === 1
      : message.code === Codes.post || message.code === Codes.reset;
    if (unrepeated && this.arrived.some((one) => Buffer.compare(one.octets, octets) === 0)) seen.twice++;
    if (reply) return;
    const behind = this.#latest === undefined ? 0 : (this.#latest - message.messageId) & 0xffff;
    const repeated = this.arrived.some((one) => !isReply(one) && one.message?.messageId === message.messageId);
    if (behind > 0 && behind < 0x100 && !repeated) seen.outOfOrder++;
    if (behind === 0 || behind > 0x7fff) this.#latest = message.messageId;
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

  #silence(forMs: number, what = "a message", reproduce?: string): Answer {
    const outcome = `silence: ${what} did not come within ${Math.round(forMs)} ms`;
    const log = this.#t.transcript;
    const entry = log.add("silence", outcome, reproduce === undefined ? {} : { reproduce });
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
