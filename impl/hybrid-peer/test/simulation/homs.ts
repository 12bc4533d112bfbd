import type { PeerContact, TicketedPeer } from "../../core/message.js";
import type { PeerPaths } from "../../overlay/membership-types.js";
import type { Dice } from "./random.js";

/** How the simulated HOMS chooses entry peers. room: as this project's does; nearest: as the field's does (facts a.5). */
export type EntryPolicy = "room" | "nearest" | "random";

interface Member extends TicketedPeer {
  expiresAt: number;
  paths: PeerPaths;
  offered: number;
}

/** One overlay at a HOMS [Q.4103], reduced to what peers notice of it: tickets, leases, reports, entry peers. Dead peers stay listed. */
export interface SimulatedHoms {
  /** Whether it answers at all. */
  isUp: boolean;
  join(peer: PeerContact, now: number): { readonly ticketId: number; readonly contacts: readonly PeerContact[] };
  /** @returns false: it is no member any more */
  refresh(peerId: string, now: number): boolean;
  report(peerId: string, paths: PeerPaths): void;
  /** @returns undefined: it is no member any more */
  recover(peerId: string, now: number): readonly PeerContact[] | undefined;
  leave(peerId: string): void;
}

export function createSimulatedHoms(
  dice: Dice,
  options: {
    readonly policy: EntryPolicy;
    readonly count: number;
    readonly maxPrimary: number;
    readonly leaseMs: number;
    /** In a tree those who recover get older members only. */
    readonly mesh: boolean;
  },
): SimulatedHoms {
  const members = new Map<string, Member>();
  let tickets = 0;

  function alive(now: number): Member[] {
    for (const [peerId, { expiresAt }] of members) if (expiresAt <= now) members.delete(peerId);
    return [...members.values()];
  }

  function entries(self: Member, recovering: boolean, now: number): readonly PeerContact[] {
    const others = alive(now).filter(
      (other) => other !== self && (!recovering || options.mesh || other.ticketId < self.ticketId),
    );
    if (options.policy === "random") return shuffled(others, dice).slice(0, options.count).map(contact);
    if (options.policy === "nearest") return nearest(others, recovering).slice(0, 3).map(contact);
    const busy = ({ paths, offered }: Member): number =>
      paths.primary.length + offered >= options.maxPrimary ? 1000 + paths.primary.length + offered : 0;
    const lost = recovering ? self.paths.primary : [];
    const ranked = others
      .map((member) => ({ member, rank: busy(member) + (lost.includes(member.peerId) ? 10_000 : 0) + member.ticketId }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ member }) => member)
      .slice(0, options.count);
    const [first] = ranked;
    if (first !== undefined) first.offered++;
    return ranked.map(contact);
  }

  return {
    isUp: true,
    join({ peerId, address }, now) {
      const ticketId = ++tickets;
      const self: Member = { peerId, address, ticketId, expiresAt: now + options.leaseMs, paths: noPaths, offered: 0 };
      members.set(peerId, self);
      return { ticketId, contacts: entries(self, false, now) };
    },
    refresh(peerId, now) {
      alive(now);
      const self = members.get(peerId);
      if (self === undefined) return false;
      self.expiresAt = now + options.leaseMs;
      return true;
    },
    report(peerId, paths) {
      const self = members.get(peerId);
      if (self === undefined) return;
      self.paths = paths;
      self.offered = 0;
    },
    recover(peerId, now) {
      alive(now);
      const self = members.get(peerId);
      return self && entries(self, true, now);
    },
    leave(peerId) {
      members.delete(peerId);
    },
  };
}

const noPaths: PeerPaths = { primary: [], outgoing: [], incoming: [] };

const contact = ({ peerId, address }: Member): PeerContact => ({ peerId, address });

/** The field's choice: newcomers somewhat below the top, recovering peers the nearest lower ticket first. */
function nearest(others: readonly Member[], recovering: boolean): readonly Member[] {
  const active = others.filter(({ paths }) => paths.primary.length > 0).sort((a, b) => a.ticketId - b.ticketId);
  const chosen = recovering ? active.reverse() : active.slice(Math.floor(0.3 * active.length));
  if (chosen.length > 0) return chosen;
  return [...others].sort((a, b) => a.ticketId - b.ticketId).slice(0, 1);
}

function shuffled<T>(values: readonly T[], dice: Dice): T[] {
  return values
    .map((value) => ({ value, order: dice.fraction() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
