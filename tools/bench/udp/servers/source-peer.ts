import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSourcePeer } from "../../../../impl/source-peer/index.js";
import { openSqliteStore } from "../../../../impl/store/index.js";
import { serve } from "../../child.js";

/** The reference source peer as it ships, registrations in SQLite. */
const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
const store = openSqliteStore(join(folder, "source-peer.sqlite"));
const sourcePeer = await startSourcePeer({ store, control: false });
serve(sourcePeer.udp?.port ?? 0, async () => {
  await sourcePeer.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
