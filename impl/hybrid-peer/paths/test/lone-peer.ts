import { Code, type Estab, type Hello, type Message, type PeerContact } from "../../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, DataManagement, Link } from "../../core/ports.js";
import { type CoreSettings, defaultCoreSettings } from "../../core/settings.js";
import { createTimers } from "../../core/timers.js";
import { createPathManagement, type PathManagement } from "../path-management.js";

/** The other end of a link, played by the test. */
export interface Played extends Link {
  /** What the peer under test sent, in order. */
  readonly sent: Message[];
  closed: boolean;
  queued: number;
  codes(): number[];
}

/** One path management whose others are played by the test. Its ticket is 10. */
export interface LonePeer {
  readonly management: PathManagement;
  readonly news: CoreNews[];
  /** What data management was told. */
  readonly data: string[];
  /** Links that the peer opened, and to whom. */
  readonly opened: { readonly to: PeerContact; readonly link: Played }[];
  recovers: number;
  readonly now: number;
  run(ms: number): void;
  /** The process stands still, then goes on. */
  stall(ms: number): void;
  /** Another peer opens a link, with this message. */
  accept(first: Message): Played;
  receive(link: Played, ...messages: Message[]): void;
  close(link: Played): void;
  refusals(): string[];
}

export const self = { peerId: "me", address: "tcp://me", ticketId: 10 };
export const hello = (peerId: string, ticketId: number, more: Partial<Hello> = {}): Hello => ({
  code: Code.hello,
  overlayId: "overlay",
  connNum: 3,
  ttl: 3,
  verticalCandidate: false,
  recovery: false,
  peer: { peerId, address: `tcp://${peerId}`, ticketId },
  ...more,
});
export const estab = (peerId: string, ticketId: number, more: Partial<Estab> = {}): Estab => ({
  code: Code.estab,
  overlayId: "overlay",
  allowPrimaryRequest: true,
  peer: { peerId, ticketId },
  ...more,
});

export function createLonePeer(
  settings: Partial<CoreSettings> = {},
  membership: Partial<CoreMembership> = {},
  contacts: readonly string[] = [],
): LonePeer {
  let now = 5000;
  let wakeAt: number | undefined;
  let ids = 0;
  const opened: LonePeer["opened"] = [];
  const news: CoreNews[] = [];
  const told: string[] = [];

  function createLink(incoming: boolean): Played {
    const sent: Message[] = [];
    return {
      id: ++ids,
      incoming,
      remote: "somewhere",
      queued: 0,
      sent,
      closed: false,
      codes: () => sent.map(({ code }) => code),
      send(message) {
        if (this.closed) return false;
        sent.push(message);
        return true;
      },
      close() {
        this.closed = true;
      },
    };
  }

  const waiting: { readonly token: number; readonly to: PeerContact }[] = [];
  const host: CoreHost = {
    now: () => now,
    random: { bytes: (length) => new Uint8Array(length).fill(128) },
    connect: (to, token) => waiting.push({ to, token }),
    report: () => {},
    recover: () => {
      peer.recovers += 1;
    },
    deliver: () => {},
    news: (one) => news.push(one),
    wake: (at) => {
      wakeAt = at;
    },
  };
  const timers = createTimers(host);
  const data: DataManagement = {
    start: () => {},
    bufferMap: () => undefined,
    primaryUp: ({ peerId }) => told.push(`up ${peerId}`),
    candidateUp: ({ peerId }) => told.push(`candidate ${peerId}`),
    pathDown: ({ peerId }) => told.push(`down ${peerId}`),
    received: ({ peerId }, { code }) => told.push(`${code} ${peerId}`),
    publish: () => 0,
    statistics: () => {
      throw new Error("not asked for");
    },
  };
  const management = createPathManagement({
    host,
    settings: { ...defaultCoreSettings, ...settings },
    timers,
    data: () => data,
  });

  function settle(): void {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const link = createLink(false);
      opened.push({ to: one.to, link });
      management.connected(one.token, link);
    }
  }

  const peer: LonePeer = {
    management,
    news,
    data: told,
    opened,
    recovers: 0,
    get now() {
      return now;
    },
    run(ms) {
      const until = now + ms;
      while (wakeAt !== undefined && wakeAt <= until) {
        now = Math.max(now, wakeAt);
        wakeAt = undefined;
        timers.tick();
        settle();
      }
      now = until;
    },
    stall(ms) {
      now += ms;
      peer.run(0);
    },
    accept(first) {
      const link = createLink(true);
      management.accepted(link, first);
      settle();
      return link;
    },
    receive(link, ...messages) {
      for (const message of messages) management.received(link, message);
      settle();
    },
    close(link) {
      link.closed = true;
      management.closed(link, "reset");
      settle();
    },
    refusals: () => news.flatMap((one) => (one.kind === "refused" ? [one.reason] : [])),
  };
  management.start(
    {
      overlayId: "overlay",
      type: "core",
      subType: "tree",
      sourcePeer: undefined,
      self,
      heartbeatIntervalMs: 10_000,
      heartbeatTimeoutMs: 31_000,
      recoveryBy: undefined,
      cacheMessages: 0,
      cacheMs: 0,
      ...membership,
    },
    contacts.map((peerId) => ({ peerId, address: `tcp://${peerId}` })),
  );
  settle();
  return peer;
}

/** The peer says HELLO to `entry`, which takes it; ESTABs count as asked for from then on. */
export function greeted(peer: LonePeer): void {
  const [first] = peer.opened;
  if (first === undefined) throw new Error("no HELLO");
  peer.receive(first.link, { code: Code.helloAccepted });
}

/** Another peer's HELLO, up to the link on which ESTAB was sent to it. */
export function offered(peer: LonePeer, peerId: string, ticketId: number, more: Partial<Hello> = {}): Played {
  const link = peer.accept(hello(peerId, ticketId, more));
  peer.close(link);
  const offer = peer.opened.find(({ to, link: { closed } }) => to.peerId === peerId && !closed);
  if (offer === undefined) throw new Error(`no ESTAB to ${peerId}`);
  return offer.link;
}

/** A child, or where the peer is full an incoming candidate. */
export function childOf(peer: LonePeer, peerId: string, ticketId: number): Played {
  const link = offered(peer, peerId, ticketId);
  peer.receive(link, { code: Code.estabAccepted }, { code: Code.primary });
  return link;
}
