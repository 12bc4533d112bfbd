import type {
  AccessGrant,
  AccessRequest,
  AccessRights,
  Channel,
  ChannelSetting,
  User as UserSetting,
} from "../../generated/ums/types.js";
import type { Clock } from "../net/clock.js";
import { serverUrlFault } from "../net/server-url.js";
import { Directory, type Listed, type User } from "./directory.js";
import { holds, momentText, type Period, readPeriod } from "./period.js";
import { type Refusal, refuse } from "./refusal.js";
import type { UmsLimits, UmsSettings } from "./settings.js";

/** Told of every change that must outlive the process. */
export interface Journal {
  userSet(user: User): void;
  userRemoved(id: string): void;
  channelSet(listed: Listed): void;
  channelRemoved(id: string): void;
  granted(channelId: string, userId: string, period: Period): void;
  revoked(channelId: string, userId: string): void;
}

/** The digest under which a credential is known, whoever's it is. */
export type DigestOf = (credential: string) => string;

/** A change that was made; `undo` takes it back where it could not be written. */
export interface Done {
  readonly status: 200;
  undo(): void;
}

/** What a UMS knows and decides, without I/O [X.609.10 8.7, 8.12]. */
export class UmsCore {
  readonly settings: UmsSettings;
  readonly limits: UmsLimits;
  readonly directory = new Directory();
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #digestOf: DigestOf;

  constructor(options: {
    settings: UmsSettings;
    limits: UmsLimits;
    clock: Clock;
    journal: Journal;
    digestOf: DigestOf;
  }) {
    this.settings = options.settings;
    this.limits = options.limits;
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#digestOf = options.digestOf;
  }

  /** Whether the user of a peer may take part in a session [X.609.10 8.7 a, b]. */
  check({ user_id, user_credential, peer_id, session_id }: AccessRequest): AccessRights {
    const now = this.#clock.now();
    const result = (until: number) => ({
      valid_from: momentText(now),
      valid_until: momentText(Math.min(until, now + this.settings.review * 1000)),
    });
    // 1. The credential says who the user is; without one, the peer does. A name alone proves nothing.
    const { directory } = this;
    const shown = user_credential === undefined ? directory.userOfPeer(peer_id) : this.#userOf(user_credential);
    const user = shown !== undefined && (user_id ?? shown.id) === shown.id ? shown : undefined;
    // 2. A user with peers of its own takes part by these alone.
    if (user === undefined || (user.peers.length > 0 && !user.peers.includes(peer_id))) {
      return { granted: false, ...result(Number.POSITIVE_INFINITY) };
    }
    // 3. Of several grants that fit, the one that holds longest counts; a refusal holds until the next one begins.
    const grants = directory.grantsOf(user.id);
    let until = Number.NEGATIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const channel of directory.channelsOfSession(session_id)) {
      const period = grants.get(channel);
      if (period === undefined) continue;
      if (holds(period, now)) until = Math.max(until, period.until);
      else if (period.from > now) next = Math.min(next, period.from);
    }
    if (until === Number.NEGATIVE_INFINITY) return { granted: false, ...result(next) };
    const { serviceClass: service_class } = user;
    return { granted: true, ...(service_class === undefined ? {} : { service_class }), ...result(until) };
  }

  /** The channels of whoever has this credential [X.609.10 8.12 a], in order of their titles; undefined where nobody has it. */
  channelsOf(credential: string): Channel[] | undefined {
    const user = this.#userOf(credential);
    if (user === undefined) return undefined;
    const now = this.#clock.now();
    const listed: Listed[] = [];
    for (const [id, period] of this.directory.grantsOf(user.id)) {
      const channel = this.directory.channels.get(id);
      if (channel !== undefined && holds(period, now)) listed.push(channel);
    }
    const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    listed.sort((a, b) => order(a.channel.title, b.channel.title) || order(a.id, b.id));
    return listed.map(({ channel }) => channel);
  }

  /** The credential that was set stays where none is given; the rest is replaced. */
  setUser(id: string, { credential, service_class, peer_id = [] }: UserSetting): Done | Refusal {
    const { directory } = this;
    const before = directory.users.get(id);
    if (before === undefined && directory.users.size >= this.limits.users) {
      return refuse(503, "8.7 a)", "UID", `this UMS keeps no more than ${this.limits.users} users`);
    }
    const digest = credential === undefined ? before?.digest : this.#digestOf(credential);
    if (digest !== undefined && (directory.userOfDigest(digest)?.id ?? id) !== id) {
      return refuse(409, "8.7 a)", "/user/credential", "choose another one: credentials tell users apart");
    }
    const peers = [...new Set(peer_id)];
    const taken = peers.find((peer) => (directory.userOfPeer(peer)?.id ?? id) !== id);
    if (taken !== undefined) {
      const at = `/user/peer_id/${peer_id.indexOf(taken)}`;
      return refuse(409, "8.7 a)", at, "this peer is another user's");
    }
    const user: User = { id, digest, serviceClass: service_class, peers };
    this.#setUser(user);
    return {
      status: 200,
      undo: () => {
        if (directory.users.get(id) !== user) return;
        if (before === undefined) this.#removeUser(id);
        else this.#setUser(before);
      },
    };
  }

  /** Its access to channels goes with it. */
  removeUser(id: string): Done | Refusal {
    const { directory } = this;
    const before = directory.users.get(id);
    if (before === undefined) return refuse(404, "8.7 a)", "UID", "there is no such user");
    const grants = [...directory.grantsOf(id)];
    for (const [channel] of grants) this.#revoke(channel, id);
    this.#removeUser(id);
    return {
      status: 200,
      undo: () => {
        if (directory.users.has(id)) return;
        this.#setUser(before);
        for (const [channel, period] of grants) if (directory.channels.has(channel)) this.#grant(channel, id, period);
      },
    };
  }

  /** The users that are named replace those who had access; where none are, these stay [X.609.10 8.12]. */
  setChannel(id: string, { users, ...channel }: ChannelSetting): Done | Refusal {
    const { directory, limits } = this;
    const before = directory.channels.get(id);
    if (before === undefined && directory.channels.size >= limits.channels) {
      return refuse(503, "8.12", "CID", `this UMS keeps no more than ${limits.channels} channels`);
    }
    for (const member of ["ixs_url", "oms_url"] as const) {
      const url = channel[member];
      const fault = url === undefined ? undefined : serverUrlFault(url);
      if (fault !== undefined) return refuse(400, "8.12", `/channel/${member}`, fault);
    }
    const wanted = new Map<string, Period>();
    for (const [index, user] of (users ?? []).entries()) {
      const at = `/channel/users/${index}`;
      const period = this.#periodFor(id, user.user_id, user, at);
      if ("status" in period) return period;
      wanted.set(user.user_id, period);
    }
    const had = [...directory.usersOf(id)];
    const added = [...wanted.keys()].filter((user) => !directory.grantsOf(user).has(id)).length;
    if (directory.grants + added > limits.grants) return this.#full("/channel/users");
    const grants = had.map((user) => [user, directory.grantsOf(user).get(id) as Period] as const);
    const listed: Listed = { id, channel };
    this.#setChannel(listed);
    if (users !== undefined) {
      for (const user of had) if (!wanted.has(user)) this.#revoke(id, user);
      for (const [user, period] of wanted) this.#grant(id, user, period);
    }
    return {
      status: 200,
      undo: () => {
        if (directory.channels.get(id) !== listed) return;
        if (users !== undefined) for (const user of wanted.keys()) this.#revoke(id, user);
        if (before === undefined) this.#removeChannel(id);
        else this.#setChannel(before);
        if (users === undefined || before === undefined) return;
        for (const [user, period] of grants) if (directory.users.has(user)) this.#grant(id, user, period);
      },
    };
  }

  /** All access to it goes with it. */
  removeChannel(id: string): Done | Refusal {
    const { directory } = this;
    const before = directory.channels.get(id);
    if (before === undefined) return refuse(404, "8.12", "CID", "there is no such channel");
    const grants = [...directory.usersOf(id)].map(
      (user) => [user, directory.grantsOf(user).get(id) as Period] as const,
    );
    for (const [user] of grants) this.#revoke(id, user);
    this.#removeChannel(id);
    return {
      status: 200,
      undo: () => {
        if (directory.channels.has(id)) return;
        this.#setChannel(before);
        for (const [user, period] of grants) if (directory.users.has(user)) this.#grant(id, user, period);
      },
    };
  }

  /** [X.609.10 8.7 b] */
  grant(channelId: string, userId: string, given: AccessGrant): Done | Refusal {
    const { directory } = this;
    if (!directory.channels.has(channelId)) return refuse(404, "8.12", "CID", "there is no such channel");
    const period = this.#periodFor(channelId, userId, given, "/grant");
    if ("status" in period) return period;
    const before = directory.grantsOf(userId).get(channelId);
    if (before === undefined && directory.grants >= this.limits.grants) return this.#full("/grant");
    this.#grant(channelId, userId, period);
    return { status: 200, undo: () => this.#regrant(channelId, userId, period, before) };
  }

  revoke(channelId: string, userId: string): Done | Refusal {
    const before = this.directory.grantsOf(userId).get(channelId);
    if (before === undefined) return refuse(404, "8.12", "UID", "this user has no access to this channel");
    this.#revoke(channelId, userId);
    return { status: 200, undo: () => this.#regrant(channelId, userId, undefined, before) };
  }

  #regrant(channelId: string, userId: string, made: Period | undefined, before: Period | undefined): void {
    const { directory } = this;
    if (directory.grantsOf(userId).get(channelId) !== made) return;
    if (before === undefined) this.#revoke(channelId, userId);
    else if (directory.channels.has(channelId) && directory.users.has(userId)) this.#grant(channelId, userId, before);
  }

  #periodFor(channelId: string, userId: string, given: AccessGrant, at: string): Period | Refusal {
    const { directory, limits } = this;
    if (!directory.users.has(userId)) {
      const member = at === "/grant" ? "UID" : `${at}/user_id`;
      return refuse(404, "8.12", member, "there is no such user: set it first");
    }
    const mine = directory.grantsOf(userId);
    if (!mine.has(channelId) && mine.size >= limits.channelsPerUser) {
      return refuse(503, "8.12", at, `this UMS gives a user access to no more than ${limits.channelsPerUser} channels`);
    }
    return readPeriod(given, at);
  }

  #full(member: string): Refusal {
    return refuse(503, "8.12", member, `this UMS keeps no more than ${this.limits.grants} rights of users to channels`);
  }

  #userOf(credential: string): User | undefined {
    return this.directory.userOfDigest(this.#digestOf(credential));
  }

  #setUser(user: User): void {
    this.directory.setUser(user);
    this.#journal.userSet(user);
  }

  #removeUser(id: string): void {
    this.directory.removeUser(id);
    this.#journal.userRemoved(id);
  }

  #setChannel(listed: Listed): void {
    this.directory.setChannel(listed);
    this.#journal.channelSet(listed);
  }

  #removeChannel(id: string): void {
    this.directory.removeChannel(id);
    this.#journal.channelRemoved(id);
  }

  #grant(channelId: string, userId: string, period: Period): void {
    this.directory.grant(channelId, userId, period);
    this.#journal.granted(channelId, userId, period);
  }

  #revoke(channelId: string, userId: string): void {
    this.directory.revoke(channelId, userId);
    this.#journal.revoked(channelId, userId);
  }
}
