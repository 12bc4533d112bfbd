import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DataSource, startDataSource } from "../data-source/data-source.js";
import { type SourcePeer, startSourcePeer } from "./source-peer.js";

let peer: SourcePeer;
let source: DataSource;

beforeAll(async () => {
  peer = await startSourcePeer({ id: 5 });
  const feed = {
    items: [
      { name: "load", read: () => "0.5" },
      { name: "raw", read: () => Uint8Array.of(0, 255) },
    ],
  };
  source = await startDataSource({ id: 17, sourcePeer: `udp://127.0.0.1:${peer.udp?.port}`, feed });
  await source.registered();
});
afterAll(async () => {
  await source.close();
  await peer.close();
});

async function call(method: string, path: string, body?: unknown): Promise<[status: number, body: unknown]> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(peer.url + path, init);
  return [response.status, await response.json()];
}

test("lists who is registered", async () => {
  const [status, body] = await call("GET", "/data-sources");
  expect(status).toBe(200);
  const entry = { id: 17, transport: "datagram", address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), posts: 0 };
  expect(body).toMatchObject({ dataSources: [entry] });
  expect(await call("GET", "/data-sources/17")).toMatchObject([200, entry]);
});

test.each([
  ["the default item", {}, [200, { code: "2.05", text: "0.5" }]],
  ["an item", { item: "raw" }, [200, { code: "2.05", base64: "AP8=" }]],
  ["a payload as it is", { text: "load" }, [200, { code: "2.05", text: "0.5" }]],
  ["an unknown item", { item: "no" }, [502, { code: "ERR_REFUSED", ldmpCode: "4.04", status: 502 }]],
  ["a binary payload", { base64: "AA==" }, [502, { ldmpCode: "4.15" }]],
  ["a number for an item", { item: 5 }, [400, { detail: "item must be a string" }]],
  ["no JSON", "{", [400, { detail: "the body is not JSON" }]],
  ["an array", [], [400, {}]],
  ["too much", { text: "x".repeat(300_000) }, [413, {}]],
])("GET of %s", async (_, body, want) => {
  expect(await call("POST", "/data-sources/17/get", body)).toMatchObject(want);
});

test.each([
  ["POST", "/data-sources/99/get", {}, 404],
  ["POST", "/data-sources/99/reset", {}, 404],
  ["GET", "/data-sources/99", undefined, 404],
  ["GET", "/data-sources/70000", undefined, 400],
  ["GET", "/data-sources/x", undefined, 400],
  ["GET", "/data-sources/17/get", undefined, 405],
  ["POST", "/data-sources", {}, 405],
  ["POST", "/data-sources/17/put", {}, 400],
  ["POST", "/data-sources/17/put", { parameters: { period: 1 } }, 502],
  ["GET", "/data-sources/17/what", undefined, 404],
  ["GET", "/nothing", undefined, 404],
  ["GET", "//x:y/no-url", undefined, 404],
])("%s %s %j gives %d", async (method, path, body, status) => {
  const [got, problem] = await call(method, path, body);
  expect(got).toBe(status);
  expect(problem).toMatchObject({ status });
});

test("reset is accepted, and the data source registers again", async () => {
  const before = source.counters.registrations;
  expect(await call("POST", "/data-sources/17/reset")).toEqual([202, {}]);
  await expect.poll(() => source.counters.registrations).toBe(before + 1);
});

test("data arrive as server-sent events, of one data source when asked so", async () => {
  const stop = new AbortController();
  const streams = await Promise.all(
    ["/data", "/data?source=99"].map((path) => fetch(peer.url + path, { signal: stop.signal })),
  );
  expect(streams.map(({ headers }) => headers.get("content-type"))).toEqual(["text/event-stream", "text/event-stream"]);
  const texts = ["", ""];
  const reading = streams.map(async ({ body }, index) => {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
      texts[index] += Buffer.from(chunk).toString();
  });
  source.post("21.5");
  source.post(Uint8Array.of(1));
  await expect.poll(() => texts[0]?.match(/event: data/g)?.length).toBe(2);
  const events = texts[0]?.match(/(?<=data: )\{.*\}/g)?.map((line) => JSON.parse(line) as unknown);
  expect(events).toMatchObject([
    { source: 17, text: "21.5" },
    { source: 17, base64: "AQ==" },
  ]);
  expect(texts[1]).not.toContain("event:");
  stop.abort();
  await Promise.allSettled(reading);
});

test("health and metrics tell how it goes", async () => {
  expect(await call("GET", "/healthz")).toMatchObject([200, { status: "ok", id: 5, dataSources: 1 }]);
  const metrics = await (await fetch(`${peer.url}/metrics`)).text();
  expect(metrics).toContain("mp2p_source_peer_data_sources 1");
  expect(metrics).toMatch(/mp2p_source_peer_posts_total \d/);
});

describe("who may use it", () => {
  const status = (port: string, headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port, path: "/data-sources", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.end();
    });

  test.each([
    ["by address", { host: "127.0.0.1:8080" }, 200],
    ["as localhost", { host: "localhost" }, 200],
    ["by IPv6 address", { host: "[::1]:8080" }, 200],
    ["under a foreign name, as after DNS rebinding", { host: "example.test" }, 403],
    ["from a web page", { host: "127.0.0.1", origin: "http://example.test" }, 403],
  ])("without token, %s", async (_, headers, want) => {
    expect(await status(new URL(peer.url ?? "").port, headers)).toBe(want);
  });

  test("with a token, whoever brings it", async () => {
    const guarded = await startSourcePeer({ control: { token: "open" } });
    const { port } = new URL(guarded.url ?? "");
    expect(await status(port, {})).toBe(401);
    expect(await status(port, { authorization: "Bearer opem" })).toBe(401);
    expect(await status(port, { authorization: "Bearer open" })).toBe(200);
    await guarded.close();
  });
});
