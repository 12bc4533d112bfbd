import type { PeerContact } from "./overlay-info.js";

/**
 * The PLM functional entity [Q.4100 7.2.4.2]: the peers of one overlay network that can be connected to. Whoever opens paths takes
 * contacts from here, and strikes out those that cannot be reached [Q.4103 7.2.4].
 */
export interface PeerList {
  /** In the order in which the HOMS recommends them, the latest answer first. */
  readonly contacts: readonly PeerContact[];
  /** Strikes out a peer that cannot be reached. Where too few are left, the HOMS is asked for others. */
  strike(peerId: string): void;
}

export interface KeptPeerList extends PeerList {
  /** Takes over an entry list. The requester's own entry is ignored (E-HOMP-34). */
  learn(contacts: readonly PeerContact[]): void;
}

/** Contacts kept at most: an entry list names a few, and old ones go stale. */
const MOST = 256;

/** @param tooFew called when a strike leaves fewer than `least` */
export function createPeerList(ownId: string, least: number, tooFew: () => void): KeptPeerList {
  let contacts: readonly PeerContact[] = [];
  return {
    get contacts() {
      return contacts;
    },
    learn(named) {
      const fresh = named.filter(({ peerId }) => peerId !== ownId);
      const ids = new Set(fresh.map(({ peerId }) => peerId));
      contacts = [...fresh, ...contacts.filter(({ peerId }) => !ids.has(peerId))].slice(0, MOST);
    },
    strike(peerId) {
      const left = contacts.filter((contact) => contact.peerId !== peerId);
      if (left.length === contacts.length) return;
      contacts = left;
      if (left.length < least) tooFew();
    },
  };
}
