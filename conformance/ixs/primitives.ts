import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { bearer, ready } from "../streaming/answers.js";
import type { IxsTest } from "./case.js";

export type Json = Record<string, unknown>;
export type Sending = Omit<HttpSendOptions, "body">;

const PATH = "/ixs/index-files";

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

/** IXS_INDEX_FILE_REGISTER; what it registers is removed after the case. */
export async function register(t: IxsTest, file: Json, as: Sending = {}): Promise<HttpReply> {
  const reply = await t.http.post(PATH, { body: { index_file: file }, ...as });
  const token = reply.get("registration.owner_token");
  if (reply.status < 300 && typeof file.data_id === "string") {
    t.cleanup(`session ${file.data_id}`, async () => {
      const newest = filesIn(await query(t, { data_source_id: file.data_source_id, data_id: file.data_id }));
      for (const one of newest ?? []) await remove(t, one, typeof token === "string" ? token : "");
    });
  }
  return reply;
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
  const token = reply.get("registration.owner_token");
  // A product that trusts everybody gives none (E-DS-36).
  return t.declared.reading("E-DS-36") === "B" && typeof token !== "string" ? "" : t.needString(token, "owner_token");
}

/** The session with a newer index file. */
export async function updated(t: IxsTest, { file, token }: Session, change: Json): Promise<Session> {
  return await t.setup("an update", async () => {
    const next = { ...file, version: Number(file.version) + 1, ...change };
    ready(t, "a valid update", await update(t, next, token));
    return { file: next, token };
  });
}
