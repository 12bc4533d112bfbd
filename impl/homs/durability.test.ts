import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import type { Store } from "../store/store.js";
import { createHoms } from "./homs.js";
import { closed, Harness } from "./test/harness.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-homs-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("restart from SQLite", () => {
  test("everything is as it was: overlays, members, tickets, reports, access", async () => {
    const path = join(directory, "restart.db");
    const before = new Harness({ store: openSqliteStore(path) });
    const open = await before.overlay({ title: "one", "cr-policy": { mN_Cache: 1 }, trans_policy: { a: [1] } });
    before.clock.advance(1);
    const shut = await before.overlay({ title: "two", ...closed({ access_key: "key", peerlist: ["listed"] }) });
    const removed = await before.overlay();
    await before.remove(removed);
    for (const peer of "abc") await before.join(open, peer, { expires: 100 });
    await before.leave(open, "c");
    await before.report(open, "b", ["a"], { applications: ["IoT"] });
    await before.modify(open, { description: "changed", expires: 5000 });
    await before.refresh(open, "a", { expires: 300 }, { address: "tcp://moved:1" });
    const seen = JSON.stringify([await before.query(), before.homs.coreTree(open)]);
    await before.store.close();

    const after = new Harness({ store: openSqliteStore(path) });
    after.clock.advance(1);
    expect(JSON.stringify([await after.query(), after.homs.coreTree(open)])).toBe(seen);
    expect((await after.refresh(open, "a")).body.overlay).toMatchObject({ expires: 300, description: "changed" });
    expect((await after.refresh(open, "b", {}, { auth: { password: "wrong" } })).status).toBe(403);
    expect((await after.join(open, "b", { recovery: true, "ticket-id": "2" })).status).toBe(200);
    // c's ticket 3 was given out before the restart, though nobody holds it now.
    expect((await after.join(open, "d")).body.overlay["ticket-id"]).toBe("4");
    expect((await after.join(shut, "x")).status).toBe(403);
    expect((await after.join(shut, "x", { auth: { access_key: "key" } })).status).toBe(200);
    expect((await after.join(shut, "listed")).status).toBe(200);
    expect((await after.modify(shut, { title: "three" })).status).toBe(200);
    expect((await after.join(removed, "a")).status).toBe(404);
    await after.store.close();
  });

  test("a lifetime is what the last of join, refresh, report and recovery made it", async () => {
    const path = join(directory, "lease.db");
    const before = new Harness({ store: openSqliteStore(path) });
    const id = await before.overlay();
    for (const peer of "abcd") await before.join(id, peer, { expires: 100 });
    before.clock.advance(50_000);
    for (const peer of "abc") await before.refresh(id, peer, { expires: 200 });
    before.clock.advance(50_000);
    await before.refresh(id, "a", { expires: 20 });
    await before.report(id, "b", ["a"]);
    expect((await before.join(id, "c", { recovery: true, "ticket-id": "3", expires: 300 })).status).toBe(200);
    before.clock.advance(1000);
    await before.join(id, "d");
    await before.refresh(id, "d");
    await before.leave(id, "d");
    await before.store.close();

    const alive = async (at: number) => {
      const store = openSqliteStore(path);
      const clock = { now: () => before.clock.now() + at * 1000 };
      const { peers } = createHoms({ store, clock }).counts();
      const rows = (name: string) => [...store.table(name).load()].length;
      const kept = { peers, rows: rows("homs_peers"), leases: rows("homs_leases") };
      await store.close();
      return kept;
    };
    expect(await alive(15)).toEqual({ peers: 3, rows: 3, leases: 3 });
    expect(await alive(145)).toEqual({ peers: 2, rows: 2, leases: 2 });
    expect(await alive(155)).toEqual({ peers: 1, rows: 1, leases: 1 });
    expect(await alive(305)).toEqual({ peers: 0, rows: 0, leases: 0 });
  });

  test("what expired meanwhile is not there, and its rows go", async () => {
    const path = join(directory, "expired.db");
    const before = new Harness({ store: openSqliteStore(path) });
    const gone = await before.overlay({ expires: 10 });
    const there = await before.overlay({ expires: 100 });
    await before.join(gone, "a");
    await before.join(there, "short", { expires: 10 });
    await before.join(there, "long", { expires: 50 });
    await before.store.close();

    const store = openSqliteStore(path);
    const clock = { now: () => before.clock.now() + 10_000 };
    const homs = createHoms({ store, clock });
    expect(homs.counts()).toEqual({ overlays: 1, peers: 1 });
    const rows = (name: string) => [...store.table(name).load()].length;
    expect([rows("homs_overlays"), rows("homs_peers"), rows("homs_tickets")]).toEqual([1, 1, 1]);
    await store.close();
  });
});

describe("acknowledgement", () => {
  const operations = {
    creation: (h: Harness, _id: string) => h.create(),
    modification: (h: Harness, id: string) => h.modify(id, { title: "x" }),
    removal: (h: Harness, id: string) => h.remove(id),
    join: (h: Harness, id: string) => h.join(id, "b"),
    leave: (h: Harness, id: string) => h.leave(id, "a"),
  };
  test.each(Object.entries(operations))("%s is on disk when it is answered", async (_, act) => {
    const disk: MemoryDisk = new Map();
    const h = new Harness({ store: createMemoryStore({ disk, softWindowMs: 1_000_000 }) });
    const id = await h.overlay();
    await h.join(id, "a");
    const image = () => JSON.stringify([...disk].map(([name, rows]) => [name, [...rows]]));
    const before = image();
    expect((await act(h, id)).status).toBe(200);
    expect(image()).not.toBe(before);
    expect(h.store.statistics.pending).toBe(0);
  });

  test("refresh and report are answered at once and follow within the soft window", async () => {
    const h = new Harness({ store: createMemoryStore({ softWindowMs: 1_000_000 }) });
    const id = await h.overlay();
    await h.join(id, "a");
    expect((await h.refresh(id, "a")).status).toBe(200);
    expect((await h.report(id, "a", [])).status).toBe(200);
    expect(h.store.statistics.pending).toBe(2);
  });

  test("when the store fails, a creation and a join are refused and have not happened", async () => {
    const store = createMemoryStore();
    const failing: Store = {
      ...store,
      statistics: store.statistics,
      commit: () => Promise.reject(new Error("disk full")),
    };
    const h = new Harness({ store });
    const id = await h.overlay();
    const broken = new Harness({ store: failing, readings: { emptyOverlays: "remove" } });
    expect((await broken.create()).status).toBe(503);
    const refused = await broken.join(id, "a");
    expect(refused).toMatchObject({ status: 503, body: { title: "Service Unavailable" } });
    expect(await broken.titles()).toHaveLength(1);
    expect(await broken.peers(id)).toBe(0);
    expect(broken.logger.lines.join("\n")).toContain("not acknowledged");
  });
});
