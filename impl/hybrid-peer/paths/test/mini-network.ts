import type { PeerContact } from "../../core/message.js";
import type {
  CoreHost,
  CoreMembership,
  CoreNews,
  DataManagement,
  DataPath,
  Link,
  PathKind,
  Proofs,
} from "../../core/ports.js";
import { type CoreSettings, defaultCoreSettings } from "../../core/settings.js";
import { createTimers } from "../../core/timers.js";
import type { PeerPaths } from "../../overlay/membership-types.js";
import { createPathManagement, type PathManagement } from "../path-management.js";

/** A network of path managements in one thread and by a clock of its own; in order on each link, with a delay that is each link's own. */
export interface MiniNetwork {
  readonly now: number;
  readonly nodes: Map<string, MiniNode>;
  add(peerId: string, ticketId: number, options?: Partial<MiniOptions>): MiniNode;
  run(ms: number): void;
  /** A process that is killed: its links close. silent: the network is cut, and nobody is told. */
  kill(node: MiniNode, silent?: boolean): void;
}

export interface MiniOptions {
  readonly settings: Partial<CoreSettings>;
  readonly membership: Partial<CoreMembership>;
  readonly proofs: Proofs;
  readonly contacts: readonly string[];
  /** What the HOMS answers to a recovery join; undefined: nothing. */
  readonly recover: (node: MiniNode) => readonly string[] | undefined;
}

export interface MiniNode {
  readonly peerId: string;
  readonly ticketId: number;
  readonly management: PathManagement;
  readonly news: CoreNews[];
  readonly ups: string[];
  readonly report: PeerPaths | undefined;
  alive: boolean;
  recovers: number;
  start(contacts: readonly string[], membership?: Partial<CoreMembership>): void;
  kinds(kind: PathKind): string[];
  readonly parent: string | undefined;
}

interface End extends Link {
  other: End;
  owner: MiniNode | undefined;
  open: boolean;
  introduced: boolean;
}

export const contact = (peerId: string): PeerContact => ({ peerId, address: `tcp://${peerId}` });

export function createMiniNetwork(seed = 1, defaults: Partial<MiniOptions> = {}): MiniNetwork {
  let state = seed >>> 0 || 1;
  const dice = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  let now = 1000;
  let ids = 0;
  /** In order of time. */
  const events: { readonly at: number; readonly action: () => void }[] = [];
  const nodes = new Map<string, MiniNode>();
  const links: End[] = [];

  const at = (time: number, action: () => void): void => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.at ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    events.splice(low, 0, { at: time, action });
  };

  function createLink(from: MiniNode, to: MiniNode): [End, End] {
    const delay = 1 + Math.floor(dice() * 8);
    const end = (incoming: boolean, owner: MiniNode, remote: string): End => ({
      id: ++ids,
      incoming,
      remote,
      queued: 0,
      owner,
      open: true,
      introduced: false,
      other: undefined as unknown as End,
      send(message) {
        if (!this.open) return false;
        const { other } = this;
        at(now + delay, () => {
          if (!other.open || other.owner?.alive !== true) return;
          if (other.incoming && !other.introduced) {
            other.introduced = true;
            other.owner.management.accepted(other, message);
          } else other.owner.management.received(other, message);
          other.owner.management.flush();
        });
        return true;
      },
      close() {
        if (!this.open) return;
        this.open = false;
        const { other } = this;
        at(now + delay, () => lose(other, "closed by the other end"));
      },
    });
    const a = end(false, from, to.peerId);
    const b = end(true, to, from.peerId);
    a.other = b;
    b.other = a;
    links.push(a, b);
    return [a, b];
  }

  function lose(end: End, reason: string): void {
    if (!end.open) return;
    end.open = false;
    if (end.owner?.alive !== true) return;
    end.owner.management.closed(end, reason);
    end.owner.management.flush();
  }

  function add(peerId: string, ticketId: number, options: Partial<MiniOptions> = {}): MiniNode {
    const all = { ...defaults, ...options };
    const settings: CoreSettings = { ...defaultCoreSettings, ...defaults.settings, ...options.settings };
    let wakeAt: number | undefined;
    let report: PeerPaths | undefined;
    const host: CoreHost = {
      now: () => now,
      random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(dice() * 256)) },
      connect(to, token) {
        const target = nodes.get(to.peerId);
        at(now + 2, () => {
          if (!node.alive) return;
          if (target?.alive !== true) management.connectFailed(token, "nobody is there");
          else management.connected(token, createLink(node, target)[0]);
          management.flush();
        });
      },
      report: (paths) => {
        report = paths;
      },
      recover() {
        node.recovers += 1;
        at(now + 5, () => {
          const contacts = all.recover?.(node);
          if (contacts === undefined || !node.alive) return;
          management.contacts(contacts.map(contact));
          management.flush();
        });
      },
      deliver: () => {},
      news: (news) => node.news.push(news),
      wake(time) {
        wakeAt = time;
        if (time === undefined) return;
        at(Math.max(now, time), () => {
          if (wakeAt !== time || !node.alive) return;
          wakeAt = undefined;
          timers.tick();
          management.flush();
        });
      },
    };
    const timers = createTimers(host);
    const ups: string[] = [];
    const data: DataManagement = {
      start: () => {},
      bufferMap: () => null,
      primaryUp: (path: DataPath, theirs) => ups.push(`up ${path.peerId} ${JSON.stringify(theirs)}`),
      candidateUp: (path) => ups.push(`candidate ${path.peerId}`),
      pathDown: (path) => ups.push(`down ${path.peerId}`),
      received: (path, message) => ups.push(`${message.code} ${path.peerId}`),
      publish: () => 0,
      statistics: () => {
        throw new Error("not asked for");
      },
    };
    const management = createPathManagement({ host, settings, timers, data: () => data });
    const node: MiniNode = {
      peerId,
      ticketId,
      management,
      news: [],
      ups,
      alive: true,
      recovers: 0,
      get report() {
        return report;
      },
      start(contacts, membership = {}) {
        management.start(
          {
            overlayId: "overlay",
            type: "core",
            subType: "tree",
            sourcePeer: undefined,
            self: { ...contact(peerId), ticketId },
            heartbeatIntervalMs: 10_000,
            heartbeatTimeoutMs: 31_000,
            recoveryBy: "push",
            cacheMessages: 0,
            cacheMs: 0,
            ...all.membership,
            ...(all.proofs !== undefined && { proofs: all.proofs }),
            ...membership,
          },
          contacts.map(contact),
        );
        management.flush();
      },
      kinds: (kind) =>
        management
          .states()
          .filter((path) => path.kind === kind)
          .map((path) => path.peerId)
          .sort(),
      get parent() {
        return node.kinds("parent")[0];
      },
    };
    nodes.set(peerId, node);
    if (all.contacts !== undefined) node.start(all.contacts);
    return node;
  }

  return {
    get now() {
      return now;
    },
    nodes,
    add,
    run(ms) {
      const until = now + ms;
      for (let next = events[0]; next !== undefined && next.at <= until; next = events[0]) {
        events.shift();
        now = Math.max(now, next.at);
        next.action();
      }
      now = until;
    },
    kill(node, silent = false) {
      node.alive = false;
      if (silent) return;
      for (const end of links)
        if (end.owner === node && end.open) {
          end.open = false;
          at(now + 1, () => lose(end.other, "connection reset"));
        }
    },
  };
}
