import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { type PampPeer, startPampPeer } from "../../pamp-client/index.js";
import type { PamsServer } from "../server.js";
import {
  clientOf,
  joinCluster,
  list,
  NID,
  type Registered,
  registerOverlay,
  registerPeer,
  report,
  startCluster,
  together,
} from "../test/cluster.js";

let servers: PamsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()));
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
const children: ChildProcess[] = [];

describe("PAMSs come and go while peers report [X.609.1 8.2.1]", () => {
  test("one that leaves hands its peers over with what they did; one that joins takes its share of those who come", async () => {
    servers = await startCluster(2);
    const [a, b] = servers as [PamsServer, PamsServer];
    await registerOverlay(a);
    const peers: Registered[] = [];
    for (let i = 10; i < 30; i++) peers.push(await registerPeer(a.url, `peer-${i}`));
    for (const peer of peers) await report(peer, { uploaded: "7" });
    const c = await joinCluster(servers);
    servers.push(c);
    await together(servers);
    for (let i = 30; i < 40; i++) peers.push(await registerPeer(a.url, `peer-${i}`));
    expect(c.pams.core.peerCount).toBeGreaterThan(3);
    await b.close();
    servers.splice(servers.indexOf(b), 1);
    expect(a.pams.core.peerCount + c.pams.core.peerCount).toBe(30);
    // Those that were at b come again, and go on where they were.
    const moved = peers.filter(({ url }) => url.startsWith(b.url));
    expect(moved.length).toBeGreaterThan(5);
    for (const { id } of moved) {
      const now = await registerPeer(a.url, id);
      expect(await report(now, { uploaded: "1" })).toBe(200);
    }
    const before = moved.filter((one) => Number(one.id.slice(5)) < 30).map(({ id }) => id);
    expect(await list(c.url, { ordering: "UPLOADED", max_peer_num: before.length })).toMatchObject({ peers: before });
  });

  test("1,500 peers over 5 PAMSs by many clients at once: none is overloaded [REQ-GEN-02]", {
    timeout: 240_000,
  }, async () => {
    servers = await startCluster(5, { reportInterval: 3_600 });
    await registerOverlay(servers[0] as PamsServer);
    const ids = Array.from({ length: 1_500 }, (_, i) => `peer-${i}`)[Symbol.iterator]();
    const lane = async (at: string): Promise<void> => {
      for (const id of ids) await registerPeer(at, id);
    };
    await Promise.all(servers.flatMap(({ url }) => [lane(url), lane(url)]));
    const shares = servers.map(({ pams }) => pams.core.peerCount);
    expect(shares.reduce((sum, one) => sum + one)).toBe(1_500);
    // A tenth above the average, and what several of them give out before they hear of each other.
    expect(Math.max(...shares)).toBeLessThan(390);
    expect(await list((servers[3] as PamsServer).url, { max_peer_num: 10_000 })).toMatchObject({
      peers: { length: 1_500 },
    });
  });

  test("kill -9 of one of three: its peers go on at the others, each is listed once", {
    timeout: 120_000,
  }, async () => {
    const first = await serve();
    const others = [await serve(first.dht), await serve(first.dht)];
    const all = [first, ...others];
    await eventually(async () => {
      const sizes = await Promise.all(all.map(({ url }) => membersSeenBy(url)));
      expect(sizes).toEqual([3, 3, 3]);
    });
    const body = { overlay_network_information: { overlay_network_id: NID, content_type: "FILE" } };
    expect((await clientOf(first.url).PAMP_OVERLAY_NW_REG({ body })).code).toBe(200);
    const peers: PampPeer[] = [];
    const places = new Map<string, string>();
    try {
      for (let i = 0; i < 24; i++) {
        const peer = startPampPeer({ pams: first.url, overlay: NID, peer: `peer-${i}`, timeoutMs: 2_000 });
        peer.onNews((news) => news.kind === "registered" && places.set(`peer-${i}`, news.pams));
        peers.push(peer);
      }
      const listed = async (url: string) =>
        [...((await list(url, { max_peer_num: 100 })) as { peers: string[] }).peers].sort();
      const everybody = peers.map((_, i) => `peer-${i}`).sort();
      await eventually(async () => expect(await listed(first.url)).toEqual(everybody));
      const victim = others.find(({ url }) => [...places.values()].some((place) => place.startsWith(url)));
      if (victim === undefined) throw new Error("the first PAMS manages all peers by itself");
      victim.child.kill("SIGKILL");
      const alive = all.filter((one) => one !== victim);
      await eventually(async () => {
        for (const { url } of alive) expect(await listed(url)).toEqual(everybody);
        for (const place of places.values()) expect(place.startsWith(victim.url)).toBe(false);
      });
    } finally {
      await Promise.all(peers.map((peer) => peer.close()));
    }
  });
});

interface Served {
  readonly url: string;
  readonly dht: string;
  readonly child: ChildProcess;
}

async function serve(bootstrap?: string): Promise<Served> {
  const more = bootstrap === undefined ? [] : ["--dht-bootstrap", bootstrap];
  const child = spawn(
    process.execPath,
    [
      ...["--import", "./tools/test/run-typescript.mjs", "impl/cli/main.ts", "serve", "pams", "--memory", "--json"],
      ...["--listen", "127.0.0.1:0", "--report-interval", "1", "--log-level", "silent"],
      ...["--dht", "127.0.0.1:0", "--cluster-token", "secret", ...more],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = JSON.parse(line) as { url?: string; dht?: string };
    if (ready.url !== undefined && ready.dht !== undefined) return { url: ready.url, dht: ready.dht, child };
  }
  throw new Error("a PAMS has not come up");
}

async function membersSeenBy(url: string): Promise<number> {
  const response = await fetch(`${url}/healthz`);
  return ((await response.json()) as { pams: number }).pams;
}

/** Tries until it holds: these are processes that find out about each other in their own time. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempts = 300; ; attempts--) {
    try {
      return await check();
    } catch (error) {
      if (attempts === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
