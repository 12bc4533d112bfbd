import type { Dice } from "../../../hybrid-peer/test/simulation/random.js";
import type { Schedule } from "../../../hybrid-peer/test/simulation/schedule.js";
import type { Message, PeerRole, Run } from "../../core/message.js";
import type { PeerContact, RemotePeer, Swarm, SwarmHost, SwarmNews } from "../../core/ports.js";
import type { SwarmSettings } from "../../core/settings.js";
import { createSwarm } from "../../swarm/index.js";
import type { Behaviour } from "./behaviour.js";
import type { Content } from "./content.js";
import type { Witness } from "./invariants.js";
import { type Access, createPipe, createPort, type Pipe, type Port } from "./network.js";

/** The runs and octets of a receipt stand beside its message: their octets and signatures are tested elsewhere. */
const receipts = new WeakMap<Message, { readonly runs: readonly Run[]; readonly octets: number }>();

interface End {
  readonly node: Node;
  readonly id: number;
  pipe: Pipe;
  other: End;
  isOpen: boolean;
  isReady: boolean;
}

/** What all nodes of one run share. */
export interface Surroundings {
  readonly schedule: Schedule;
  readonly content: Content;
  readonly nodes: Map<string, Node>;
  readonly witness: Witness;
  /** The OMS: peers to connect to. */
  list(asker: string): readonly PeerContact[];
}

/** One peer: the core under test, and everything around it simulated. */
export class Node {
  readonly peerId: string;
  readonly role: PeerRole;
  readonly port: Port;
  readonly swarm: Swarm;
  readonly settings: SwarmSettings;
  readonly behaviour: Behaviour | undefined;
  readonly startedAt: number;
  /** With the time; of a stream also what was missed. */
  readonly got = new Map<number, number>();
  readonly missed: number[] = [];
  completedAt: number | undefined;
  isAlive = true;
  readonly #around: Surroundings;
  readonly #dice: Dice;
  readonly #ends = new Map<number, End>();
  #nextId = 1;
  #wake = 0;

  constructor(
    around: Surroundings,
    options: {
      readonly peerId: string;
      readonly settings: SwarmSettings;
      readonly access: Access;
      readonly dice: Dice;
      readonly behaviour?: Behaviour | undefined;
    },
  ) {
    this.#around = around;
    this.#dice = options.dice;
    this.peerId = options.peerId;
    this.role = options.settings.role;
    this.settings = options.settings;
    this.behaviour = options.behaviour;
    this.port = createPort(options.access);
    this.startedAt = around.schedule.now;
    this.swarm = createSwarm(this.#host(), options.settings);
  }

  join(): void {
    this.swarm.candidates(this.#around.list(this.peerId));
  }

  /** The process dies: its links break. */
  kill(): void {
    this.isAlive = false;
    for (const end of [...this.#ends.values()]) this.#shut(end, "gone");
  }

  leave(): void {
    this.swarm.stop();
    this.kill();
  }

  /** Something that no core would send. */
  inject(link: number, message: Message): void {
    const end = this.#ends.get(link);
    if (end?.isOpen) end.pipe.send(message);
  }

  #host(): SwarmHost {
    const { schedule, content, witness } = this.#around;
    return {
      now: () => schedule.now,
      random: () => this.#dice.fraction(),
      send: (link, message) => this.#send(link, message),
      close: (link, reason) => {
        const end = this.#ends.get(link);
        if (end !== undefined) this.#shut(end, reason);
      },
      connect: (peer) => this.#connect(peer),
      check: (descriptor, parts) => content.check(descriptor, parts),
      keep: (index, parts) => witness.kept(this, index, parts),
      read: (index, done) => done(content.fragment(index)),
      drop: (below) => witness.dropped(this, below),
      isGenuine: (descriptors) => content.isGenuine(descriptors),
      confirm: (link, remote, runs, octets) => {
        const message: Message = { type: "receipt", body: new Uint8Array(0), signature: new Uint8Array(0) };
        receipts.set(message, { runs, octets });
        witness.confirmed(this, remote.peerId, octets);
        this.#send(link, message);
      },
      news: (news) => this.#news(news),
      wake: (at) => {
        const wake = ++this.#wake;
        if (at === undefined) return;
        schedule.at(at, () => {
          if (wake === this.#wake && this.isAlive) this.swarm.tick();
        });
      },
    };
  }

  #send(link: number, message: Message): boolean {
    const end = this.#ends.get(link);
    if (end === undefined || !end.isOpen) return true;
    const { witness } = this.#around;
    const messages = this.behaviour?.out(this, link, message) ?? [message];
    let room = true;
    for (const own of messages) {
      if (this.behaviour === undefined) witness.sent(this, end.other.node, own);
      room = end.pipe.send(own) && room;
    }
    return room;
  }

  #receive(end: End, message: Message): void {
    if (!this.isAlive || !end.isOpen) return;
    if (!end.isReady) {
      // Handshake: what follows it waits until both ends have passed it.
      this.#around.schedule.after(1, () => this.#receive(end, message));
      return;
    }
    this.#around.witness.received(this, end.other.node, message);
    if (this.behaviour?.in?.(this, end.id, message) === true) return;
    const receipt = receipts.get(message);
    if (receipt !== undefined) {
      this.#around.witness.receipted(this, end.other.node.peerId, receipt.octets);
      this.swarm.receipted(end.id, receipt.runs, receipt.octets);
    }
    this.swarm.received(end.id, message);
  }

  #connect(peer: PeerContact): void {
    const { schedule, nodes } = this.#around;
    const other = nodes.get(peer.peerId);
    if (other === undefined || !other.isAlive) {
      schedule.after(200, () => this.isAlive && this.swarm.connectFailed(peer, "nobody there"));
      return;
    }
    const latency = this.port.access.latency + other.port.access.latency;
    // SYN, hellos and proofs of either end.
    schedule.after(3 * latency, () => {
      if (!this.isAlive || !other.isAlive) {
        if (this.isAlive) this.swarm.connectFailed(peer, "gone");
        return;
      }
      const here = this.#newEnd();
      const there = other.#newEnd();
      here.other = there;
      there.other = here;
      here.pipe = createPipe(
        schedule,
        this.port,
        other.port,
        (m) => other.#receive(there, m),
        () => this.swarm.drained(here.id),
      );
      there.pipe = createPipe(
        schedule,
        other.port,
        this.port,
        (m) => this.#receive(here, m),
        () => other.swarm.drained(there.id),
      );
      there.isReady = true;
      other.#open(there, this, true);
      schedule.after(latency, () => {
        here.isReady = true;
        if (!this.isAlive) return;
        if (here.isOpen) this.#open(here, other, false);
        else this.swarm.connectFailed(peer, "refused");
      });
    });
  }

  #newEnd(): End {
    const end = { node: this, id: this.#nextId++, isOpen: true, isReady: false } as unknown as End;
    this.#ends.set(end.id, end);
    return end;
  }

  #open(end: End, other: Node, incoming: boolean): void {
    const remote: RemotePeer = {
      peerId: other.peerId,
      role: other.role,
      publicKey: other.peerId,
      incoming,
      address: "",
    };
    this.swarm.opened(end.id, remote);
    this.behaviour?.opened?.(this, end.id);
  }

  /** The other end hears of it a little later; one that has not been opened there yet is found closed. */
  #shut(end: End, reason: string): void {
    if (!end.isOpen) return;
    end.isOpen = false;
    end.pipe.close();
    this.#ends.delete(end.id);
    const { other } = end;
    const latency = this.port.access.latency + other.node.port.access.latency;
    if (!other.isReady) other.isOpen = false;
    this.#around.schedule.after(latency, () => {
      if (!other.isOpen) return;
      other.isOpen = false;
      other.pipe.close();
      other.node.#ends.delete(other.id);
      if (other.node.isAlive) other.node.swarm.closed(other.id, reason);
    });
  }

  #news(news: SwarmNews): void {
    const { schedule, witness } = this.#around;
    if (news.kind === "fragment") this.got.set(news.index, schedule.now);
    else if (news.kind === "missed") this.missed.push(news.index);
    else if (news.kind === "complete") this.completedAt = schedule.now;
    else if (news.kind === "culprit") witness.named(this, news.peerId, news.fault);
    else if (news.kind === "starving") schedule.after(500, () => this.isAlive && this.join());
  }
}
