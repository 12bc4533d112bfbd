import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { bearer, memberAt, needed, ready } from "../streaming/answers.js";
import type { IxsTest } from "./case.js";

export type Json = Record<string, unknown>;
export type Sending = Omit<HttpSendOptions, "body">;

const PATH = "/ixs/index-files";
const EXPIRES_S = 3600;
export const FORM = "spec/ixs";
const TOKEN = "/registration/owner_token";

/** An index file with all items of [8.6 a)]; names are the case's own. */
export function indexFile(t: IxsTest, more: Json = {}): Json {
  return {
    version: 1,
    title: t.unique("title"),
    oms_url: "http://192.0.2.10:8080",
    overlay_network_id: t.unique("overlay"),
    data_source_id: t.unique("data-source"),
    data_id: t.unique("data"),
    fragment_size: 16_384,
    description: "What the suite registers.",
    content_type: "FILE",
    source_peer_id: t.unique("source"),
    // What a broken run leaves does not stay for ever.
    expires: EXPIRES_S,
    ...more,
  };
}

/** What names a session in every operation (E-DS-09): all of it, unless a case says otherwise. */
export function keysOf(file: Json): Json {
  const { version, title, data_source_id, data_id } = file;
  return { version, title, data_source_id, data_id };
}

function queried(keys: Json): string {
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? PATH
    : `${PATH}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** IXS_INDEX_FILE_REGISTER of a file, or of `as.raw` that was made of it; what is registered is removed after the case. */
export async function register(t: IxsTest, file: Json, as: Sending = {}): Promise<HttpReply> {
  const reply = await t.http.post(PATH, { body: { index_file: file }, ...as });
  const given = reply.get("registration.owner_token");
  const token = typeof given === "string" ? given : "";
  if (reply.status < 300) t.cleanup(`session ${String(file.data_id)}`, () => clear(t, file, token));
  return reply;
}

/** Removes a session, whatever its title and version are by now. */
async function clear(t: IxsTest, file: Json, token: string): Promise<void> {
  const { title, data_source_id, data_id } = file;
  // Some want all names in a query (E-DS-09), and a title may have been changed.
  for (const names of [
    { title, data_source_id, data_id },
    { data_source_id, data_id },
  ]) {
    const found = filesIn(await query(t, names, { malformed: true })) ?? [];
    const own = found.filter((one) => one.data_source_id === data_source_id && one.data_id === data_id);
    for (const one of own) await remove(t, one, token, { malformed: true });
    if (own.length > 0) return;
  }
}

export function update(t: IxsTest, file: Json, token: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.put(PATH, { body: { index_file: file }, ...(token === "" ? {} : { headers: bearer(token) }), ...as });
}

/** IXS_INDEX_FILE_REMOVE of the session that the file is about, at the file's version. */
export function remove(t: IxsTest, file: Json, token: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.delete(queried(keysOf(file)), { ...(token === "" ? {} : { headers: bearer(token) }), ...as });
}

export function query(t: IxsTest, keys: Json, as: Sending = {}): Promise<HttpReply> {
  return t.http.get(queried(keys), as);
}

/** The index files of an answer; undefined where it has no list of them. 404 and 304 have none. */
export function filesIn(reply: HttpReply): readonly Json[] | undefined {
  if (reply.status === 404 || reply.status === 304) return [];
  const list = reply.get("index_file_list.index_file");
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

export const isUpToDate = (reply: HttpReply): boolean =>
  reply.status === 304 || reply.get("index_file_list.up_to_date") === true;

/** A session that a case does not judge the registration of. */
export interface Session {
  /** As registered last. */
  readonly file: Json;
  readonly token: string;
}

export async function session(t: IxsTest, more: Json = {}): Promise<Session> {
  return await t.setup("a session", async () => {
    const file = indexFile(t, more);
    const reply = ready(t, "a valid registration", await register(t, file));
    return { file, token: tokenIn(t, reply) };
  });
}

export function tokenIn(t: IxsTest, reply: HttpReply): string {
  // A product that trusts everybody, or knows its callers otherwise, gives none (E-DS-36).
  return memberAt(reply, TOKEN) === undefined ? "" : needed(t, reply, TOKEN, FORM);
}

/** The session with a newer index file. */
export async function updated(t: IxsTest, { file, token }: Session, change: Json): Promise<Session> {
  return await t.setup("an update", async () => {
    const next = { ...file, version: Number(file.version) + 1, ...change };
    ready(t, "a valid update", await update(t, next, token));
    return { file: next, token };
  });
}
