import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Gate } from "./test/gate.js";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { Peer, Session, SessionNews, SourceSession } from "./types.js";

const size = 4096;
const content = randomBytes(size * 200);

let servers: Servers;
let source: Peer;
let session: SourceSession;
let title = "";
let count = 0;
beforeEach(async () => {
  servers = await new Servers().start("pams", "ixs", "oms");
  title = `session ${++count}`;
});
afterEach(() => servers.close());

async function begin(contentType: "FILE" | "STREAM", uploadRate = 200_000): Promise<void> {
  source = await servers.peer({ settings: { uploadRate } });
  session = await source.createSession(sessionOf(servers, { title, contentType, refreshExpiration: 4 }));
  if (contentType === "STREAM") return;
  for (const piece of pieces(content, size)) await session.append(piece);
  await session.end();
}

interface Heard {
  readonly peer: Peer;
  readonly session: Session;
  readonly news: SessionNews[];
}

async function join(): Promise<Heard> {
  const peer = await servers.peer();
  const joined = await peer.join(await peer.find({ title }));
  const news: SessionNews[] = [];
  joined.onNews((one) => news.push(one));
  return { peer, session: joined, news };
}

const heard = ({ news }: Heard, server: string, change: string): boolean =>
  news.some((one) => one.kind === "server" && one.server === server && one.change === change);

/** Downloads go on with the server gone; it comes back before the end. */
test.each(["oms", "pams", "ixs"] as const)(
  "the %s is gone while a file is fetched, and comes back: nothing is lost",
  { timeout: 2 * patience },
  async (kind) => {
    await begin("FILE");
    const peers = [await join(), await join()];
    await servers.stop(kind);
    const received = await Promise.all(peers.map((one) => collect(one.session)));
    for (const { octets } of received) expect(octets.equals(content)).toBe(true);
    if (kind !== "ixs") {
      await until(() => peers.every((one) => heard(one, kind.toUpperCase(), "down")), "the peers notice");
      expect(peers[0]?.session.state.down).toContain(kind.toUpperCase());
    }
    await servers.start(kind);
    await Promise.all(peers.map((one) => one.session.completed));
    const found = () => servers.left(title).then((left) => left.found);
    await until(found, "the session is in the index, or again");
    if (kind !== "ixs")
      await until(() => peers.every((one) => heard(one, kind.toUpperCase(), "up")), "and find it again");
    const late = await join();
    expect((await collect(late.session)).octets.equals(content)).toBe(true);
    if (kind === "pams") {
      const overlay = () => servers.pams.overlays.get(session.overlayId);
      await until(() => overlay()?.peers.size === 4, "everybody reports again");
    }
    await session.terminate();
    expect(await servers.left(title)).toMatchObject({ oms: 0, found: false });
  },
);

test("a PAMS that has forgotten everything: overlay network and peers register again, and say what they hold", {
  timeout: 2 * patience,
}, async () => {
  await begin("FILE", Number.POSITIVE_INFINITY);
  const one = await join();
  await one.session.completed;
  await servers.stop("pams", "forgets");
  await servers.start("pams");
  const overlay = () => servers.pams.overlays.get(session.overlayId);
  await until(() => overlay()?.peers.size === 2, "everybody registers again");
  const complete = () => [...(overlay()?.peers.values() ?? [])].filter(({ event }) => event === "COMPLETED");
  await until(() => complete().length === 2, "and reports");
  await session.terminate();
});

test("a peer cut off from the OMS for longer than its membership lasts joins again; its links go on", {
  timeout: 2 * patience,
}, async () => {
  await begin("FILE");
  const gate = await Gate.to(servers.url("oms"));
  const peer = await servers.peer();
  const joined = await peer.join({ ...session.indexFile, oms_url: gate.url });
  const one: Heard = { peer, session: joined, news: [] };
  joined.onNews((news) => one.news.push(news));
  gate.open = false;
  await until(() => servers.members(session.overlayId) === 1, "the OMS gives it up");
  expect(heard(one, "OMS", "down")).toBe(true);
  gate.open = true;
  await until(() => one.news.some(({ kind }) => kind === "rejoined"), "it joins again");
  const other = await join();
  expect((await collect(joined)).octets.equals(content)).toBe(true);
  expect((await collect(other.session)).octets.equals(content)).toBe(true);
  await session.terminate();
  gate.close();
});

test("an IXS that has forgotten the session has it back, in its newest version", {
  timeout: 2 * patience,
}, async () => {
  await begin("STREAM");
  await session.updateIndex({ description: "second" });
  await servers.stop("ixs", "forgets");
  await servers.start("ixs");
  const peer = await servers.peer();
  const found = () => peer.find({ title }).catch(() => undefined);
  await until(async () => (await found())?.version === 2, "it is registered again");
  expect(await found()).toMatchObject({ description: "second", overlay_network_id: session.overlayId });
  await session.terminate();
  expect(await found()).toBeUndefined();
});

test("an IXS that is down when the session ends is told as soon as it is back", { timeout: 2 * patience }, async () => {
  await begin("STREAM");
  await servers.stop("ixs");
  const terminated = session.terminate();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await servers.start("ixs");
  await terminated;
  expect(await servers.left(title)).toMatchObject({ oms: 0, found: false });
});

test("a server that stays away is named when the session ends, and the others are told", {
  timeout: 2 * patience,
}, async () => {
  await begin("STREAM");
  await servers.stop("ixs");
  await expect(session.terminate()).rejects.toMatchObject({
    code: "ERR_UNAVAILABLE",
    message: expect.stringContaining("IXS"),
  });
  await servers.start("ixs");
  expect(await servers.left(title)).toMatchObject({ oms: 0 });
});

test("an OMS that has forgotten everything ends the session for its source peer; links go on, and all is delivered", {
  timeout: 2 * patience,
}, async () => {
  await begin("FILE");
  const one = await join();
  const ended = new Promise<SessionNews>((resolve) => session.onNews((news) => news.kind === "ended" && resolve(news)));
  await servers.stop("oms", "forgets");
  await servers.start("oms");
  await ended;
  expect(session.state.phase).toBe("ended");
  expect((await collect(one.session)).octets.equals(content)).toBe(true);
  await until(() => one.news.some(({ kind }) => kind === "ended"), "the peer hears of it too");
  await session.terminate();
});

test("peers who join while the OMS is down wait for it", { timeout: 2 * patience }, async () => {
  await begin("FILE", Number.POSITIVE_INFINITY);
  const peer = await servers.peer();
  const indexFile = await peer.find({ title });
  await servers.stop("oms");
  const joining = peer.join(indexFile);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await servers.start("oms");
  expect((await collect(await joining)).octets.equals(content)).toBe(true);
  await session.terminate();
});

test("the end of a stream's session ends it for its peers", { timeout: 2 * patience }, async () => {
  await begin("STREAM", Number.POSITIVE_INFINITY);
  const one = await join();
  await until(() => one.session.state.links.length > 0, "they are linked");
  const received = collect(one.session);
  await session.append(content.subarray(0, size));
  await until(() => one.session.state.held.length > 0, "it comes");
  // Without end(): the source peer just goes.
  await session.terminate();
  expect((await received).octets.equals(content.subarray(0, size))).toBe(true);
  expect(one.session.state.phase).toBe("ended");
});

test("a file whose session is over and whose last peer has left is given up, with a reason", {
  timeout: 2 * patience,
}, async () => {
  await begin("FILE");
  const one = await join();
  await until(() => one.session.state.held.length > 0, "it begins");
  await session.terminate();
  await expect(one.session.completed).rejects.toMatchObject({ code: "ERR_UNAVAILABLE" });
});

test("a peer that is closed waits for its OMS no longer", { timeout: 2 * patience }, async () => {
  await begin("STREAM");
  const peer = await servers.peer();
  await servers.stop("oms");
  const joining = peer.join(session.indexFile);
  const refused = expect(joining).rejects.toMatchObject({ code: "ERR_LEFT" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await peer.close();
  await refused;
  await servers.start("oms");
});
