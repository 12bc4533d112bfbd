import { SuiteError } from "./outcome.js";
import type { R2Profile } from "./r2-frame.js";
import { nothing, R2Link, wokenBy } from "./r2-link.js";
import { nameOf, type R2Answer, type R2Message } from "./r2-message.js";
import type { Test } from "./test.js";
import { type ListenerEvent, type SocketEvent, tcpListener, tcpSocket } from "./world/sockets.js";
import type { Endpoint } from "./world/wire.js";
import type { Source } from "./world.js";

export interface R2PeerOptions {
  readonly id: string;
  readonly ticket: number;
  readonly profile: R2Profile;
  /** Where it listens; 127.0.0.1 unless given. */
  readonly host?: string;
  /** Hears of every message of the product's. */
  heard?(answer: R2Answer): void;
  /** What it answers of itself; undefined: nothing. */
  usual(answer: R2Answer, link: R2Link, peer: R2Peer): R2Message | undefined;
}

/** A message, and the link that it came by. */
export interface Came {
  readonly link: R2Link | undefined;
  readonly message: R2Answer;
}

/** A hybrid peer that a case plays: with an identifier, a ticket and a listening socket of its own. */
export class R2Peer {
  readonly id: string;
  readonly ticket: number;
  /** Every connection with the product, whoever opened it, in order. */
  readonly links: R2Link[] = [];
  /** `tcp://127.0.0.1:40001` */
  address = "";
  readonly #t: Test;
  readonly #options: R2PeerOptions;
  readonly #waiting = new Set<() => void>();
  readonly #taken = new Set<R2Answer>();
  #listener:
    | Source<
        { type: "send"; to: number; octets: Uint8Array } | { type: "pause" | "close"; to: number } | { type: "end" }
      >
    | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(t: Test, options: R2PeerOptions) {
    this.#t = t;
    this.#options = options;
    this.id = options.id;
    this.ticket = options.ticket;
  }

  static async open(t: Test, options: R2PeerOptions): Promise<R2Peer> {
    const peer = new R2Peer(t, options);
    await peer.#listen(options.host ?? "127.0.0.1");
    t.cleanup(`the stand-in ${peer.id}`, () => peer.close());
    return peer;
  }

  /** PEER_INFO of it, as the HOMS gives it out. */
  get info() {
    return { "peer-id": this.id, address: this.address };
  }

  /** Opens a connection to the product; rejects where that cannot be had. */
  async connect(address: string, name = ""): Promise<R2Link> {
    const to = endpointOf(address);
    const t = this.#t;
    return await new Promise<R2Link>((resolve, reject) => {
      let link: R2Link | undefined;
      let failure = "";
      const source = t.world.open(tcpSocket, to, (event: SocketEvent | { type: "lost"; reason: string }) => {
        switch (event.type) {
          case "open":
            link = this.#link(
              {
                send: (octets) => source.order({ type: "send", octets }),
                pause: () => source.order({ type: "pause" }),
                close: () => source.order({ type: "close" }),
              },
              name,
              to,
            );
            return resolve(link);
          case "arrived":
            return link?.hear(event.octets);
          case "failed":
            failure = event.message;
            return;
          case "closed":
            link?.end(failure === "" ? "the product closed the connection" : failure);
            return reject(new Error(`no connection to ${address}: ${failure}`));
          case "lost":
            link?.end(event.reason);
            return reject(new Error(event.reason));
        }
      });
      t.cleanup("a connection", () => link?.close());
    });
  }

  /**
   * The next such message on any connection that the product opened (or on any at all) that no earlier call has taken. Silent where none
   * comes in time.
   */
  async next(
    code: number,
    {
      withinMs,
      where = () => true,
      on = () => true,
    }: {
      withinMs: number;
      where?: (message: R2Answer) => boolean;
      on?: (link: R2Link) => boolean;
    },
  ): Promise<Came> {
    const end = this.#t.world.now() + withinMs;
    for (;;) {
      for (const link of this.links.filter(on)) {
        if (link.fault !== undefined) throw link.fault;
        const message = link.arrived.find((one) => one.code === code && !this.#taken.has(one) && where(one));
        if (message) {
          this.#taken.add(message);
          return { link, message };
        }
      }
      const left = end - this.#t.world.now();
      if (left <= 0) break;
      await wokenBy(this.#t, this.#waiting, left);
    }
    const how = `nothing within ${Math.round(withinMs)} ms`;
    const entry = this.#t.transcript.add("silence", `${this.id}: no ${nameOf(code)}, ${how}`);
    return { link: undefined, message: nothing(this.#t.transcript.now(), entry, how) };
  }

  /** Everything of such a kind that came to this peer, on whatever connection, since a moment of the transcript. */
  of(code: number, since = 0): R2Answer[] {
    return this.links.flatMap((link) => link.of(code, since));
  }

  /** Dies without a word: all connections are cut, and nobody listens any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const link of this.links) link.close();
    this.#listener?.order({ type: "end" });
    await this.#ended;
  }

  #link(channel: ConstructorParameters<typeof R2Link>[1], name: string, to?: Endpoint): R2Link {
    const { profile, usual, heard } = this.#options;
    const link = new R2Link(this.#t, channel, {
      name: name === "" ? this.id : `${this.id} ${name}`,
      profile,
      ...(to ? { to } : {}),
      ...(heard ? { heard } : {}),
      usual: (answer, own) => usual(answer, own, this),
      onChange: () => {
        for (const wake of [...this.#waiting]) wake();
      },
    });
    this.links.push(link);
    return link;
  }

  async #listen(host: string): Promise<void> {
    const t = this.#t;
    const callers = new Map<number, R2Link>();
    await new Promise<void>((resolve, reject) => {
      let over = (): void => {};
      this.#ended = new Promise<void>((done) => {
        over = done;
      });
      const source = t.world.open(
        tcpListener,
        { host, port: 0 },
        (event: ListenerEvent | { type: "lost"; reason: string }) => {
          switch (event.type) {
            case "listening":
              this.address = `tcp://${host.includes(":") ? `[${host}]` : host}:${event.local.port}`;
              return resolve();
            case "connected": {
              const { from } = event;
              if (this.#closed) return source.order({ type: "close", to: from });
              t.transcript.add("connection", `${this.id}: the product opened a connection`);
              const link = this.#link(
                {
                  send: (octets) => source.order({ type: "send", to: from, octets }),
                  pause: () => source.order({ type: "pause", to: from }),
                  close: () => source.order({ type: "close", to: from }),
                },
                "",
              );
              callers.set(from, link);
              for (const wake of [...this.#waiting]) wake();
              return;
            }
            case "arrived":
              return callers.get(event.from)?.hear(event.octets);
            case "failed":
              return;
            case "closed":
              return callers.get(event.from)?.end("the product closed the connection");
            case "unusable":
              over();
              return reject(new Error(`a stand-in cannot listen on ${host}: ${event.message}`));
            case "ended":
              return over();
            case "lost":
              over();
              return reject(new Error(event.reason));
          }
        },
      );
      this.#listener = source;
    });
  }
}

/** @throws SuiteError where it is no `tcp://host:port` */
function endpointOf(address: string): Endpoint {
  const found = /^tcp:\/\/(?:\[([0-9a-f:.]+)\]|([^:/]+)):(\d+)\/?$/i.exec(address);
  if (!found) throw new SuiteError(`${address} is no tcp://host:port`);
  return { host: found[1] ?? found[2] ?? "", port: Number(found[3]) };
}
