import type { Message } from "../../core/message.js";
import type { Link } from "../../core/ports.js";
import type { Dice } from "./random.js";
import type { Schedule } from "./schedule.js";

/** What a host on the simulated network is asked and told. It decides by itself when it looks (a paused one does not). */
export interface Host {
  readonly name: string;
  /** Refused: the process is gone. Silent: the whole machine is, and nothing answers for it. */
  readonly state: "up" | "paused" | "refused" | "silent";
  /** Looks at what the network brought: at once, or when it goes on. */
  look(action: () => void): void;
  accepted(link: SimulatedLink, first: Message): void;
  received(link: SimulatedLink, message: Message): void;
  closed(link: SimulatedLink, reason: string): void;
}

/** How the network treats messages. Times in ms. */
export interface Weather {
  readonly delay: number;
  /** Up to so much more, for each message of its own. TCP keeps the order within a link. */
  readonly jitter: number;
  /** Longest wait for a connection to a host that does not answer. */
  readonly connectMs: number;
  /** Octets per ms over slow links; all others take no time for them. */
  readonly slowRate: number;
  readonly slowShare: number;
  /** Octets that may wait on a link before it is given up. */
  readonly maxQueued: number;
}

/** What a message becomes on the way: the other end gets one of its own, as from a wire. */
export interface Wire {
  carry(message: Message): { readonly message: Message; readonly octets: number };
}

/** What the systems at both ends buffer before an application sees its octets wait. */
const BUFFERED = 64 * 1024;

interface Pipe {
  /** When the last message sent arrives: the next one does so later. */
  last: number;
  /** Octets sent and not yet looked at. */
  octets: number;
  /** What is under way, in order. */
  readonly queue: (() => void)[];
  /** How much of it a partition holds up: the network repeats it until it gets through. */
  held: number;
  cut: boolean;
}

export interface SimulatedLink extends Link {
  readonly owner: Host;
  readonly peer: Host;
  readonly isOpen: boolean;
}

export interface Network {
  connect(from: Host, to: Host, connected: (link: SimulatedLink) => void, failed: (reason: string) => void): void;
  /** Nothing gets through between the two groups until `heal`. */
  split(isLeft: (host: Host) => boolean): void;
  heal(): void;
  /** Whether messages get from one to the other now. */
  reaches(a: Host, b: Host): boolean;
  /** Breaks a random link; both ends learn of it, each in its time. */
  breakLink(dice: Dice): void;
  /** The host's process has ended: all its links are closed from that side. Where the machine is gone nobody is told. */
  ended(host: Host, told: boolean): void;
  openLinks(host: Host): readonly SimulatedLink[];
}

export function createNetwork(schedule: Schedule, dice: Dice, weather: Weather, wire: Wire): Network {
  let ids = 0;
  let partition: ((host: Host) => boolean) | undefined;
  const connections = new Set<Connection>();

  const delay = (): number => weather.delay + dice.fraction() * weather.jitter;
  const reaches = (a: Host, b: Host): boolean => partition === undefined || partition(a) === partition(b);

  class End implements SimulatedLink {
    readonly id = ++ids;
    readonly owner: Host;
    readonly peer: Host;
    readonly incoming: boolean;
    readonly connection: Connection;
    /** From this end to the other. */
    readonly pipe: Pipe = { last: 0, octets: 0, queue: [], held: 0, cut: false };
    isOpen = true;
    /** Its host has been given this end. */
    known: boolean;

    constructor(connection: Connection, owner: Host, peer: Host, incoming: boolean) {
      this.connection = connection;
      this.owner = owner;
      this.peer = peer;
      this.incoming = incoming;
      this.known = !incoming;
    }

    get remote(): string {
      return `sim://${this.peer.name}`;
    }

    get queued(): number {
      return Math.max(0, this.pipe.octets - BUFFERED);
    }

    get other(): End {
      return this.connection.ends[this.incoming ? 0 : 1] as End;
    }

    send(message: Message): boolean {
      if (!this.isOpen) return false;
      if (this.queued > weather.maxQueued) {
        this.fail("too much waits to be sent");
        return false;
      }
      const { message: arriving, octets } = wire.carry(message);
      this.pipe.octets += octets;
      const { other } = this;
      this.transmit(octets, () => {
        this.pipe.octets -= octets;
        if (!other.isOpen) return;
        if (other.known) return other.owner.received(other, arriving);
        other.known = true;
        other.owner.accepted(other, arriving);
      });
      return true;
    }

    close(): void {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.finish("closed by the other end");
    }

    /** Both ends are told; the owner while it still sends, as transports do. */
    fail(reason: string): void {
      this.isOpen = false;
      this.finish("closed by the other end");
      this.owner.closed(this, reason);
    }

    finish(reason: string): void {
      const { other } = this;
      this.transmit(0, () => other.end(reason));
    }

    end(reason: string): void {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.connection.check();
      // Ends both directions: what this end closes afterwards has no effect.
      if (this.known) this.owner.closed(this, reason);
    }

    transmit(octets: number, action: () => void): void {
      if (this.pipe.cut) return;
      this.pipe.queue.push(action);
      this.travel(this.connection.slow ? octets / weather.slowRate : 0);
    }

    travel(takes: number): void {
      const { pipe } = this;
      pipe.last = Math.max(pipe.last, schedule.now + delay()) + takes;
      schedule.at(pipe.last, () => this.arrive());
    }

    /** The next of what is under way gets through, or has to wait for the end of a partition. */
    arrive(): void {
      const { pipe, owner, peer, connection } = this;
      if (pipe.cut) return;
      if (!reaches(owner, peer) || pipe.held > 0) {
        pipe.held++;
        return;
      }
      const action = pipe.queue.shift();
      if (action === undefined || peer.state === "silent" || peer.state === "refused") {
        connection.check();
        return;
      }
      peer.look(() => {
        if (!pipe.cut) action();
        connection.check();
      });
    }

    release(): void {
      const { held } = this.pipe;
      this.pipe.held = 0;
      for (let count = 0; count < held; count++) this.travel(0);
    }
  }

  class Connection {
    readonly slow = dice.chance(weather.slowShare);
    readonly ends: readonly [End, End];

    constructor(from: Host, to: Host) {
      this.ends = [new End(this, from, to, false), new End(this, to, from, true)];
      connections.add(this);
    }

    /** Forgets itself when both ends are closed. */
    check(): void {
      if (!this.ends[0].isOpen && !this.ends[1].isOpen) connections.delete(this);
    }

    break(): void {
      for (const end of this.ends) {
        end.pipe.cut = true;
        schedule.after(delay(), () => end.owner.look(() => end.end("connection reset")));
      }
    }
  }

  return {
    connect(from, to, connected, failed) {
      const fail = (after: number, reason: string): void =>
        schedule.after(after, () => from.look(() => failed(reason)));
      if (!reaches(from, to) || to.state === "silent") return fail(weather.connectMs, "timed out");
      const there = delay();
      schedule.after(there, () => {
        if (!reaches(from, to) || to.state === "silent") return fail(weather.connectMs - there, "timed out");
        if (to.state === "refused") return fail(delay(), "refused");
        if (from.state === "silent" || from.state === "refused") return;
        const connection = new Connection(from, to);
        schedule.after(delay(), () =>
          from.look(() => {
            if (connection.ends[0].isOpen) connected(connection.ends[0]);
            else failed("connection reset");
          }),
        );
        // A transport cuts who connects and says nothing.
        schedule.after(5000, () => {
          const end = connection.ends[1];
          if (!end.known) end.close();
        });
      });
    },
    split(isLeft) {
      partition = isLeft;
    },
    heal() {
      partition = undefined;
      for (const { ends } of connections) for (const end of ends) end.release();
    },
    reaches,
    breakLink(own) {
      const all = [...connections].filter(({ ends }) => ends[0].isOpen && ends[1].isOpen);
      if (all.length > 0) own.pick(all).break();
    },
    ended(host, told) {
      for (const connection of connections) {
        for (const end of connection.ends) {
          if (end.owner !== host || !end.isOpen) continue;
          end.isOpen = false;
          if (told) end.finish("closed by the other end");
          connection.check();
        }
      }
    },
    openLinks: (host) => [...connections].flatMap(({ ends }) => ends.filter((end) => end.owner === host && end.isOpen)),
  };
}
