import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { afterEach, describe, expect, type MockInstance, test, vi } from "vitest";
import type { Allocation, AllocationRequest } from "../../generated/cs/types.js";
import { createOmsClient } from "../../generated/oms/index.js";
import type { Peer, Session } from "../peer/index.js";
import type { MemoryDisk } from "../store/index.js";
import type { CacheServer } from "./index.js";
import { clientOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const content = randomBytes(300_000);

/** A session of a FILE with its source peer, who knows it as the IXS does. */
async function session(servers: { oms: string; ixs: string }, source: Peer, dataId = "d") {
  const made = await source.createSession({
    ...servers,
    title: "file",
    description: "for the cache",
    dataSourceId: "s",
    dataId,
    contentType: "FILE",
    fragmentSize: 50_000,
  });
  for (let at = 0; at < content.length; at += 50_000) await made.append(content.subarray(at, at + 50_000));
  await made.end();
  return made;
}

async function allocate(cs: CacheServer, request: AllocationRequest): Promise<Allocation> {
  const result = await clientOf(cs).CS_ALLOCATE({ body: { allocation: request } });
  if (result.status !== 200) throw new Error(`${result.code}`);
  return result.body.allocation;
}

async function query(cs: CacheServer, id: string): Promise<Allocation | undefined> {
  const result = await clientOf(cs).CS_ALLOCATION_QUERY({ params: { AID: id } });
  return result.status === 200 ? result.body.allocation : undefined;
}

const until = (look: () => Promise<unknown>) => expect.poll(look, { timeout: 15_000, interval: 20 });

describe("R8: an OMS commands a virtual peer [X.609.10 8.8]", () => {
  test("it joins, caches, hands out when the source peer is gone, and leaves nothing behind", async () => {
    const servers = await stage.servers();
    const source = await stage.peer({ ixs: servers.ixs });
    const made = await session(servers, source);
    const folder = stage.folder();
    const cs = await stage.cacheServer({ folder });
    const allocation = await allocate(cs, { overlay_network_id: made.overlayId, oms_url: servers.oms });
    expect(allocation).toMatchObject({ state: "joining", priority: 10, overlay_network_id: made.overlayId });
    await until(() => query(cs, allocation.allocation_id)).toMatchObject({ state: "active", fragments: 6 });

    // The link to the source peer is cut: what comes now comes from the cache.
    const late = await stage.peer();
    const before = made.state.uploaded;
    made.limit({ uploadRate: 1 });
    const got = await late.join(made.indexFile);
    await got.completed;
    const chunks: Uint8Array[] = [];
    for await (const { octets } of got.read()) chunks.push(octets);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    expect(made.state.uploaded - before).toBeLessThan(content.length);
    await until(() => query(cs, allocation.allocation_id)).toMatchObject({ uploaded: expect.any(Number) });
    expect((await query(cs, allocation.allocation_id))?.uploaded).toBeGreaterThan(0);

    expect(readdirSync(folder)).toEqual([allocation.allocation_id]);
    expect((await clientOf(cs).CS_RELEASE({ params: { AID: allocation.allocation_id } })).status).toBe(200);
    expect(readdirSync(folder)).toEqual([]);
    expect(await query(cs, allocation.allocation_id)).toBeUndefined();
    const oms = createOmsClient({ baseUrl: servers.oms });
    const facts = await oms.OMS_OVERLAY_QUERY({ params: { NID: made.overlayId } });
    expect(facts.body).toMatchObject({ overlay_network: { number_of_peers: 2 } });
  });

  test("one virtual peer per overlay network; the priority changes; the rest is refused", async () => {
    const cs = await stage.cacheServer({ limits: { allocations: 1 } });
    const request = { overlay_network_id: "o1", oms_url: "http://127.0.0.1:9" };
    const first = await allocate(cs, request);
    const again = await allocate(cs, { ...request, priority: 70 });
    expect(again).toMatchObject({ allocation_id: first.allocation_id, peer_id: first.peer_id, priority: 70 });
    const client = clientOf(cs);
    const params = { AID: first.allocation_id };
    const changed = await client.CS_ALLOCATION_UPDATE({ params, body: { allocation: { priority: 5 } } });
    expect(changed.body).toMatchObject({ allocation: { priority: 5 } });
    const more = await client.CS_ALLOCATE({ body: { allocation: { ...request, overlay_network_id: "o2" } } });
    expect(more).toMatchObject({ status: 503, body: { detail: expect.stringContaining("no more than 1") } });
    const content_size = 11 * 2 ** 30;
    const big = await stage.cacheServer();
    const index_file = { title: "t", data_source_id: "s", data_id: "d", fragment_size: 1, content_size, ...request };
    const huge = await clientOf(big).CS_ALLOCATE({ body: { allocation: { ...request, index_file } } });
    expect(huge).toMatchObject({ status: 503, body: { detail: expect.stringContaining("are left") } });
    expect((await client.CS_RELEASE({ params })).status).toBe(200);
    for (const refused of [
      await client.CS_RELEASE({ params }),
      await client.CS_ALLOCATION_QUERY({ params }),
      await client.CS_ALLOCATION_UPDATE({ params, body: { allocation: { priority: 5 } } }),
    ]) {
      expect(refused.status).toBe(404);
    }
  });

  test("an overlay network that is not there, or that is removed, ends the allocation", async () => {
    const servers = await stage.servers();
    const cs = await stage.cacheServer();
    const none = await allocate(cs, { overlay_network_id: "none", oms_url: servers.oms });
    await until(() => query(cs, none.allocation_id)).toMatchObject({
      state: "ended",
      reason: expect.stringContaining("no such overlay network"),
    });
    const made = await session(servers, await stage.peer({ ixs: servers.ixs }));
    const allocation = await allocate(cs, { overlay_network_id: made.overlayId, oms_url: servers.oms });
    await until(() => query(cs, allocation.allocation_id)).toMatchObject({ state: "active" });
    await made.terminate();
    await until(() => query(cs, allocation.allocation_id)).toMatchObject({ state: "ended", storage_used: 0 });
    const { body } = await clientOf(cs).CS_QUERY();
    expect(body).toMatchObject({ cache_server: { allocations: 0, methods: ["http", "rtp", "ldmp"] } });
  });

  test("an OMS that is not there is waited for as long as an overlay network lives", async () => {
    const cs = await stage.cacheServer({ times: { patienceMs: 300 } });
    const { allocation_id } = await allocate(cs, { overlay_network_id: "o", oms_url: "http://127.0.0.1:9" });
    await until(() => query(cs, allocation_id)).toMatchObject({ state: "ended", reason: expect.any(String) });
  });

  test("a cache server that restarts joins again as the same virtual peer, and not where it was released", async () => {
    const servers = await stage.servers();
    const made = await session(servers, await stage.peer({ ixs: servers.ixs }));
    const disk: MemoryDisk = new Map();
    const folder = stage.folder();
    const first = await stage.cacheServer({ disk, folder });
    const kept = await allocate(first, { overlay_network_id: made.overlayId, oms_url: servers.oms, priority: 42 });
    const released = await allocate(first, { overlay_network_id: "other", oms_url: servers.oms });
    await clientOf(first).CS_RELEASE({ params: { AID: released.allocation_id } });
    await until(() => query(first, kept.allocation_id)).toMatchObject({ fragments: 6 });
    await first.close();
    expect(existsSync(folder)).toBe(true);
    const second = await stage.cacheServer({ disk, folder });
    await until(() => query(second, kept.allocation_id)).toMatchObject({
      state: "active",
      peer_id: kept.peer_id,
      priority: 42,
      fragments: 6,
    });
    expect(await query(second, released.allocation_id)).toBeUndefined();
    // What was cached before was not had again.
    expect((await query(second, kept.allocation_id))?.downloaded).toBe(0);
  });

  test("upload is shared by priority", async () => {
    const servers = await stage.servers();
    const cs = await stage.cacheServer({ limits: { uploadRate: 1_000_000 } });
    const spies: MockInstance<Session["limit"]>[] = [];
    for (const priority of [10, 30]) {
      const made = await session(servers, await stage.peer({ ixs: servers.ixs }), `d${priority}`);
      const { allocation_id } = await allocate(cs, {
        overlay_network_id: made.overlayId,
        oms_url: servers.oms,
        priority,
      });
      await until(() => query(cs, allocation_id)).toMatchObject({ state: "active" });
      const joined = cs.cs.peers.session(allocation_id);
      if (joined === undefined) throw new Error("not a member");
      spies.push(vi.spyOn(joined, "limit"));
    }
    const limits = () => spies.map(({ mock }) => mock.lastCall?.[0].uploadRate);
    await expect.poll(limits, { timeout: 5_000 }).toEqual([250_000, 750_000]);
  });
});

describe("tokens", () => {
  test("commands of an OMS need the OMS's token, and an allocation of nobody else is touched", async () => {
    const cs = await stage.cacheServer({ authentication: { oms: ["right"], providers: ["prov"] } });
    const body = { allocation: { overlay_network_id: "o", oms_url: "http://127.0.0.1:9" } };
    for (const bearer of [undefined, "wrong", "prov"]) {
      const refused = await clientOf(cs, bearer).CS_ALLOCATE({ body });
      expect(refused).toMatchObject({
        status: 401,
        headers: { "www-authenticate": expect.stringContaining("Bearer") },
      });
    }
    const granted = await clientOf(cs, "right").CS_ALLOCATE({ body });
    expect(granted.status).toBe(200);
    if (granted.status !== 200) return;
    const params = { AID: granted.body.allocation.allocation_id };
    expect((await clientOf(cs).CS_RELEASE({ params })).status).toBe(401);
    expect((await clientOf(cs, "right").CS_ALLOCATION_QUERY({ params })).status).toBe(200);
    expect((await clientOf(cs).CS_QUERY()).status).toBe(200);
  });

  test.each([
    ["no overlay network", { oms_url: "http://h" }, "overlay_network_id"],
    ["an address that is none", { overlay_network_id: "o", oms_url: "h" }, "oms_url"],
    ["a priority of 101", { overlay_network_id: "o", oms_url: "http://h", priority: 101 }, "priority"],
  ])("refuses %s, naming the member and the clause", async (_, allocation, member) => {
    const cs = await stage.cacheServer();
    const response = await fetch(`${cs.url}/cs/allocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ allocation }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ member: `/allocation/${member}`, clause: expect.stringMatching(/^X\.609\.10 8/) }],
    });
  });
});
