import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUnisListener, type UnisHandlers } from "../../generated/unis/server.js";
import type { DistanceQuery, MeasurementReport } from "../../generated/unis/types.js";
import { createDistances, type Distances, type DistancesOptions } from "./distances.js";

const at = (peer_id: string) => ({ peer_id, address: `192.0.2.${peer_id.charCodeAt(0)}` });
const [a, b, c, d] = [at("a"), at("b"), at("c"), at("d")];
const near: Record<string, number> = { b: 3, c: 1, d: 2 };

let server: Server;
let distances: Distances;
let now = 0;
let refuses = false;
const queries: DistanceQuery[] = [];
const reports: MeasurementReport[] = [];

const handlers: UnisHandlers = {
  UNIS_DISTANCE_QUERY({ body: { distance_query } }) {
    if (refuses) return { status: 503, body: { detail: "not now" } };
    queries.push(distance_query);
    const peer = distance_query.peers
      .filter(({ peer_id }) => peer_id in near)
      .map(({ peer_id }) => ({ peer_id, distance: near[peer_id] ?? 0, class: "same-as" }));
    return { status: 200, body: { distances: { peer, update_request_interval: 10 } } };
  },
  UNIS_MEASUREMENT_REPORT({ body: { measurements } }) {
    reports.push(measurements);
    return { status: 200, body: { measurements: { taken: measurements.round_trip.length, report_interval: 30 } } };
  },
};

async function open(options: Partial<DistancesOptions> = {}): Promise<void> {
  server = createServer(createUnisListener(handlers));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const unis = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  distances = createDistances({ unis, clock: { now: () => now }, retryMs: 1000, timeoutMs: 20_000, ...options });
}

beforeEach(() => {
  now = 0;
  refuses = false;
  queries.length = 0;
  reports.length = 0;
});
afterEach(() => {
  distances.close();
  server.closeAllConnections();
  server.close();
});

const ids = (ranked: readonly { peer_id: string }[]) => ranked.map(({ peer_id }) => peer_id).join("");
const asked = () => queries.map(({ peers }) => ids(peers));

describe("the cache of both clients [X.609.10 8.3 b, c, 8.4 a, b]", () => {
  test("no pair is asked about again before the interval is over", async () => {
    await open();
    expect(ids(await distances.order(a, [b, c]))).toBe("cb");
    now = 9_999;
    expect(ids(await distances.order(a, [b, c]))).toBe("cb");
    expect(asked()).toEqual(["bc"]);
    expect(ids(await distances.order(a, [b, c, d]))).toBe("cdb");
    expect(asked()).toEqual(["bc", "d"]);
    now = 10_000;
    await distances.order(a, [b, c, d]);
    await expect.poll(asked, { timeout: 10_000 }).toEqual(["bc", "d", "bc"]);
  });

  test("questions at the same time ask once", async () => {
    await open();
    const answers = await Promise.all(Array.from({ length: 5 }, () => distances.order(a, [b, c])));
    expect(answers.map(ids)).toEqual(["cb", "cb", "cb", "cb", "cb"]);
    expect(asked()).toEqual(["bc"]);
  });

  test("what the UNIS leaves out is unknown, last, and not asked about again either", async () => {
    await open();
    const stranger = at("x");
    expect(await distances.order(a, [stranger, b])).toEqual([
      { peer_id: "b", distance: 3, class: "same-as" },
      { peer_id: "x" },
    ]);
    await distances.order(a, [stranger]);
    expect(asked()).toEqual(["xb"]);
  });

  test("a UNIS that refuses or is gone is left alone, and old knowledge goes on", async () => {
    await open();
    await distances.order(a, [b, c]);
    refuses = true;
    now = 20_000;
    expect(ids(await distances.order(a, [b, c]))).toBe("cb");
    server.closeAllConnections();
    server.close();
    now = 100_000;
    expect(ids(await distances.order(a, [d, b, c]))).toBe("cbd");
    expect(queries).toHaveLength(1);
  });

  test("preferences make other pairs, and a maximum cuts the answer only", async () => {
    await open();
    await distances.order(a, [b, c], { prefer: ["low-rtt"], max: 1 });
    expect(queries[0]?.preferences).toEqual({ prefer: ["low-rtt"] });
    expect(ids(await distances.order(a, [b, c], { prefer: ["low-rtt"], max: 1 }))).toBe("c");
    await distances.order(a, [b]);
    expect(asked()).toEqual(["bc", "b"]);
  });

  test("no more pairs are kept than allowed", async () => {
    await open({ maxPairs: 3 });
    for (const asker of [a, b, c, d]) await distances.order(asker, [b, c]);
    expect(distances.size).toBeLessThanOrEqual(3);
  });
});

test("round trips are reported at the interval that the UNIS asks for [X.609.10 8.4]", async () => {
  await open();
  const measured = [{ address: b.address, milliseconds: 12 }];
  await distances.report(a, measured);
  await distances.report(a, measured);
  now = 29_999;
  await distances.report(a, measured);
  expect(reports).toHaveLength(1);
  now = 30_000;
  await distances.report(a, []);
  await distances.report(a, measured);
  expect(reports).toEqual([
    { peer: a, round_trip: measured },
    { peer: a, round_trip: measured },
  ]);
});
