import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createIxsClient } from "../../generated/ixs/client.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import { createIxs } from "./server.js";
import { indexFile } from "./test/files.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-ixs-kill-"));
afterAll(() => rmSync(directory, { recursive: true }));

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const served = fileURLToPath(new URL("./test/served.ts", import.meta.url));

async function start(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", loader, served, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

test("kill -9 under load: no version that was acknowledged or seen is ever taken back", {
  timeout: 90_000,
}, async () => {
  const path = join(directory, "ixs.db");
  const least = new Map<string, number>();
  const gone = new Set<string>();
  const note = (data: string, version: number) => least.set(data, Math.max(version, least.get(data) ?? 0));
  let acknowledged = 0;
  const { child, url } = await start(path);
  // The file is this process's alone: a second IXS on it is refused instead of serving what the first one has outdated.
  expect(() => openSqliteStore(path)).toThrow(/in use by another process/);

  const write = async (data_id: string) => {
    const client = createIxsClient({ baseUrl: url, retry: false });
    try {
      const first = await client.IXS_INDEX_FILE_REGISTER({ body: { index_file: indexFile({ data_id }) } });
      if (first.status !== 200) throw new Error("not registered");
      note(data_id, 1);
      const auth = { bearer: first.body.registration.owner_token ?? "" };
      const owner = createIxsClient({ baseUrl: url, retry: false, auth });
      for (let version = 2; ; version++) {
        const result = await owner.IXS_INDEX_FILE_UPDATE({ body: { index_file: indexFile({ data_id, version }) } });
        expect(result.status).toBe(200);
        note(data_id, version);
        acknowledged++;
        if (!data_id.endsWith("0") || version < 5) continue;
        const named = { data_source_id: "gauge-1", data_id, version };
        expect((await owner.IXS_INDEX_FILE_REMOVE({ query: named })).status).toBe(200);
        gone.add(data_id);
        return;
      }
    } catch (error) {
      if (error instanceof Error && error.name === "AssertionError") throw error;
    }
  };
  const read = async (data_id: string) => {
    const client = createIxsClient({ baseUrl: url, retry: false });
    try {
      for (;;) {
        const result = await client.IXS_INDEX_FILE_QUERY({ query: { data_id } });
        if (result.status === 200) note(data_id, result.body.index_file_list.index_file[0]?.version ?? 0);
      }
    } catch {
      // The server is gone.
    }
  };
  const names = Array.from({ length: 10 }, (_, i) => `d${i}`);
  const work = names.flatMap((name) => [write(name), read(name)]);
  await expect.poll(() => acknowledged, { timeout: 30_000 }).toBeGreaterThan(100);
  setTimeout(() => child.kill("SIGKILL"), Math.random() * 100);
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  await Promise.all(work);

  const store = openSqliteStore(path);
  const { core } = createIxs({ store });
  await store.close();
  const now = new Map(core.query({}, 100).files.map(({ data_id, version }) => [data_id, version]));
  for (const [name, version] of least) {
    if (gone.has(name)) expect(now.has(name)).toBe(false);
    else expect(now.get(name)).toBeGreaterThanOrEqual(version);
  }
});
