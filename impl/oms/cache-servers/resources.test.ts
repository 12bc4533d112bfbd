import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../generated/runtime/http-result.js";
import type { OmsServerOptions } from "../server.js";
import { bearer, creation, type Served, serve, until } from "../test/laboratory.js";
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

/** Long enough for load to be looked at several times. */
async function looks(): Promise<void> {
  const enough = one.queries + 6;
  await until(() => one.queries >= enough);
}

const allocated = () => one.there.size + two.there.size;
const only = (server: StandInCs) => [...server.there.values()][0];

describe("resources as owners want [X.609.10 7.1.1, 8.8 a, c]", () => {
  it("are allocated at once, with what the cache server has to know, and released with the overlay network", async () => {
    const oms = await begin();
    const { id, owner } = await oms.create({ cs_resources: { wanted: 2, priority: 40 }, data_source_id: "gauge" });
    await until(() => one.there.size === 1 && two.there.size === 1);
    expect(only(one)?.request).toMatchObject({
      overlay_network_id: id,
      oms_url: oms.server.url,
      priority: 40,
      index_file: { title: "weather", data_source_id: "gauge", source_peer_id: "source", fragment_size: 1000 },
    });
    await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner));
    await until(() => allocated() === 0 && oms.server.oms.figures().allocations === 0);
  });

  it("follow a change of mind", async () => {
    const oms = await begin();
    const { id, owner } = await oms.create();
    const say = (cs_resources: object, token = owner) =>
      oms.client.OMS_RESOURCES({ params: { NID: id }, body: { cs_resources } }, bearer(token));
    expect((await say({ wanted: 1 }, "guess")).status).toBe(401);
    expect((await say({ wanted: 1 })).status).toBe(200);
    await until(() => allocated() === 1);
    expect((await say({ priority: 99 }, "operator")).status).toBe(200);
    await until(() => [...one.there.values(), ...two.there.values()][0]?.allocation.priority === 99);
    await until(async () => {
      const told = await oms.client.OMS_RESOURCES_QUERY({ params: { NID: id } }, bearer(owner));
      return told.status === 200 && told.body.allocations[0]?.priority === 99;
    });
    expect((await say({ wanted: 0 })).status).toBe(200);
    await until(() => allocated() === 0);
  });

  it("let the virtual peer into a closed session, and list it", async () => {
    const oms = await begin();
    const { id } = await oms.create({ cs_resources: { wanted: 1 }, closed: { peer_id: ["a"] } });
    await until(() => allocated() === 1);
    const { request, allocation } = only(one) ?? only(two) ?? {};
    const join = { role: "virtual-peer", password: request?.password };
    await oms.join(id, allocation?.peer_id ?? "", join);
    await expect(oms.join(id, "b", { ...join, password: "guess" })).rejects.toThrow(/403/);
    const { membership } = await oms.join(id, "a");
    expect(membership).toMatchObject({
      peer_list: expect.arrayContaining([
        { peer_id: allocation?.peer_id, role: "virtual-peer", addresses: expect.anything() },
      ]) as unknown,
    });
  });
});

describe("resources as load asks [X.609.10 8.8 a]", () => {
  it("come with peers and go without, never more than the owner allows", async () => {
    const oms = await begin();
    const { id } = await oms.create({ cs_resources: { max: 1 } });
    const a = await oms.join(id, "a");
    await until(() => allocated() === 1);
    for (const peer of ["b", "c", "d"]) await oms.join(id, peer);
    const list = { params: { NID: id, PID: "a" }, body: { peer_list_request: {} } };
    expect((await oms.client.OMS_PEER_LIST(list, bearer(a.token))).status).toBe(200);
    await looks();
    expect(allocated()).toBe(1);
  });

  it.each([
    ["wanted", { wanted: 1, max: 2 }, 1],
    ["none", { wanted: 1, max: 2 }, 0],
  ] as const)("not under the policy %s", async (cacheServers, resources, count) => {
    const oms = await begin({ policy: { cacheServers } });
    const { id } = await oms.create({ cs_resources: resources });
    for (const peer of ["a", "b", "c", "d"]) await oms.join(id, peer);
    if (count > 0) await until(() => allocated() === count);
    await looks();
    expect(one.requests.length + two.requests.length).toBe(count);
  });

  it("go when the load falls and stays low", async () => {
    const oms = await begin();
    const { id } = await oms.create({ cs_resources: { max: 2 } });
    const tokens = new Map<string, string>();
    for (const peer of ["a", "b", "c"]) tokens.set(peer, (await oms.join(id, peer)).token);
    await until(() => allocated() === 2);
    for (const [PID, token] of tokens) await oms.client.OMS_LEAVE({ params: { NID: id, PID } }, bearer(token));
    await until(() => allocated() === 0);
  });
});

it("one stranger leaves cache servers to the others", async () => {
  const servers = [{ id: "one", url: one.url, capacity: 4 }];
  const oms = await begin({ cacheServers: servers });
  const greedy = await Promise.all(
    Array.from({ length: 6 }, () => oms.create({ cs_resources: { wanted: 1, priority: 100 } })),
  );
  await until(() => allocated() === 2);
  await looks();
  expect(allocated()).toBe(2);
  // Another key, of another address by all appearance: here the operator's own.
  const { overlay_network: other } = unwrap(
    await oms.client.OMS_OVERLAY_CREATE({ body: creation({ cs_resources: { wanted: 1 } }) }, bearer("operator")),
  );
  await until(() =>
    [...one.there.values()].some(({ request }) => request.overlay_network_id === other.overlay_network_id),
  );
  // What one of the greedy gives back, another one gets.
  const having = [...one.there.values()].map(({ request }) => request.overlay_network_id);
  const gone = greedy.find(({ id }) => having.includes(id));
  await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: gone?.id ?? "" } }, bearer(gone?.owner ?? ""));
  await until(
    () => allocated() === 3 && [...one.there.values()].every(({ request }) => request.overlay_network_id !== gone?.id),
  );
});
