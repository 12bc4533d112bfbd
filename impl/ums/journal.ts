import type { Channel } from "../../generated/ums/types.js";
import type { Random } from "../net/clock.js";
import type { Store, Table } from "../store/store.js";
import type { Journal } from "./core.js";
import type { Directory, Listed, User } from "./directory.js";
import type { Period } from "./period.js";

interface UserRow {
  digest?: string;
  service_class?: number;
  peers: readonly string[];
}

/** Milliseconds since the epoch; left out where there is no bound. */
interface GrantRow {
  from?: number;
  until?: number;
}

/** Users, channels and grants as tables of a store. */
export class StoreJournal implements Journal {
  readonly #users: Table<UserRow>;
  readonly #channels: Table<Channel>;
  readonly #grants: Table<GrantRow>;
  readonly #keys: Table<string>;

  constructor(store: Store) {
    this.#users = store.table("ums_users");
    this.#channels = store.table("ums_channels");
    this.#grants = store.table("ums_grants");
    this.#keys = store.table("ums_keys");
  }

  userSet({ id, digest, serviceClass, peers }: User): void {
    const row: UserRow = { peers };
    if (digest !== undefined) row.digest = digest;
    if (serviceClass !== undefined) row.service_class = serviceClass;
    this.#users.put(id, row);
  }

  userRemoved(id: string): void {
    this.#users.delete(id);
  }

  channelSet({ id, channel }: Listed): void {
    this.#channels.put(id, channel);
  }

  channelRemoved(id: string): void {
    this.#channels.delete(id);
  }

  granted(channelId: string, userId: string, { from, until }: Period): void {
    const row: GrantRow = {};
    if (Number.isFinite(from)) row.from = from;
    if (Number.isFinite(until)) row.until = until;
    this.#grants.put(JSON.stringify([channelId, userId]), row);
  }

  revoked(channelId: string, userId: string): void {
    this.#grants.delete(JSON.stringify([channelId, userId]));
  }

  /** The key of the digests of credentials; made when it is not there. */
  key(random: Random): Uint8Array {
    for (const [, text] of this.#keys.load()) return Buffer.from(text, "base64url");
    const key = random.bytes(32);
    this.#keys.put("credentials", Buffer.from(key).toString("base64url"));
    return key;
  }

  load(directory: Directory): void {
    for (const [id, { digest, service_class: serviceClass, peers }] of this.#users.load()) {
      directory.setUser({ id, digest, serviceClass, peers });
    }
    for (const [id, channel] of this.#channels.load()) directory.setChannel({ id, channel });
    for (const [key, { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }] of this.#grants.load()) {
      const [channelId, userId] = JSON.parse(key) as [string, string];
      directory.grant(channelId, userId, { from, until });
    }
  }
}
