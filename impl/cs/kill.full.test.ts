import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { createOmsClient } from "../../generated/oms/index.js";
import { clientOf, octetsOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const program = fileURLToPath(new URL("./test/served.ts", import.meta.url));

async function served(...args: string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ["--import", loader, program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  stage.keep({
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  });
  return { url, child };
}

/** A cache server that is killed while it is allocated comes back as the same virtual peer, with what it had cached. */
test("kill -9 while allocated: the OMS's command outlives the process [X.609.10 8.8]", async () => {
  const servers = await stage.servers();
  const source = await stage.peer({ ixs: servers.ixs });
  const content = randomBytes(2_000_000);
  const made = await source.createSession({
    ...servers,
    title: "file",
    description: "",
    dataSourceId: "s",
    dataId: "d",
    contentType: "FILE",
    fragmentSize: 50_000,
  });
  for (let at = 0; at < content.length; at += 50_000) await made.append(content.subarray(at, at + 50_000));
  await made.end();
  const folder = stage.folder();
  const file = join(folder, "cs.db");
  const first = await served(file, folder);
  const allocated = await clientOf(first).CS_ALLOCATE({
    body: { allocation: { overlay_network_id: made.overlayId, oms_url: servers.oms, priority: 77 } },
  });
  if (allocated.status !== 200) throw new Error(`${allocated.code}`);
  const { allocation_id, peer_id } = allocated.body.allocation;
  const params = { AID: allocation_id };
  const query = async (cs: { url: string }) => {
    const { body } = await clientOf(cs).CS_ALLOCATION_QUERY({ params });
    return (body as { allocation: { fragments: number; state: string } }).allocation;
  };
  // Amid the caching, wherever that is.
  await expect.poll(async () => (await query(first)).fragments, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await served(file, folder);
  await expect
    .poll(() => query(second), { timeout: 20_000 })
    .toMatchObject({ state: "active", peer_id, priority: 77, fragments: 40 });
  const oms = createOmsClient({ baseUrl: servers.oms });
  const facts = await oms.OMS_OVERLAY_QUERY({ params: { NID: made.overlayId } });
  expect(facts.body).toMatchObject({ overlay_network: { number_of_peers: 2 } });

  // The cache alone serves somebody who cannot reach the source peer any more.
  made.limit({ uploadRate: 1 });
  const late = await stage.peer();
  const session = await late.join(made.indexFile);
  await session.completed;
  expect((await octetsOf(session)).equals(content)).toBe(true);

  // What was released stays released.
  expect((await clientOf(second).CS_RELEASE({ params })).status).toBe(200);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  const third = await served(file, folder);
  expect((await clientOf(third).CS_ALLOCATION_QUERY({ params })).status).toBe(404);
});
