import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { mp2p, type Service, startService } from "./test/process.js";

const services: Service[] = [];
async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}
afterEach(async () => {
  for (const service of services.splice(0).reverse()) await service.stop();
});

async function servers() {
  const ixs = await running("serve", "ixs", "--listen", "0", "--memory");
  const oms = await running("serve", "oms", "--listen", "0", "--memory", "--admin-token", "admin");
  return { oms: oms.ready.url ?? "", ixs: ixs.ready.url ?? "" };
}

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
    [["source-peer", "--memory", "--udp", "0", "--control", "0", "--session-title", "t"], "--oms and --ixs"],
  ])("%j is wrong usage", async (args, said) => {
    const { code, err } = await mp2p(...args);
    expect(err).toContain(said);
    expect(code).toBe(2);
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
