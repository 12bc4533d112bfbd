import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mp2p, mp2pWithInput, type Service, startService } from "./test/process.js";

const services: Service[] = [];
async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}
afterEach(async () => {
  for (const service of services.splice(0).reverse()) await service.stop();
});

/** A command to be signalled in the midst of it. */
function command(...args: string[]): ChildProcessWithoutNullStreams {
  const [loader, main] = ["../../tools/test/run-typescript.mjs", "main.ts"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return spawn(process.execPath, ["--import", loader ?? "", main ?? "", ...args], { cwd: tmpdir() });
}

async function servers() {
  const ixs = await running("serve", "ixs", "--listen", "0", "--memory");
  const oms = await running("serve", "oms", "--listen", "0", "--memory", "--admin-token", "admin");
  return { oms: oms.ready.url ?? "", ixs: ixs.ready.url ?? "" };
}

const sharing = ["source-peer", "--memory", "--session-title", "t", "--oms", "http://x", "--ixs", "http://x"];

describe("mp2p serve cs, mp2p cs", () => {
  test("a file handed to the cache server arrives at a peer; ending it leaves nothing", async () => {
    const { oms, ixs } = await servers();
    const made = ["--provider-token", "prov", "--oms-token", "command", "--register", oms, "--register-token", "admin"];
    const cs = await running("serve", "cs", "--listen", "0", "--memory", "--oms", oms, "--ixs", ixs, ...made);
    const url = cs.ready.url ?? "";
    const content = randomBytes(3_000_000);
    const file = join(cs.folder, "content");
    writeFileSync(file, content);
    const refused = await mp2p("cs", "ingest", file, "--cs", url, "--title", "t", "--token", "wrong");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("401")]);

    const args = ["cs", "ingest", file, "--cs", url, "--title", "film", "--token", "prov", "--keep", "--json"];
    const { code, out } = await mp2p(...args);
    expect(code).toBe(0);
    const kept = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; session: string; token: string; octets?: number })
      .at(-1);
    const got = await mp2p("peer", "get", "--ixs", ixs, "--title", "film", "--out", cs.folder, "--name", "copy");
    expect(got).toMatchObject({ code: 0 });
    expect(readFileSync(join(cs.folder, "copy")).equals(content)).toBe(true);

    const headers = { authorization: `Bearer ${kept?.token}` };
    const ended = await fetch(`${url}/cs/sessions/${kept?.session}`, { method: "DELETE", headers });
    expect(ended.status).toBe(200);
    const asked = await mp2p("cs", "query", "--cs", url, "--json");
    expect(JSON.parse(asked.out)).toMatchObject({ body: { cache_server: { sessions: 0, storage_used: 0 } } });
  });

  test.each([
    [["serve", "cs", "--memory", "--oms", "http://x"], "--oms and --ixs go together"],
    [["serve", "cs", "--memory", "--advertise", "x"], "--peer-ports"],
    [["serve", "cs", "--memory", "--peer-ports", "9-8"], "first-last"],
    [["cs", "ingest", "none.bin", "--title", "t"], "none.bin"],
    [["cs", "ingest", "/dev/null", "--title", "t"], "one octet"],
    [["serve", "cs", "--memory", "--store", "x.sqlite"], "--store"],
    [["serve", "cs", "--memory", "--listen", "0.0.0.0:0"], "--oms-token"],
    [["serve", "cs", "--memory", "--allow-oms", "x"], "--allow-oms"],
    [["serve", "cs", "--memory", "--folder", "/dev/null/x"], "/dev/null"],
    [["source-peer", "--memory", "--udp", "0", "--control", "0", "--session-title", "t"], "--oms and --ixs"],
    [[...sharing, "--data-id", "x".repeat(300)], "--data-id"],
    [[...sharing, "--peer-key", "/dev/null"], "/dev/null"],
  ])("%j is wrong usage", async (args, said) => {
    const { code, err } = await mp2p(...args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });
});

describe("sessions of a cache server by hand", () => {
  test("titles are of data of their own; who comes second to the same data is told which", async () => {
    const { oms, ixs } = await servers();
    const cs = await running("serve", "cs", "--listen", "0", "--memory", "--oms", oms, "--ixs", ixs);
    const at = ["--cs", cs.ready.url ?? ""];
    const input = (title: string) => mp2pWithInput("content", "cs", "ingest", "-", ...at, "--title", title, "--keep");
    expect([(await input("one")).code, (await input("two")).code]).toEqual([0, 0]);
    const again = await input("two");
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/409[\s\S]*data "two" of data source "mp2p"/)]);
  });

  test("RTP and LDMP: where the data go, and how; told to end, and ended", async () => {
    const { oms, ixs } = await servers();
    const cs = await running("serve", "cs", "--listen", "0", "--memory", "--oms", oms, "--ixs", ixs);
    const at = ["--cs", cs.ready.url ?? ""];
    const made = await mp2p("cs", "session", "create", ...at, "--title", "camera", "--method", "rtp", "http");
    expect(made.out).toMatch(/ffmpeg .* -f rtp_mpegts 'rtp:\/\/127\.0\.0\.1:\d+'/);
    const words = ["--title", "sensors", "--method", "ldmp", "--json"];
    const { out } = await mp2p("cs", "session", "create", ...at, ...words);
    const session = JSON.parse(out) as { session_id: string; session_token: string; ldmp_secret: string };
    expect(session).toMatchObject({ event: "session", ldmp_secret: expect.any(String), ingest: [{}, {}] });
    const of = (what: string) =>
      mp2p("cs", "session", what, session.session_id, ...at, "--session-token", session.session_token, "--json");
    expect(JSON.parse((await of("status")).out)).toMatchObject({ body: { session_status: { ended: false } } });
    expect(JSON.parse((await of("end")).out)).toMatchObject({ body: { session_status: { ended: true } } });
    expect(await of("terminate")).toMatchObject({ code: 0 });
    expect(await of("status")).toMatchObject({ code: 1, out: expect.stringContaining("404") });
  });

  test("ingest ends its session, signalled twice at once as by `timeout`, and in the midst of the upload", async () => {
    const { oms, ixs } = await servers();
    const cs = await running("serve", "cs", "--listen", "0", "--memory", "--oms", oms, "--ixs", ixs);
    const url = cs.ready.url ?? "";
    const child = command("cs", "ingest", "-", "--title", "live", "--cs", url);
    child.stdin.write("something");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toContain("session ");
    for (const signal of ["SIGTERM", "SIGTERM", "SIGINT"] as const) child.kill(signal);
    const rest: string[] = [];
    for await (const line of { [Symbol.asyncIterator]: () => lines }) rest.push(line);
    expect(rest).toContain("session terminated");
    const { out } = await mp2p("cs", "query", "--cs", url, "--json");
    expect(JSON.parse(out)).toMatchObject({ body: { cache_server: { sessions: 0 } } });
  });

  test("an OMS that is down learns of the cache server when it is up", async () => {
    const ixs = (await running("serve", "ixs", "--listen", "0", "--memory")).ready.url ?? "";
    const first = await running("serve", "oms", "--listen", "0", "--memory");
    const url = first.ready.url ?? "";
    services.splice(services.indexOf(first), 1);
    await first.stop();
    const guards = ["--oms-token", "command", "--register", url, "--register-token", "admin"];
    const cs = await running("serve", "cs", "--listen", "0", "--memory", ...guards);
    await running("serve", "oms", "--listen", new URL(url).port, "--memory", "--admin-token", "admin");
    const folder = mkdtempSync(join(tmpdir(), "mp2p-cs-"));
    const file = join(folder, "content");
    writeFileSync(file, "content");
    await running("peer", "share", file, "--oms", url, "--ixs", ixs, "--title", "film", "--cache-servers", "1");
    const allocations = async () => {
      const { out } = await mp2p("cs", "query", "--cs", cs.ready.url ?? "", "--json");
      return (JSON.parse(out) as { body: { cache_server: { allocations: number } } }).body.cache_server.allocations;
    };
    await expect.poll(allocations, { timeout: 60_000 }).toBe(1);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe("a source that crashes, started again by the same command [X.609.10 8.6]", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mp2p-cs-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const kill = async (service: Service) => {
    services.splice(services.indexOf(service), 1);
    await service.kill();
  };

  test("a cache server: the same file is uploaded again, and is found; what was left on disk is gone", async () => {
    const { oms, ixs } = await servers();
    const at = [
      "--store",
      join(folder, "cs.sqlite"),
      "--folder",
      join(folder, "fragments"),
      "--oms",
      oms,
      "--ixs",
      ixs,
    ];
    const serve = () => running("serve", "cs", "--listen", "0", ...at);
    const file = join(folder, "content");
    const content = randomBytes(600_000);
    writeFileSync(file, content);
    const kept = async ({ ready }: Service) => {
      const { code, out, err } = await mp2p("cs", "ingest", file, "--cs", ready.url ?? "", "--title", "film", "--keep");
      expect([code, err]).toEqual([0, ""]);
      return /overlay network (\S+)/.exec(out)?.[1];
    };
    const first = await serve();
    const before = await kept(first);
    const left = readdirSync(join(folder, "fragments"));
    expect(left.length).toBe(1);
    await kill(first);
    const second = await serve();
    expect(readdirSync(join(folder, "fragments"))).toEqual([]);
    expect(await kept(second)).not.toBe(before);
    const got = await mp2p("peer", "get", "--ixs", ixs, "--title", "film", "--out", folder, "--name", "copy");
    expect(got).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "copy")).equals(content)).toBe(true);
  });

  test.each([
    ["with its store", () => ["--store", join(folder, "sp.sqlite")]],
    ["with its key alone", () => ["--memory", "--peer-key", join(folder, "sp.key")]],
  ])("a source peer, %s", async (_, identity) => {
    const { oms, ixs } = await servers();
    const start = () =>
      running(
        ...["source-peer", "--quiet", "--udp", "0", "--control", "0", "--session-title", "weather", ...identity()],
        ...["--oms", oms, "--ixs", ixs],
      );
    const opened = async (source: Service) => {
      const sensor = await running("data-source", "--id", "17", "--to", source.ready.udp ?? "", "--period", "0.2");
      const { overlayId } = await source.until(({ event }) => event === "session-opened");
      await source.until(({ event }) => event === "session-indexed");
      return { sensor, overlayId };
    };
    const files = async () => {
      const { out } = await mp2p("ixs", "find", "--ixs", ixs, "--json");
      type Listed = {
        body: { index_file_list: { index_file: { data_source_id: string; overlay_network_id: string }[] } };
      };
      const { index_file } = (JSON.parse(out) as Listed).body.index_file_list;
      return Object.fromEntries(index_file.map((file) => [file.data_source_id, file.overlay_network_id]));
    };
    const first = await start();
    const { sensor, overlayId } = await opened(first);
    await expect.poll(files, { timeout: 30_000 }).toEqual({ "17": overlayId, "source-peer-1": overlayId });
    await kill(first);
    await kill(sensor);
    const second = await start();
    const again = await opened(second);
    expect(again.overlayId).not.toBe(overlayId);
    const now = { "17": again.overlayId, "source-peer-1": again.overlayId };
    await expect.poll(files, { timeout: 30_000 }).toEqual(now);
  });
});

test("mp2p data-source → source-peer --session-title → peer receive: the records, as lines of JSON", async () => {
  const { oms, ixs } = await servers();
  const source = await running(
    ...["source-peer", "--memory", "--quiet", "--udp", "0", "--control", "0", "--linger", "0.5"],
    ...["--session-title", "weather", "--oms", oms, "--ixs", ixs, "--flush", "0.05"],
  );
  const address = source.ready.udp ?? "";
  const sensor = await running("data-source", "--id", "17", "--to", address, "--period", "0.2");
  await source.until(({ event }) => event === "session-indexed");
  const peer = await running("peer", "receive", "--ixs", ixs, "--title", "weather", "--wait");
  const record = await peer.until(({ event }) => event === "record");
  expect(record).toMatchObject({ sourceId: "17", dataId: "data", sequence: expect.any(Number) });
  services.splice(services.indexOf(sensor), 1);
  await sensor.stop();
  expect(await source.until(({ event }) => event === "session-closed")).not.toHaveProperty("reason");
});
