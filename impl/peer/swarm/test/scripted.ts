import type { ByeReason, Descriptor, Descriptors, Message, PeerRole, Run } from "../../core/message.js";
import type { PeerContact, RemotePeer, Swarm, SwarmHost, SwarmNews } from "../../core/ports.js";
import { defaultSwarmSettings, type SwarmSettings } from "../../core/settings.js";
import { createSwarm } from "../swarm.js";

/** A swarm whose host is a script: what it sends and tells is listed, and time passes when the test says so. */
export interface Scripted {
  readonly swarm: Swarm;
  readonly sent: { readonly link: number; readonly message: Message }[];
  readonly closed: { readonly link: number; readonly reason: ByeReason }[];
  readonly news: SwarmNews[];
  readonly connects: PeerContact[];
  readonly confirmed: { readonly link: number; readonly runs: readonly Run[]; readonly octets: number }[];
  /** Fragments that cannot be read. */
  readonly unreadable: Set<number>;
  /** Links that take no more. */
  readonly full: Set<number>;
  /** In how many parts fragments were given to be kept. */
  readonly partsKept: Map<number, number>;
  /** Descriptors whose signature was verified. */
  readonly verified: Descriptors[];
  /** Opens a link with a remote peer of this name, which says what it holds. */
  open(link: number, peerId: string, holds?: readonly number[], role?: PeerRole): void;
  receive(link: number, message: Message): void;
  /** Lets time pass, in steps of what the swarm wants. */
  pass(ms: number): void;
  /** Takes the messages sent on a link since the last time. */
  take(link: number): Message[];
  /** Numbers of the fragments requested on a link since the last time. */
  requested(link: number): number[];
  culprits(): string[];
}

export const size = 1_000;
const genuine = Uint8Array.of(1);

/** Octets of a fragment: its number. */
export const octetsOf = (index: number, length = size): Uint8Array => new Uint8Array(length).fill(index % 251);

export function descriptorsOf(index: number, last: boolean, time = 0): Descriptors {
  const digest = new Uint8Array(32).fill(index % 251);
  return { type: "descriptors", first: index, items: [{ size, time, digest, last }], signature: genuine };
}

export function fragmentOf(index: number, changes: Partial<Extract<Message, { type: "fragment" }>> = {}): Message {
  return { type: "fragment", index, offset: 0, size, payload: octetsOf(index), ...changes };
}

export function runsOf(indices: readonly number[]): Run[] {
  return indices.map((first) => ({ first, count: 1 }));
}

export function createScripted(changes: Partial<SwarmSettings> = {}): Scripted {
  const settings: SwarmSettings = {
    ...defaultSwarmSettings,
    peerId: "me",
    contentType: "FILE",
    fragmentSize: size,
    ...changes,
  };
  let now = 1_000;
  let wake: number | undefined;
  let seed = 1;
  const kept = new Map<number, Uint8Array>();
  const [sent, closed, news, connects, confirmed] = [[], [], [], [], []] as [
    Scripted["sent"],
    Scripted["closed"],
    SwarmNews[],
    PeerContact[],
    Scripted["confirmed"],
  ];
  const unreadable = new Set<number>();
  const full = new Set<number>();
  const partsKept = new Map<number, number>();
  const verified: Descriptors[] = [];
  const host: SwarmHost = {
    now: () => now,
    random: () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    },
    send: (link, message) => {
      sent.push({ link, message });
      return !full.has(link);
    },
    close: (link, reason) => closed.push({ link, reason }),
    connect: (peer) => connects.push(peer),
    check: (descriptor: Descriptor, parts) => {
      const octets = parts.flatMap((part) => [...part]);
      return octets.length === descriptor.size && octets.every((octet) => octet === descriptor.digest[0]);
    },
    keep: (index, parts) => {
      partsKept.set(index, parts.length);
      kept.set(index, Uint8Array.from(parts.flatMap((part) => [...part])));
    },
    read: (index, done) => done(unreadable.has(index) ? undefined : (kept.get(index) ?? octetsOf(index))),
    drop: () => {},
    isGenuine: (descriptors) => {
      verified.push(descriptors);
      return descriptors.signature === genuine;
    },
    confirm: (link, _, runs, octets) => confirmed.push({ link, runs, octets }),
    news: (one) => news.push(one),
    wake: (at) => {
      wake = at;
    },
  };
  const swarm = createSwarm(host, settings);
  const take = (link: number) => {
    const own = sent.filter((one) => one.link === link);
    for (const one of own) sent.splice(sent.indexOf(one), 1);
    return own.map(({ message }) => message);
  };
  const scripted: Scripted = {
    swarm,
    sent,
    closed,
    news,
    connects,
    confirmed,
    unreadable,
    full,
    partsKept,
    verified,
    open(link, peerId, holds, role = "peer") {
      const remote: RemotePeer = { peerId, role, publicKey: peerId, incoming: false, address: "" };
      swarm.opened(link, remote);
      if (holds !== undefined) swarm.received(link, { type: "have", runs: runsOf(holds) });
    },
    receive: (link, message) => swarm.received(link, message),
    pass(ms) {
      const end = now + ms;
      while (wake !== undefined && wake <= end) {
        now = Math.max(now, wake);
        wake = undefined;
        swarm.tick();
      }
      now = end;
    },
    take,
    requested(link) {
      const own: number[] = [];
      for (const message of take(link)) {
        if (message.type !== "request") continue;
        for (const { first, count } of message.runs) for (let at = 0; at < count; at++) own.push(first + at);
      }
      return own;
    },
    culprits: () => news.flatMap((one) => (one.kind === "culprit" ? [`${one.peerId}: ${one.fault}`] : [])),
  };
  return scripted;
}
