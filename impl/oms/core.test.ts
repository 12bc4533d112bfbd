import { describe, expect, it } from "vitest";
import { createSigningKey, readPublicKey } from "../keys/ed25519.js";
import { readSessionKey } from "../keys/session-key.js";
import { Bench, showing } from "./test/bench.js";

const key = createSigningKey();

describe("refresh expiration [X.609.10 8.5 c, d] (E-DS-07)", () => {
  it.each([
    ["none wanted", undefined, 300],
    ["as wanted", 60, 60],
    ["longer than any, until the first refresh", 31_536_000, 600],
  ])("%s", async (_, wanted, granted) => {
    const bench = new Bench();
    const changes = wanted === undefined ? {} : { refresh_expiration: wanted };
    expect((await bench.create(changes)).refresh_expiration).toBe(granted);
  });

  it("is exact, whether anybody swept or not", async () => {
    const bench = new Bench();
    const { overlay_network_id: id, owner_token } = await bench.create({ refresh_expiration: 10 });
    bench.pass(9.999);
    expect(await bench.refresh(id, owner_token)).toBe(200);
    bench.pass(9.999);
    expect(await bench.lives(id)).toBe(true);
    bench.pass(0.001);
    expect((await bench.join(id, "a")).status).toBe(404);
    expect(await bench.refresh(id, owner_token)).toBe(404);
    expect(bench.oms.figures()).toMatchObject({ overlays: 0, peers: 0 });
  });

  it("does not run while no OMS does", async () => {
    const bench = new Bench();
    const { overlay_network_id: id } = await bench.create({ refresh_expiration: 10 });
    await bench.join(id, "a");
    await bench.restart(3600);
    expect(await bench.lives(id)).toBe(true);
    expect((await bench.join(id, "b")).membership?.peer_list).toHaveLength(2);
    bench.pass(10);
    expect(await bench.lives(id)).toBe(false);
  });
});

describe("memberships (E-DS-37)", () => {
  it("age: who gives no sign of life is listed no longer", async () => {
    const bench = new Bench({ policy: { membershipExpires: 60 } });
    const { overlay_network_id: id } = await bench.create({ refresh_expiration: 1000 });
    await bench.join(id, "silent");
    const { membership } = await bench.join(id, "alive");
    bench.pass(59);
    expect(await bench.keep(id, "alive", membership?.peer_token)).toBe(200);
    bench.pass(1);
    expect(await bench.peers(id, "alive", membership?.peer_token)).toEqual(["source"]);
    expect((await bench.join(id, "silent")).status).toBe(200);
  });

  it("outlast a restart with their tokens", async () => {
    const bench = new Bench();
    const { overlay_network_id: id, owner_token } = await bench.create();
    const { membership } = await bench.join(id, "a");
    await bench.restart();
    expect(await bench.keep(id, "a", membership?.peer_token)).toBe(200);
    expect(await bench.keep(id, "a", owner_token)).toBe(401);
    expect(await bench.refresh(id, owner_token)).toBe(200);
    expect(await bench.keep(id, "source", owner_token)).toBe(200);
  });

  it("go with their overlay network, rows and all", async () => {
    const bench = new Bench();
    const { overlay_network_id: id, owner_token } = await bench.create();
    for (let i = 0; i < 20; i++) await bench.join(id, `p${i}`);
    await bench.handlers.OMS_OVERLAY_REMOVE({ params: { NID: id } }, showing(owner_token));
    bench.oms.upkeep();
    await bench.store.commit();
    const left = [...bench.disk].filter(([name, rows]) => /overlay|member/.test(name) && rows.size > 0);
    expect(left).toEqual([]);
  });

  it("are listed once they have an address", async () => {
    const bench = new Bench();
    const { overlay_network_id: id } = await bench.create();
    const { membership } = await bench.join(id, "a", { addresses: [] });
    const { membership: other } = await bench.join(id, "b");
    expect(await bench.peers(id, "b", other?.peer_token)).toEqual(["source"]);
    await bench.handlers.OMS_MEMBERSHIP_REFRESH(
      { params: { NID: id, PID: "a" }, body: { membership: { addresses: ["tcp://192.0.2.200:1"] } } },
      showing(membership?.peer_token),
    );
    expect((await bench.peers(id, "b", other?.peer_token)).sort()).toEqual(["a", "source"]);
  });
});

describe("session keys [X.609.1 8.2.6]", () => {
  it("are signed by a key that outlasts a restart, and replaced after half of their life", async () => {
    const bench = new Bench({ policy: { sessionKeyLife: 100, membershipExpires: 1000 } });
    const { overlay_network_id: id, provider_public_key } = await bench.create();
    const { membership } = await bench.join(id, "a", { public_key: key.publicKey });
    await bench.restart();
    expect((await bench.create()).provider_public_key).toBe(provider_public_key);
    const renewed = async () => {
      const answer = await bench.handlers.OMS_MEMBERSHIP_REFRESH(
        { params: { NID: id, PID: "a" }, body: { membership: {} } },
        showing(membership?.peer_token),
      );
      return answer.status === 200 ? answer.body.session_key : undefined;
    };
    bench.pass(49);
    expect(await renewed()).toBeUndefined();
    bench.pass(1);
    const provider = readPublicKey(provider_public_key);
    if (provider === undefined) throw new Error("no key");
    const statement = readSessionKey((await renewed()) ?? "", provider);
    expect(statement).toEqual({ overlayId: id, peerId: "a", publicKey: key.publicKey, notAfter: bench.now + 100_000 });
  });

  it("are for peers with a key", async () => {
    const bench = new Bench();
    const { overlay_network_id: id } = await bench.create();
    expect((await bench.join(id, "a")).membership?.session_key).toBeUndefined();
  });
});

describe("limits [X.609.10 7.2.4]", () => {
  it.each([
    ["peers of one overlay network", { peersPerOverlay: 2 }, [200, 503]],
    ["peers of all", { peers: 3 }, [200, 200, 503]],
  ])("%s", async (_, limits, statuses) => {
    const bench = new Bench({ limits });
    const { overlay_network_id: id } = await bench.create();
    for (const [i, status] of statuses.entries()) expect((await bench.join(id, `p${i}`)).status).toBe(status);
  });

  it("overlay networks", async () => {
    const bench = new Bench({ limits: { overlays: 1 } });
    await bench.create();
    await expect(bench.create()).rejects.toThrow("503");
  });

  it("peers in a list", async () => {
    const bench = new Bench({ limits: { peerList: 7 }, policy: { peerList: 3 } });
    const { overlay_network_id: id } = await bench.create();
    for (let i = 0; i < 20; i++) await bench.join(id, `p${i}`);
    const { membership } = await bench.join(id, "asking");
    expect(membership?.peer_list).toHaveLength(3);
    expect(await bench.peers(id, "asking", membership?.peer_token)).toHaveLength(7);
    expect(await bench.peers(id, "asking", membership?.peer_token, 0)).toEqual([]);
  });
});

describe("peer lists [X.609.10 8.5]", () => {
  it("are the source peer and a random subset, each member as likely as another", async () => {
    const bench = new Bench();
    const { overlay_network_id: id } = await bench.create();
    for (let i = 0; i < 40; i++) await bench.join(id, `p${i}`);
    const { membership } = await bench.join(id, "asking");
    const named = new Map<string, number>();
    const rounds = 1000;
    for (let i = 0; i < rounds; i++) {
      const list = await bench.peers(id, "asking", membership?.peer_token, 11);
      expect(list).toContain("source");
      expect(new Set(list).size).toBe(11);
      for (const peer of list) named.set(peer, (named.get(peer) ?? 0) + 1);
    }
    named.delete("source");
    expect(named.size).toBe(40);
    // Ten places for forty: 250 each, with a deviation of 14.
    for (const times of named.values()) expect(Math.abs(times - 250)).toBeLessThan(85);
  });
});

describe("a store that fails", () => {
  it("acknowledges nothing, and takes back what a client would try again", async () => {
    const bench = new Bench();
    const { overlay_network_id: id } = await bench.create();
    const commit = bench.store.commit;
    bench.store.commit = () => Promise.reject(new Error("disk full"));
    expect((await bench.join(id, "a")).status).toBe(503);
    await expect(bench.create()).rejects.toThrow("503");
    bench.store.commit = commit;
    expect((await bench.join(id, "a")).status).toBe(200);
    expect(bench.oms.figures()).toMatchObject({ overlays: 1, peers: 2 });
  });
});
