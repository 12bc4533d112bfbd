import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite-store.js";
import { createHoms } from "./homs.js";
import { creationInfo } from "./test/harness.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-homs-kill-"));
const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const program = fileURLToPath(new URL("./test/homs-process.ts", import.meta.url));
let running: ChildProcess | undefined;
afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

async function start(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", loader, program, path], { stdio: ["ignore", "pipe", "inherit"] });
  running = child;
  const died = once(child, "exit").then(() => Promise.reject(new Error("the HOMS did not come up")));
  const [line] = (await Promise.race([once(child.stdout, "data"), died])) as [Buffer];
  died.catch(() => {});
  return { child, url: line.toString().trim() };
}

/** What a client was told, by the answers with 200 that reached it. */
interface Acknowledged {
  overlays: string[];
  joined: Map<string, { overlay: string; ticket: string }>;
  left: { overlay: string; peer: string }[];
}

/** Creates overlays, joins and leaves until the server is gone. */
async function load(url: string, name: string, told: Acknowledged): Promise<void> {
  const send = async (method: string, path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    return (await response.json()) as { overlay: Record<string, string> };
  };
  for (let i = 0; ; i++) {
    try {
      const created = await send("POST", "/homs", { overlay_info: { ...creationInfo, title: name } });
      const overlay = created.overlay["overlay-id"] ?? "";
      told.overlays.push(overlay);
      for (let j = 0; j < 5; j++) {
        const peer = { "peer-id": `${name}-${i}-${j}`, address: "tcp://a:1", auth: { password: "pw" } };
        const answer = await send("POST", "/peer", {
          overlay: { "overlay-id": overlay, type: "core", "sub-type": "tree" },
          peer,
        });
        told.joined.set(peer["peer-id"], { overlay, ticket: answer.overlay["ticket-id"] ?? "" });
        if (j !== 2) continue;
        // From here on it may be out, answered or not.
        told.joined.delete(peer["peer-id"]);
        await send("DELETE", "/peer", { overlay: { "overlay-id": overlay }, peer });
        told.left.push({ overlay, peer: peer["peer-id"] });
      }
    } catch (error) {
      if (error instanceof TypeError) return; // fetch: the connection is gone, which is what the test is about
      throw error;
    }
  }
}

test("kill -9 under load keeps every acknowledged creation, join and leave", async () => {
  const path = join(directory, "homs.db");
  const told: Acknowledged = { overlays: [], joined: new Map(), left: [] };
  for (let round = 0; round < 2; round++) {
    const { child, url } = await start(path);
    const clients = Array.from({ length: 16 }, (_, i) => load(url, `r${round}c${i}`, told));
    // Under way for sure, then at any moment.
    const enough = told.left.length + 20;
    while (told.left.length < enough) await sleep(5);
    await sleep(Math.random() * 100);
    child.kill("SIGKILL");
    await Promise.all([once(child, "exit"), ...clients]);
  }

  const store = openSqliteStore(path);
  const { registry } = createHoms({ store }).context();
  expect(told.overlays.filter((id) => !registry.overlays.has(id))).toEqual([]);
  const ticketOf = (overlay: string, peer: string) => registry.overlays.get(overlay)?.members.get(peer)?.record.ticket;
  for (const [peer, { overlay, ticket }] of told.joined) expect(String(ticketOf(overlay, peer))).toBe(ticket);
  for (const { overlay, peer } of told.left) expect(ticketOf(overlay, peer)).toBeUndefined();
  await store.close();
});
