import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import { createOms } from "./oms.js";
import { showing } from "./test/bench.js";
import { bearer, clientOf, creation, joined, until } from "./test/laboratory.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-oms-kill-"));
const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const program = fileURLToPath(new URL("./test/oms-process.ts", import.meta.url));
let running: ChildProcess | undefined;
afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

interface Told {
  readonly overlays: Map<string, string>;
  readonly removed: string[];
  readonly members: Map<string, { id: string; token: string }>;
  readonly left: { id: string; peer: string }[];
}

/** Creates, joins, leaves and removes until the server is gone. */
async function load(url: string, name: string, told: Told): Promise<void> {
  const client = clientOf(url);
  for (let i = 0; ; i++) {
    try {
      const result = await client.OMS_OVERLAY_CREATE({ body: creation() });
      if (result.status !== 200) throw new Error(`creation: ${result.code}`);
      const { overlay_network_id: id, owner_token: owner } = result.body.overlay_network;
      told.overlays.set(id, owner);
      for (let j = 0; j < 3; j++) {
        const peer = `${name}-${i}-${j}`;
        const { token } = await joined(client, id, peer);
        told.members.set(peer, { id, token });
        if (j > 0) continue;
        told.members.delete(peer);
        const { status } = await client.OMS_LEAVE({ params: { NID: id, PID: peer } }, bearer(token));
        expect(status).toBe(200);
        told.left.push({ id, peer });
      }
      if (i % 2 === 0) continue;
      told.overlays.delete(id);
      for (const [peer, member] of told.members) if (member.id === id) told.members.delete(peer);
      const { status } = await client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner));
      expect(status).toBe(200);
      told.removed.push(id);
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_NETWORK") return; // The server is gone, which is what the test is about.
      throw error;
    }
  }
}

test("kill -9 under load keeps every acknowledged creation, join, leave and removal, and the provider's key", async () => {
  const path = join(directory, "oms.db");
  const child = spawn(process.execPath, ["--import", loader, program, path], { stdio: ["ignore", "pipe", "inherit"] });
  running = child;
  const died = once(child, "exit").then(() => Promise.reject(new Error("the OMS did not come up")));
  const [line] = (await Promise.race([once(child.stdout, "data"), died])) as [Buffer];
  died.catch(() => {});
  const url = line.toString().trim();
  const key = createSigningKey();
  const source_peer = { peer_id: "s", public_key: key.publicKey, addresses: [] };
  const first = await clientOf(url).OMS_OVERLAY_CREATE({ body: creation({ source_peer }) });
  const told: Told = { overlays: new Map(), removed: [], members: new Map(), left: [] };
  const clients = Array.from({ length: 8 }, (_, i) => load(url, `c${i}`, told));
  await until(() => told.removed.length >= 8);
  child.kill("SIGKILL");
  await Promise.all([once(child, "exit"), ...clients]);

  const store = openSqliteStore(path);
  const { handlers, core } = createOms({ store }, () => "http://127.0.0.1:1");
  expect([...told.overlays.keys()].filter((id) => core.overlay(id) === undefined)).toEqual([]);
  expect(told.removed.filter((id) => core.overlay(id) !== undefined)).toEqual([]);
  for (const [NID, owner] of told.overlays) {
    expect((await handlers.OMS_OVERLAY_REFRESH({ params: { NID } }, showing(owner))).status).toBe(200);
  }
  for (const [PID, { id, token }] of told.members) {
    const request = { params: { NID: id, PID }, body: { membership: {} } };
    expect((await handlers.OMS_MEMBERSHIP_REFRESH(request, showing(token))).status).toBe(200);
  }
  for (const { id, peer } of told.left) expect(core.overlay(id)?.members.has(peer) ?? false).toBe(false);
  const again = await handlers.OMS_OVERLAY_CREATE({ body: creation() }, showing());
  const keys = [first, again].map((one) => one.status === 200 && one.body.overlay_network.provider_public_key);
  expect(keys[0]).toBe(keys[1]);
  await store.close();
});
