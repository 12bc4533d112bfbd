import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { mp2p, type Service, startService } from "./test/process.js";

const folder = mkdtempSync(join(tmpdir(), "mp2p-cli-servers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const services: Service[] = [];

async function running(...args: string[]): Promise<string> {
  const service = await startService("serve", ...args, "--listen", "0");
  services.push(service);
  return service.ready.url ?? "";
}

afterEach(async () => {
  for (const service of services.splice(0)) expect(await service.stop()).toBe(0);
});

async function answers(...args: string[]): Promise<unknown[]> {
  const { code, out, err } = await mp2p(...args, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

function write(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

const timeout = 300_000;

test("an index file from registration to removal", { timeout }, async () => {
  const store = join(folder, "ixs.sqlite");
  const url = await running("ixs", "--store", store);
  const file = {
    ...{ title: "Rain", oms_url: "http://oms.example", overlay_network_id: "o", data_source_id: "s", data_id: "d" },
    ...{ fragment_size: 1024, description: "Rain." },
  };
  const [first] = (await answers("ixs", "register", "--ixs", url, "--file", write("file.json", file))) as [
    { body: { registration: { owner_token: string } } },
  ];
  const { owner_token: token } = first.body.registration;
  const newer = write("newer.json", { index_file: { ...file, version: 2 } });
  await answers("ixs", "update", "--ixs", url, "--file", newer, "--bearer", token);
  const [found] = await answers("ixs", "find", "--ixs", url, "--title", "Rain");
  expect(found).toMatchObject({ body: { index_file_list: { index_file: [{ version: 2 }] } } });
  const names = ["--data-source", "s", "--data", "d", "--held", "2"];
  expect((await mp2p("ixs", "remove", "--ixs", url, ...names)).code).toBe(1);
  await answers("ixs", "remove", "--ixs", url, ...names, "--bearer", token);
  expect((await mp2p("ixs", "find", "--ixs", url, "--title", "Rain")).code).toBe(1);
});

test("addresses in order of distance", { timeout }, async () => {
  const prefixes = write("prefixes", "192.0.2.0\t24\t64500\n198.51.100.0\t24\t64501\n203.0.113.0\t24\t64502\n");
  const relations = write("relations", "64500|64502|0\n");
  const policy = write("policy.yaml", "classes: { unknown: 50000 }\n");
  const url = await running("unis", "--memory", "--prefixes", prefixes, "--relations", relations, "--policy", policy);
  const [ordered] = await answers(
    "unis",
    "order",
    "--unis",
    url,
    "--from",
    "192.0.2.1",
    "--peers",
    "198.51.100.1,203.0.113.1",
  );
  expect(ordered).toMatchObject({ body: { distances: { peer: [{ class: "neighbour-as" }, { class: "other-as" }] } } });
  const faulty = write("faulty", "<html>");
  const refused = await mp2p("serve", "unis", "--memory", "--listen", "0", "--prefixes", faulty);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('"<html>" is no address') });
});

test("a PAMS that gives tokens is usable by all commands", { timeout }, async () => {
  const pams = await running("pams", "--memory", "--peer-tokens", "--oms-token", "oms-token", "--report-interval", "1");
  const at = ["--pams", pams, "--overlay", "o"];
  const asOms = ["--bearer", "oms-token"];
  await answers("pams", "register-overlay", ...at, ...asOms);
  const [, { peer_token: token }] = (await answers("pams", "register-peer", ...at, "--peer", "by-hand")) as [
    unknown,
    { peer_token: string },
  ];
  const report = write("report.json", { dynamic_status: { uploaded: "10" } });
  const byHand = [...at, "--peer", "by-hand"];
  expect((await mp2p("pams", "report", ...byHand, "--file", report)).code).toBe(1);
  await answers("pams", "report", ...byHand, "--file", report, "--bearer", token);
  await answers("pams", "deregister-peer", ...byHand, "--bearer", token);

  const ixs = await running("ixs", "--memory");
  const oms = await running("oms", "--memory", "--pams", pams, "--pams-token", "oms-token");
  const path = write("film", "x".repeat(50_000));
  const source = await startService("peer", "share", path, "--title", "film", "--oms", oms, "--ixs", ixs);
  expect((await mp2p("peer", "get", "--title", "film", "--ixs", ixs, "--out", join(folder, "films"))).code).toBe(0);
  const counted = async () => (await fetch(`${pams}/metrics`)).text();
  const reports = (status: number) => new RegExp(`PAMP_PEER_STATUS_REPORT",status="${status}"} ([2-9]|\\d\\d)`);
  await expect.poll(counted, { timeout: 60_000 }).toMatch(reports(200));
  expect(await source.stop()).toBe(0);
  // The one that was sent by hand without its token; nobody else was refused.
  expect(await counted()).toMatch(/PAMP_PEER_STATUS_REPORT",status="401"} 1\n/);
  expect(await counted()).not.toMatch(/PAMP_PEER_DEREG",status="401"/);
});

test("a user, a channel, and who may see it", { timeout }, async () => {
  const url = await running("ums", "--memory", "--admin-token", "admin-token", "--oms-token", "oms-token");
  const admin = ["--ums", url, "--bearer", "admin-token"];
  const [, { credential }] = (await answers(
    ...["ums", "add-user", ...admin, "--user", "ada", "--new-credential", "--service-class", "1"],
  )) as [unknown, { credential: string }];
  const channel = { title: "Rain", ixs_url: "http://ixs.example", data_source_id: "s", data_id: "d" };
  await answers("ums", "add-channel", ...admin, "--channel", "rain", "--file", write("channel.json", channel));
  await answers("ums", "grant", ...admin, "--channel", "rain", "--user", "ada", "--until", "2999-01-01T00:00:00Z");
  const [channels] = await answers("ums", "channels", "--ums", url, "--bearer", credential);
  expect(channels).toMatchObject({ body: { channels: [channel] } });
  const check = ["ums", "check", "--ums", url, "--bearer", "oms-token", "--peer", "p", "--session", "Rain"];
  expect((await answers(...check, "--credential", credential))[0]).toMatchObject({
    body: { access_rights: { granted: true, service_class: 1 } },
  });
  await answers("ums", "revoke", ...admin, "--channel", "rain", "--user", "ada");
  expect((await answers(...check, "--credential", credential))[0]).toMatchObject({
    body: { access_rights: { granted: false } },
  });
  await answers("ums", "remove-channel", ...admin, "--channel", "rain");
  await answers("ums", "remove-user", ...admin, "--user", "ada");
  expect((await mp2p("ums", "channels", "--ums", url, "--bearer", credential)).code).toBe(1);
});
