import type { RawData, WebSocket } from "ws";
import { monotonicClock } from "../../clock.js";
import { Budget, type Closure, closures, type SignallingLimits } from "./limits.js";

interface ClientHandler {
  message(text: string): void;
  /** Once. */
  gone(): void;
  /** The relay ended it. */
  cut(reason: Closure | "slow" | "silent"): void;
}

/** How long a closed socket may take to say goodbye, in ms. */
const farewellMs = 2000;

/** One socket at the relay. */
export class RelayClient {
  readonly budget: Budget;
  /** Which peer it is, or says it will be. */
  peerId: string | undefined;
  /** Among whom it is known by that. */
  room = "";
  registered = false;
  /** By token or password. */
  proved = false;
  /** It watches, and is no peer. */
  monitor = false;
  readonly #socket: WebSocket;
  readonly #limits: SignallingLimits;
  readonly #handler: ClientHandler;
  readonly #helloTimer: NodeJS.Timeout;
  #answered = true;
  #over = false;

  constructor(socket: WebSocket, limits: SignallingLimits, handler: ClientHandler) {
    this.#socket = socket;
    this.#limits = limits;
    this.#handler = handler;
    this.budget = new Budget(limits, monotonicClock.now());
    this.#helloTimer = setTimeout(() => this.close("unregistered"), limits.helloMs);
    this.#helloTimer.unref();
    socket.on("message", (data: RawData, isBinary: boolean) => {
      this.#answered = true;
      if (this.#over) return;
      if (isBinary) this.close("malformed");
      else handler.message(data.toString());
    });
    socket.on("pong", () => {
      this.#answered = true;
    });
    // A frame that is too long or malformed: ws has closed the socket with the fitting code.
    socket.on("error", () => {});
    socket.once("close", () => this.#end());
  }

  register(room: string, peerId: string, proved: boolean): void {
    clearTimeout(this.#helloTimer);
    this.room = room;
    this.peerId = peerId;
    this.registered = true;
    this.proved = proved;
  }

  watch(): void {
    clearTimeout(this.#helloTimer);
    this.monitor = true;
  }

  send(text: string): void {
    if (this.#over) return;
    this.#socket.send(text);
    const { queue, monitorQueue } = this.#limits;
    if (this.#socket.bufferedAmount > (this.monitor ? monitorQueue : queue)) this.#cut("slow");
  }

  close(closure: Closure): void {
    if (this.#over) return;
    const [code, reason] = closures[closure];
    this.#handler.cut(closure);
    this.#end();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), farewellMs).unref();
  }

  /** Cuts a socket whose other end has not answered since the last call. */
  ping(): void {
    if (this.#answered) this.#socket.ping();
    else this.#cut("silent");
    this.#answered = false;
  }

  #cut(reason: "slow" | "silent"): void {
    if (this.#over) return;
    this.#handler.cut(reason);
    this.#end();
    this.#socket.terminate();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#helloTimer);
    this.#handler.gone();
  }
}
