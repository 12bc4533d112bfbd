import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryStore } from "../store/memory-store.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import type { Store } from "../store/store.js";
import { startPamsServer } from "./server.js";
import { exchange } from "./test/exchange.js";
import { Laboratory } from "./test/laboratory.js";
import type { PeerQueryCondition, PeerStatus } from "./types.js";

describe("a restart", () => {
  const status: PeerStatus = {
    dynamic_status: { overlay_event: "STARTED", uploaded: "5", left: "3", fragment_list: { fragment: [1, 2, 9] } },
    static_status: { max_up_bw: 3 },
  };

  test("brings back every answer", async () => {
    const lab = new Laboratory().fill({
      a: undefined,
      b: { overlay_event: "COMPLETED", uploaded: "9" },
      new: undefined,
    });
    lab.core.report("o", "a", status);
    lab.core.report("o", "a", { dynamic_status: { uploaded: "5" } });
    lab.core.registerOverlay("empty", undefined);
    const conditions: PeerQueryCondition[] = [
      { ordering: "UPLOADED" },
      { ordering: "LEFT" },
      { overlay_status: "STARTED" },
      { overlay_status: "COMPLETED" },
      { fragment_list: { fragment: [2, 9] }, ordering: "UPLOADED" },
    ];
    const answers = () => [
      ...conditions.map((condition) => lab.core.listPeers("o", condition)),
      lab.core.listPeers("empty", {}),
      ...["a", "b", "new"].map((id) => lab.core.peerStatus("o", id)),
      lab.core.overlays.get("o")?.contentType,
      lab.core.peerCount,
    ];
    const before = answers();
    expect(before[0]).toEqual(["a", "b", "new"]);
    await lab.restart();
    expect(answers()).toEqual(before);
    expect(lab.core.registerOverlay("o", "FILE")).toBe("duplicate");
    expect(lab.core.registerPeer("o", "a", {})).toBe("duplicate");
  });

  test("does not bring back what was deregistered, nor its peers under a new registration", async () => {
    const lab = new Laboratory().fill({ a: { uploaded: "1" }, b: { uploaded: "1" } });
    lab.core.registerOverlay("o2", undefined);
    lab.core.registerPeer("o2", "c", {});
    lab.core.report("o2", "c", status);
    lab.core.deregisterPeer("o2", "c");
    await lab.store.commit();
    lab.core.deregisterOverlay("o");
    await lab.restart();
    expect(lab.core.listPeers("o", {})).toBe("unknown");
    expect(lab.core.listPeers("o2", {})).toEqual([]);
    lab.core.registerOverlay("o", undefined);
    await lab.restart();
    expect(lab.core.listPeers("o", {})).toEqual([]);
    expect(lab.core.peerCount).toBe(0);
  });

  test("its pause is nobody's silence, the silence before it is [E-PAMP-59]", async () => {
    const lab = new Laboratory().fill({ a: { uploaded: "1" } });
    lab.pass(25);
    lab.core.registerPeer("o", "b", {});
    await lab.restart(86_400);
    expect(lab.core.listPeers("o", {})).toEqual(["a", "b"]);
    lab.pass(6);
    expect(lab.core.listPeers("o", {})).toEqual(["b"]);
  });

  test("rows of peers that lost their overlay network are swept up, before it and after", async () => {
    const lab = new Laboratory();
    lab.core.registerOverlay("o", undefined);
    for (let i = 0; i < 700; i++) {
      lab.core.registerPeer("o", `p${i}`, {});
      lab.core.report("o", `p${i}`, status);
    }
    await lab.store.commit();
    const rowsLeft = () => (lab.disk.get("pams_peers")?.size ?? 0) + (lab.disk.get("pams_activity")?.size ?? 0);
    expect(rowsLeft()).toBe(1400);
    lab.core.deregisterOverlay("o");
    expect(lab.journal.sweep()).toBe(true);
    await lab.store.commit();
    expect(rowsLeft()).toBe(400);
    await lab.restart();
    while (lab.journal.sweep());
    await lab.store.commit();
    expect(rowsLeft()).toBe(0);
  });
});

const overlay = (overlay_network_id: string) => ({ overlay_network_information: { overlay_network_id } });
const peer = (peer_id: string) => ({ peer_information: { peer_id } });

describe("over HTTP", () => {
  const directory = mkdtempSync(join(tmpdir(), "mp2p-pams-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  test("a PAMS on SQLite takes over from the one before it", async () => {
    const path = join(directory, "pams.db");
    const answers: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      const store = openSqliteStore(path);
      const server = await startPamsServer({ store, pamsUrl: "http://pams.example/pams/" });
      if (run === 0) {
        await exchange(server.url, "POST", "/pams/", overlay("o"));
        for (const id of ["p", "q"]) await exchange(server.url, "POST", "/pams/o/peer/", peer(id));
        const status = { dynamic_status: { uploaded: "7", overlay_event: "STARTED" }, static_status: { max_up_bw: 1 } };
        await exchange(server.url, "PUT", "/pams/o/peer/q/", { peer_status: status });
      }
      const list = await exchange(server.url, "GET", "/pams/o/peer", {
        peer_query_condition: { ordering: "UPLOADED" },
      });
      const one = await exchange(server.url, "GET", "/pams/o/peers/q");
      answers.push([list.body, one.body]);
      await server.close();
      await store.close();
    }
    expect(answers[0]).toMatchObject([{ peer_list: { peer_id: ["q", "p"] } }, { peer_status: { static_status: {} } }]);
    expect(answers[1]).toEqual(answers[0]);
  });

  test("what cannot be written is not acknowledged, and can be tried again", async () => {
    const disk = createMemoryStore();
    let failing = true;
    const store: Store = {
      table: (name) => disk.table(name),
      commit: () => (failing ? Promise.reject(new Error("disk full")) : disk.commit()),
      close: () => disk.close(),
      statistics: disk.statistics,
    };
    const server = await startPamsServer({ store });
    const send = async (method: string, path: string, body?: unknown) =>
      (await exchange(server.url, method, path, body)).status;
    expect(await send("POST", "/pams/", overlay("o"))).toBe(503);
    failing = false;
    expect(await send("POST", "/pams/", overlay("o"))).toBe(200);
    failing = true;
    expect(await send("POST", "/pams/o/peer/", peer("p"))).toBe(503);
    expect(await send("GET", "/pams/o/peers/p")).toBe(409);
    failing = false;
    expect(await send("POST", "/pams/o/peer/", peer("p"))).toBe(200);
    failing = true;
    expect(await send("DELETE", "/pams/o/peers/p")).toBe(503);
    expect(await send("DELETE", "/pams/o/")).toBe(503);
    failing = false;
    await server.close();
  });
});
