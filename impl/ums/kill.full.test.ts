import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createUmsClient } from "../../generated/ums/client.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import { createUms } from "./server.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-ums-kill-"));
afterAll(() => rmSync(directory, { recursive: true }));

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const served = fileURLToPath(new URL("./test/served.ts", import.meta.url));
const channel = { title: "Rain", ixs_url: "http://ixs.example", data_source_id: "gauge", data_id: "rainfall" };

async function start(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", loader, served, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

test("kill -9 under load loses no right that was given and revives none that was taken back", {
  timeout: 90_000,
}, async () => {
  const path = join(directory, "ums.db");
  const { child, url } = await start(path);
  const admin = createUmsClient({ baseUrl: url, retry: false, auth: { bearer: "admin" } });
  expect((await admin.UMS_CHANNEL_PUT({ params: { CID: "rain" }, body: { channel } })).status).toBe(200);
  const given = new Set<string>();
  const taken = new Set<string>();
  const work = async (prefix: string) => {
    try {
      for (let i = 0; ; i++) {
        const UID = `${prefix}-${i}`;
        const user = { credential: `secret-of-${UID}` };
        expect((await admin.UMS_USER_PUT({ params: { UID }, body: { user } })).status).toBe(200);
        const params = { CID: "rain", UID };
        expect((await admin.UMS_GRANT_PUT({ params, body: { grant: {} } })).status).toBe(200);
        given.add(UID);
        if (i % 2 === 0) continue;
        given.delete(UID);
        expect((await admin.UMS_GRANT_DELETE({ params })).status).toBe(200);
        taken.add(UID);
      }
    } catch (error) {
      if (error instanceof Error && error.name === "AssertionError") throw error;
    }
  };
  const all = Array.from({ length: 8 }, (_, i) => work(`u${i}`));
  await expect.poll(() => Math.min(given.size, taken.size), { timeout: 30_000 }).toBeGreaterThan(40);
  setTimeout(() => child.kill("SIGKILL"), Math.random() * 100);
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  await Promise.all(all);

  const store = openSqliteStore(path);
  const { core } = createUms({ store, adminTokens: ["admin"] });
  await store.close();
  const channels = (UID: string) => core.channelsOf(`secret-of-${UID}`)?.length;
  expect([...given].filter((UID) => channels(UID) !== 1)).toEqual([]);
  expect([...taken].filter((UID) => channels(UID) !== 0)).toEqual([]);
});
