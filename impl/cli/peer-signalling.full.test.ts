import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createOmsClient, type OmsClient } from "../../generated/oms/index.js";
import { unwrap } from "../../generated/runtime/http-result.js";
import { RelaySocket } from "../net/webrtc/test/relay-socket.js";
import { mp2p, mp2pSignalled, type Service, startService } from "./test/process.js";

const content = randomBytes(2_000_000);
/** Nobody reaches a peer over TCP that tells others this. */
const closed = ["--advertise", "tcp://127.0.0.1:1"];
const services: Service[] = [];
const servers: Service[] = [];
let folder = "";
let path = "";
let ixs = "";

async function server(...args: string[]): Promise<Record<string, string>> {
  const service = await startService("serve", ...args, "--listen", "0", "--memory");
  servers.push(service);
  return service.ready;
}

async function share(title: string, oms: string, ...more: string[]): Promise<void> {
  const where = ["--oms", oms, "--ixs", ixs, "--peer-id", `source of ${title}`];
  services.push(await startService("peer", "share", path, "--title", title, ...where, ...closed, ...more));
}

const get = (title: string, ...more: string[]): string[] => {
  return ["peer", "get", "--title", title, "--ixs", ixs, "--out", join(folder, title), ...closed, ...more];
};

/** A member of the overlay network of a session, by hand. */
async function joined(client: OmsClient, title: string, peer: string) {
  const { out } = await mp2p("peer", "status", "--title", title, "--ixs", ixs, "--json");
  const { index_file } = JSON.parse(out.split("\n")[0] ?? "") as { index_file: { overlay_network_id: string } };
  const { overlay_network_id: NID } = index_file;
  const body = { join: { peer_id: peer, addresses: [] } };
  return unwrap(await client.OMS_JOIN({ params: { NID }, body })).membership;
}

const counted = async (oms: string, name: string): Promise<number> => {
  const metrics = await (await fetch(`${oms}/metrics`)).text();
  return Number(new RegExp(`^mp2p_oms_signalling_${name} (\\d+)$`, "m").exec(metrics)?.[1]);
};

beforeAll(async () => {
  ixs = (await server("ixs")).url ?? "";
  folder = await mkdtemp(join(tmpdir(), "mp2p-cli-signalling-"));
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

test("a file comes over a data channel between peers whom nobody reaches over TCP [X.609.10 8.9 d)]", async () => {
  const { url: oms = "", signalling } = await server("oms", "--signalling-path", "/signalling");
  expect(signalling).toBe(`${oms.replace("http:", "ws:")}/signalling`);
  await share("by the OMS", oms, "--signalling");
  expect(await mp2p(...get("by the OMS", "--signalling"))).toMatchObject({ code: 0 });
  expect((await readFile(join(folder, "by the OMS", "by the OMS"))).equals(content)).toBe(true);
  expect(await counted(oms, "relayed_total")).toBeGreaterThanOrEqual(2);
  await expect.poll(() => counted(oms, "registered"), { timeout: 60_000 }).toBe(1);
});

test("the relay may be named to the peers, in place of the one that the OMS tells", async () => {
  const hidden = ["--signalling-path", "/signalling", "--signalling-public", "ws://127.0.0.1:1/"];
  const { url: oms = "" } = await server("oms", ...hidden);
  const named = ["--signalling", `${oms.replace("http:", "ws:")}/signalling`];
  await share("by name", oms, ...named);
  // What the OMS tells is nowhere: said at the default log level.
  const lost = await mp2pSignalled(
    /no connection with the signalling relay/,
    "SIGTERM",
    ...get("by name", "--signalling"),
  );
  expect(lost.err).toContain("ECONNREFUSED");
  expect(await mp2p(...get("by name", ...named))).toMatchObject({ code: 0 });
  expect((await readFile(join(folder, "by name", "by name"))).equals(content)).toBe(true);
});

test("a peer that the relay refuses says so, and tells nobody an address there", async () => {
  const { url: oms = "" } = await server("oms");
  const { signalling: foreign = "" } = await server("homs", "--signalling-path", "/signalling");
  await share("nowhere", oms, "--signalling", foreign);
  const refused = await mp2pSignalled(/refuses this peer/, "SIGTERM", ...get("nowhere", "--signalling", foreign));
  expect(refused.err).toContain("closed with 4002 peer-id is no member");
  const { peer_list } = await joined(createOmsClient({ baseUrl: oms }), "nowhere", "looker");
  expect(peer_list).toMatchObject([{ peer_id: "source of nowhere", addresses: ["tcp://127.0.0.1:1"] }]);
  const without = await mp2pSignalled(/has no signalling relay/, "SIGTERM", ...get("nowhere", "--signalling"));
  expect(without.err).toContain("no data channels");
});

test("strangers, members of other overlay networks and wrong tokens reach nobody", async () => {
  const { url: oms = "", signalling = "" } = await server("oms", "--signalling-port", "0");
  await share("ours", oms, "--signalling");
  await share("theirs", oms, "--signalling");
  await expect.poll(() => counted(oms, "registered"), { timeout: 60_000 }).toBe(2);
  const client = createOmsClient({ baseUrl: oms });
  const ours = await joined(client, "ours", "m");
  const theirs = await joined(client, "theirs", "n");
  const source = ours.peer_list.find(({ peer_id }) => peer_id === "source of ours");
  expect(source?.addresses).toEqual(["tcp://127.0.0.1:1", signalling]);
  const hello = (peer: string, id: string, token?: string) => ({ "peer-id": peer, overlay_network_id: id, token });
  const { overlay_network_id: id } = ours;
  for (const [who, code] of [
    [hello("stranger", id, "x".repeat(43)), 4002],
    [hello("n", id, theirs.peer_token), 4002],
    [hello("m", id, "x".repeat(43)), 4003],
    [hello("m", id, theirs.peer_token), 4003],
    [hello("m", id), 4003],
    [hello("source of ours", id, ours.peer_token), 4003],
  ] as const) {
    const socket = await new RelaySocket(signalling).opened(who);
    expect([who, (await socket.closed)[0]]).toEqual([who, code]);
  }
  const before = await counted(oms, "relayed_total");
  const other = await new RelaySocket(signalling).opened(hello("n", theirs.overlay_network_id, theirs.peer_token));
  expect(await other.next()).toMatchObject({ action: "registered" });
  other.send({ fromid: "n", toid: "source of ours", type: "offer", sdp: { type: "offer", sdp: "v=0\r\n" } });
  expect(await other.next()).toEqual({ action: "undeliverable", toid: "source of ours" });
  expect(await counted(oms, "relayed_total")).toBe(before);
  other.socket.close();
  await other.closed;
});
