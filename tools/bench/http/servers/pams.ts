import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPampClient } from "../../../../generated/pamp/index.js";
import { startPamsServer } from "../../../../impl/pams/index.js";
import { openSqliteStore } from "../../../../impl/store/index.js";
import { serve } from "../../child.js";
import { forEachPeer } from "../messages.js";

/** The reference PAMS as it ships, state in SQLite, with the peers registered that will report. */
const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
const store = openSqliteStore(join(folder, "pams.sqlite"));
const server = await startPamsServer({ store });
const client = createPampClient({ baseUrl: server.url });
await client.PAMP_OVERLAY_NW_REG({ body: { overlay_network_information: { overlay_network_id: "bench" } } });
await forEachPeer((index) =>
  client.PAMP_PEER_REG({ params: { NID: "bench" }, body: { peer_information: { peer_id: `peer-${index}` } } }),
);
serve(server.port, async () => {
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
