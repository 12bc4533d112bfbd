import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import { createPeer } from "../peer/index.js";
import { mp2p, mp2pInto, mp2pSignalled, mp2pWithInput, type Service, startService } from "./test/process.js";

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

test("what was interrupted says how to go on; what is shared and changes ends, and says so", async () => {
  const copy = join(folder, "copy.bin");
  await writeFile(copy, content);
  const source = await running("peer", "share", copy, "--title", "slow", "--oms", oms, "--ixs", ixs, "--up", "100");
  const get = ["peer", "get", "--title", "slow", "--ixs", ixs, "--out", join(folder, "slow")];
  const first = mp2pSignalled(/%/, "SIGINT", ...get);
  expect(await first).toMatchObject({ code: 130, err: expect.stringContaining("the same command goes on") });
  const two = startService(...get);
  const busy = await two.then(async (service) => {
    const second = await mp2p(...get);
    await service.kill();
    return second;
  });
  expect(busy).toMatchObject({ code: 2, err: expect.stringContaining("is fetching the same content") });
  await appendFile(copy, "more");
  const fetching = startService(...get);
  expect(await source.until(({ event }) => event === "ended")).toMatchObject({
    reason: expect.stringContaining("was changed while it was shared"),
  });
  expect(await source.ended).toBe(1);
  services.pop();
  await (await fetching).kill();
  expect(await mp2p(...get)).toMatchObject({ code: 1, err: expect.stringContaining('no session of title "slow"') });
});

test("a session that its servers lost is made anew, for whoever waits for it", async () => {
  const serve = (kind: string, at: string) => startService("serve", kind, "--listen", at, "--memory");
  const lost = await Promise.all([serve("oms", "0"), serve("ixs", "0")]);
  const [omsUrl = "", ixsUrl = ""] = lost.map(({ ready }) => ready.url);
  const own = ["--oms", omsUrl, "--ixs", ixsUrl, "--refresh", "2"];
  const source = await running("peer", "share", path, "--title", "lost", ...own);
  await Promise.all(lost.map((server) => server.kill()));
  const portOf = (url: string): string => new URL(url).port;
  const again = await Promise.all([serve("oms", portOf(omsUrl)), serve("ixs", portOf(ixsUrl))]);
  services.unshift(...again);
  expect(await source.until(({ event }) => event === "moved")).toMatchObject({
    reason: expect.stringContaining("404"),
  });
  const get = ["peer", "get", "--title", "lost", "--ixs", ixsUrl, "--out", join(folder, "found"), "--wait"];
  expect(await mp2p(...get)).toMatchObject({ code: 0 });
  expect((await readFile(join(folder, "found", "lost"))).equals(content)).toBe(true);
});

test("a source peer that crashed and comes back with its key is followed, and nothing is written twice", async () => {
  const share = ["peer", "share", path, "--title", "back", "--oms", oms, "--ixs", ixs, "--fragment-size", "16384"];
  const same = ["--peer-id", "me", "--key", join(folder, "me.key")];
  const crashed = await startService(...share, ...same, "--up", "200");
  const where = ["--title", "back", "--ixs", ixs];
  const get = await running("peer", "get", ...where, "--out", join(folder, "back"), "--keep-seeding");
  const sum = mp2pInto("sha256sum", "peer", "receive", ...where);
  let got = 0;
  await get.until(({ event }) => event === "fragment" && ++got === 60);
  await crashed.kill();
  const back = await startService(...share, ...same, "--up", "400");
  let again = 0;
  const done = await get.until(({ event, seeding }) => {
    if (event === "fragment") again++;
    return seeding === true;
  });
  expect(done).toMatchObject({ title: "back", size: content.length });
  expect((await readFile(join(folder, "back", "back"))).equals(content)).toBe(true);
  const { out, err } = await sum;
  expect(err).toContain("goes on in overlay network");
  expect(out.slice(0, 64)).toBe(createHash("sha256").update(content).digest("hex"));
  expect(await services.pop()?.stop()).toBe(0);
  expect(await readdir(join(folder, "back"))).toEqual(["back"]);
  // Most of what it had before was not fetched again.
  expect(again).toBeLessThan(184 - 30);
  expect(await back.stop()).toBe(0);
}, 120_000);

test("a stream that its source peer begins anew is followed, until that ends it", async () => {
  const key = createSigningKey();
  const session = async () => {
    const peer = await createPeer({ key, ixs });
    const named = { title: "live", description: "", dataSourceId: "camera", dataId: "live" };
    const made = await peer.createSession({ ...named, oms, contentType: "STREAM", fragmentSize: 1024 });
    const timer = setInterval(() => void made.append(Buffer.from("a moment")).catch(() => undefined), 50);
    return {
      overlay: made.overlayId,
      async end(how: "cut off" | "ended") {
        clearInterval(timer);
        if (how === "ended") await made.end();
        // The last fragment is still on its way.
        if (how === "ended") await new Promise((resolve) => setTimeout(resolve, 1000));
        await peer.close();
      },
    };
  };
  const first = await session();
  const receiver = await startService("peer", "receive", "--title", "live", "--ixs", ixs);
  await receiver.until(({ index }) => Number(index) >= 3);
  await first.end("cut off");
  const second = await session();
  expect(second.overlay).not.toBe(first.overlay);
  const since = Date.now();
  await receiver.until(({ time }) => Date.parse(String(time)) > since);
  await second.end("ended");
  expect(await receiver.ended).toBe(0);
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
