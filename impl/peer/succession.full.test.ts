import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { SessionNews, SourceSession } from "./types.js";

const content = randomBytes(400_000);
const times = { aliveMs: 200 };

let servers: Servers;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mp2p-succession-"));
  path = join(folder, "shared");
  await writeFile(path, content);
  servers = await new Servers().start("pams", "ixs", "oms");
});
afterEach(async () => {
  await servers.close();
  await rm(folder, { recursive: true });
});

async function share(news: SessionNews[] = [], uploadRate = 10_000_000): Promise<SourceSession> {
  const source = await servers.peer({ times, settings: { uploadRate } });
  const onNews = (one: SessionNews): void => void news.push(one);
  return await source.createSession(sessionOf(servers, { title: "film", content: { path }, onNews }));
}
const kinds = (news: readonly SessionNews[]): string[] => news.map(({ kind }) => kind);

test("servers that have lost everything get a shared file's session again, in a new overlay network", {
  timeout: 2 * patience,
}, async () => {
  const news: SessionNews[] = [];
  const session = await share(news, 100_000);
  const before = session.overlayId;
  const early = await servers.peer();
  const slow = await early.join(await early.find({ title: "film" }));
  await until(() => slow.state.held.length > 0, "a fragment came");
  for (const kind of ["oms", "ixs", "pams"] as const) await servers.stop(kind, "forgets");
  await servers.start("pams", "ixs", "oms");
  await until(() => kinds(news).includes("moved"), "the session goes on elsewhere");
  expect(session.overlayId).not.toBe(before);
  expect(session.state.phase).toBe("running");
  const late = await servers.peer();
  const found = await late.find({ title: "film" });
  expect(found).toMatchObject({ overlay_network_id: session.overlayId, version: 2 });
  session.limit({ uploadRate: 10_000_000 });
  expect((await collect(await late.join(found))).octets.equals(content)).toBe(true);
  // Who was linked before has not lost that.
  expect((await collect(slow)).octets.equals(content)).toBe(true);
  await slow.leave();
  await session.terminate();
  const nothing = async (): Promise<boolean> => {
    const { oms, pams, found } = await servers.left("film");
    return oms === 0 && pams === 0 && !found;
  };
  await until(nothing, "nothing is left on any server");
});

test("the data of an application are gone with their overlay network: it is told so", {
  timeout: patience,
}, async () => {
  const source = await servers.peer({ times });
  const news: SessionNews[] = [];
  const onNews = (one: SessionNews): void => void news.push(one);
  const session = await source.createSession(sessionOf(servers, { contentType: "STREAM", onNews }));
  await servers.stop("oms", "forgets");
  await servers.start("oms");
  await until(() => kinds(news).includes("ended"), "the application is told");
  expect(kinds(news)).not.toContain("moved");
  expect(session.state.phase).toBe("ended");
});

test("receivers of a stream that is over do not hold each other up", { timeout: 2 * patience }, async () => {
  const source = await servers.peer();
  const session = await source.createSession(sessionOf(servers, { title: "live", contentType: "STREAM" }));
  const viewers = await Promise.all([1, 2].map(() => servers.peer()));
  const received = await Promise.all(
    viewers.map(async (viewer) => {
      const joined = await viewer.join(await viewer.find({ title: "live" }));
      return { joined, all: collect(joined) };
    }),
  );
  for (const piece of pieces(content.subarray(0, 40_960), 4096)) await session.append(piece);
  // With each other, and with the source peer.
  await until(() => received.every(({ joined }) => joined.state.links.length === 2), "everybody is linked");
  await servers.stop("oms", "forgets");
  await servers.start("oms");
  await until(() => received.every(({ joined }) => joined.state.phase === "ended"), "both know that it is over");
  await source.close();
  for (const { all } of received) expect((await all).octets.length).toBeGreaterThan(0);
  for (const { joined } of received) expect(joined.state.phase).toBe("ended");
});

test.each<[string, () => Promise<void>, RegExp]>([
  ["becomes shorter", () => truncate(path, 1000), /became shorter while it was shared/],
  ["is written to", () => appendFile(path, "more"), /was changed while it was shared/],
])("a shared file that %s ends the session, and says so", { timeout: patience }, async (_, change, reason) => {
  const news: SessionNews[] = [];
  await share(news, 100_000);
  const peer = await servers.peer();
  const joined = await peer.join(await peer.find({ title: "film" }));
  await until(() => joined.state.held.length > 0, "a fragment came");
  await change();
  await until(() => kinds(news).includes("ended"), "the source peer notices");
  expect(news.find(({ kind }) => kind === "ended")).toMatchObject({ reason: expect.stringMatching(reason) });
});

test("what answers and is no IXS is named, and so is the reason why nothing does", { timeout: patience }, async () => {
  const peer = await servers.peer({ ixs: servers.url("oms") });
  await expect(peer.find({ title: "film" })).rejects.toMatchObject({
    code: "ERR_REFUSED",
    message: expect.stringMatching(/is no IXS: 404: nothing here answers/),
  });
  const nobody = await servers.peer({ ixs: "http://127.0.0.1:1" });
  await expect(nobody.find({ title: "film" })).rejects.toMatchObject({
    code: "ERR_UNAVAILABLE",
    message: expect.stringMatching(/^the IXS at http:\/\/127\.0\.0\.1:1 does not answer: .*(bad port|ECONNREFUSED)/),
  });
});

test("of several sessions of one title all are told, the newest at the end", { timeout: patience }, async () => {
  await share();
  const other = await servers.peer();
  const second = await other.createSession(
    sessionOf(servers, { title: "film", dataSourceId: "somebody else", contentType: "STREAM" }),
  );
  const found = await other.findAll({ title: "film" });
  expect(found.map(({ data_source_id }) => data_source_id)).toEqual(["source", "somebody else"]);
  expect((await other.find({ title: "film" })).overlay_network_id).toBe(second.overlayId);
});
