import { randomBytes } from "node:crypto";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import { patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { Peer, Session, SourceSession } from "./types.js";

const size = 4096;
const content = randomBytes(size * 150);

let servers: Servers;
let folder: string;
let session: SourceSession;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mp2p-restart-"));
  servers = await new Servers().start("pams", "ixs", "oms");
  const source = await servers.peer({ settings: { uploadRate: 200_000 } });
  session = await source.createSession(sessionOf(servers));
  for (const piece of pieces(content, size)) await session.append(piece);
  await session.end();
});
afterEach(async () => {
  await session.terminate();
  await servers.close();
  await rm(folder, { recursive: true });
});

const count = ({ state }: Session): number => state.held.reduce((sum, run) => sum + run.count, 0);

async function part(peer: Peer): Promise<number> {
  const joined = await peer.join(session.indexFile);
  await until(() => count(joined) >= 60, "a part is there");
  const held = count(joined);
  await joined.leave();
  return held;
}

test("what an earlier process fetched is verified and kept, under the same name at the OMS or another", {
  timeout: patience,
}, async () => {
  const key = createSigningKey();
  const held = await part(await servers.peer({ peerId: "me", key, folder }));
  const again = await servers.peer({ peerId: "me", key, folder });
  const joined = await again.join(session.indexFile);
  expect(count(joined)).toBeGreaterThanOrEqual(held);
  await joined.completed;
  expect((await readFile(joined.path ?? "")).equals(content)).toBe(true);
  expect(joined.state.downloaded).toBeLessThan(content.length - 50 * size);
});

test("octets that changed on the disk meanwhile are fetched again", { timeout: patience }, async () => {
  await part(await servers.peer({ folder }));
  const [name = ""] = await readdir(folder);
  const file = await open(join(folder, name, "content"), "r+");
  const { size: there } = await file.stat();
  for (let at = 0; at < there; at += 10 * size) await file.write(Buffer.from([0x55, 0xaa]), 0, 2, at + 7);
  await file.close();
  const joined = await (await servers.peer({ folder })).join(session.indexFile);
  await joined.completed;
  expect((await readFile(joined.path ?? "")).equals(content)).toBe(true);
});

test("peers that come and go: everybody who stays gets everything", { timeout: 2 * patience }, async () => {
  const stay = await Promise.all(Array.from({ length: 4 }, () => servers.peer()));
  const sessions = await Promise.all(stay.map((peer) => peer.join(session.indexFile)));
  for (let turn = 0; turn < 4; turn++) {
    const guest = await servers.peer();
    const visit = await guest.join(session.indexFile);
    await until(() => count(visit) >= 10, "the guest has something");
    if (turn % 2 === 0) await visit.leave();
    else await guest.close();
  }
  await Promise.all(sessions.map(({ completed }) => completed));
  const source = sessions.reduce((sum, { state }) => sum + state.uploaded, 0);
  expect(source).toBeGreaterThan(0);
});

test("a source peer that crashed and comes back with its key takes the place of the session it left", {
  timeout: patience,
}, async () => {
  const key = createSigningKey();
  const named = { title: "back again", dataId: "back again" };
  const crashed = await servers.peer({ peerId: "phoenix", key });
  const left = await crashed.createSession(sessionOf(servers, named));
  const stranger = await servers.peer({ peerId: "phoenix" });
  await expect(stranger.createSession(sessionOf(servers, named))).rejects.toThrow(/registered/);

  const back = await servers.peer({ peerId: "phoenix", key });
  const again = await back.createSession(sessionOf(servers, named));
  expect(again.overlayId).not.toBe(left.overlayId);
  expect(again.indexFile.version).toBe(2);
  await again.append(content.subarray(0, size));
  await again.end();
  const getter = await servers.peer();
  const found = await getter.find(named);
  expect(found).toMatchObject({ overlay_network_id: again.overlayId, version: 3 });
  await (await getter.join(found)).completed;
  await again.terminate();
  await expect(getter.find(named)).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
});

test("what was fetched in an overlay network that is no more is not fetched again in the next one", {
  timeout: patience,
}, async () => {
  const path = join(folder, "shared");
  await writeFile(path, content);
  const key = createSigningKey();
  const options = sessionOf(servers, { title: "anew", dataId: "anew", content: { path } });
  const crashed = await servers.peer({ key, settings: { uploadRate: 200_000 } });
  await crashed.createSession(options);
  const parts = join(folder, "parts");
  const getter = await servers.peer({ folder: parts });
  const first = await getter.join(await getter.find({ title: "anew" }));
  await until(() => count(first) >= 100, "a part is there");
  await first.leave();
  const back = await servers.peer({ key, settings: { uploadRate: 200_000 } });
  const again = await back.createSession(options);
  const second = await getter.join(await getter.find({ title: "anew" }));
  expect(second.overlayId).toBe(again.overlayId);
  await second.completed;
  expect((await readFile(second.path ?? "")).equals(content)).toBe(true);
  expect(second.state.downloaded).toBeLessThan(content.length - 60 * size);
  expect(await readdir(parts)).toHaveLength(1);
  await again.terminate();
});
