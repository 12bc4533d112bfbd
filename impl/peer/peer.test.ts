import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";

describe("a session with OMS, IXS and PAMS, over sockets [X.609.10 7.1]", () => {
  const servers = new Servers();
  let folder: string;
  beforeAll(async () => {
    await servers.start("pams", "ixs", "oms");
    folder = await mkdtemp(join(tmpdir(), "mp2p-peer-"));
  });
  afterAll(async () => {
    await servers.close();
    await rm(folder, { recursive: true });
  });

  test("FILE: three peers, in memory and in folders; then nothing is left on any server", {
    timeout: patience,
  }, async () => {
    const content = randomBytes(600_001);
    const source = await servers.peer();
    const session = await source.createSession(sessionOf(servers, { title: "a file" }));
    const early = await servers.peer({ folder: join(folder, "early") });
    const joined = await early.join(await early.find({ title: "a file" }));
    for (const piece of pieces(content, 4096)) await session.append(piece);
    await session.end();
    expect(session.indexFile).toMatchObject({ version: 2, content_size: 600_001, number_of_fragments: 147 });
    const others = await Promise.all([servers.peer(), servers.peer({ folder: join(folder, "late") })]);
    const sessions = [
      joined,
      ...(await Promise.all(others.map(async (peer) => peer.join(await peer.find({ dataId: "data" }))))),
    ];
    for (const one of await Promise.all(sessions.map(collect))) expect(one.octets.equals(content)).toBe(true);
    await Promise.all(sessions.map(({ completed }) => completed));
    for (const { path } of sessions.filter(({ path }) => path !== undefined)) {
      expect((await readFile(path ?? "")).equals(content)).toBe(true);
    }
    const overlay = servers.pams.overlays.get(session.overlayId);
    await until(() => overlay?.peers.size === 4, "all report to the PAMS [8.2 a)]");
    await Promise.all(sessions.map((one) => one.leave()));
    await session.terminate();
    await until(async () => (await servers.left("a file")).pams === 0, "the OMS deregisters it at the PAMS");
    expect(await servers.left("a file")).toEqual({ oms: 0, pams: 0, found: false });
  });

  test("STREAM: what comes is what was sent, in order, and ends with it", { timeout: patience }, async () => {
    const source = await servers.peer();
    const session = await source.createSession(sessionOf(servers, { title: "a stream", contentType: "STREAM" }));
    const peers = await Promise.all([servers.peer(), servers.peer(), servers.peer({ listen: false })]);
    const sessions = await Promise.all(peers.map(async (peer) => peer.join(await peer.find({ title: "a stream" }))));
    await until(() => sessions.every(({ state }) => state.links.length > 0), "everybody is linked");
    const received = sessions.map(collect);
    const content = randomBytes(100_000);
    for (const piece of pieces(content, 4000)) {
      await session.append(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await session.end();
    for (const one of await Promise.all(received)) {
      expect(one.missed).toBe(0);
      expect(one.octets.equals(content)).toBe(true);
    }
    await session.updateIndex({ description: "is over" });
    expect(await peers[0]?.find({ title: "a stream" })).toMatchObject({ version: 2, description: "is over" });
    await session.terminate();
  });

  test("a file as it is on disk, for those who know the password [8.5 f)]", { timeout: patience }, async () => {
    const path = join(folder, "shared");
    const content = randomBytes(50_000);
    await writeFile(path, content);
    const [source, peer] = [await servers.peer(), await servers.peer()];
    const closed = { password: "open sesame" };
    const session = await source.createSession(sessionOf(servers, { title: "closed", content: { path }, closed }));
    const indexFile = await peer.find({ title: "closed" });
    expect(indexFile).toMatchObject({ closed: true, content_size: 50_000, number_of_fragments: 13 });
    await expect(peer.join(indexFile, { password: "wrong" })).rejects.toMatchObject({
      code: "ERR_REFUSED",
      status: 403,
    });
    const joined = await peer.join(indexFile, closed);
    expect((await collect(joined)).octets.equals(content)).toBe(true);
    await joined.completed;
    await session.terminate();
    await expect(peer.find({ title: "closed" })).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
  });
});
