import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { mp2p, mp2pWithInput, type Service, startService, startServiceWithLine } from "./test/process.js";

const services: Service[] = [];
const folder = mkdtempSync(join(tmpdir(), "mp2p-network-"));

async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}

afterEach(async () => {
  for (const service of services.splice(0).reverse()) await service.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const attached = (line: Record<string, unknown>): boolean => line.event === "attached";
const data = (line: Record<string, unknown>): boolean => line.event === "data";

/** Peers of a tree that may have one child each, the owner two: so that there is a middle to take away. */
const narrow = ["--set", "paths.maxPrimary=2"];

test("processes create, join, send, receive, scan; one in the middle is killed, and data still arrive", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const at = ["--homs", url, "--title", "demo"];
  const alice = await running("hybrid-peer", "create", ...at, "--peer-id", "alice", ...narrow);
  await alice.until(({ event }) => event === "listening");
  const others = new Map<string, Service>();
  for (const name of ["bob", "carol"]) {
    const peer = await running("hybrid-peer", "join", ...at, "--peer-id", name, ...narrow);
    await peer.until(attached);
    others.set(name, peer);
  }
  const receive = ["receive", ...at, "--peer-id", "dave", "--output", "inbox/", "--app-id", "files"];
  const dave = await running("hybrid-peer", ...receive, ...narrow);
  const parent = String((await dave.until(attached)).peerId);
  expect([...others.keys()]).toContain(parent);

  const octets = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31) & 0xff);
  const file = join(folder, "a file.bin");
  writeFileSync(file, octets);
  const send = ["hybrid-peer", "send", ...at, "--app-id", "files", "--wait", "60"];
  const sent = await mp2p(...send, "--file", file, "--json");
  expect(sent).toMatchObject({ code: 0, err: "" });
  expect(sent.out).toContain('{"event":"sent","messages":1,"octets":200000,"flushed":true}');
  const got = await dave.until(data);
  expect(got).toMatchObject({ "app-id": "files", octets: 200_000, file: "inbox/a file.bin" });
  expect(Buffer.compare(readFileSync(join(dave.folder, String(got.file))), Buffer.from(octets))).toBe(0);

  const { out } = await mp2p("hybrid-peer", "scan", ...at, "--wait", "60");
  for (const name of ["alice  (ticket 1,", "bob", "carol", "dave", "← this peer"]) expect(out).toContain(name);

  const gone = others.get(parent);
  if (gone !== undefined) services.splice(services.indexOf(gone), 1);
  await gone?.kill();
  await dave.until(attached);
  const after = await mp2pWithInput("one\ntwo\n", ...send, "--quiet");
  expect(after).toMatchObject({ code: 0, out: "", err: "" });
  const lines = [await dave.until(data), await dave.until(data)];
  expect(lines.map(({ octets: length }) => length)).toEqual([3, 3]);
});

test("what a bridge receives in the core, members of the sub-overlay get", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const homs = ["--homs", url];
  const bridge = ["--title", "core", "--hand-over-to", "archive", "--hand-over-shape", "mesh"];
  const gateway = await running("hybrid-peer", "create", ...homs, ...bridge, "--peer-id", "gateway");
  expect(await gateway.until(({ event }) => event === "handing-over")).toHaveProperty("to");
  const received = mp2p("hybrid-peer", "receive", ...homs, "--title", "archive", "--count", "1", "--quiet");
  const sent = await mp2p("hybrid-peer", "send", ...homs, "--title", "core", "--wait", "60", "21.5 degrees");
  expect(sent.code).toBe(0);
  expect(await received).toEqual({ code: 0, out: "21.5 degrees\n", err: "" });
});

test("lines of JSON drive peers that talk to each other", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const peer = async (name: string) => {
    const one = await startServiceWithLine(
      JSON.stringify({ id: 0, do: "start", url, listen: true, "peer-id": name }),
      "hybrid-peer",
      "control",
    );
    services.push(one);
    let id = 0;
    const ask = (action: string, more: object = {}): Promise<Record<string, unknown>> => {
      id += 1;
      const mine = id;
      one.write(JSON.stringify({ id: mine, do: action, ...more }));
      return one.until((line) => line.id === mine);
    };
    return { one, ask };
  };
  const owner = await peer("owner");
  const created = (await owner.ask("create", { title: "t" })).result as Record<string, string>;
  await owner.ask("join");
  const guest = await peer("guest");
  await guest.ask("join", { "overlay-id": created["overlay-id"] });
  expect(await guest.ask("connected", { "timeout-ms": 60_000 })).toMatchObject({ result: { connected: true } });
  await owner.ask("receive", { "app-id": "chat" });
  expect(await guest.ask("send", { "app-id": "chat", base64: "aGk=", "payload-type": "text/plain" })).toMatchObject({
    ok: true,
  });
  expect(await owner.one.until(data)).toMatchObject({ source: "guest", "app-id": "chat", text: "hi" });
  expect(await guest.ask("paths")).toMatchObject({ result: { paths: [{ kind: "parent", "peer-id": "owner" }] } });
  expect(await guest.ask("scan", { "timeout-ms": 1000 })).toMatchObject({
    result: { "peer-id": "owner", children: [{ "peer-id": "guest", self: true }] },
  });
  expect(await guest.ask("flush")).toMatchObject({ result: { flushed: true } });
});

test("nobody there: the message says what to do", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const homs = ["--homs", url];
  const missing = await mp2p("hybrid-peer", "send", ...homs, "--title", "none", "hi", "--quiet");
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("`mp2p hybrid-peer query` lists them") });
  await mp2p("hybrid-peer", "create", ...homs, "--title", "lonely", "--once");
  const alone = await mp2p("hybrid-peer", "send", ...homs, "--title", "lonely", "--wait", "0.2", "hi", "--quiet");
  expect(alone).toMatchObject({ code: 2, err: expect.stringContaining("--stay") });
});
