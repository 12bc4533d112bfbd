import { Agent, request } from "node:http";
import { expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import type { Logger } from "../net/logger.js";
import { damage, generator, mutate } from "../net/test/mutate.js";
import { createMemoryStore } from "../store/index.js";
import { rejoinText } from "./rejoin.js";
import { startOmsServer } from "./server.js";

const inputs = 30_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 60910);

interface Reply {
  readonly status: number;
  readonly text: string;
}

function send(url: string, agent: Agent, method: string, headers: Record<string, string>, body: Buffer) {
  return new Promise<Reply>((resolve, reject) => {
    const length = { "content-length": body.length };
    const outgoing = request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    outgoing.on("error", reject).end(body);
  });
}

test(`${inputs} damaged requests (seed ${seed}): each is answered in order, and the OMS is well`, async () => {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const errors: unknown[] = [];
  const nothing = () => {};
  const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: (fields) => errors.push(fields) };
  const server = await startOmsServer({
    store: createMemoryStore(),
    logger,
    adminToken: "operator",
    limits: { overlays: 4, peersPerOverlay: 5, cacheServers: 3 },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const key = createSigningKey();
  const overlays = new Map<string, string>();
  const tokens = new Map<string, string>();

  /** A request that is right, or was until an overlay network or peer went. */
  const valid = (): [method: string, path: string, token: string | undefined, body: object | undefined] => {
    const [id = "none", owner] = pick([...overlays, ["none", "none"]]);
    const peer = pick(["a", "b", "c", "s"]);
    const path = `/oms/overlays/${id}`;
    const own = `${path}/peers/${peer}`;
    const token = tokens.get(`${id}/${peer}`);
    const addresses = ["tcp://192.0.2.1:9000"];
    const time = Date.now();
    const rejoin_proof = { time, signature: key.sign(rejoinText(id, peer, time)) };
    const joining = { peer_id: peer, public_key: key.publicKey, addresses, password: "SESAME", rejoin_proof };
    return pick([
      () => [
        "POST",
        "/oms/overlays",
        undefined,
        {
          overlay_creation: {
            title: "t",
            content_type: pick(["FILE", "STREAM"]),
            fragment_size: 1000,
            source_peer: { peer_id: "s", public_key: key.publicKey, addresses },
            refresh_expiration: 60,
            closed: { peer_id: ["a"], password: "SESAME" },
            cs_resources: { wanted: 1, max: 2, priority: 5 },
          },
        },
      ],
      () => ["POST", `${path}/peers`, undefined, { join: joining }],
      () => ["POST", `${path}/peers`, undefined, { join: { ...joining, max_peer_num: 3, role: "virtual-peer" } }],
      () => ["GET", path, undefined, undefined],
      () => ["PUT", `${path}/refresh`, owner, undefined],
      () => ["PUT", own, token, { membership: { addresses } }],
      () => [
        "POST",
        `${own}/peer-list`,
        token,
        {
          peer_list_request: {
            max_peer_num: 3,
            ordering: "LEFT",
            fragment_range: { start_fragment_id: 1, end_fragment_id: 2 },
          },
        },
      ],
      () => ["PUT", `${path}/resources`, pick([owner, "operator"]), { cs_resources: { wanted: 1, priority: 7 } }],
      () => ["GET", `${path}/resources`, owner, undefined],
      () => [
        "POST",
        "/oms/cache-servers",
        "operator",
        { cache_server: { cs_id: peer, url: "http://127.0.0.1:9", capacity: 2 } },
      ],
      () => (random() < 0.3 ? ["DELETE", own, token, undefined] : ["GET", path, undefined, undefined]),
      () => (random() < 0.05 ? ["DELETE", path, owner, undefined] : ["GET", path, undefined, undefined]),
      () => ["DELETE", `/oms/cache-servers/${peer}`, "operator", undefined],
    ] as (() => [string, string, string | undefined, object | undefined])[])();
  };

  const statuses = new Map<number, number>();
  for (let i = 0; i < inputs; i++) {
    const [method, path, token, body] = valid();
    const headers: Record<string, string> = { "content-type": "application/json" };
    const shown = random() < 0.03 ? pick([undefined, "", "x".repeat(9000), "operator\u00e9"]) : token;
    if (shown !== undefined) headers.authorization = `Bearer ${shown}`;
    const copy = structuredClone(body ?? {});
    const harmed = random() < 0.6;
    if (harmed) mutate(copy, random);
    const text = body === undefined ? "" : JSON.stringify(copy);
    const octets = random() < 0.1 ? damage(text || "{}", random) : Buffer.from(text);
    const target = random() < 0.03 ? path.replace(/[^/]+$/, pick(["%00", "%F0", "..", "x".repeat(400), "%2F"])) : path;
    const { status, text: answer } = await send(server.url + target, agent, method, headers, octets);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect(
      [200, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 429, 431, 503],
      `${method} ${target} ${text}`,
    ).toContain(status);
    expect(answer).not.toMatch(/SESAME/);
    if (status !== 200 || answer === "") continue;
    const { overlay_network, membership } = JSON.parse(answer) as {
      overlay_network?: { overlay_network_id: string; owner_token?: string };
      membership?: { overlay_network_id: string; peer_token: string };
    };
    if (overlay_network?.owner_token !== undefined)
      overlays.set(overlay_network.overlay_network_id, overlay_network.owner_token);
    if (membership !== undefined)
      tokens.set(
        `${membership.overlay_network_id}/${(copy as { join: { peer_id: string } }).join.peer_id}`,
        membership.peer_token,
      );
    if (method === "DELETE" && overlays.has(path.split("/")[3] ?? "") && path.split("/").length === 4)
      overlays.delete(path.split("/")[3] ?? "");
  }
  expect(errors).toEqual([]);
  // Neither all refused, nor all taken.
  for (const status of [200, 400, 401, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(inputs / 100);
  expect((await (await fetch(`${server.url}/healthz`)).json()) as object).toMatchObject({ status: "ok" });
  agent.destroy();
  await server.close();
}, 600_000);
