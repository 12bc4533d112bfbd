import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { bearer, needed, ready } from "../streaming/answers.js";
import type { CsTest } from "./case.js";

export type Json = Record<string, unknown>;
export type Sending = Omit<HttpSendOptions, "body">;

export const FORM = "spec/cs";
const ALLOCATIONS = "/cs/allocations";
const SESSIONS = "/cs/sessions";
const at = (resource: string, id: string): string => `${resource}/${encodeURIComponent(id)}`;

/** CS_ALLOCATE of an overlay network; what it allocates is released after the case. */
export async function allocate(t: CsTest, allocation: Json, as: Sending = {}): Promise<HttpReply> {
  const reply = await t.http.post(ALLOCATIONS, { body: { allocation }, ...as });
  const id = reply.get("allocation.allocation_id");
  if (reply.status < 300 && typeof id === "string") t.cleanup(`allocation ${id}`, () => release(t, id));
  return reply;
}

export function allocation(t: CsTest, id: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.get(at(ALLOCATIONS, id), as);
}

export function weigh(t: CsTest, id: string, priority: unknown, as: Sending = {}): Promise<HttpReply> {
  return t.http.put(at(ALLOCATIONS, id), { body: { allocation: { priority } }, ...as });
}

export function release(t: CsTest, id: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.delete(at(ALLOCATIONS, id), as);
}

/** A session as its data source sees it. */
export interface Session {
  readonly id: string;
  readonly token: string;
  readonly overlay: string;
  readonly wanted: Json;
  readonly reply: HttpReply;
}

/** What a data source asks for [8.11]; names are the case's own. */
export function sessionOf(t: CsTest, more: Json = {}): Json {
  return {
    title: t.unique("title"),
    description: "What the suite sends.",
    data_source_id: t.unique("data-source"),
    data_id: t.unique("data"),
    content_type: "FILE",
    fragment_size: 4096,
    methods: ["http"],
    ...more,
  };
}

/** CS_SESSION_CREATE; what it makes is terminated after the case. */
export async function createSession(t: CsTest, session: Json, as: Sending = {}): Promise<HttpReply> {
  const reply = await t.source.post(SESSIONS, { body: { session }, ...as });
  const [id, token] = [reply.get("session.session_id"), reply.get("session.session_token")];
  if (reply.status < 300 && typeof id === "string" && typeof token === "string")
    t.cleanup(`session ${id}`, () => terminate(t, { id, token }));
  return reply;
}

/** A session made for a case that does not judge its making. */
export async function session(t: CsTest, more: Json = {}): Promise<Session> {
  return await t.setup("a session", async () => {
    const wanted = sessionOf(t, more);
    const reply = ready(t, "a valid request for a session", await createSession(t, wanted));
    return read(t, wanted, reply);
  });
}

export function read(t: CsTest, wanted: Json, reply: HttpReply): Session {
  return {
    id: needed(t, reply, "/session/session_id", FORM),
    token: needed(t, reply, "/session/session_token", FORM),
    overlay: needed(t, reply, "/session/overlay_network_id", FORM),
    wanted,
    reply,
  };
}

type Handle = Pick<Session, "id" | "token">;

export function terminate(t: CsTest, { id, token }: Handle, as: Sending = {}): Promise<HttpReply> {
  return t.source.delete(at(SESSIONS, id), { headers: bearer(token), ...as });
}

export function sessionStatus(t: CsTest, { id, token }: Handle, as: Sending = {}): Promise<HttpReply> {
  return t.source.get(at(SESSIONS, id), { headers: bearer(token), ...as });
}

/** CS_SESSION_POST of one datum. */
export function hand(t: CsTest, { id, token }: Handle, datum: Json, as: Sending = {}): Promise<HttpReply> {
  return t.source.post(`${at(SESSIONS, id)}/data`, { body: { datum }, headers: bearer(token), ...as });
}

/** An upload of octets as they are (spec/cs/README.md): no JSON, so that no validator knows it. */
export function upload(
  t: CsTest,
  { id, token }: Handle,
  octets: Uint8Array,
  query = "",
  as: Sending = {},
): Promise<HttpReply> {
  return t.source.put(`${at(SESSIONS, id)}/data${query}`, {
    raw: octets,
    contentType: "application/octet-stream",
    headers: bearer(token),
    malformed: true,
    ...as,
  });
}

/** Where data of a session are taken by a method. */
export function ingestBy(reply: HttpReply, method: string): string | undefined {
  const points = reply.get("session.ingest");
  const found = Array.isArray(points) ? points.find((one) => isObject(one) && one.method === method) : undefined;
  return isObject(found) && typeof found.url === "string" ? found.url : undefined;
}
