import { describe, expect, it } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import { originOf } from "../net/origin.js";
import { Bench, showing } from "./test/bench.js";
import { creation } from "./test/laboratory.js";

const keys = Array.from({ length: 4 }, () => createSigningKey().publicKey);

/** The status of a creation by this key from this address. */
async function made(bench: Bench, key: number, remoteAddress: string, token?: string): Promise<number> {
  const source_peer = { peer_id: "source", public_key: keys[key] ?? "", addresses: [] };
  const answer = await bench.handlers.OMS_OVERLAY_CREATE(
    { body: creation({ source_peer }) },
    { ...showing(token), remoteAddress },
  );
  return answer.status;
}

describe("what one stranger may take", () => {
  it("is some overlay networks for each key and each address, also after a restart; those that end make room", async () => {
    const bench = new Bench({
      policy: { overlaysPerKey: 2, overlaysPerAddress: 3, refreshExpiration: 10, firstExpiration: 10 },
    });
    expect([await made(bench, 0, "192.0.2.1"), await made(bench, 0, "192.0.2.2")]).toEqual([200, 200]);
    expect(await made(bench, 0, "192.0.2.3")).toBe(429);
    expect([await made(bench, 1, "192.0.2.1"), await made(bench, 2, "192.0.2.1")]).toEqual([200, 200]);
    await bench.restart();
    expect(await made(bench, 3, "192.0.2.1")).toBe(429);
    expect(await made(bench, 3, "192.0.2.9")).toBe(200);
    bench.pass(10);
    expect([await made(bench, 3, "192.0.2.1"), await made(bench, 0, "192.0.2.3")]).toEqual([200, 200]);
  });

  it("does not hold for who shows a token of the operator's", async () => {
    const options = { adminToken: "operator", creatorTokens: ["provider"], policy: { overlaysPerKey: 0 } };
    const bench = new Bench(options);
    expect(await made(bench, 0, "192.0.2.1")).toBe(429);
    expect(await made(bench, 0, "192.0.2.1", "guess")).toBe(429);
    expect(await made(bench, 0, "192.0.2.1", "provider")).toBe(200);
    expect(await made(bench, 0, "192.0.2.1", "operator")).toBe(200);
  });

  it("is nothing, where the operator wants a token", async () => {
    const bench = new Bench({ creatorTokens: ["provider"], policy: { creators: "token" } });
    expect(await made(bench, 0, "192.0.2.1")).toBe(401);
    expect(await made(bench, 0, "192.0.2.1", "provider")).toBe(200);
  });

  it("does not last long before the first refresh", async () => {
    const bench = new Bench({ policy: { firstExpiration: 60, refreshExpiration: 60 } });
    const kept = await bench.create({ refresh_expiration: 5000 });
    const left = await bench.create({ refresh_expiration: 5000 });
    expect(kept.refresh_expiration).toBe(60);
    bench.pass(59);
    const refreshed = await bench.handlers.OMS_OVERLAY_REFRESH(
      { params: { NID: kept.overlay_network_id } },
      showing(kept.owner_token),
    );
    expect(refreshed).toMatchObject({ status: 200, body: { refresh_expiration: 5000 } });
    bench.pass(4999);
    expect([await bench.lives(kept.overlay_network_id), await bench.lives(left.overlay_network_id)]).toEqual([
      true,
      false,
    ]);
  });

  it("is no high priority, and few cache servers; the operator may give more", async () => {
    const bench = new Bench({ adminToken: "operator", policy: { strangerPriority: 20, strangerCacheServers: 2 } });
    const { overlay_network_id: id, owner_token: owner } = await bench.create({
      cs_resources: { wanted: 9, max: 50, priority: 100 },
    });
    const record = () => bench.oms.core.overlay(id)?.record.resources;
    expect(record()).toEqual({ wanted: 2, max: 2, priority: 20 });
    const change = (token: string, cs_resources: object) =>
      bench.handlers.OMS_RESOURCES({ params: { NID: id }, body: { cs_resources } }, showing(token));
    await change(owner, { wanted: 1, max: 100, priority: 90 });
    expect(record()).toEqual({ wanted: 1, max: 2, priority: 20 });
    await change("operator", { wanted: 3, max: 4, priority: 90 });
    expect(record()).toEqual({ wanted: 3, max: 4, priority: 90 });
    await change(owner, { wanted: 1 });
    expect(record()?.priority).toBe(90);
  });
});

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["", undefined],
])("of %s what counts is %s", (address, origin) => expect(originOf(address)).toBe(origin));
