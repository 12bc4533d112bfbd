import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createUnisListener } from "../../generated/unis/server.js";
import type { DistanceQuery } from "../../generated/unis/types.js";
import { bearer, type Served, serve } from "./test/laboratory.js";

/** A UNIS to which the distance of a peer is the number in its name, over real sockets. */
let unis: Server;
const asked: DistanceQuery[] = [];
let oms: Served;

beforeEach(async () => {
  asked.length = 0;
  unis = createServer(
    createUnisListener({
      UNIS_DISTANCE_QUERY({ body: { distance_query } }) {
        asked.push(distance_query);
        const peer = distance_query.peers
          .map(({ peer_id }) => ({ peer_id, distance: Number(/\d+/.exec(peer_id)?.[0] ?? 0), class: "other-as" }))
          .sort((a, b) => a.distance - b.distance);
        return { status: 200, body: { distances: { peer, update_request_interval: 3600 } } };
      },
      UNIS_MEASUREMENT_REPORT: () => ({ status: 200, body: { measurements: { taken: 0, report_interval: 60 } } }),
    }),
  );
  await new Promise<void>((resolve) => unis.listen(0, "127.0.0.1", resolve));
  oms = await serve({ unis: { url: urlOf(unis), publicUrl: "http://unis.example" }, policy: { farShare: 0.25 } });
});
afterEach(async () => {
  await oms.server.close();
  unis.closeAllConnections();
  unis.close();
});

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Thirty members, one of which asks. */
async function filled(): Promise<{ list(max: number): Promise<{ peer_id: string; distance?: number }[]> }> {
  const { id } = await oms.create();
  for (let i = 1; i < 30; i++) await oms.join(id, `p${i}`, { addresses: [`tcp://192.0.2.${i}:9000`], max_peer_num: 0 });
  const { token, membership } = await oms.join(id, "p30", { addresses: ["tcp://192.0.2.30:9000"], max_peer_num: 0 });
  expect(membership).toMatchObject({ unis_url: "http://unis.example" });
  return {
    async list(max_peer_num) {
      const body = { peer_list_request: { max_peer_num } };
      const result = await oms.client.OMS_PEER_LIST({ params: { NID: id, PID: "p30" }, body }, bearer(token));
      return result.status === 200 ? result.body.peer_list : [];
    },
  };
}

describe("lists by network distance [X.609.10 8.3]", () => {
  it("name near peers before far ones, and some far ones", async () => {
    const { list } = await filled();
    const peers = await list(12);
    const distances = peers.map(({ distance }) => distance ?? Number.NaN);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    // All thirty were offered; nine of twelve are the nearest, the rest by chance.
    expect(distances.slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(peers).toHaveLength(12);
  });

  it("do not take a signalling relay for the place of the peers that are registered there", async () => {
    const { id } = await oms.create();
    await oms.join(id, "p1", { addresses: ["ws://192.0.2.1/signalling"] });
    await oms.join(id, "p2", { addresses: ["wss://192.0.2.1/signalling", "tcp://192.0.2.2:9000"] });
    const { peers } = await oms.join(id, "p3", { addresses: ["tcp://192.0.2.3:9000"] });
    expect(peers.toSorted()).toEqual(["p1", "p2", "source"]);
    const offered = asked.filter(({ peer }) => peer.peer_id === "p3").flatMap((query) => query.peers);
    expect(offered.find(({ peer_id }) => peer_id === "p1")).toBeUndefined();
    expect(offered.find(({ peer_id }) => peer_id === "p2")?.address).toBe("tcp://192.0.2.2:9000");
  });

  it("ask for no pair twice before its time [8.3 b, c]", async () => {
    const { list } = await filled();
    for (let i = 0; i < 5; i++) await list(12);
    const pairs = asked.flatMap(({ peer, peers }) => peers.map(({ peer_id }) => `${peer.peer_id} ${peer_id}`));
    expect(pairs.length).toBeGreaterThan(0);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it("go on without the UNIS, by what it has said", async () => {
    const { list } = await filled();
    await list(30);
    unis.closeAllConnections();
    await new Promise((resolve) => unis.close(resolve));
    expect((await list(12)).map(({ distance }) => distance)).toHaveLength(12);
    expect((await list(1)).map(({ peer_id }) => peer_id)).toEqual(["source"]);
    await oms.server.close();
    oms = await serve({ unis: { url: "http://127.0.0.1:9" } });
    const { id } = await oms.create();
    await oms.join(id, "a");
    expect((await oms.join(id, "b")).peers.sort()).toEqual(["a", "source"]);
  });
});
