import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { HttpReply } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import type { HomsTest } from "../homs/case.js";
import type { Json } from "../homs/messages.js";
import {
  adminKey,
  closedAuth,
  creationOf,
  deletion,
  joinOf,
  keyOf,
  modificationOf,
  newPeer,
  overlayInfo,
  removalOf,
} from "../homs/messages.js";
import {
  accepted,
  create,
  entriesOf,
  entryPeersOf,
  joined,
  lifetimeOf,
  made,
  queryPath,
  refused,
  shown,
  ticketOf,
} from "../homs/overlays.js";
import type { Observation, Probe } from "./probe.js";

type Look = (t: HomsTest) => Promise<Observation | undefined>;

/** Two readings, one of which refuses what the other takes. */
function refusedOrTaken(what: string, send: (t: HomsTest) => Promise<HttpReply>): Look {
  return async (t) => {
    const reply = await send(t);
    const because = `${what} got ${reply.status}`;
    if (refused.test(reply)) return { shows: "A", excludes: ["B"], because };
    return accepted.test(reply) ? { shows: "B", excludes: ["A"], because } : undefined;
  };
}

function creating(more: (t: HomsTest) => Json) {
  return (t: HomsTest): Promise<HttpReply> => create(t, creationOf(t, overlayInfo(t, more(t))), { malformed: true });
}

/** Without auth nobody has a key to remove the overlay with, unless the answer gives one; its lifetime is short for that. */
async function withoutAuth(t: HomsTest): Promise<HttpReply> {
  const { auth: _, ...info } = overlayInfo(t, { expires: 30 });
  const reply = await create(t, creationOf(t, info), { malformed: true });
  const id = reply.get("overlay.overlay-id");
  const key = reply.get("overlay.auth.admin_key") ?? reply.get("overlay.auth.admin-key");
  if (typeof id === "string" && typeof key === "string") {
    const owner = { id, ownerId: String(info["owner-id"]), auth: { type: "open", [adminKey(t)]: key } };
    t.cleanup(`overlay ${id}`, () => deletion(t, "/homs", removalOf(owner), { malformed: true }));
  }
  return reply;
}

const tickets: Look = async (t) => {
  const member = await joined(t, await made(t));
  return ticketOf(member.reply) === undefined
    ? { shows: "B", excludes: ["A"], because: "the answer to a join has no ticket-id" }
    : { shows: "A", because: "the answer to a join has a ticket-id" };
};

/** E-HOMP-11: the body alone first; the query string as well only where that is refused. */
const carrier: Look = async (t) => {
  const owner = await made(t);
  const body = removalOf(owner);
  const alone = await t.http.delete("/homs", { body, malformed: true });
  if (accepted.test(alone)) return { shows: "A", because: "a removal with its identifiers in the body is carried out" };
  const query = new URLSearchParams({ "overlay-id": owner.id, "owner-id": owner.ownerId });
  const both = await t.http.delete(`/homs?${query}`, { body, malformed: true });
  if (!accepted.test(both)) return undefined;
  const because = `a removal got ${alone.status} with its identifiers in the body, ${both.status} with those in the query string too`;
  return { shows: "B", excludes: ["A"], because };
};

const lifetime: Look = async (t) => {
  const member = await joined(t, await made(t, { expires: 50_000 }));
  const seconds = Number(lifetimeOf(member.reply));
  if (!(seconds > 0)) return undefined;
  const because = `a join without expires got ${seconds} s in an overlay of 50,000 s`;
  const rest = seconds > 49_900 && seconds <= 50_000;
  return seconds === 86_400 || rest ? { shows: "B", because } : { shows: "A", excludes: ["B"], because };
};

const entryPeers: Look = async (t) => {
  const overlay = await made(t);
  await joined(t, overlay);
  const member = await joined(t, overlay);
  const ids = entryPeersOf(member.reply)?.map((one) => one["peer-id"]);
  if (!ids) return undefined;
  return ids.includes(member.peerId)
    ? { shows: "B", because: "a joining peer is in its own list of entry peers" }
    : { shows: "A", excludes: ["B"], because: "a joining peer is not in its own list of entry peers" };
};

/** E-HOMP-40: the access key of a closed overlay, after a modification that does not name it. */
const partialAuth: Look = async (t) => {
  const key = t.random.hex(16);
  const overlay = await made(t, { auth: closedAuth(t, { key }) });
  const comes = (): Promise<HttpReply> =>
    t.http.post("/peer", { body: joinOf(overlay, newPeer(t), { auth: keyOf(t, key) }), malformed: true });
  if (!accepted.test(await comes())) return undefined;
  const auth = Object.fromEntries(Object.entries(overlay.auth).filter(([name]) => !name.startsWith("access")));
  const body = modificationOf({ ...overlay, auth }, { title: t.unique("title") });
  if (!accepted.test(await t.http.put("/homs", { body, malformed: true }))) return undefined;
  const reply = await comes();
  const because = `after a modification without the access key, a join with it got ${reply.status}`;
  if (accepted.test(reply)) return { shows: "A", excludes: ["B"], because };
  return refused.test(reply) ? { shows: "B", excludes: ["A"], because } : undefined;
};

const echo: Look = async (t) => {
  const { reply } = await made(t, { auth: closedAuth(t, { key: t.random.hex(16) }) });
  const auth = reply.get("overlay.auth");
  if (!isObject(auth)) return undefined;
  return Object.keys(auth).some((name) => /^(admin|access)[-_]key$/.test(name))
    ? { shows: "A", excludes: ["B"], because: "the answer to a creation repeats a key" }
    : { shows: "B", because: "the answer to a creation repeats no key" };
};

const strangers: Look = async (t) => {
  const word = t.random.hex(16);
  const { id } = await made(t, { title: word, auth: closedAuth(t, { key: t.random.hex(16) }) });
  const reply = await t.http.get(queryPath({ title: word }));
  const entries = accepted.test(reply) ? entriesOf(reply) : [];
  if (!entries) return undefined;
  return entries.some((one) => one["overlay-id"] === id)
    ? { shows: "A", excludes: ["B"], because: "a stranger's query lists a closed overlay" }
    : { shows: "B", excludes: ["A"], because: "a stranger's query does not list a closed overlay" };
};

const zero: Look = async (t) => {
  const reply = await creating(() => ({ expires: 0 }))(t);
  const because = `a creation with expires 0 got ${reply.status}`;
  if (refused.test(reply)) return { shows: "A", excludes: ["B"], because };
  const id = reply.get("overlay.overlay-id");
  if (!accepted.test(reply) || typeof id !== "string") return undefined;
  return (await shown(t, id)) === undefined
    ? undefined
    : { shows: "B", excludes: ["A"], because: `${because}, and the overlay is there` };
};

// ---- options ----

const subOverlays: Look = async (t) => {
  const replies = [];
  for (const shape of ["tree", "mesh"]) replies.push(await creating(() => ({ type: "sub", "sub-type": shape }))(t));
  const because = `creations of type sub got ${replies.map(({ status }) => status).join(" and ")}`;
  if (replies.every((one) => accepted.test(one))) return { shows: true, because };
  return replies.every((one) => refused.test(one)) ? { shows: false, because } : undefined;
};

const bounds: Look = async (t) => {
  const replies = [
    await creating(() => ({ "heartbeat-interval": 5, "heartbeat-timeout": 40 }))(t),
    await creating(() => ({ "heartbeat-interval": 10, "heartbeat-timeout": 30 }))(t),
  ];
  const because = `an interval of 5 s got ${replies[0]?.status}, a timeout of three intervals ${replies[1]?.status}`;
  if (replies.every((one) => refused.test(one))) return { shows: true, because };
  return replies.every((one) => accepted.test(one)) ? { shows: false, because } : undefined;
};

const anyCase: Look = async (t) => {
  const word = `aB${t.random.hex(10)}`;
  const { id } = await made(t, { title: `about ${word}` });
  const found = async (title: string): Promise<boolean | undefined> => {
    const reply = await t.http.get(queryPath({ title }));
    if (refused.test(reply)) return false;
    return entriesOf(reply)?.some((one) => one["overlay-id"] === id);
  };
  if ((await found(word)) !== true) return undefined;
  const shows = await found(word.toUpperCase());
  if (shows === undefined) return undefined;
  return { shows, because: `a word of the title, in capitals, ${shows ? "finds" : "does not find"} the overlay` };
};

const combined: Look = async (t) => {
  const [title, description] = [t.random.hex(12), t.random.hex(12)];
  const both = await made(t, { title, description });
  const one = await made(t, { title });
  const other = await made(t, { description });
  const reply = await t.http.get(queryPath({ title, description }));
  const ids = entriesOf(reply)?.map((entry) => entry["overlay-id"]);
  if (!ids) return undefined;
  if (JSON.stringify(ids) === JSON.stringify([both.id])) {
    return { shows: true, because: "a query by title and description finds what has both, and nothing else" };
  }
  const loose = ids.includes(one.id) || ids.includes(other.id) || !ids.includes(both.id);
  return loose
    ? { shows: false, because: "a query by title and description does not find just what has both" }
    : undefined;
};

const reading = (erratum: ErratumId, requirement: Probe["requirement"], observe: Look): Probe<HomsTest> => ({
  item: `readings.${erratum}`,
  requirement,
  observe,
});

/** What tells which options and readings a HOMS has. */
export const homsProbes: readonly Probe<HomsTest>[] = [
  { ...reading("E-HOMP-11", "HOMP-6.2.4-03", carrier), adopt: true },
  reading("E-HOMP-05", "HOMP-6.2.1-12", refusedOrTaken("a creation without auth", withoutAuth)),
  reading("E-HOMP-07", "HOMP-6.2.5-07", tickets),
  reading("E-HOMP-20", "HOMP-6.2.5-04", lifetime),
  reading(
    "E-HOMP-28",
    "HOMP-6.1.1-03",
    refusedOrTaken(
      "a creation of type core, mesh",
      creating(() => ({ type: "core", "sub-type": "mesh" })),
    ),
  ),
  reading(
    "E-HOMP-29",
    "HOMP-6.1.3-04",
    refusedOrTaken(
      "a closed overlay with neither access key nor peers",
      creating((t) => ({ auth: closedAuth(t) })),
    ),
  ),
  reading("E-HOMP-34", "HOMP-6.2.5-15", entryPeers),
  reading("E-HOMP-40", "HOMP-6.2.3-10", partialAuth),
  reading("E-HOMP-41", "HOMP-6.2.1-25", echo),
  reading("E-HOMP-56", "HOMP-6.2.2-09", strangers),
  reading("E-HOMP-62", "HOMP-6.1.1-06", zero),
  { item: "options.sub-overlays", requirement: "HOMP-6.1.1-03", observe: subOverlays },
  { item: "options.strict-heartbeat-bounds", requirement: "HOMP-6.2.1-15", observe: bounds },
  { item: "options.query-any-case", requirement: "HOMP-6.2.2-08", observe: anyCase },
  { item: "options.query-combined", requirement: "HOMP-6.2.2-07", observe: combined },
];
