import { type BufferMap, Code, type Message } from "../../core/message.js";
import type { CoreMembership, CoreNews, DataManagement, DataPath, Delivery, Link, Paths } from "../../core/ports.js";
import { type CoreSettings, defaultCoreSettings } from "../../core/settings.js";
import { createTimers } from "../../core/timers.js";
import { createDataManagement } from "../data-management.js";

/** Simulated time: actions in order of time, then of setting. */
export class World {
  now = 0;
  #order = 0;
  #actions: { at: number; order: number; action: () => void }[] = [];

  at(time: number, action: () => void): void {
    const entry = { at: time, order: this.#order++, action };
    let low = 0;
    let high = this.#actions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#actions[middle] as { at: number }).at <= time) low = middle + 1;
      else high = middle;
    }
    this.#actions.splice(low, 0, entry);
  }

  after(ms: number, action: () => void): void {
    this.at(this.now + ms, action);
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (let next = this.#actions[0]; next !== undefined && next.at <= end; next = this.#actions[0]) {
      this.#actions.shift();
      this.now = Math.max(this.now, next.at);
      next.action();
    }
    this.now = end;
  }
}

export interface WireOptions {
  /** Of each message, in ms; never overtaken by a later one. */
  readonly delay?: () => number;
  /** Octets a ms; unlimited where it is not given. */
  readonly rate?: number;
}

let links = 0;

/** One end of a connection. */
class End implements Link {
  readonly id = ++links;
  readonly remote = "";
  readonly incoming: boolean;
  peer!: End;
  path: DataPath;
  owner: Node;
  open = true;
  queued = 0;
  sent: Message[] = [];
  #last = 0;
  readonly #wire: WireOptions;

  constructor(owner: Node, other: Node, incoming: boolean, wire: WireOptions) {
    this.owner = owner;
    this.incoming = incoming;
    this.#wire = wire;
    this.path = { peerId: other.id, link: this };
  }

  send(message: Message): boolean {
    if (!this.open) return false;
    this.sent.push(message);
    const { world } = this.owner;
    const octets = 50 + ("data" in message ? message.data.payload.byteLength : 0);
    this.queued += octets;
    const begin = Math.max(world.now, this.#last);
    const taken = begin + (this.#wire.rate === undefined ? 0 : octets / this.#wire.rate);
    this.#last = taken;
    world.at(taken, () => {
      this.queued -= octets;
    });
    const arrival = Math.max(taken + (this.#wire.delay?.() ?? 1), this.#arrival);
    this.#arrival = arrival;
    world.at(arrival, () => {
      if (this.open && this.peer.open) this.peer.owner.take(this.peer, message);
    });
    return true;
  }

  #arrival = 0;

  close(): void {
    this.open = false;
  }
}

export type Connection = readonly [child: End, parent: End];

/** One peer: data management over a minimum of path management. */
export class Node {
  readonly id: string;
  readonly world: World;
  readonly data: DataManagement;
  readonly delivered: Delivery[] = [];
  readonly news: CoreNews[] = [];
  readonly dropped: string[] = [];
  /** What `publish` gave back. */
  readonly published: number[] = [];
  primaries: DataPath[] = [];
  parent: DataPath | undefined;
  outgoing: DataPath[] = [];
  incoming: DataPath[] = [];
  onDeliver: ((delivery: Delivery) => void) | undefined;

  constructor(world: World, id: string, settings: Partial<CoreSettings>) {
    this.world = world;
    this.id = id;
    const node = this;
    const host = {
      now: () => world.now,
      wake: (at: number | undefined) => {
        if (at !== undefined) world.at(Math.max(at, world.now), () => timers.tick());
      },
      deliver: (delivery: Delivery) => {
        this.delivered.push(delivery);
        this.onDeliver?.(delivery);
      },
      news: (news: CoreNews) => void this.news.push(news),
    };
    const timers = createTimers(host);
    const paths: Paths = {
      get primaries() {
        return node.primaries;
      },
      get parent() {
        return node.parent;
      },
      get outgoingCandidates() {
        return node.outgoing;
      },
      get incomingCandidates() {
        return node.incoming;
      },
      drop: (path, reason) => {
        this.dropped.push(reason);
        this.lose(path);
      },
    };
    this.data = createDataManagement({ paths, host, timers, settings: { ...defaultCoreSettings, ...settings } });
  }

  take(end: End, message: Message): void {
    if (message.code === Code.primary) {
      const mine = this.data.bufferMap();
      this.primaries = [...this.primaries, end.path];
      end.send({ code: Code.primaryAccepted, ...(mine !== undefined && { bufferMap: mine }) });
      this.data.primaryUp(end.path, message.bufferMap);
    } else if (message.code === Code.primaryAccepted) {
      this.parent = end.path;
      this.primaries = [...this.primaries, end.path];
      this.data.primaryUp(end.path, message.bufferMap);
    } else this.data.received(end.path, message);
  }

  lose(path: DataPath): void {
    const others = (of: readonly DataPath[]) => of.filter((one) => one !== path);
    this.primaries = others(this.primaries);
    this.outgoing = others(this.outgoing);
    this.incoming = others(this.incoming);
    if (this.parent === path) this.parent = undefined;
    path.link.close();
    this.data.pathDown(path);
  }

  /** Sequences of one source in the order of delivery. */
  sequences(source: string): number[] {
    return this.delivered.filter((one) => one.source === source).map((one) => one.sequence);
  }

  publish(text: string): number {
    const payload = new TextEncoder().encode(text);
    const sequence = this.data.publish({ appId: "", payloadType: "text/plain", payload });
    this.published.push(sequence);
    return sequence;
  }
}

export class Network {
  readonly world = new World();
  readonly nodes: Node[] = [];
  readonly #membership: Partial<CoreMembership>;
  readonly #settings: Partial<CoreSettings>;

  constructor(membership: Partial<CoreMembership> = {}, settings: Partial<CoreSettings> = {}) {
    this.#membership = membership;
    this.#settings = settings;
  }

  node(id = `p${this.nodes.length}`, settings: Partial<CoreSettings> = {}): Node {
    const node = new Node(this.world, id, { ...this.#settings, ...settings });
    node.data.start(membershipOf(id, this.#membership));
    this.nodes.push(node);
    return node;
  }

  connect(child: Node, parent: Node, wire: WireOptions = {}): Connection {
    const ends = [new End(child, parent, false, wire), new End(parent, child, true, wire)] as const;
    ends[0].peer = ends[1];
    ends[1].peer = ends[0];
    return ends;
  }

  /** PRIMARY, which takes its time to arrive and to be answered. */
  attach(child: Node, parent: Node, wire?: WireOptions): Connection {
    const connection = this.connect(child, parent, wire);
    const map: BufferMap | null | undefined = child.data.bufferMap();
    connection[0].send({ code: Code.primary, ...(map !== undefined && { bufferMap: map }) });
    return connection;
  }

  candidates(child: Node, parent: Node, wire?: WireOptions): Connection {
    const connection = this.connect(child, parent, wire);
    child.outgoing = [...child.outgoing, connection[0].path];
    parent.incoming = [...parent.incoming, connection[1].path];
    child.data.candidateUp(connection[0].path);
    parent.data.candidateUp(connection[1].path);
    return connection;
  }

  /** What is on its way is lost; each end notices after its own time. */
  cut([child, parent]: Connection, noticeMs: () => number = () => 0): void {
    child.open = false;
    parent.open = false;
    this.world.after(noticeMs(), () => child.owner.lose(child.path));
    this.world.after(noticeMs(), () => parent.owner.lose(parent.path));
  }
}

export function membershipOf(peerId: string, membership: Partial<CoreMembership> = {}): CoreMembership {
  return {
    overlayId: "o",
    type: "core",
    subType: "tree",
    sourcePeer: undefined,
    self: { peerId, address: "", ticketId: 1 },
    heartbeatIntervalMs: 10_000,
    heartbeatTimeoutMs: 30_000,
    recoveryBy: "push",
    cacheMessages: 1000,
    cacheMs: 0,
    ...membership,
  };
}
