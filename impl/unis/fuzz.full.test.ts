import { expect, test } from "vitest";
import { sendDamaged } from "../net/test/damaged-requests.js";
import { createMemoryStore } from "../store/memory-store.js";
import { startUnisServer } from "./server.js";

const inputs = 20_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 60910);

test(`${inputs} damaged requests (seed ${seed}): each is answered, an answer is part of its question`, async () => {
  const server = await startUnisServer({
    store: createMemoryStore(),
    tables: { prefixes: ["impl/unis/test/prefixes.pfx2as"], relations: ["impl/unis/test/relations.serial-1"] },
    watch: false,
    settings: { quorum: 1 },
    limits: { pairs: 50 },
  });
  const { measurements } = server.unis.core;
  const counts = await sendDamaged({
    ...{ url: server.url, inputs, seed },
    valid(pick, random) {
      const address = () =>
        pick([
          "192.0.2.1",
          "tcp://[2001:db8::1]:5",
          "203.0.113.200:1",
          "a.name",
          "[",
          "::ffff:1.2.3.4",
          `10.${Math.floor(random() * 256)}.0.1`,
        ]);
      const peer = () => ({ peer_id: pick(["a", "b", "ü"]), address: address() });
      const preferences = { prefer: [pick(["low-rtt", "same-as", "near"])], max: 2 };
      return pick([
        ["POST", "/unis/distances", { distance_query: { peer: peer(), peers: [peer(), peer(), peer()], preferences } }],
        ["POST", "/unis/distances", { distance_query: { peer: peer(), peers: [] } }],
        [
          "POST",
          "/unis/measurements",
          { measurements: { peer: peer(), round_trip: [{ address: address(), milliseconds: 5 }] } },
        ],
      ]);
    },
    state: () => String(measurements.size),
    accepted(path, body, text) {
      if (!path.startsWith("/unis/distances") || text === "") return;
      const asked = (body as { distance_query: { peers: { peer_id: string }[] } }).distance_query.peers;
      const said = (JSON.parse(text) as { distances: { peer: { peer_id: string; distance: number }[] } }).distances
        .peer;
      const left = asked.map(({ peer_id }) => peer_id);
      for (const { peer_id } of said) {
        expect(left).toContain(peer_id);
        left.splice(left.indexOf(peer_id), 1);
      }
      const distances = said.map(({ distance }) => distance);
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
    },
  });
  expect(measurements.size).toBeLessThanOrEqual(50);
  for (const status of ["POST 200", "POST 400", "POST 415", "PATCH 405"]) {
    expect(counts.get(status) ?? 0, status).toBeGreaterThan(20);
  }
  await server.close();
}, 900_000);
