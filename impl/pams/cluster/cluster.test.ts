import { afterEach, describe, expect, test } from "vitest";
import type { PamsServer } from "../server.js";
import {
  clientOf,
  list,
  NID,
  type Registered,
  registerOverlay,
  registerPeer,
  report,
  startCluster,
} from "../test/cluster.js";
import { exchange } from "../test/exchange.js";

let servers: PamsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()));
});

describe("several PAMSs find the one in charge by a DHT [X.609.1 8.2.1]", () => {
  test("registrations name the PAMS in charge, reports go there, and each answers queries for all [E-PAMP-49, E-PAMP-77]", async () => {
    servers = await startCluster(3);
    const [a, b] = servers as [PamsServer, PamsServer, PamsServer];
    const home = await registerOverlay(a);
    const again = { overlay_network_information: { overlay_network_id: NID } };
    expect((await clientOf(b.url).PAMP_OVERLAY_NW_REG({ body: again })).status).toBe(409);
    const peers: Registered[] = [];
    for (let i = 10; i < 40; i++) peers.push(await registerPeer(i % 2 ? home : b.url, `peer-${i}`));
    expect(new Set(peers.map(({ url }) => url)).size).toBe(3);
    const shares = servers.map((one) => one.pams.core.peerCount);
    expect(Math.max(...shares)).toBeLessThanOrEqual(12);
    // A peer is known by its manager alone, and cannot be registered twice, wherever.
    await expect(registerPeer(a.url, "peer-10")).rejects.toThrow("409");
    for (const [i, peer] of peers.entries()) {
      const held = { start_fragment_id: 0, end_fragment_id: 9 };
      const fragments = i === 3 ? { ...held, end_fragment_id: 10 } : held;
      expect(await report(peer, { uploaded: `${i}`, fragment_range: fragments })).toBe(200);
    }
    for (const { url } of servers) {
      const condition = { ordering: "UPLOADED", max_peer_num: 5 };
      const best = ["peer-39", "peer-38", "peer-37", "peer-36", "peer-35"];
      expect(await list(url, condition)).toEqual({ peers: best, fragments: [10] });
      expect(await list(url, { max_peer_num: 100 })).toMatchObject({ peers: { length: 30 } });
      expect(await list(url, { fragment_list: { fragment: [10] } })).toMatchObject({ peers: ["peer-13"] });
      const status = await clientOf(url).PAMP_PEER_INFO_QUERY({ params: { NID, PID: "peer-30" } });
      expect(status).toMatchObject({ status: 200, body: { peer_status: { dynamic_status: { uploaded: "20" } } } });
    }
    // Deregistrations are understood anywhere, with the peer's own token.
    const [first] = peers as [Registered];
    const elsewhere = servers.find(({ url }) => !first.url.startsWith(url)) as PamsServer;
    const leave = (token?: string) =>
      clientOf(elsewhere.url, token).PAMP_PEER_DEREG({ params: { NID, PID: first.id } });
    expect((await leave("not its token")).code).toBe(401);
    expect((await leave(first.token)).code).toBe(200);
    expect((await clientOf(a.url).PAMP_OVERLAY_NW_DEREG({ params: { NID } })).code).toBe(200);
    for (const { url, pams } of servers) {
      expect(await list(url)).toBe(409);
      expect(pams.core.peerCount).toBe(0);
    }
  });

  test("what the PAMSs say to each other is for them alone", async () => {
    servers = await startCluster(1);
    const [{ url }] = servers as [PamsServer];
    for (const authorization of ["", "Bearer wrong", "Bearer secret of the cluste"]) {
      const answer = await exchange(url, "POST", "/cluster/self", {}, { authorization });
      expect(answer).toMatchObject({ status: 404, body: "" });
    }
    const authorization = "Bearer secret of the cluster";
    expect((await exchange(url, "POST", "/cluster/self", {}, { authorization })).status).toBe(200);
    expect((await exchange(url, "POST", "/cluster/constructor", {}, { authorization })).status).toBe(404);
  });
});
