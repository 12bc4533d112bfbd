import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPamsServer } from "../../../../impl/pams/index.js";
import { openSqliteStore } from "../../../../impl/store/index.js";
import { serve } from "../../child.js";
import { reportOf } from "../messages.js";

/** The reference PAMS as it ships, state in SQLite, with so many peers that have reported once. */
export async function serveRegistered(peers: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
  const store = openSqliteStore(join(folder, "pams.sqlite"));
  const server = await startPamsServer({ store, policy: { reportInterval: 3600 } });
  const { core } = server.pams;
  core.registerOverlay("bench", "FILE");
  for (let i = 0; i < peers; i++) {
    core.registerPeer("bench", `peer-${i}`, {});
    core.report("bench", `peer-${i}`, reportOf(i, i));
  }
  await store.commit();
  serve(server.port, async () => {
    await server.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
}
