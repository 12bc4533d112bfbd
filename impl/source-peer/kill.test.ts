import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Code } from "../../generated/ldmp/index.js";
import { octets } from "../ldmp/test/support.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import { startSourcePeer } from "./source-peer.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-source-peer-"));
afterAll(() => rmSync(directory, { recursive: true }));

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const program = fileURLToPath(new URL("./test/killable.ts", import.meta.url));

test("kill -9 amid registrations and releases: what was acknowledged holds", { timeout: 60_000 }, async () => {
  const path = join(directory, "source-peer.db");
  const child = spawn(process.execPath, ["--import", loader, program, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());

  const socket = createSocket("udp4");
  const registered = new Set<number>();
  let sent = 0;
  // One message per answer, and every third data source leaves again at once.
  const next = (): void => {
    const sourceId = 100 + ++sent;
    socket.send(octets({ code: Code.registration, sourceId, messageId: 1 }), port, "127.0.0.1");
  };
  socket.on("message", (message) => {
    const sourceId = message.readUInt16BE(6);
    if (message[1] !== Code.ok) return;
    if (message.readUInt16BE(2) === 2) registered.delete(sourceId);
    else {
      registered.add(sourceId);
      if (sourceId % 3 === 0) {
        // Not acknowledged yet: it may be in the file or not.
        registered.delete(sourceId);
        socket.send(octets({ code: Code.release, sourceId, messageId: 2 }), port, "127.0.0.1");
        return;
      }
    }
    next();
  });
  for (let i = 0; i < 20; i++) next();
  await expect.poll(() => registered.size, { timeout: 30_000, interval: 1 }).toBeGreaterThan(300);
  child.kill("SIGKILL");
  const acknowledged = [...registered];
  await once(child, "close");

  const store = openSqliteStore(path);
  const peer = await startSourcePeer({ store, control: false });
  const found = new Set(peer.list().map(({ id }) => id));
  await peer.close();
  await store.close();
  socket.close();
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect([...found].filter((id) => id % 3 === 0).length).toBeLessThanOrEqual(20);
});
