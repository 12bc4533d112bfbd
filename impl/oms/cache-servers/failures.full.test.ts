import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../store/index.js";
import type { OmsServerOptions } from "../server.js";
import { bearer, type Served, serve, until } from "../test/laboratory.js";
import { type StandInCs, standInCs } from "../test/stand-in-cs.js";

const open: { close(): Promise<void> }[] = [];
let one: StandInCs;
let two: StandInCs;

beforeEach(async () => {
  one = await standInCs("one");
  two = await standInCs("two");
  open.push(one, two);
});
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close();
});

const policy = { loadInterval: 0.02, releaseAfter: 0.1, peersPerCacheServer: 2, patienceMs: 5000 };

async function begin(options: Partial<OmsServerOptions> = {}): Promise<Served> {
  const oms = await serve({
    policy: { ...policy, ...options.policy },
    upkeepMs: 10,
    csToken: "oms-of-cs",
    adminToken: "operator",
    cacheServers: [
      { id: "one", url: one.url },
      { id: "two", url: two.url },
    ],
    ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== "policy")),
  });
  open.push(oms.server);
  return oms;
}

async function end(server: { close(): Promise<void> }): Promise<void> {
  open.splice(open.indexOf(server), 1);
  await server.close();
}

const allocated = () => one.there.size + two.there.size;

describe("cache servers that fail", () => {
  it("one that dies is replaced, and releases what it had when it is back", async () => {
    const oms = await begin();
    const { id } = await oms.create({ cs_resources: { wanted: 1 } });
    await until(() => allocated() === 1);
    const [dying, other] = one.there.size === 1 ? [one, two] : [two, one];
    const { port, there } = dying;
    const name = dying === one ? "one" : "two";
    await end(dying);
    await until(() => other.there.size === 1);
    expect((await oms.join(id, "a")).peers).toEqual(["source"]);
    const back = await standInCs(name, port);
    open.push(back);
    for (const [key, value] of there) back.there.set(key, value);
    await until(() => back.there.size === 0);
    expect(other.there.size).toBe(1);
  });

  it("one that forgot everything is asked again; one that is full is passed over", async () => {
    one.room = 0;
    const oms = await begin();
    await oms.create({ cs_resources: { wanted: 1 } });
    await until(() => two.there.size === 1);
    two.there.clear();
    await until(() => two.there.size === 1);
    expect(one.there.size).toBe(0);
  });

  it("what is to be released is released, over a restart of the OMS and an absence of the cache server", async () => {
    const store = createMemoryStore();
    const oms = await begin({ store });
    const { id, owner } = await oms.create({ cs_resources: { wanted: 2 } });
    await until(() => allocated() === 2);
    const { port, there } = one;
    await end(one);
    await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner));
    await until(() => two.there.size === 0);
    await end(oms.server);
    const again = await begin({ store });
    const back = await standInCs("one", port);
    open.push(back);
    for (const [key, value] of there) back.there.set(key, value);
    await until(() => back.there.size === 0);
    await until(() => again.server.oms.figures().allocations === 0);
  });

  it("one that never comes back is told to release for so long, and then nothing of the session is kept [7.1.3]", async () => {
    const store = createMemoryStore();
    const rows = () => [...store.table("oms_allocations").load()].length;
    const oms = await begin({ store, policy: { releaseExpires: 1 } });
    const { id, owner } = await oms.create({ cs_resources: { wanted: 2 } });
    await until(() => allocated() === 2);
    await end(one);
    await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner));
    expect(rows()).toBeGreaterThan(0);
    await until(() => rows() === 0);
    expect(two.there.size).toBe(0);
    expect(oms.server.oms.figures().allocations).toBe(0);
  });

  it("one that an operator takes away gives what it had to others", async () => {
    const oms = await begin();
    await oms.create({ cs_resources: { wanted: 1 } });
    await until(() => allocated() === 1);
    const [name, other] = one.there.size === 1 ? ["one", two] : ["two", one];
    const removed = await oms.client.OMS_CACHE_SERVER_REMOVE({ params: { CSID: name } }, bearer("operator"));
    expect(removed.status).toBe(200);
    await until(() => other.there.size === 1 && allocated() === 1);
    await until(() => oms.server.oms.figures().cacheServers === 1);
  });
});
