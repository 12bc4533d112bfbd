import type { Hello, PeerRole } from "../../generated/peer/frame/index.js";
import type { KeyPair } from "./ed25519.js";
import { SuiteError } from "./outcome.js";
import { wokenBy } from "./r2-link.js";
import { noMessage, R10Link } from "./r10-link.js";
import type { R10Answer, R10Type } from "./r10-message.js";
import type { Test } from "./test.js";
import { type ListenerEvent, type SocketEvent, tcpListener, tcpSocket } from "./world/sockets.js";
import type { Endpoint } from "./world/wire.js";
import type { Source } from "./world.js";

export interface R10PeerOptions {
  readonly id: string;
  readonly overlay: string;
  readonly role: PeerRole;
  readonly key: KeyPair;
  /** What the suite's OMS gave it; empty where the session has none. */
  readonly sessionKey: string;
  /** Hears of every message of the product's after the handshake. */
  heard(answer: R10Answer, link: R10Link, peer: R10Peer): void;
  /** A link has shaken hands. */
  ready(link: R10Link, peer: R10Peer): void;
}

/** A message, and the link that it came by. */
export interface Came {
  readonly link: R10Link | undefined;
  readonly answer: R10Answer;
}

/** A peer that a case plays: with an identifier, keys and a listening socket of its own. */
export class R10Peer {
  readonly id: string;
  readonly role: PeerRole;
  readonly key: KeyPair;
  /** Every connection with the product, whoever opened it, in order. */
  readonly links: R10Link[] = [];
  /** `tcp://127.0.0.1:40001` */
  address = "";
  readonly #t: Test;
  readonly #options: R10PeerOptions;
  readonly #waiting = new Set<() => void>();
  readonly #taken = new Set<R10Answer>();
  #listener:
    | Source<{ type: "send"; to: number; octets: Uint8Array } | { type: "close"; to: number } | { type: "end" }>
    | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(t: Test, options: R10PeerOptions) {
    this.#t = t;
    this.#options = options;
    this.id = options.id;
    this.role = options.role;
    this.key = options.key;
  }

  static async open(t: Test, options: R10PeerOptions): Promise<R10Peer> {
    const peer = new R10Peer(t, options);
    await peer.#listen("127.0.0.1");
    t.cleanup(`the stand-in ${peer.id}`, () => peer.close());
    return peer;
  }

  /** What it says of itself. */
  hello(change: Partial<Hello> = {}): Hello {
    const { overlay, sessionKey } = this.#options;
    return {
      type: "hello",
      overlayId: overlay,
      peerId: this.id,
      role: this.role,
      publicKey: this.key.publicOctets,
      nonce: this.#t.random.bytes(32),
      sessionKey,
      ...change,
    };
  }

  /** Opens a link to the product, saying this hello; rejects where no connection can be had. */
  async connect(address: string, hello: Hello = this.hello(), key: KeyPair = this.key): Promise<R10Link> {
    const to = endpointOf(address);
    const t = this.#t;
    return await new Promise<R10Link>((resolve, reject) => {
      let link: R10Link | undefined;
      let failure = "";
      const source = t.world.open(tcpSocket, to, (event: SocketEvent | { type: "lost"; reason: string }) => {
        switch (event.type) {
          case "open":
            link = this.#link(
              {
                send: (octets) => source.order({ type: "send", octets }),
                close: () => source.order({ type: "close" }),
              },
              hello,
              key,
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

  /** The next such message on any of its links that no earlier call has taken; silent where none comes in time. */
  async next(
    type: R10Type,
    { withinMs, where = () => true }: { withinMs: number; where?: (answer: R10Answer) => boolean },
  ): Promise<Came> {
    const end = this.#t.world.now() + withinMs;
    for (;;) {
      for (const link of this.links) {
        if (link.fault !== undefined) throw link.fault;
        const answer = link.arrived.find((one) => one.message?.type === type && !this.#taken.has(one) && where(one));
        if (answer) {
          this.#taken.add(answer);
          return { link, answer };
        }
      }
      const left = end - this.#t.world.now();
      if (left <= 0) break;
      await wokenBy(this.#t, this.#waiting, left);
    }
    const how = `nothing within ${Math.round(withinMs)} ms`;
    const entry = this.#t.transcript.add("silence", `${this.id}: no ${type}, ${how}`);
    return { link: undefined, answer: noMessage(this.#t.transcript.now(), entry, how) };
  }

  /** Waits until something holds of this peer, looked at whenever something arrives; whether it did. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const end = this.#t.world.now() + withinMs;
    while (!holds()) {
      const left = end - this.#t.world.now();
      if (left <= 0) return false;
      await wokenBy(this.#t, this.#waiting, left);
    }
    return true;
  }

  /** Everything of such a type that came to this peer. */
  of(type: R10Type, since = 0): R10Answer[] {
    return this.links.flatMap((link) => link.of(type, since));
  }

  /** Dies without a word. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const link of this.links) link.close();
    this.#listener?.order({ type: "end" });
    await this.#ended;
  }

  #link(channel: ConstructorParameters<typeof R10Link>[1], hello: Hello, key: KeyPair, to?: Endpoint): R10Link {
    const link = new R10Link(this.#t, channel, {
      name: this.id,
      hello,
      key,
      ...(to ? { to } : {}),
      heard: (answer, own) => this.#options.heard(answer, own, this),
      ready: (own) => this.#options.ready(own, this),
      onChange: () => {
        for (const wake of [...this.#waiting]) wake();
      },
    });
    this.links.push(link);
    return link;
  }

  async #listen(host: string): Promise<void> {
    const t = this.#t;
    const callers = new Map<number, R10Link>();
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
              this.address = `tcp://${host}:${event.local.port}`;
              return resolve();
            case "connected": {
              const { from } = event;
              if (this.#closed) return source.order({ type: "close", to: from });
              t.transcript.add("connection", `${this.id}: the product opened a connection`);
              callers.set(
                from,
                this.#link(
                  {
                    send: (octets) => source.order({ type: "send", to: from, octets }),
                    close: () => source.order({ type: "close", to: from }),
                  },
                  this.hello(),
                  this.key,
                ),
              );
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
