import { Code, type Message, type PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, DataManagement, Link, PathState, Paths } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { CoreTimers } from "../core/timers.js";
import { answerEstab } from "./acceptance.js";
import { createCandidates } from "./candidates.js";
import type { PathContext } from "./context.js";
import { createDispatch } from "./dispatch.js";
import { createHelloSender } from "./hello.js";
import { createKnownContacts } from "./known-contacts.js";
import { MAX_REFUSALS_PER_SECOND } from "./limits.js";
import { createLiveness } from "./liveness.js";
import { createOffers } from "./offers.js";
import { createParentSearch } from "./parent-search.js";
import type { Path, PathEnd } from "./path.js";
import { createPathTable } from "./path-table.js";
import { tellPlace } from "./place.js";
import { createRate } from "./rate.js";
import { createTreeScan } from "./scan-tree.js";
import { createSessions } from "./sessions.js";

export interface PathManagementOptions {
  readonly host: CoreHost;
  readonly settings: CoreSettings;
  readonly timers: CoreTimers;
  /** Called when it is needed only: data management is made of these paths. */
  readonly data: () => DataManagement;
}

/** The path management function of one peer in one overlay network [Q.4100 7.2.2]. */
export interface PathManagement {
  /** For data management. */
  readonly paths: Paths;
  start(membership: CoreMembership, contacts: readonly PeerContact[]): void;
  contacts(contacts: readonly PeerContact[]): void;
  connected(token: number, link: Link): void;
  connectFailed(token: number, reason: string): void;
  accepted(link: Link, first: Message): void;
  received(link: Link, message: Message): void;
  closed(link: Link, reason: string): void;
  scan(): number;
  states(): readonly PathState[];
  /** Reports what has changed, once for all that has changed in a call from outside. */
  flush(): void;
  leave(): void;
}

export function createPathManagement({ host, settings, timers, data }: PathManagementOptions): PathManagement {
  const table = createPathTable();
  const sessions = createSessions(host, settings, timers);
  const known = createKnownContacts();
  let membership: CoreMembership | undefined;
  let stopAsking: (() => void) | undefined;
  const refusals = createRate(() => host.now(), MAX_REFUSALS_PER_SECOND);

  const ctx: PathContext = {
    host,
    settings,
    timers,
    table,
    sessions,
    get data() {
      return data();
    },
    get membership() {
      if (membership === undefined) throw new Error("no member yet");
      return membership;
    },
    get mesh() {
      return membership?.subType === "mesh";
    },
    get hello() {
      return hello;
    },
    get search() {
      return search;
    },
    get candidates() {
      return candidates;
    },
    open,
    end,
    handle: (path, message) => handle(path, message),
    refused,
    addressOf: (peerId) => known.addressOf(peerId),
    learn: (contact) => known.add(contact),
    forget: (peerId) => known.delete(peerId),
    knownContacts: () =>
      known.list().filter(({ peerId }) => table.get(peerId) === undefined && peerId !== membership?.self.peerId),
    placeChanged: () => tellPlace(ctx),
  };
  const hello = createHelloSender(ctx);
  const liveness = createLiveness(ctx);
  const offers = createOffers(ctx);
  const candidates = createCandidates(ctx);
  const search = createParentSearch(ctx);
  const treeScan = createTreeScan(ctx);
  const handle = createDispatch(ctx, { offers, liveness, treeScan });

  /** Whoever floods this peer shall not flood its log. */
  function refused(from: string, reason: string): void {
    if (refusals.take()) host.news({ kind: "refused", from, reason });
  }

  function open(link: Link, about: Parameters<PathContext["open"]>[1]): Path {
    const path: Path = {
      ...about,
      link,
      vertical: false,
      rttMs: undefined,
      announced: ctx.mesh,
      life: liveness.newLife(about.kind),
      refusedIn: -1,
      lateAnswer: false,
      told: false,
      wantsNews: false,
    };
    sessions.promote(link, path);
    table.add(path);
    // Younger peers are of no use in a tree.
    if ((path.kind === "outgoing-candidate" || ctx.mesh) && path.address !== undefined)
      known.add({ peerId: path.peerId, address: path.address });
    host.news({ kind: "path", peerId: path.peerId, path: path.kind, change: "up" });
    liveness.opened();
    if (ctx.mesh) data().candidateUp(path);
    return path;
  }

  function end(path: Path, reason: string, how: PathEnd): void {
    if (!table.has(path)) return;
    table.remove(path);
    sessions.forget(path.link);
    if (how === "release") path.link.send({ code: Code.release, ack: false });
    path.link.close();
    if (path.announced) data().pathDown(path);
    const lost = how === "lost" ? { lost: true } : {};
    host.news({ kind: "path", peerId: path.peerId, path: path.kind, change: "down", reason, ...lost });
    if (path.kind === "parent") search.parentLost(path, reason);
    else search.pathEnded(path);
    candidates.pathEnded(path);
  }

  /** The parent is asked now and then where it is: its depth and its parent change without its children [Q.4100 7.2.2.2]. */
  function askPlace(): void {
    stopAsking = timers.after(ctx.membership.heartbeatIntervalMs, askPlace);
    const { parent } = table;
    if (parent?.depth !== undefined) parent.link.send({ code: Code.primary });
  }

  function drop(reason: string): void {
    for (const path of table.all()) {
      table.remove(path);
      path.link.send({ code: Code.release, ack: false });
      if (path.announced) data().pathDown(path);
      host.news({ kind: "path", peerId: path.peerId, path: path.kind, change: "down", reason });
    }
    search.stop();
    candidates.stop();
    liveness.stop();
    treeScan.stop();
    stopAsking?.();
    sessions.clear();
    known.clear();
  }

  function learn(contacts: readonly PeerContact[]): PeerContact[] {
    const others = contacts.filter(({ peerId }) => peerId !== membership?.self.peerId);
    for (const contact of [...others].reverse()) known.add(contact);
    return others;
  }

  return {
    paths: {
      get primaries() {
        return table.primaries;
      },
      get parent() {
        return table.parent;
      },
      get outgoingCandidates() {
        return table.outgoingCandidates;
      },
      get incomingCandidates() {
        return table.incomingCandidates;
      },
      drop(path, reason) {
        const known = table.get(path.peerId);
        if (known === path) end(known, reason, "release");
      },
    },
    start(next, contacts) {
      const before = membership;
      const { self } = next;
      const same =
        before !== undefined &&
        before.overlayId === next.overlayId &&
        before.subType === next.subType &&
        before.self.peerId === self.peerId &&
        before.self.ticketId === self.ticketId;
      // Paths rest on the order of the tickets: with another one they are others.
      if (before !== undefined && !same) drop("a new membership");
      membership = next;
      data().start(next);
      const others = learn(contacts);
      if (same) {
        search.contacts(others);
        candidates.contactsCame();
        return;
      }
      stopAsking = ctx.mesh ? undefined : timers.after(next.heartbeatIntervalMs, askPlace);
      if (ctx.mesh) candidates.begin();
      else search.begin(others);
    },
    contacts(contacts) {
      if (membership === undefined) return;
      search.contacts(learn(contacts));
      candidates.contactsCame();
    },
    connected: sessions.connected,
    connectFailed: sessions.connectFailed,
    accepted(link, first) {
      if (membership === undefined) link.close();
      else if (first.code === Code.hello) offers.helloOnLink(link, first);
      else if (first.code === Code.estab) answerEstab(ctx, offers, liveness, link, first);
      else {
        ctx.refused(link.remote, `code ${first.code} before HELLO or ESTAB`);
        link.close();
      }
    },
    received(link, message) {
      const session = sessions.get(link);
      if (session === undefined) {
        link.close();
        return;
      }
      const { path } = session;
      if (path !== undefined) {
        path.life.heardAt = timers.now();
        if (message.code === Code.broadcastData) {
          data().received(path, message);
          return;
        }
      }
      if (!sessions.admit(session, message)) {
        const reason = "too many requests";
        ctx.refused(path?.peerId ?? link.remote, reason);
        if (path !== undefined) end(path, reason, "release");
        else {
          session.handshake?.closed(reason);
          link.close();
        }
      } else if (path !== undefined) handle(path, message);
      else session.handshake?.received(message);
    },
    closed(link, reason) {
      const session = sessions.get(link);
      if (session === undefined) return;
      sessions.forget(link);
      if (session.path !== undefined) end(session.path, reason, "lost");
      else session.handshake?.closed(reason);
    },
    scan: treeScan.scan,
    states: () =>
      table.all().map(({ peerId, address, ticketId, kind, vertical, rttMs, link }) => ({
        peerId,
        address,
        ticketId,
        kind,
        vertical,
        rttMs,
        queued: link.queued,
      })),
    flush() {
      const report = table.takeReport();
      if (report !== undefined) host.report(report);
    },
    leave() {
      drop("left");
      membership = undefined;
    },
  };
}
