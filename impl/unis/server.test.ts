import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createUnisClient, type UnisClient } from "../../generated/unis/index.js";
import { silentLogger } from "../net/logger.js";
import { createMemoryStore } from "../store/memory-store.js";
import { createDistances } from "../unis-client/index.js";
import { startUnisServer, type UnisServer, type UnisServerOptions } from "./server.js";
import { loadTables, TableError } from "./tables.js";

const folder = mkdtempSync(join(tmpdir(), "mp2p-unis-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tables = { prefixes: [join(folder, "prefixes")], relations: [join(folder, "relations")] };
const policy = join(folder, "policy.yaml");
let server: UnisServer;
let client: UnisClient;

async function open(options: Partial<UnisServerOptions> = {}): Promise<void> {
  copyFileSync("impl/unis/test/prefixes.pfx2as", tables.prefixes[0] ?? "");
  copyFileSync("impl/unis/test/relations.serial-1", tables.relations[0] ?? "");
  writeFileSync(policy, "classes: { other-as: 9000 }\n");
  server = await startUnisServer({ store: createMemoryStore(), tables, policy, ...options });
  client = createUnisClient({ baseUrl: server.url, retry: false });
}

const peer = (address: string) => ({ peer_id: address, address });
const peers = ["203.0.113.5", "192.0.2.99", "198.51.100.5"].map(peer);

async function classes(): Promise<string[]> {
  const result = await client.UNIS_DISTANCE_QUERY({ body: { distance_query: { peer: peer("192.0.2.1"), peers } } });
  if (result.status !== 200) throw new Error(`refused with ${result.status}`);
  return result.body.distances.peer.map((one) => `${one.peer_id} ${one.class}`);
}

describe("a UNIS over HTTP", () => {
  beforeAll(() => open({ settings: { updateRequestInterval: 7, reportInterval: 11, quorum: 1 } }));
  afterAll(() => server.close());

  test("orders peers for an OMS and for a peer [X.609.10 8.3, 8.4]", async () => {
    const query = { peer: peer("192.0.2.1"), peers, preferences: { prefer: ["same-as"], max: 2 } };
    const { body } = await client.UNIS_DISTANCE_QUERY({ body: { distance_query: query } });
    const near = expect.any(Number);
    expect(body).toEqual({
      distances: {
        peer: [
          { peer_id: "192.0.2.99", distance: near, class: "same-prefix" },
          { peer_id: "198.51.100.5", distance: near, class: "same-as" },
        ],
        update_request_interval: 7,
      },
    });
  });

  test("takes round trips, and serves both clients' cache", async () => {
    const distances = createDistances({ unis: server.url });
    const before = await distances.order(peer("192.0.2.1"), peers);
    expect(before.map(({ peer_id }) => peer_id)).toEqual(["192.0.2.99", "198.51.100.5", "203.0.113.5"]);
    await distances.report(peer("192.0.2.1"), [{ address: "203.0.113.5", milliseconds: 12.5 }]);
    const query = { peer: peer("192.0.2.1"), peers: [peer("203.0.113.5")] };
    const { body } = await client.UNIS_DISTANCE_QUERY({ body: { distance_query: query } });
    expect(body).toMatchObject({ distances: { peer: [{ round_trip: 12.5 }] } });
    distances.close();
  });

  test.each([
    ["distances", { distance_query: { peers } }, /peer$/],
    ["distances", { distance_query: { peer: { peer_id: "x" }, peers } }, /peer\/address/],
    ["distances", { distance_query: { peer: peer("192.0.2.1"), peers: [{}] } }, /peers\/0/],
    ["distances", { distance_query: { peer: peer("x"), peers, preferences: { prefer: "x" } } }, /prefer/],
    ["measurements", { measurements: { peer: peer("192.0.2.1"), round_trip: [] } }, /round_trip/],
    [
      "measurements",
      { measurements: { peer: peer("192.0.2.1"), round_trip: [{ address: "x", milliseconds: 0 }] } },
      /milliseconds/,
    ],
    [
      "measurements",
      { measurements: { peer: peer("a name"), round_trip: [{ address: "x", milliseconds: 1 }] } },
      /peer\/address/,
    ],
  ])("bad input at %s names the member and the clause: %j", async (path, body, member) => {
    const response = await fetch(`${server.url}/unis/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { member: string; clause: string }[] };
    expect(errors[0]?.member).toMatch(member);
    expect(errors[0]?.clause).toMatch(/8\.[34]/);
  });

  test("health and metrics are on the same port", async () => {
    const health = (await (await fetch(`${server.url}/healthz`)).json()) as object;
    expect(health).toMatchObject({ status: "ok", entity: "unis", prefixes: 9, relations: 3, measured_pairs: 1 });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/mp2p_unis_prefixes 9/);
  });
});

describe("tables that change", () => {
  afterEach(() => server.close());

  test("are read again, and a faulty one changes nothing", async () => {
    await open({ watch: false });
    expect(await classes()).toContain("203.0.113.5 neighbour-as");
    appendFileSync(tables.prefixes[0] ?? "", "203.0.113.0\t24\t64500\n");
    writeFileSync(policy, "classes: { unknown: 1 }\n");
    expect(await server.unis.reload()).toBe(true);
    expect(await classes()).toContain("203.0.113.5 same-as");
    writeFileSync(tables.prefixes[0] ?? "", "<html>\n");
    expect(await server.unis.reload()).toBe(false);
    expect(await classes()).toContain("203.0.113.5 same-as");
    copyFileSync("impl/unis/test/prefixes.pfx2as", tables.prefixes[0] ?? "");
    writeFileSync(policy, "classes: { unknown: near }\n");
    expect(await server.unis.reload()).toBe(false);
    expect(await classes()).toContain("203.0.113.5 same-as");
  });
});

describe("tables that are none", () => {
  test.each([
    ["some faulty lines are left out", `${"192.0.2.0\t24\t1\n".repeat(30)}nonsense\n`, undefined],
    [
      "too many are too much",
      "192.0.2.0\t24\t1\nnonsense\nmore nonsense\n",
      /prefixes:2: "nonsense" is no address \(and 1 more/,
    ],
    ["a page instead of a table", "<html>", /"<html>" is no address/],
    ["no lines at all", "x".repeat(10_000), /no line of a table/],
  ])("%s", async (_, text, wrong) => {
    const path = tables.prefixes[0] ?? "";
    writeFileSync(path, text);
    const loading = loadTables({ prefixes: [path] }, silentLogger);
    if (wrong === undefined) return expect((await loading).prefixes).toBe(30);
    await expect(loading).rejects.toThrow(TableError);
    await expect(loadTables({ prefixes: [path] }, silentLogger)).rejects.toThrow(wrong);
  });

  test("a UNIS does not start without the files it is told of", async () => {
    const missing = { prefixes: [join(folder, "missing")] };
    await expect(startUnisServer({ store: createMemoryStore(), tables: missing })).rejects.toThrow(/ENOENT/);
  });
});
