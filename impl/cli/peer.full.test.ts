import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { mp2p, mp2pInto, mp2pWithInput, type Service, startService } from "./test/process.js";

const content = randomBytes(3_000_000);
const services: Service[] = [];
let folder = "";
let oms = "";
let ixs = "";
let path = "";

async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}

const servers: Service[] = [];
beforeAll(async () => {
  const serve = async (...args: string[]) => {
    const service = await startService("serve", ...args, "--listen", "0", "--memory");
    servers.push(service);
    return service.ready.url ?? "";
  };
  const pams = await serve("pams");
  [oms, ixs] = await Promise.all([serve("oms", "--pams", pams), serve("ixs")]);
  folder = await mkdtemp(join(tmpdir(), "mp2p-cli-peer-"));
  path = join(folder, "film.bin");
  await writeFile(path, content);
});
afterEach(async () => {
  for (const service of services.splice(0).reverse()) expect(await service.stop()).toBe(0);
});
afterAll(async () => {
  for (const service of servers.reverse()) expect(await service.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

test("a file is shared, fetched, cut off by kill -9, and fetched on where it was", async () => {
  const limits = ["--up", "600", "--fragment-size", "16384"];
  const source = await running("peer", "share", path, "--title", "film", "--oms", oms, "--ixs", ixs, ...limits);
  expect(source.ready).toMatchObject({ event: "listening", size: content.length, fragments: 184 });
  const out = join(folder, "out");
  const get = ["peer", "get", "--title", "film", "--ixs", ixs, "--out", out];
  const first = await startService(...get);
  let got = 0;
  await first.until(({ event }) => event === "fragment" && ++got === 90);
  await first.kill();
  const second = await running(...get, "--keep-seeding");
  let again = 0;
  const done = await second.until(({ event, seeding }) => {
    if (event === "fragment") again++;
    return seeding === true;
  });
  expect(done).toMatchObject({ title: "film", path: join(out, "film") });
  // What was written before the kill is not fetched again; the last of it may not have been.
  expect(again).toBeLessThan(184 - 60);
  expect((await readFile(join(out, "film"))).equals(content)).toBe(true);

  expect(await mp2p(...get)).toMatchObject({ code: 2, err: expect.stringContaining("there already") });
  expect(await services.pop()?.stop()).toBe(0);
  expect(await readdir(out)).toEqual(["film"]);
  const status = await mp2p("peer", "status", "--title", "film", "--ixs", ixs, "--json");
  const [index, facts] = status.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(index).toMatchObject({ index_file: { content_size: content.length } });
  expect(facts).toMatchObject({ status: 200, body: { overlay_network: { content_type: "FILE" } } });
  expect(await services.pop()?.stop()).toBe(0);
  expect(await mp2p(...get)).toMatchObject({ code: 1, err: expect.stringContaining("has no session") });
});

test("what is received goes into another program; wrong passwords are refused", async () => {
  const closed = ["--password", "sesame", "--title", "secret film", "--oms", oms, "--ixs", ixs];
  await running("peer", "share", path, ...closed);
  const receive = ["peer", "receive", "--title", "secret film", "--ixs", ixs];
  expect(await mp2p(...receive, "--password", "wrong")).toMatchObject({ code: 1, err: expect.stringContaining("403") });
  const { out } = await mp2pInto("sha256sum", ...receive, "--password", "sesame", "--quiet");
  expect(out.slice(0, 64)).toBe(createHash("sha256").update(content).digest("hex"));
});

test("lines of JSON drive a source peer and a peer", async () => {
  // One server at `url` is IXS and OMS for the suite; here a session is found through the index alone.
  const lines = [
    { id: 1, do: "start", url: ixs },
    { id: 2, do: "find", title: "nothing" },
    { id: 3, do: "leave" },
    { id: 4, do: "fly" },
  ];
  const { out, code } = await mp2pWithInput(
    `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`,
    "peer",
    "control",
  );
  const answers = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .sort((a, b) => Number(a.id) - Number(b.id));
  expect(code).toBe(0);
  expect(answers).toMatchObject([
    { id: 1, ok: true },
    { id: 2, error: expect.stringContaining("has no session") },
    { id: 3, unsupported: "join comes first" },
    { id: 4, unsupported: "there is no fly here" },
  ]);
});
