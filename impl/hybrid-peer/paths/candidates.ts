import { fraction } from "../../net/backoff.js";
import { Code, type Estab, type PeerContact } from "../core/message.js";
import { byWorth } from "./candidate-order.js";
import type { PathContext } from "./context.js";
import type { Path } from "./path.js";
import { shuffled } from "./shuffle.js";

/**
 * Candidate path management [Q.4100 7.2.2.2]: keeps as many outgoing candidates as the configuration wants, the grandparent among them,
 * and no more incoming ones than it allows. In a mesh the candidates are all there is.
 */
export interface Candidates {
  /** A member: a mesh looks for neighbours. */
  begin(): void;
  attached(grandparent: PeerContact | undefined): void;
  /** The parent says who its parent is. */
  grandparent(contact: PeerContact | undefined): void;
  /** The HOMS named more peers. */
  contactsCame(): void;
  /** Whether the path that this ESTAB offers is to be taken; makes room for the grandparent. */
  wants(estab: Estab): boolean;
  opened(path: Path): void;
  pathEnded(path: Path): void;
  /** An incoming candidate that was let in as a child to be, and could not become one: ends it where there are too many. */
  limit(path: Path): void;
  stop(): void;
}

/** The first look comes soon: what the join brought is sorted by then. */
const SOON_MS = 100;
/** Looks for candidates come less and less often while there are none: at most this many times `seekMs`. */
const MOST_PAUSE = 30;
/** After so many looks in vain the HOMS is asked too. */
const LOOKS_BEFORE_HOMS = 2;

export function createCandidates(ctx: PathContext): Candidates {
  const { host, timers, table, settings } = ctx;
  let vertical: PeerContact | undefined;
  let seeking: (() => void) | undefined;
  let looks = 0;

  const idle = (): boolean => ctx.search.searching;
  const missing = (): number => Math.max(0, settings.outgoingCandidates - table.outgoingCandidates.length);

  function soon(): void {
    looks = 0;
    seeking?.();
    seeking = timers.after(Math.min(SOON_MS, settings.seekMs), look);
  }

  function look(): void {
    seeking = undefined;
    if (idle()) return;
    seekVertical();
    const wanted = missing();
    if (wanted > 0) seek(wanted);
    if (wanted === 0 && (vertical === undefined || table.get(vertical.peerId) !== undefined)) return;
    // Alone in a mesh is like being without a parent in a tree.
    const most = ctx.mesh && table.size === 0 ? settings.retryMs[1] : MOST_PAUSE * settings.seekMs;
    const pause = Math.min(settings.seekMs * 2 ** looks, most) * (0.75 + 0.5 * fraction(host.random));
    looks += 1;
    seeking = timers.after(pause, look);
  }

  /** [facts b.8] */
  function seekVertical(): void {
    if (vertical === undefined || settings.outgoingCandidates === 0) return;
    const path = table.get(vertical.peerId);
    if (path !== undefined) {
      if (path.kind === "outgoing-candidate") path.vertical = true;
      return;
    }
    ctx.hello.say(vertical, { connNum: 1, ttl: 1, verticalCandidate: true, recovery: false }, () => {});
  }

  function seek(wanted: number): void {
    const wish = { connNum: wanted, ttl: settings.helloTtl, verticalCandidate: false, recovery: false };
    const known = shuffled(ctx.knownContacts(), host.random);
    // In a mesh many are asked for one path each, so that the neighbours are a random choice; in a tree one hands the wish down.
    const chosen = known.slice(0, ctx.mesh ? wanted : 1);
    for (const contact of chosen)
      ctx.hello.say(contact, ctx.mesh ? { ...wish, connNum: 1 } : wish, (failure) => {
        if (failure !== undefined) ctx.forget(contact.peerId);
      });
    // Peers that tell their depth keep a path on which they get a HELLO from below.
    const above = ctx.mesh
      ? []
      : [...table.outgoingCandidates, table.parent].filter((path) => path?.depth !== undefined);
    const path = above[looks % Math.max(1, above.length)];
    if (chosen.length === 0 && path !== undefined) ctx.hello.sayOn(path, wish);
    if (chosen.length === 0 && (ctx.mesh ? table.size === 0 || looks >= LOOKS_BEFORE_HOMS : looks >= LOOKS_BEFORE_HOMS))
      host.recover();
  }

  function keepTheBest(): void {
    for (const path of byWorth(table.outgoingCandidates).slice(settings.outgoingCandidates))
      ctx.end(path, "enough candidates", "release");
    for (const path of table.outgoingCandidates) tell(path);
  }

  function tell(path: Path): void {
    if (path.told) return;
    path.told = true;
    path.link.send({ code: Code.candidate });
  }

  /** What a parent says may be wrong: nobody is the own grandparent. */
  const other = (contact: PeerContact | undefined): PeerContact | undefined =>
    contact?.peerId === ctx.membership.self.peerId ? undefined : contact;

  return {
    begin: soon,
    attached(grandparent) {
      vertical = other(grandparent);
      for (const path of table.outgoingCandidates) path.vertical = path.peerId === vertical?.peerId;
      keepTheBest();
      soon();
    },
    grandparent(contact) {
      if (other(contact)?.peerId === vertical?.peerId) return;
      vertical = other(contact);
      for (const path of table.outgoingCandidates) path.vertical = path.peerId === vertical?.peerId;
      soon();
    },
    contactsCame() {
      // Names that lead nowhere new must not bring the next look, and the next question to the HOMS, any nearer.
      if (!idle() && missing() > 0 && looks > 0 && ctx.knownContacts().length > 0) {
        seeking?.();
        seeking = timers.after(Math.min(SOON_MS, settings.seekMs), look);
      }
    },
    wants({ peer, allowPrimaryRequest }) {
      if (idle()) {
        if (table.outgoingCandidates.length < settings.outgoingCandidates + settings.helloConnNum + 1) return true;
        // Candidates that have refused must not keep out the one that would not.
        const last =
          allowPrimaryRequest && byWorth(table.outgoingCandidates).findLast(({ refusedIn }) => refusedIn >= 0);
        if (!last) return false;
        ctx.end(last, "makes way for a peer with room", "release");
        return true;
      }
      if (missing() > 0) return true;
      if (peer.peerId !== vertical?.peerId || settings.outgoingCandidates === 0) return false;
      const last = [...table.outgoingCandidates].sort((a, b) => b.ticketId - a.ticketId)[0];
      if (last !== undefined) ctx.end(last, "makes way for the grandparent", "release");
      return true;
    },
    opened(path) {
      path.vertical = path.peerId === vertical?.peerId;
      if (!idle() && !ctx.mesh) tell(path);
    },
    pathEnded({ kind }) {
      if ((kind === "outgoing-candidate" || ctx.mesh) && !idle() && missing() > 0) soon();
    },
    limit(path) {
      if (!table.has(path) || path.kind !== "incoming-candidate") return;
      if (table.incomingCandidates.length > settings.maxIncomingCandidates)
        ctx.end(path, "too many incoming candidates", "release");
    },
    stop() {
      seeking?.();
      seeking = undefined;
      vertical = undefined;
    },
  };
}
