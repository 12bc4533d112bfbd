import type { Channel } from "../../generated/ums/types.js";
import type { Period } from "./period.js";

export interface User {
  readonly id: string;
  /** Keyed digest of the credential; undefined where there is none. */
  readonly digest: string | undefined;
  readonly serviceClass: number | undefined;
  /** The peers by which alone the user takes part; none: any [X.609.10 8.7 a]. */
  readonly peers: readonly string[];
}

export interface Listed {
  readonly id: string;
  readonly channel: Channel;
}

/** Users, channels and who has access to which, each findable from every side. It checks nothing: its core does. */
export class Directory {
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Listed>();
  readonly #byDigest = new Map<string, User>();
  readonly #byPeer = new Map<string, User>();
  /** Channels by their own name, overlay network and title [E-DS-23]. */
  readonly #bySession = new Map<string, Set<string>>();
  readonly #byUser = new Map<string, Map<string, Period>>();
  readonly #byChannel = new Map<string, Set<string>>();
  #grants = 0;

  get grants(): number {
    return this.#grants;
  }

  userOfDigest(digest: string): User | undefined {
    return this.#byDigest.get(digest);
  }

  userOfPeer(peerId: string): User | undefined {
    return this.#byPeer.get(peerId);
  }

  channelsOfSession(sessionId: string): ReadonlySet<string> {
    return this.#bySession.get(sessionId) ?? new Set();
  }

  /** By channel. */
  grantsOf(userId: string): ReadonlyMap<string, Period> {
    return this.#byUser.get(userId) ?? new Map();
  }

  usersOf(channelId: string): ReadonlySet<string> {
    return this.#byChannel.get(channelId) ?? new Set();
  }

  setUser(user: User): void {
    this.#unlistUser(user.id);
    this.users.set(user.id, user);
    if (user.digest !== undefined) this.#byDigest.set(user.digest, user);
    for (const peer of user.peers) this.#byPeer.set(peer, user);
  }

  /** Its grants stay: they are to be taken back before. */
  removeUser(id: string): void {
    this.#unlistUser(id);
    this.users.delete(id);
  }

  setChannel(listed: Listed): void {
    this.#unlistChannel(listed.id);
    this.channels.set(listed.id, listed);
    for (const name of namesOf(listed)) {
      const named = this.#bySession.get(name);
      if (named === undefined) this.#bySession.set(name, new Set([listed.id]));
      else named.add(listed.id);
    }
  }

  removeChannel(id: string): void {
    this.#unlistChannel(id);
    this.channels.delete(id);
  }

  grant(channelId: string, userId: string, period: Period): void {
    const mine = this.#byUser.get(userId) ?? new Map<string, Period>();
    const theirs = this.#byChannel.get(channelId) ?? new Set<string>();
    if (!mine.has(channelId)) this.#grants++;
    this.#byUser.set(userId, mine.set(channelId, period));
    this.#byChannel.set(channelId, theirs.add(userId));
  }

  revoke(channelId: string, userId: string): void {
    const mine = this.#byUser.get(userId);
    if (mine?.delete(channelId) !== true) return;
    this.#grants--;
    if (mine.size === 0) this.#byUser.delete(userId);
    const theirs = this.#byChannel.get(channelId);
    theirs?.delete(userId);
    if (theirs?.size === 0) this.#byChannel.delete(channelId);
  }

  #unlistUser(id: string): void {
    const before = this.users.get(id);
    if (before === undefined) return;
    if (before.digest !== undefined) this.#byDigest.delete(before.digest);
    for (const peer of before.peers) this.#byPeer.delete(peer);
  }

  #unlistChannel(id: string): void {
    const before = this.channels.get(id);
    if (before === undefined) return;
    for (const name of namesOf(before)) {
      const named = this.#bySession.get(name);
      named?.delete(id);
      if (named?.size === 0) this.#bySession.delete(name);
    }
  }
}

function namesOf({ id, channel: { title, overlay_network_id: overlay } }: Listed): ReadonlySet<string> {
  return new Set([id, title, ...(overlay === undefined ? [] : [overlay])]);
}
