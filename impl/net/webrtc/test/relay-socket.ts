import { once } from "node:events";
import { WebSocket } from "ws";

type Json = ReturnType<JSON["parse"]>;

/** A socket at a relay that keeps what it gets. */
export class RelaySocket {
  readonly socket: WebSocket;
  readonly got: Json[] = [];
  readonly closed: Promise<[code: number, reason: string]>;
  #wake: () => void = () => {};

  constructor(url: string, options: { ca?: string } = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on("message", (data) => {
      this.got.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) =>
      this.socket.once("close", (code, reason) => resolve([code, String(reason)])),
    );
  }

  async opened(hello?: object): Promise<this> {
    await once(this.socket, "open");
    if (hello !== undefined) this.send({ action: "hello", ...hello });
    return this;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async next(): Promise<Json> {
    while (this.got.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.got.shift();
  }

  /** Waits until the relay has dealt with what was sent. */
  async settled(): Promise<void> {
    this.socket.ping();
    await once(this.socket, "pong");
  }
}
