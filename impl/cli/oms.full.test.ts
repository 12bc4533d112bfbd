import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createCsClient } from "../../generated/cs/index.js";
import { createOmsClient } from "../../generated/oms/index.js";
import { createSigningKey } from "../keys/ed25519.js";
import { mp2p, type Service, startService } from "./test/process.js";

const timeout = 300_000;
const services: Service[] = [];
const folder = mkdtempSync(join(tmpdir(), "mp2p-cli-oms-"));
afterAll(async () => {
  await Promise.all(services.map((service) => service.kill()));
  rmSync(folder, { recursive: true });
});

async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}

describe("mp2p serve oms", () => {
  test.each([
    ["--pams", "nonsense", "an absolute http or https URL is wanted"],
    ["--cache-server", "cs1", "id=url is wanted"],
    ["--policy", "umsDown=perhaps", "umsDown is one of refuse, open"],
    ["--policy", "peerList=many", "peerList is a number from 0 on"],
    ["--policy", "what=1", "one of refreshExpiration"],
  ])("%s %s is wrong usage", { timeout }, async (option, value, message) => {
    const { code, err } = await mp2p("serve", "oms", option, value);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("registers on the PAMS, keeps its state in its file, and tells who is away", { timeout }, async () => {
    const pams = await running("serve", "pams", "--listen", "0", "--memory");
    const file = join(folder, "oms.sqlite");
    const options = ["--pams", pams.ready.url ?? "", "--store", file, "--policy", "refreshExpiration=77"];
    const first = await running("serve", "oms", "--listen", "0", ...options);
    const client = createOmsClient({ baseUrl: first.ready.url ?? "" });
    const source_peer = { peer_id: "s", public_key: createSigningKey().publicKey, addresses: [] };
    const created = await client.OMS_OVERLAY_CREATE({
      body: { overlay_creation: { content_type: "FILE", fragment_size: 1000, source_peer } },
    });
    if (created.status !== 200) throw new Error(String(created.code));
    const { overlay_network } = created.body;
    expect(overlay_network).toMatchObject({ refresh_expiration: 77, pams_url: `${pams.ready.url}/pams/` });
    await first.kill();
    await pams.kill();
    const second = await running("serve", "oms", "--listen", "0", ...options);
    const again = createOmsClient({ baseUrl: second.ready.url ?? "" });
    const params = { NID: overlay_network.overlay_network_id };
    expect((await again.OMS_OVERLAY_QUERY({ params })).status).toBe(200);
    const health = async () => (await (await fetch(second.ready.health ?? "")).json()) as { away: string[] };
    await expect.poll(async () => (await health()).away, { timeout: 30_000 }).toEqual(["pams"]);
    expect(await (await fetch(second.ready.metrics ?? "")).text()).toContain("mp2p_oms_overlays 1");
    expect(await second.stop()).toBe(0);
  });
});

test("mp2p oms: an overlay network from creation to removal", { timeout }, async () => {
  const { url = "" } = (await running("serve", "oms", "--listen", "0", "--memory")).ready;
  const answer = async (...args: string[]) => {
    const { code, out, err } = await mp2p("oms", ...args, "--oms", url, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as { body: Record<string, Record<string, unknown>> };
  };
  const key = createSigningKey().publicKey;
  const created = await answer(
    "create",
    "--source",
    "s",
    "--key",
    key,
    "--address",
    "tcp://192.0.2.1:9000",
    "--password",
    "p",
  );
  const { overlay_network_id, owner_token } = created.body.overlay_network as Record<string, string>;
  const at = ["--overlay", overlay_network_id ?? ""];
  const own = [...at, "--bearer", owner_token ?? ""];
  expect((await mp2p("oms", "join", ...at, "--peer", "a", "--oms", url)).code).toBe(1);
  const joined = await answer("join", ...at, "--peer", "a", "--password", "p");
  const member = [...at, "--peer", "a", "--bearer", String(joined.body.membership?.peer_token)];
  expect(await answer("list", ...member)).toMatchObject({ body: { peer_list: [{ peer_id: "s" }] } });
  await answer("stay", ...member);
  await answer("leave", ...member);
  await answer("resources", ...own, "--wanted", "1");
  await answer("refresh", ...own);
  expect(await answer("show", ...at)).toMatchObject({ body: { overlay_network: { closed: true } } });
  await answer("remove", ...own);
});

test("an OMS that wants a token of who makes overlays gets it from peer share and from a cache server", {
  timeout,
}, async () => {
  const serve = async (...args: string[]) =>
    (await running("serve", ...args, "--listen", "0", "--memory")).ready.url ?? "";
  const ixs = await serve("ixs");
  const oms = await serve("oms", "--policy", "creators=token", "--creator-token", "creator");
  const at = ["--oms", oms, "--ixs", ixs];
  const path = join(folder, "film.bin");
  writeFileSync(path, Buffer.alloc(50_000, 7));
  const refused = await mp2p("peer", "share", path, "--title", "film", ...at);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("401") });
  await running("peer", "share", path, "--title", "film", ...at, "--creator-token", "creator");
  expect((await mp2p("peer", "get", "--title", "film", "--ixs", ixs, "--out", folder)).code).toBe(0);
  const cs = await serve("cs", ...at, "--creator-token", "creator");
  const client = createCsClient({ baseUrl: cs });
  const session = {
    ...{ title: "two", data_source_id: "s", data_id: "d", content_type: "FILE" as const, methods: ["http" as const] },
  };
  expect((await client.CS_SESSION_CREATE({ body: { session } })).status).toBe(200);
});
