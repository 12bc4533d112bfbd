import type { PeerContact } from "../core/message.js";
import { MAX_KNOWN } from "./limits.js";

/** Peers that may lead to a path, the last heard of first to be kept. */
export interface KnownContacts {
  add(contact: PeerContact): void;
  delete(peerId: string): void;
  addressOf(peerId: string): string | undefined;
  /** The last added first. */
  list(): PeerContact[];
  clear(): void;
}

export function createKnownContacts(): KnownContacts {
  const known = new Map<string, PeerContact>();
  return {
    add(contact) {
      known.delete(contact.peerId);
      known.set(contact.peerId, contact);
      if (known.size > MAX_KNOWN) known.delete(known.keys().next().value as string);
    },
    delete: (peerId) => known.delete(peerId),
    addressOf: (peerId) => known.get(peerId)?.address,
    list: () => [...known.values()].reverse(),
    clear: () => known.clear(),
  };
}
