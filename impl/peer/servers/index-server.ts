import { createHash } from "node:crypto";
import { createIxsClient, type IxsClient } from "../../../generated/ixs/index.js";
import type { SigningKey } from "../../keys/ed25519.js";
import type { Logger } from "../../net/logger.js";
import { PeerError } from "../errors.js";
import type { IndexFile, IndexQuery } from "../types.js";
import { type Contact, describe, refused } from "./contact.js";
import { faultOf, type Listed, readIndexFile } from "./index-file.js";

/** Answers of the IXS that are read, at most: of more sessions of one name, the newest are not found. */
const maxPages = 20;

/**
 * All index files that have everything named and can be worked with, the one registered last at the end [X.609.10 8.6 c), e)].
 *
 * @throws PeerError ERR_NOT_FOUND; ERR_INDEX_FILE where none can be worked with; ERR_UNAVAILABLE, ERR_REFUSED
 */
export async function findIndexFiles(
  ixs: string,
  wanted: IndexQuery,
  contact: Contact,
): Promise<readonly [IndexFile, ...IndexFile[]]> {
  const { title, dataSourceId, dataId } = wanted;
  if (title === undefined && dataSourceId === undefined && dataId === undefined) {
    throw new PeerError("ERR_OPTIONS", "a title, a data source or data are to be named [X.609.10 8.6 e)]");
  }
  const found = await query(ixs, wanted, contact);
  const newest = found.at(-1);
  if (newest === undefined) {
    const named = Object.entries({ title, "data source": dataSourceId, data: dataId });
    const words = named.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${JSON.stringify(value)}`]));
    throw new PeerError("ERR_NOT_FOUND", `the IXS at ${ixs} has no session of ${words.join(", ")}`);
  }
  // Somebody's that cannot be worked with is no reason not to find the others.
  const [first, ...more] = found.filter((file) => faultOf(file) === undefined).map(readIndexFile);
  return first === undefined ? [readIndexFile(newest)] : [first, ...more];
}

/** Of several, the one registered last. @throws PeerError as {@link findIndexFiles} */
export async function findIndexFile(ixs: string, wanted: IndexQuery, contact: Contact): Promise<IndexFile> {
  const found = await findIndexFiles(ixs, wanted, contact);
  return found.at(-1) ?? found[0];
}

async function query(ixs: string, { title, dataSourceId, dataId }: IndexQuery, contact: Contact) {
  const client = createIxsClient(contact.clientOptions(ixs));
  const named = { title, data_source_id: dataSourceId, data_id: dataId };
  const found: Listed[] = [];
  let after: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const result = await contact.once(() => client.IXS_INDEX_FILE_QUERY({ query: { ...named, after } }));
    if (result === undefined) throw contact.unavailable();
    if (result.status === 404) {
      if (saysNone(result.body, result.headers)) return found;
      throw new PeerError("ERR_REFUSED", `what answers at ${ixs} is no IXS: ${describe(result)}`, 404);
    }
    if (result.status !== 200) throw refused("asking for the index file", result);
    const { index_file, next } = result.body.index_file_list;
    found.push(...index_file);
    if (next === undefined) break;
    after = next;
  }
  return found;
}

/** An IXS names what was not found, or says nothing at all; any other server says that it has no such path. */
function saysNone(body: unknown, headers: Readonly<Record<string, string>>): boolean {
  const { errors } = (body ?? {}) as { errors?: unknown };
  return (Array.isArray(errors) && errors.length > 0) || headers["content-length"] === "0";
}

export interface IndexOwnerOptions {
  readonly ixs: string;
  /** Made of the source peer's key: whoever crashed and comes back with that key owns its index files still. */
  readonly key: SigningKey;
  readonly contact: Contact;
  readonly logger: Logger;
}

/** The source peer's index file at the IXS [X.609.10 8.6]: registered, updated, told again before it expires, removed. */
export class IndexOwner {
  readonly #options: IndexOwnerOptions;
  readonly #client: IxsClient;
  #file: IndexFile;
  #expires: number;
  #token: string;
  #registered = false;
  /** One request at a time: versions must arrive in their order. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(file: IndexFile, expires: number, options: IndexOwnerOptions) {
    this.#file = file;
    this.#expires = expires;
    this.#options = options;
    const { title, data_source_id, data_id } = file;
    const named = JSON.stringify([options.ixs, title, data_source_id, data_id]);
    this.#token = createHash("sha256")
      .update(options.key.sign(`mp2p index owner 1\n${named}`))
      .digest("base64url");
    this.#client = createIxsClient(options.contact.clientOptions(options.ixs, () => this.#token));
  }

  get file(): IndexFile {
    return this.#file;
  }

  /** @throws PeerError ERR_REFUSED, ERR_UNAVAILABLE */
  async register(): Promise<void> {
    await this.#next(async () => {
      const { contact } = this.#options;
      const result = await contact.once(() => this.#post());
      if (result === undefined) throw contact.unavailable();
      if (result.status === 409 && (await this.#replace())) return;
      if (result.status !== 200) throw refused("registering the index file", result);
      this.#take(result.body.registration.owner_token);
    });
  }

  /** An earlier process of this source peer left its index file, of an overlay network that has lost its source: this one takes its place. */
  async #replace(): Promise<boolean> {
    const { ixs, contact } = this.#options;
    const { title, data_source_id: dataSourceId, data_id: dataId, source_public_key } = this.#file;
    const left = (await query(ixs, { title, dataSourceId, dataId }, contact)).at(-1);
    if (left?.source_public_key !== source_public_key) return false;
    this.#file = { ...this.#file, version: left.version + 1 };
    const body = { index_file: this.#sent };
    const result = await contact.once(() => this.#client.IXS_INDEX_FILE_UPDATE({ body }));
    this.#registered = result?.ok === true;
    return this.#registered;
  }

  /** A new version with these changes. Waits for an IXS that is down. @throws PeerError ERR_REFUSED, or the signal's reason */
  async update(changes: Partial<IndexFile>, signal: AbortSignal): Promise<void> {
    await this.#next(async () => {
      this.#file = { ...this.#file, ...changes, version: this.#file.version + 1 };
      await this.#tell(signal);
    });
  }

  /** The same version once more: its lifetime begins anew. An IXS that has lost it gets it again. */
  async renew(expires: number, signal: AbortSignal): Promise<void> {
    this.#expires = expires;
    await this.#next(() => this.#tell(signal));
  }

  /** @throws PeerError ERR_REFUSED, or the signal's reason */
  async remove(signal: AbortSignal): Promise<void> {
    await this.#next(async () => {
      if (!this.#registered) return;
      const { version, title, data_source_id, data_id } = this.#file;
      const query = { version, title, data_source_id, data_id };
      const { contact } = this.#options;
      const result = await contact.until(() => this.#client.IXS_INDEX_FILE_REMOVE({ query }), signal);
      if (!result.ok && result.code !== 404) throw refused("removing the index file", result);
      this.#registered = false;
    });
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const { contact } = this.#options;
    const body = { index_file: this.#sent };
    const result = await contact.until(() => this.#client.IXS_INDEX_FILE_UPDATE({ body }), signal);
    if (result.ok) return;
    if (result.code !== 404 && result.code !== 401) throw refused("updating the index file", result);
    // The IXS has lost it.
    const again = await contact.until(() => this.#post(), signal);
    if (again.status !== 200) throw refused("registering the index file again", again);
    this.#take(again.body.registration.owner_token);
  }

  #post() {
    return this.#client.IXS_INDEX_FILE_REGISTER({ body: { index_file: this.#sent } });
  }

  get #sent() {
    const members = Object.entries(this.#file).filter(([, value]) => value !== undefined);
    return { ...(Object.fromEntries(members) as unknown as Sent), expires: this.#expires };
  }

  #take(token: string | undefined): void {
    if (token !== undefined) this.#token = token;
    this.#registered = true;
  }

  #next<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(action);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}

type Sent = { [Member in keyof IndexFile]: Exclude<IndexFile[Member], undefined> };
