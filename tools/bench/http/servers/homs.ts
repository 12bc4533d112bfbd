import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHompClient, unwrap } from "../../../../generated/homp/index.js";
import { startHomsServer } from "../../../../impl/homs/index.js";
import { openSqliteStore } from "../../../../impl/store/index.js";
import { serve } from "../../child.js";
import { forEachPeer, refreshBody } from "../messages.js";

/** The reference HOMS as it ships, state in SQLite, with an overlay whose members will refresh. */
const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
const store = openSqliteStore(join(folder, "homs.sqlite"));
const server = await startHomsServer({ store });
const client = createHompClient({ baseUrl: server.url });
const created = unwrap(
  await client.HybridOverlayCreation({
    body: {
      overlay_info: {
        title: "bench",
        type: "core",
        "sub-type": "tree",
        "owner-id": "bench",
        description: "",
        "heartbeat-interval": 10,
        "heartbeat-timeout": 31,
        auth: { type: "open", admin_key: "bench" },
      },
    },
  }),
);
const overlayId = created.overlay["overlay-id"];
await forEachPeer((index) => {
  const { overlay, peer } = refreshBody(overlayId, index);
  return client.HybridOverlayJoin({ body: { overlay: { ...overlay, type: "core", "sub-type": "tree" }, peer } });
});
serve(server.port, async () => {
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
