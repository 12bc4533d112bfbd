import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import type { HomsTest } from "./case.js";
import type { Json } from "./messages.js";
import {
  creationOf,
  deletion,
  joinOf,
  leaveOf,
  modificationOf,
  newPeer,
  overlayInfo,
  refreshOf,
  removalOf,
  reportOf,
} from "./messages.js";
import type { Member, Overlay } from "./overlays.js";
import { accepted, create, joined, made, peersOf, shown } from "./overlays.js";

export interface Message {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  /** Whether what the message is about is as it was; absent where there is nothing to look at. */
  readonly untouched?: () => Promise<boolean>;
}

/** One primitive with a body, for cases that treat them all alike. */
export interface Primitive {
  readonly name: string;
  /** The statement that a failure gets a fitting code. */
  readonly failure: RequirementId;
  /** A message that a HOMS has to carry out, with everything it presupposes. */
  valid(t: HomsTest): Promise<Message>;
  send(t: HomsTest, body: Json, malformed: boolean): Promise<HttpReply>;
  /** Mandatory members of type STRING, and the statement that makes each mandatory. */
  readonly strings: readonly { readonly path: string; readonly requirement: RequirementId }[];
}

type Method = "POST" | "PUT" | "DELETE";

function primitive(
  name: string,
  failure: RequirementId,
  [method, path]: readonly [Method, "/homs" | "/peer" | "/peer/report"],
  message: (t: HomsTest) => Promise<Pick<Message, "body" | "untouched">>,
  strings: Readonly<Record<string, RequirementId>>,
): Primitive {
  return {
    name,
    failure,
    valid: async (t) => ({ method, path, ...(await message(t)) }),
    send: (t, sent, malformed) => {
      if (name === "creation") return create(t, sent, { malformed });
      if (method === "DELETE" && path !== "/peer/report") return deletion(t, path, sent, { malformed });
      return t.http.send(method, path, { body: sent, malformed });
    },
    strings: Object.entries(strings).map(([at, requirement]) => ({ path: at, requirement })),
  };
}

/** An overlay where another peer stays, and a member of it. */
async function member(t: HomsTest) {
  const overlay = await made(t);
  await joined(t, overlay);
  return await joined(t, overlay);
}

async function ownersMessage(t: HomsTest, body: (t: HomsTest, overlay: Overlay) => Json) {
  const overlay = await made(t);
  const untouched = async () => (await shown(t, overlay.id))?.title === overlay.info.title;
  return { body: body(t, overlay), untouched };
}

async function membersMessage(t: HomsTest, body: (overlayId: string, one: Member) => Json) {
  const one = await member(t);
  const refresh = () => t.http.put("/peer", { body: refreshOf(one.overlayId, one) });
  return { body: body(one.overlayId, one), untouched: async () => accepted.test(await refresh()) };
}

/** The seven primitives that have a body, in the order of the clauses; creation first. */
export const primitives: readonly Primitive[] = [
  primitive("creation", "HOMP-6.2.1-27", ["POST", "/homs"], async (t) => ({ body: creationOf(t, overlayInfo(t)) }), {
    title: "HOMP-6.2.1-04",
    type: "HOMP-6.2.1-05",
    "sub-type": "HOMP-6.2.1-06",
    "owner-id": "HOMP-6.2.1-07",
  }),
  primitive(
    "modification",
    "HOMP-6.2.3-17",
    ["PUT", "/homs"],
    (t) => ownersMessage(t, (_, overlay) => modificationOf(overlay, { title: t.unique("title") })),
    { "overlay.overlay-id": "HOMP-6.2.3-04", "overlay.owner-id": "HOMP-6.2.3-05" },
  ),
  primitive(
    "removal",
    "HOMP-6.2.4-06",
    ["DELETE", "/homs"],
    (t) => ownersMessage(t, (_, overlay) => removalOf(overlay)),
    { "overlay.overlay-id": "HOMP-6.2.4-03", "overlay.owner-id": "HOMP-6.2.4-03" },
  ),
  primitive(
    "join",
    "HOMP-6.2.5-17",
    ["POST", "/peer"],
    async (t) => {
      const overlay = await made(t);
      const before = await peersOf(t, overlay);
      return { body: joinOf(overlay, newPeer(t)), untouched: async () => (await peersOf(t, overlay)) === before };
    },
    { "overlay.overlay-id": "HOMP-6.2.5-03", "peer.peer-id": "HOMP-6.2.5-08", "peer.address": "HOMP-6.2.5-08" },
  ),
  primitive(
    "report",
    "HOMP-6.2.6-06",
    ["POST", "/peer/report"],
    (t) => membersMessage(t, (id, one) => reportOf(t, id, one)),
    {
      "overlay.overlay-id": "HOMP-6.2.6-03",
      "peer.peer-id": "HOMP-6.2.6-03",
    },
  ),
  primitive("refresh", "HOMP-6.2.7-09", ["PUT", "/peer"], (t) => membersMessage(t, refreshOf), {
    "overlay.overlay-id": "HOMP-6.2.7-04",
    "peer.peer-id": "HOMP-6.2.7-06",
  }),
  primitive("leave", "HOMP-6.2.8-10", ["DELETE", "/peer"], (t) => membersMessage(t, leaveOf), {
    "overlay.overlay-id": "HOMP-6.2.8-06",
    "peer.peer-id": "HOMP-6.2.8-08",
  }),
];
