import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIxsClient, type IxsClient } from "../../generated/ixs/index.js";
import { createMemoryStore } from "../store/memory-store.js";
import { type IxsServer, startIxsServer } from "./server.js";
import { indexFile } from "./test/files.js";

let server: IxsServer;
let client: IxsClient;
const disk = new Map<string, Map<string, string>>();

beforeAll(async () => {
  server = await startIxsServer({ store: createMemoryStore({ disk }), adminTokens: ["the-administrator"] });
  client = createIxsClient({ baseUrl: server.url });
});
afterAll(() => server.close());

const holding = (bearer: string) => createIxsClient({ baseUrl: server.url, auth: { bearer } });
const names = ({ data_source_id, data_id, version }: ReturnType<typeof indexFile>) => ({
  query: { data_source_id, data_id, version },
});

async function registered(data_id: string): Promise<{ token: string; owner: IxsClient }> {
  const result = await client.IXS_INDEX_FILE_REGISTER({ body: { index_file: indexFile({ data_id }) } });
  if (result.status !== 200) throw new Error(`refused with ${result.status}`);
  const token = result.body.registration.owner_token ?? "";
  return { token, owner: holding(token) };
}

test("a session from registration to removal [X.609.10 8.6]", async () => {
  const file = indexFile({ data_id: "life", season: "spring", closed: true });
  const first = await client.IXS_INDEX_FILE_REGISTER({ body: { index_file: file } });
  if (first.status !== 200) throw new Error("not registered");
  const { owner_token = "" } = first.body.registration;
  expect(first.body.registration).toEqual({ owner_token: expect.stringMatching(/^[\w-]{32}$/), version: 1 });
  const query = { data_source_id: "gauge-1", data_id: "life" };
  expect((await client.IXS_INDEX_FILE_QUERY({ query })).body).toEqual({ index_file_list: { index_file: [file] } });
  expect((await client.IXS_INDEX_FILE_QUERY({ query: { ...query, version: 1 } })).body).toEqual({
    index_file_list: { index_file: [], up_to_date: true },
  });

  const owner = holding(owner_token);
  const second = await owner.IXS_INDEX_FILE_UPDATE({ body: { index_file: { ...file, version: 2 } } });
  expect(second.body).toEqual({ registration: { version: 2 } });
  expect((await client.IXS_INDEX_FILE_QUERY({ query: { ...query, version: 1 } })).body).toEqual({
    index_file_list: { index_file: [{ ...file, version: 2 }] },
  });
  expect((await owner.IXS_INDEX_FILE_UPDATE({ body: { index_file: { ...file, version: 1 } } })).status).toBe(409);
  expect((await owner.IXS_INDEX_FILE_REMOVE(names(file))).status).toBe(409);
  expect((await owner.IXS_INDEX_FILE_REMOVE(names({ ...file, version: 2 }))).status).toBe(200);
  expect((await client.IXS_INDEX_FILE_QUERY({ query })).status).toBe(404);
  expect((await owner.IXS_INDEX_FILE_REMOVE(names({ ...file, version: 2 }))).status).toBe(404);
});

describe("who may change a session [E-DS-36]", () => {
  test("who holds its token, or an administrator; nobody else", async () => {
    const { owner } = await registered("mine");
    const { owner: neighbour } = await registered("theirs");
    const index_file = indexFile({ data_id: "mine", version: 2 });
    for (const stranger of [client, neighbour, holding("guess")]) {
      const result = await stranger.IXS_INDEX_FILE_UPDATE({ body: { index_file } });
      expect(result).toMatchObject({ status: 401, headers: { "www-authenticate": expect.stringContaining("Bearer") } });
      expect((await stranger.IXS_INDEX_FILE_REMOVE(names(index_file))).status).toBe(401);
    }
    expect((await owner.IXS_INDEX_FILE_UPDATE({ body: { index_file } })).status).toBe(200);
    expect((await holding("the-administrator").IXS_INDEX_FILE_REMOVE(names(index_file))).status).toBe(200);
  });

  test("a registration whose answer got lost may be repeated by who brought the token, and by nobody else", async () => {
    const index_file = indexFile({ data_id: "brought" });
    const bearer = "a-token-of-my-own";
    for (let i = 0; i < 2; i++) {
      const result = await holding(bearer).IXS_INDEX_FILE_REGISTER({ body: { index_file } });
      expect(result.body).toEqual({ registration: { owner_token: bearer, version: 1 } });
    }
    const other = { index_file: { ...index_file, description: "another" } };
    expect((await holding(bearer).IXS_INDEX_FILE_REGISTER({ body: other })).status).toBe(409);
    for (const stranger of [client, holding("another-token-of-mine"), holding("the-administrator")]) {
      expect((await stranger.IXS_INDEX_FILE_REGISTER({ body: { index_file } })).status).toBe(409);
    }
    expect((await holding("too-short").IXS_INDEX_FILE_REGISTER({ body: other })).status).toBe(400);
    const update = await holding(bearer).IXS_INDEX_FILE_UPDATE({ body: { index_file: { ...index_file, version: 2 } } });
    expect(update.status).toBe(200);
    const made = await holding("the-administrator").IXS_INDEX_FILE_REGISTER({
      body: { index_file: indexFile({ data_id: "by the administrator" }) },
    });
    expect(made.body).not.toMatchObject({ registration: { owner_token: "the-administrator" } });
  });

  test("anybody in a laboratory", async () => {
    const laboratory = await startIxsServer({ store: createMemoryStore(), readings: { authority: "open" } });
    const anybody = createIxsClient({ baseUrl: laboratory.url });
    await anybody.IXS_INDEX_FILE_REGISTER({ body: { index_file: indexFile() } });
    const result = await anybody.IXS_INDEX_FILE_UPDATE({ body: { index_file: indexFile({ version: 2 }) } });
    expect(result.status).toBe(200);
    await laboratory.close();
  });

  test("the token is neither in the store nor in any later answer", async () => {
    const { token, owner } = await registered("secret");
    const update = await owner.IXS_INDEX_FILE_UPDATE({
      body: { index_file: indexFile({ data_id: "secret", version: 2 }) },
    });
    const list = await client.IXS_INDEX_FILE_QUERY();
    for (const said of [update.body, list.body, [...disk].map(([, rows]) => [...rows])]) {
      expect(JSON.stringify(said)).not.toContain(token);
    }
  });
});

test("browsing names nothing and goes page by page", async () => {
  for (let i = 0; i < 5; i++) await registered(`page-${i}`);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const result = await client.IXS_INDEX_FILE_QUERY({ query: { limit: 2, after } });
    if (result.status !== 200) throw new Error(`refused with ${result.status}`);
    seen.push(...result.body.index_file_list.index_file.map(({ data_id }) => data_id));
    after = result.body.index_file_list.next;
  } while (after !== undefined);
  expect(seen.filter((data) => data.startsWith("page"))).toEqual(["page-0", "page-1", "page-2", "page-3", "page-4"]);
  expect(new Set(seen).size).toBe(seen.length);
});

describe("bad input names the member and the clause", () => {
  const { title: _, ...untitled } = indexFile();
  test.each([
    ["POST", "", { index_file: untitled }, 400, /title/, /8\.6 a\) i\)/],
    ["POST", "", { index_file: indexFile({ version: 0 }) }, 400, /version/, /8\.6 b\) i\)/],
    ["POST", "", { index_file: indexFile({ oms_url: "ftp://x" }) }, 400, /oms_url/, /8\.6 a\) ii\)/],
    ["POST", "", { index_file: indexFile({ oms_url: "http://user:word@x" }) }, 400, /oms_url/, /8\.6 a\) ii\)/],
    ["POST", "", { index_file: indexFile({ oms_url: "http://[" }) }, 400, /oms_url/, /8\.6 a\) ii\)/],
    ["POST", "", { index_file: indexFile({ oms_url: "http:///x" }) }, 400, /oms_url/, /8\.6 a\) ii\)/],
    ["POST", "", { index_file: indexFile({ x: [{ "a/b": 2 ** 60 }] }) }, 400, /^\/index_file\/x\/0\/a~1b$/, /8\.6 a\)/],
    ["POST", "", { index_file: indexFile({ fragment_size: 0 }) }, 400, /fragment_size/, /8\.6 a\) v\)/],
    ["POST", "", { index_file: indexFile({ data_id: "" }) }, 400, /data_id/, /8\.6 a\) iv\)/],
    ["POST", "", { index_file: indexFile({ x: "y".repeat(60_000) }) }, 413, /index_file/, /8\.6 a\)/],
    ["PUT", "", { index_file: untitled }, 400, /title/, /8\.6/],
    ["DELETE", "?data_source_id=a&data_id=b", undefined, 400, /version/, /8\.6 d\) i\)/],
    ["DELETE", "?version=1&data_id=b", undefined, 400, /data_source_id/, /8\.6 d\) ii\)/],
    ["DELETE", "?version=one&data_source_id=a&data_id=b", undefined, 400, /version/, /8\.6/],
    ["GET", "?version=-1", undefined, 400, /version/, /8\.6/],
    ["GET", "?tilte=film", undefined, 400, /^\?tilte$/, /8\.6/],
    ["GET", "?title=a&title=b", undefined, 400, /^\?title$/, /8\.6/],
    ["GET", "?after=x", undefined, 400, /after/, /8\.6 e\)/],
    ["GET", "?limit=1001", undefined, 400, /limit/, /8\.6/],
  ])("%s %s %.60j: %i", async (method, query, body, status, member, clause) => {
    const response = await fetch(`${server.url}/ixs/index-files${query}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: { member: string; clause: string }[] };
    expect(errors[0]?.member).toMatch(member);
    expect(errors[0]?.clause).toMatch(clause);
  });

  test.each(["12345678901234567890", "1e400", "-0"])("a number that would come back as another: %s", async (number) => {
    const body = JSON.stringify({ index_file: indexFile({ x: "?" }) }).replace('"?"', number);
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}/ixs/index-files`, { method: "POST", headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ member: "/index_file/x", clause: "X.609.10 8.6 a)" }] });
  });

  test("a body beyond any index file is refused before it is read", async () => {
    const body = JSON.stringify({ index_file: indexFile({ x: "y".repeat(200_000) }) });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}/ixs/index-files`, { method: "POST", headers, body });
    expect(response.status).toBe(413);
  });
});

test("writers that race with readers: nobody ever sees an older version after a newer one [X.609.10 8.6 c]", async () => {
  const { owner } = await registered("race");
  const query = { data_source_id: "gauge-1", data_id: "race" };
  let writing = true;
  const write = async (remainder: number) => {
    for (let version = 2 + remainder; version < 40; version += 2) {
      const result = await owner.IXS_INDEX_FILE_UPDATE({
        body: { index_file: indexFile({ data_id: "race", version }) },
      });
      expect([200, 409]).toContain(result.status);
    }
  };
  const read = async () => {
    let newest = 0;
    while (writing) {
      const result = await client.IXS_INDEX_FILE_QUERY({ query });
      const version = result.status === 200 ? (result.body.index_file_list.index_file[0]?.version ?? 0) : 0;
      expect(version).toBeGreaterThanOrEqual(newest);
      newest = version;
    }
  };
  const readers = [read(), read(), read()];
  await Promise.all([write(0), write(1)]);
  writing = false;
  await Promise.all(readers);
  const { body } = await client.IXS_INDEX_FILE_QUERY({ query });
  expect(body).toMatchObject({ index_file_list: { index_file: [{ version: 39 }] } });
});

test("a store that cannot be written: 503, and nothing is changed", async () => {
  const store = createMemoryStore();
  const failing = await startIxsServer({ store });
  const here = createIxsClient({ baseUrl: failing.url, retry: false });
  const result = await here.IXS_INDEX_FILE_REGISTER({ body: { index_file: indexFile() } });
  if (result.status !== 200) throw new Error("not registered");
  const auth = { bearer: result.body.registration.owner_token ?? "" };
  const owner = createIxsClient({ baseUrl: failing.url, retry: false, auth });
  const commit = store.commit;
  store.commit = () => Promise.reject(new Error("the disk is full"));
  const data_id = "second";
  expect((await here.IXS_INDEX_FILE_REGISTER({ body: { index_file: indexFile({ data_id }) } })).status).toBe(503);
  expect((await owner.IXS_INDEX_FILE_UPDATE({ body: { index_file: indexFile({ version: 2 }) } })).status).toBe(503);
  expect((await owner.IXS_INDEX_FILE_REMOVE(names(indexFile()))).status).toBe(503);
  store.commit = commit;
  const { body } = await here.IXS_INDEX_FILE_QUERY();
  expect(body).toEqual({ index_file_list: { index_file: [indexFile()] } });
  await failing.close();
});

test("health and metrics are on the same port", async () => {
  const health = (await (await fetch(`${server.url}/healthz`)).json()) as object;
  expect(health).toMatchObject({ status: "ok", entity: "ixs", index_files: expect.any(Number) });
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/mp2p_ixs_index_files \d/);
});
