import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createUnisClient } from "../../generated/unis/client.js";
import { createMemoryStore } from "../store/memory-store.js";
import { startUnisServer } from "./server.js";

const folder = mkdtempSync(join(tmpdir(), "mp2p-unis-full-"));
afterAll(() => rmSync(folder, { recursive: true }));

const peer = (address: string) => ({ peer_id: address, address });
const distance_query = { peer: peer("192.0.2.1"), peers: [peer("203.0.113.5")] };

test("tables are read again by themselves when they change", { timeout: 60_000 }, async () => {
  const path = join(folder, "prefixes");
  copyFileSync("impl/unis/test/prefixes.pfx2as", path);
  const server = await startUnisServer({ store: createMemoryStore(), tables: { prefixes: [path] } });
  const client = createUnisClient({ baseUrl: server.url });
  const nearness = async () => {
    const result = await client.UNIS_DISTANCE_QUERY({ body: { distance_query } });
    return result.status === 200 ? result.body.distances.peer[0]?.class : result.status;
  };
  expect(await nearness()).toBe("other-as");
  writeFileSync(path, "203.0.113.0\t24\t64500\n192.0.2.0\t24\t64500\n");
  await expect.poll(nearness, { timeout: 50_000, interval: 500 }).toBe("same-as");
  await server.close();
});

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const served = fileURLToPath(new URL("./test/served.ts", import.meta.url));

async function start(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", loader, served, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

test("kill -9 loses no round trip older than the soft window of the store", { timeout: 90_000 }, async () => {
  const path = join(folder, "unis.db");
  const { child, url } = await start(path);
  const client = createUnisClient({ baseUrl: url });
  const measurements = { peer: peer("192.0.2.1"), round_trip: [{ address: "203.0.113.5", milliseconds: 12 }] };
  expect((await client.UNIS_MEASUREMENT_REPORT({ body: { measurements } })).status).toBe(200);
  const rows = async () => /^mp2p_unis_store_rows_total (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  await expect.poll(rows, { timeout: 30_000 }).toBe("1");
  child.kill("SIGKILL");
  await once(child, "exit");

  const again = await start(path);
  const { body } = await createUnisClient({ baseUrl: again.url }).UNIS_DISTANCE_QUERY({ body: { distance_query } });
  expect(body).toMatchObject({ distances: { peer: [{ round_trip: 12 }] } });
  again.child.kill("SIGKILL");
  await once(again.child, "exit");
});
