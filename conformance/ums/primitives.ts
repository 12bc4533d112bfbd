import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { bearer, ready } from "../streaming/answers.js";
import type { UmsTest } from "./case.js";

export type Json = Record<string, unknown>;
export type Sending = Omit<HttpSendOptions, "body">;

export const FORM = "spec/ums";
const at = (resource: string, id: string): string => `/ums/${resource}/${encodeURIComponent(id)}`;

/** A user whom a case does not judge the making of. */
export interface User {
  readonly id: string;
  readonly credential: string;
  readonly peers: readonly string[];
}

export async function user(t: UmsTest, more: Json = {}): Promise<User> {
  return await t.setup("a user", async () => {
    const { reply, user: made } = await putUser(t, { ...userOf(t), ...more });
    ready(t, "a user's setting", reply);
    return made;
  });
}

interface Setting extends Json {
  readonly credential: string;
  readonly peer_id: readonly string[];
}

export const userOf = (t: UmsTest): Setting => ({ credential: t.random.hex(32), peer_id: [t.unique("peer")] });

/** UMS_USER_PUT; who it makes is removed after the case. */
export async function putUser(
  t: UmsTest,
  setting: Setting,
): Promise<{ readonly reply: HttpReply; readonly user: User }> {
  const id = t.unique("user");
  const reply = await t.admin.put(at("users", id), { body: { user: setting } });
  if (reply.status < 300) t.cleanup(`user ${id}`, () => t.admin.delete(at("users", id)));
  return { reply, user: { id, credential: setting.credential, peers: setting.peer_id } };
}

/** A channel: a session with the names that an OMS may give it. */
export interface Channel {
  readonly id: string;
  readonly title: string;
  readonly overlay: string;
  readonly setting: Json;
}

/** A channel for these users, with the times that their access has. */
export async function channel(t: UmsTest, users: readonly Json[]): Promise<Channel> {
  return await t.setup("a channel", async () => {
    const id = t.unique("channel");
    const setting = {
      title: t.unique("title"),
      ixs_url: "http://192.0.2.20:8080",
      data_source_id: t.unique("data-source"),
      data_id: t.unique("data"),
      overlay_network_id: t.unique("overlay"),
      oms_url: "http://192.0.2.21:8080",
    };
    ready(
      t,
      "a channel's setting",
      await t.admin.put(at("channels", id), { body: { channel: { ...setting, users } } }),
    );
    t.cleanup(`channel ${id}`, () => t.admin.delete(at("channels", id)));
    return { id, title: setting.title, overlay: setting.overlay_network_id, setting };
  });
}

/** Gives one user access to a channel. */
export async function grant(t: UmsTest, { id }: Channel, who: User, times: Json = {}): Promise<void> {
  await t.setup("access", async () => {
    const reply = await t.admin.put(`${at("channels", id)}/users/${encodeURIComponent(who.id)}`, {
      body: { grant: times },
    });
    ready(t, "a grant", reply);
  });
}

export async function withdraw(t: UmsTest, { id }: Channel, who: User): Promise<void> {
  await t.setup("the end of access", async () => {
    ready(t, "its end", await t.admin.delete(`${at("channels", id)}/users/${encodeURIComponent(who.id)}`));
  });
}

export const requestOf = (who: User, session: string, more: Json = {}): Json => ({
  user_id: who.id,
  user_credential: who.credential,
  peer_id: who.peers[0] ?? "",
  session_id: session,
  ...more,
});

/** UMS_ACCESS_QUERY, as an OMS. */
export function ask(
  t: UmsTest,
  request: Json,
  { http = t.http, ...as }: Sending & { http?: UmsTest["http"] } = {},
): Promise<HttpReply> {
  return http.post("/ums/access-rights", { body: { access_request: request }, ...as });
}

export const granted = (reply: HttpReply): unknown => reply.get("access_rights.granted");

/** UMS_CHANNEL_LIST, as the peer of a user. */
export function channels(t: UmsTest, credential: string, as: Sending = {}): Promise<HttpReply> {
  return t.user.get("/ums/channels", { ...(credential === "" ? {} : { headers: bearer(credential) }), ...as });
}

export function channelsIn(reply: HttpReply): readonly Json[] | undefined {
  const list = reply.get("channels");
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}
