import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createPampClient } from "../../generated/pamp/client.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import { createPams } from "./pams.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-pams-kill-"));
afterAll(() => rmSync(directory, { recursive: true }));

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const served = fileURLToPath(new URL("./test/served.ts", import.meta.url));

async function start(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", loader, served, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

/** Registers peers, lets them report and deregisters some, until the server is gone; notes what was acknowledged. */
async function load(url: string, prefix: string, present: Set<string>, absent: Set<string>): Promise<void> {
  const client = createPampClient({ baseUrl: url, retry: false });
  const NID = "o";
  try {
    for (let i = 0; ; i++) {
      const PID = `${prefix}-${i}`;
      const registered = await client.PAMP_PEER_REG({ params: { NID }, body: { peer_information: { peer_id: PID } } });
      expect(registered.status).toBe(200);
      present.add(PID);
      const peer_status = { dynamic_status: { uploaded: "1" } };
      await client.PAMP_PEER_STATUS_REPORT({ params: { NID, PID }, body: { peer_status } });
      if (i % 3 !== 0) continue;
      present.delete(PID);
      const left = await client.PAMP_PEER_DEREG({ params: { NID, PID } });
      expect(left.status).toBe(200);
      absent.add(PID);
    }
  } catch (error) {
    if (error instanceof Error && error.name === "AssertionError") throw error;
  }
}

test("kill -9 under load loses no acknowledged registration or deregistration", { timeout: 90_000 }, async () => {
  const path = join(directory, "pams.db");
  const present = new Set<string>();
  const absent = new Set<string>();
  for (let round = 0; round < 2; round++) {
    const { child, url } = await start(path);
    const client = createPampClient({ baseUrl: url });
    const registered = await client.PAMP_OVERLAY_NW_REG({
      body: { overlay_network_information: { overlay_network_id: "o" } },
    });
    expect(registered.status).toBe(round === 0 ? 200 : 409);
    const loads = Array.from({ length: 12 }, (_, i) => load(url, `r${round}-${i}`, present, absent));
    const enough = 40 * (round + 1);
    await expect.poll(() => Math.min(present.size, absent.size * 2), { timeout: 30_000 }).toBeGreaterThan(enough);
    setTimeout(() => child.kill("SIGKILL"), Math.random() * 100);
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
    await Promise.all(loads);

    const store = openSqliteStore(path);
    const { core } = createPams({ store });
    await store.close();
    const known = core.overlays.get("o")?.peers ?? new Map();
    expect([...present].filter((id) => !known.has(id))).toEqual([]);
    expect([...absent].filter((id) => known.has(id))).toEqual([]);
  }
});
