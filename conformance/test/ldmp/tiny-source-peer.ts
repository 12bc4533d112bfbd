import { createSocket } from "node:dgram";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";

/** A message as this peer reads it; nothing here uses the project's codec. */
export interface Tiny {
  version: number;
  type: number;
  payloadType: number;
  reserved: number;
  code: number;
  messageId: number;
  sourceId: number;
  destinationId: number;
  payload: Buffer | undefined;
}

/** What makes the peer odd or wrong; none of it: a source peer as the text has it. */
export interface Quirks {
  readonly type?: "A" | "B";
  readonly layout?: "A" | "B";
  readonly transport?: "udp" | "tcp";
  readonly heartbeatMs?: number;
  readonly retransmissionMs?: number;
  /** Transmissions of an unanswered request, the first included. */
  readonly transmissions?: number;
  readonly removalMs?: number;
  /** Every message on its way out, as a message and as octets; several, or none, may leave. */
  changes?(message: Tiny, about: { reply: boolean; to: number }): void;
  sends?(octets: Buffer, message: Tiny): readonly Buffer[];
  /** Every message on its way in; false: it is not seen. */
  takes?(message: Tiny, octets: Buffer): boolean;
  /** A refusal before anything is done. */
  refuses?(message: Tiny, peer: TinySourcePeer): number | undefined;
  /** The answer to a request: a code, `undefined` for silence. */
  answers?(request: Tiny, usual: number | undefined, peer: TinySourcePeer): number | undefined;
  /** The Message ID of a request; counts up from a random one unless given. */
  nextId?(source: Known): number;
  /** A repeat takes a new Message ID. */
  readonly freshIds?: boolean;
  readonly neverAsks?: boolean;
  readonly asksDespiteTraffic?: boolean;
  readonly neverRemoves?: boolean;
  /** Forgets a data source at the first repeat, and repeats on. */
  readonly forgetsEarly?: boolean;
  readonly ignoresAnswers?: boolean;
  readonly anyAnswer?: boolean;
  readonly keepsReleased?: boolean;
  readonly keepsReset?: boolean;
  readonly distributesAll?: boolean;
  readonly oneSourceOnly?: boolean;
  handsOn?(payload: Buffer): Buffer;
  /** Hands on what any data source posts as that of every one. */
  readonly mixesSources?: boolean;
  /** A stimulus shows nothing of a refusal. */
  readonly hidesRefusals?: boolean;
  /** A code that it does not take for an answer. */
  readonly deafTo?: number;
  /** Wait before each answer. */
  readonly slowMs?: number;
  /** How octets leave over TCP. */
  readonly segments?: "whole" | "single" | "together";
  /** Takes the first message of each TCP segment only, or none that does not come whole. */
  readonly framing?: "first" | "whole";
  /** What the stimuli send in place of the usual. */
  redirects?(
    what: string,
    source: number,
    payload: Buffer | undefined,
  ): { code?: number; source?: number; payload?: Buffer | undefined };
}

interface Asked {
  readonly code: number;
  readonly payload: Buffer | undefined;
  readonly ids: number[];
  sent: number;
  timer: NodeJS.Timeout | undefined;
  settle(answer: Tiny | undefined): void;
}

export interface Known {
  readonly id: number;
  write(octets: Buffer): void;
  heardAt: number;
  nextId: number;
  readonly asked: Set<Asked>;
}

export const OWN_ID = 9;
export const TINY_TIMES = { heartbeatMs: 800, retransmissionMs: 240 };
const [GET, POST, PUT, REGISTRATION, RELEASE, HEARTBEAT, RESET] = [1, 2, 3, 5, 6, 7, 8];
const LISTED = [GET, POST, PUT, REGISTRATION, RELEASE, HEARTBEAT, RESET];

/** A source peer in two hundred lines, with switches to make it odd or wrong. */
export class TinySourcePeer {
  readonly sources = new Map<number, Known>();
  url = "";
  control = "";
  readonly #quirks: Quirks;
  readonly #closing: (() => Promise<unknown> | unknown)[] = [];
  readonly #outlets = new Map<ServerResponse, number>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(quirks: Quirks) {
    this.#quirks = quirks;
    this.#heartbeat = setInterval(() => this.#askSilent(), 20);
  }

  async start(): Promise<this> {
    this.url = this.#quirks.transport === "tcp" ? await this.#startTcp() : await this.#startUdp();
    const server = createHttpServer((request, response) => void this.#stimulus(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return this;
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const source of [...this.sources.values()]) this.remove(source);
    for (const close of this.#closing.splice(0)) await close();
  }

  // ---- octets ----

  encode(message: Tiny): Buffer {
    const { payload } = message;
    const head = Buffer.alloc(payload !== undefined || this.#quirks.layout === "B" ? 10 : 8);
    head[0] = (message.version << 6) | (message.type << 4) | (message.payloadType << 2) | message.reserved;
    head[1] = message.code;
    head.writeUInt16BE(message.messageId, 2);
    head.writeUInt16BE(message.sourceId, 4);
    head.writeUInt16BE(message.destinationId, 6);
    if (head.length === 10) head.writeUInt16BE(payload?.length ?? 0, 8);
    return Buffer.concat([head, payload ?? Buffer.alloc(0)]);
  }

  #decode(octets: Buffer): Tiny | undefined {
    if (octets.length < 8) return undefined;
    const first = octets[0] as number;
    const payloadType = (first >> 2) & 3;
    const holds = (payloadType & 2) !== 0;
    if (holds && (octets.length < 10 || octets.length < 10 + octets.readUInt16BE(8))) return undefined;
    return {
      version: first >> 6,
      type: (first >> 4) & 3,
      payloadType,
      reserved: first & 3,
      code: octets[1] as number,
      messageId: octets.readUInt16BE(2),
      sourceId: octets.readUInt16BE(4),
      destinationId: octets.readUInt16BE(6),
      payload: holds ? octets.subarray(10, 10 + octets.readUInt16BE(8)) : undefined,
    };
  }

  /** Octets of the first message of a stream; 0 while it is not all there. */
  #framed(octets: Buffer): number {
    if (octets.length < 8) return 0;
    const holds = ((octets[0] as number) & 8) !== 0;
    if (!holds) return this.#quirks.layout === "B" ? (octets.length < 10 ? 0 : 10) : 8;
    if (octets.length < 10) return 0;
    const size = 10 + octets.readUInt16BE(8);
    return octets.length < size ? 0 : size;
  }

  async #startUdp(): Promise<string> {
    const socket = createSocket("udp4");
    socket.on("error", () => {});
    socket.on("message", (octets, from) => {
      this.#hear(octets, (out) => socket.send(out, from.port, from.address));
    });
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    this.#closing.push(() => new Promise<void>((done) => socket.close(() => done())));
    return `udp://127.0.0.1:${socket.address().port}`;
  }

  async #startTcp(): Promise<string> {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      const write = writer(socket, this.#quirks.segments ?? "whole");
      let rest = Buffer.alloc(0);
      socket.on("data", (chunk) => {
        rest = this.#quirks.framing === "whole" ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
        for (let size = this.#framed(rest); size > 0; size = this.#framed(rest)) {
          const one = rest.subarray(0, size);
          rest = this.#quirks.framing === "first" ? Buffer.alloc(0) : rest.subarray(size);
          this.#hear(one, write);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#closing.push(() => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(done));
    });
    return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  // ---- messages ----

  #send(
    write: (octets: Buffer) => void,
    to: number,
    message: Omit<Tiny, "version" | "payloadType" | "reserved" | "sourceId" | "destinationId">,
  ): void {
    const { payload } = message;
    const whole: Tiny = {
      version: 1,
      payloadType: payload === undefined ? 0 : 3,
      reserved: 0,
      sourceId: OWN_ID,
      destinationId: to,
      ...message,
    };
    this.#quirks.changes?.(whole, { reply: message.type === 2, to });
    const octets = this.encode(whole);
    for (const one of this.#quirks.sends?.(octets, whole) ?? [octets]) write(one);
  }

  #requestType(wants: boolean): number {
    return wants === (this.#quirks.type !== "B") ? 0 : 1;
  }

  #hear(octets: Buffer, write: (octets: Buffer) => void): void {
    const message = this.#decode(octets);
    const { takes } = this.#quirks;
    if (!message) {
      // With a header, what only lacks octets is a bad request.
      const header = octets.length >= 8 ? this.#decode(Buffer.concat([octets, Buffer.alloc(0xffff)])) : undefined;
      if (!header) takes?.({ code: -1 } as Tiny, octets);
      else if (
        (takes ? takes(header, octets) : sane(header)) &&
        [REGISTRATION, RELEASE, HEARTBEAT].includes(header.code)
      )
        this.#reply(write, header, 0x80);
      return;
    }
    const refusal = message.type === 2 ? undefined : this.#quirks.refuses?.(message, this);
    if (refusal !== undefined) {
      this.#reply(write, message, refusal);
      return;
    }
    if (!(takes ? takes(message, octets) : sane(message))) return;
    if (message.type === 2) {
      this.#acknowledged(message);
      return;
    }
    const source = this.sources.get(message.sourceId);
    if (source) source.heardAt = performance.now();
    const usual = this.#handle(message, source, write);
    const { answers } = this.#quirks;
    const code = answers ? answers(message, usual, this) : usual;
    if (code === undefined) return;
    setTimeout(() => this.#reply(write, message, code), this.#quirks.slowMs ?? 0);
  }

  #reply(write: (octets: Buffer) => void, to: Tiny, code: number): void {
    this.#send(write, to.sourceId, { type: 2, code, messageId: to.messageId, payload: undefined });
  }

  /** Carries a request out and gives the usual answer. */
  #handle(message: Tiny, source: Known | undefined, write: (octets: Buffer) => void): number | undefined {
    switch (message.code) {
      case REGISTRATION:
        if (message.sourceId === OWN_ID || message.sourceId === 0) return 0x83;
        if (this.#quirks.oneSourceOnly && this.sources.size > 0 && !source) return 0x83;
        this.add(message.sourceId, write);
        return 0x40;
      case RELEASE:
        if (!source) return 0x84;
        if (!this.#quirks.keepsReleased) this.remove(source);
        return 0x40;
      case HEARTBEAT:
        return source ? 0x40 : 0x84;
      case POST:
        if (source || this.#quirks.distributesAll) this.#handOn(message.sourceId, message.payload ?? Buffer.alloc(0));
        return undefined;
      default:
        if (message.code === RESET) return undefined;
        return message.type === this.#requestType(true) || LISTED.includes(message.code) ? 0x85 : undefined;
    }
  }

  add(id: number, write: (octets: Buffer) => void): void {
    const known = this.sources.get(id);
    if (known) this.remove(known);
    const nextId = Math.floor(Math.random() * 0x10000);
    this.sources.set(id, { id, write, heardAt: performance.now(), nextId, asked: new Set() });
  }

  remove(source: Known): void {
    this.sources.delete(source.id);
    for (const one of source.asked) {
      clearTimeout(one.timer);
      one.settle(undefined);
    }
    source.asked.clear();
  }

  #nextId(source: Known): number {
    if (this.#quirks.nextId) return this.#quirks.nextId(source) & 0xffff;
    source.nextId = (source.nextId + 1) & 0xffff;
    return source.nextId;
  }

  /** Sends a request that wants an answer, repeats it, and removes who does not answer. */
  #ask(source: Known, code: number, payload: Buffer | undefined): Promise<Tiny | undefined> {
    const { retransmissionMs = TINY_TIMES.retransmissionMs, transmissions = 4, freshIds } = this.#quirks;
    const { removalMs = transmissions * retransmissionMs, neverRemoves } = this.#quirks;
    return new Promise((resolve) => {
      const asked: Asked = { code, payload, ids: [], sent: 0, timer: undefined, settle: resolve };
      const transmit = (): void => {
        const messageId = asked.ids.length === 0 || freshIds ? this.#nextId(source) : (asked.ids[0] as number);
        asked.ids.push(messageId);
        asked.sent++;
        if (asked.sent > 1 && this.#quirks.forgetsEarly) this.sources.delete(source.id);
        this.#send(source.write, source.id, { type: this.#requestType(true), code, messageId, payload });
        const last = asked.sent >= transmissions;
        const wait = last ? removalMs - (transmissions - 1) * retransmissionMs : retransmissionMs;
        asked.timer = setTimeout(() => {
          if (!last) return transmit();
          source.asked.delete(asked);
          resolve(undefined);
          if (!neverRemoves) this.remove(source);
        }, wait);
      };
      source.asked.add(asked);
      transmit();
    });
  }

  #acknowledged(message: Tiny): void {
    const source = this.sources.get(message.sourceId);
    if (!source) return;
    source.heardAt = performance.now();
    if (this.#quirks.ignoresAnswers || this.#quirks.deafTo === message.code) return;
    for (const one of source.asked) {
      if (!one.ids.includes(message.messageId) && !this.#quirks.anyAnswer) continue;
      clearTimeout(one.timer);
      source.asked.delete(one);
      one.settle(message);
      return;
    }
  }

  #askSilent(): void {
    const { heartbeatMs = TINY_TIMES.heartbeatMs, neverAsks, asksDespiteTraffic } = this.#quirks;
    if (neverAsks) return;
    const now = performance.now();
    for (const source of this.sources.values()) {
      if (source.asked.size > 0 || now - source.heardAt < heartbeatMs * (asksDespiteTraffic ? 0.25 : 1)) continue;
      void this.#ask(source, HEARTBEAT, undefined);
    }
  }

  // ---- control ----

  #handOn(source: number, payload: Buffer): void {
    const out = this.#quirks.handsOn?.(payload) ?? payload;
    for (const [outlet, of] of this.#outlets) {
      if (of === source || this.#quirks.mixesSources) outlet.write(Buffer.concat([out, Buffer.from("\n")]));
    }
  }

  /** `POST /get/17`, `POST /put/17`, `POST /reset/17`, `GET /data/17`. */
  async #stimulus(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, what = "", id = ""] = (request.url ?? "").split("/");
    if (what === "data") {
      response.writeHead(200).flushHeaders();
      this.#outlets.set(response, Number(id));
      response.on("close", () => this.#outlets.delete(response));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const given = body.length > 0 ? body : undefined;
    const usual = { get: GET, put: PUT, reset: RESET }[what] as number;
    const changed = this.#quirks.redirects?.(what, Number(id), given) ?? {};
    const { code = usual, source: target = Number(id) } = changed;
    const payload = "payload" in changed ? changed.payload : given;
    const source = this.sources.get(target);
    if (!source) return void response.writeHead(404).end();
    if (what === "reset") {
      const messageId = this.#nextId(source);
      this.#send(source.write, source.id, { type: this.#requestType(false), code, messageId, payload: undefined });
      if (!this.#quirks.keepsReset) this.remove(source);
      return void response.writeHead(202).end();
    }
    const answer = await this.#ask(source, code, payload);
    const refused = answer !== undefined && answer.code >= 0x80 && !this.#quirks.hidesRefusals;
    response.writeHead(answer ? 200 : 504).end(refused ? "refused" : (answer?.payload ?? ""));
  }
}

/** A message that this end has to do with. */
export function sane({ version, type, payloadType, destinationId, code }: Tiny): boolean {
  const mine = destinationId === OWN_ID || (destinationId === 0 && code === REGISTRATION);
  return version === 1 && type !== 3 && payloadType !== 1 && mine;
}

function writer(socket: Socket, segments: "whole" | "single" | "together"): (octets: Buffer) => void {
  let queue = Promise.resolve();
  let waiting: Buffer[] = [];
  return (octets) => {
    if (segments === "whole") socket.write(octets);
    else if (segments === "together") {
      if (waiting.push(octets) === 1)
        setTimeout(() => {
          socket.write(Buffer.concat(waiting));
          waiting = [];
        }, 15);
    } else {
      for (const octet of octets) {
        queue = queue
          .then(() => new Promise((done) => setTimeout(done, 1)))
          .then(() => void socket.write(Buffer.of(octet)));
      }
    }
  };
}
