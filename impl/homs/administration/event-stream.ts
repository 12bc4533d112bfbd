import type { ServerResponse } from "node:http";
import type { Clock } from "../../net/clock.js";
import type { HomsEvent } from "../events.js";
import type { Homs } from "../homs.js";

/** Bounds of the event stream. */
export interface EventStreamLimits {
  /** Events kept for clients that come back: so many, and so many characters together. */
  readonly ring: number;
  readonly ringCharacters: number;
  readonly clients: number;
  /** Octets that wait for one client; one that takes too little is cut, and may come back with Last-Event-ID. */
  readonly queue: number;
  /** Period of a comment that keeps quiet connections open, in ms. */
  readonly heartbeatMs: number;
}

export const defaultEventStreamLimits: EventStreamLimits = {
  ring: 10_000,
  ringCharacters: 16 * 1024 * 1024,
  clients: 100,
  queue: 1024 * 1024,
  heartbeatMs: 15_000,
};

interface Entry {
  readonly overlayId: string;
  /** As it is sent. */
  readonly text: string;
}

interface Client {
  readonly response: ServerResponse;
  readonly overlayId: string | undefined;
}

/** What happened, numbered, for clients that watch and for those that come back [WHATWG HTML 9.2]. */
export class EventStream {
  readonly #limits: EventStreamLimits;
  #ring: Entry[] = [];
  /** Where the kept ones begin in it. */
  #first = 0;
  #characters = 0;
  readonly #clients = new Set<Client>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  /** Distinguishes this run: an id of another run is not one of ours. */
  readonly #run: string;
  #last = 0;

  constructor(homs: Homs, clock: Clock, limits: Partial<EventStreamLimits> = {}) {
    this.#limits = { ...defaultEventStreamLimits, ...limits };
    this.#run = clock.now().toString(36);
    this.#unsubscribe = homs.events.subscribe((event) => this.#add(event, clock.now()));
    this.#heartbeat = setInterval(() => this.#beat(), this.#limits.heartbeatMs);
    this.#heartbeat.unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** The id of the latest event: what a client that has just read the state goes on from. */
  get position(): string {
    return `${this.#run}-${this.#last}`;
  }

  /** Serves one client until it goes away. `after`: the id that it has seen last; undefined: from now on. */
  serve(response: ServerResponse, overlayId: string | undefined, after: string | undefined): boolean {
    if (this.#clients.size >= this.#limits.clients) return false;
    const client: Client = { response, overlayId };
    this.#clients.add(client);
    response.once("close", () => this.#clients.delete(client));
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 2000\n\n");
    if (after !== undefined) this.#resume(client, after);
    return true;
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const { response } of this.#clients) response.end();
  }

  /** What came after that id, or, where that is not known any more, the word that the state is to be read anew. */
  #resume(client: Client, after: string): void {
    const [run, digits = ""] = after.split("-");
    const seen = run === this.#run && /^\d{1,15}$/.test(digits) ? Number(digits) : -1;
    const oldest = this.#last - (this.#ring.length - this.#first);
    if (seen < oldest || seen > this.#last) {
      this.#write(client, `id: ${this.position}\nevent: reset\ndata: {}\n\n`);
      return;
    }
    for (const { text, overlayId } of this.#ring.slice(this.#first + seen - oldest)) {
      if (client.overlayId === undefined || client.overlayId === overlayId) this.#write(client, text);
    }
  }

  #add(event: HomsEvent, at: number): void {
    this.#last++;
    const { kind, ...rest } = event;
    const data = JSON.stringify({ at: new Date(at).toISOString(), ...names(rest) });
    const text = `id: ${this.position}\nevent: ${kind}\ndata: ${data}\n\n`;
    this.#ring.push({ overlayId: event.overlayId, text });
    this.#characters += text.length;
    const { ring, ringCharacters } = this.#limits;
    while (this.#ring.length - this.#first > ring || this.#characters > ringCharacters) {
      this.#characters -= this.#ring[this.#first++]?.text.length ?? 0;
    }
    // In pieces: taking one from the front of a long array costs its length.
    if (this.#first > this.#ring.length / 2) {
      this.#ring = this.#ring.slice(this.#first);
      this.#first = 0;
    }
    for (const client of this.#clients) {
      if (client.overlayId === undefined || client.overlayId === event.overlayId) this.#write(client, text);
    }
  }

  #write({ response }: Client, text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength > this.#limits.queue) response.destroy();
  }

  #beat(): void {
    for (const client of this.#clients) this.#write(client, ":\n\n");
  }
}

/** In JSON, members are spelt as in HOMP. */
const spelling: Readonly<Record<string, string>> = {
  overlayId: "overlay-id",
  peerId: "peer-id",
  ticketId: "ticket-id",
  outgoingCandidate: "outgoing_candidate",
  incomingCandidate: "incoming_candidate",
};

const names = (event: object): object =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [spelling[name] ?? name, value]));
