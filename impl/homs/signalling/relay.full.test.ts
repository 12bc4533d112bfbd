import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { damage, generator, mutate } from "../../net/test/mutate.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { startHomsServer } from "../server.js";
import { creationInfo } from "../test/harness.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const seed = Number(process.env.MP2P_FUZZ_SEED ?? 4100);
const wait = { timeout: 60_000, interval: 20 };

/** A relay with members p0 to pN, each with its token. */
async function relayWith(count: number) {
  const homs = await startHomsServer({
    store: createMemoryStore(),
    signalling: { port: 0 },
    adminToken: "ADMINSECRET",
  });
  open.push(() => homs.close());
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(homs.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json() as Promise<{ overlay: Record<string, string>; peer: Record<string, string> }>;
  };
  const { overlay } = await post("/homs", { overlay_info: creationInfo });
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) {
    const { peer } = await post("/peer", {
      overlay: { "overlay-id": overlay["overlay-id"], type: "core", "sub-type": "tree" },
      peer: { "peer-id": `p${i}`, address: "ws://relay", auth: { password: `pw${i}` } },
    });
    tokens.push(peer["signalling-token"] ?? "");
  }
  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(homs.signalling?.url ?? "");
    open.push(() => socket.terminate());
    socket.on("error", () => {});
    await once(socket, "open");
    return socket;
  };
  const enter = async (index: number): Promise<{ socket: WebSocket; got: string[] }> => {
    const socket = await connect();
    const got: string[] = [];
    socket.on("message", (data) => got.push(String(data)));
    socket.send(JSON.stringify({ action: "hello", "peer-id": `p${index}`, token: tokens[index] }));
    return { socket, got };
  };
  return { homs, tokens, connect, enter };
}

test("200 peers that all call one another: each message arrives once, in order, at its receiver", async () => {
  const peers = 200;
  const each = 100;
  const { homs, enter } = await relayWith(peers);
  const all = await Promise.all(Array.from({ length: peers }, (_, index) => enter(index)));
  await vi.waitUntil(() => homs.signalling?.statistics.registered === peers, wait);
  for (let n = 0; n < each; n++) {
    for (const [index, { socket }] of all.entries()) {
      const toid = `p${(index + n + 1) % peers}`;
      socket.send(JSON.stringify({ fromid: `p${index}`, toid, type: "candidate", candidate: `c${n}` }));
    }
  }
  await vi.waitUntil(() => all.every(({ got }) => got.length >= each), wait);
  for (const [index, { got }] of all.entries()) {
    const heard = got.map((text) => JSON.parse(text) as { fromid: string; toid: string });
    expect(new Set(heard.map(({ fromid }) => fromid)).size).toBe(each);
    expect(heard.every(({ toid }) => toid === `p${index}`)).toBe(true);
  }
  expect(homs.signalling?.statistics).toMatchObject({ relayed: peers * each, undeliverable: 0, cut: {} });
}, 120_000);

test(`3000 damaged messages (seed ${seed}): nobody is spoken for, nothing secret comes out, the others are served`, async () => {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const { homs, tokens, connect, enter } = await relayWith(3);
  const victim = await enter(0);
  let liar: { socket: WebSocket; got: string[] } | undefined;
  for (let i = 0; i < 3000; i++) {
    const registered = random() < 0.5;
    if (registered && liar?.socket.readyState !== WebSocket.OPEN) liar = await enter(1);
    const socket = registered && liar !== undefined ? liar.socket : await connect();
    const message = structuredClone(
      pick<object>([
        { action: "hello", "peer-id": pick(["p0", "p1", "p2"]), token: tokens[2] },
        { action: "hello", "peer-id": "p0", password: "pw1" },
        { action: "bye", "peer-id": pick(["p0", "p1"]) },
        { fromid: pick(["p0", "p1"]), toid: "p0", sdp: { type: "offer", sdp: "v=0" }, type: "offer" },
        { server: true, action: pick(["hello", "get"]), overlay_id: "x", token: "y" },
      ]),
    );
    if (random() < 0.7) mutate(message, random);
    let text = JSON.stringify(message);
    if (random() < 0.2) text = damage(text, random).toString();
    if (random() < 0.05) socket.send(Buffer.from(text));
    else socket.send(text);
    if (!registered) {
      socket.ping();
      await Promise.race([once(socket, "pong"), once(socket, "close")]);
      socket.terminate();
    } else if (i % 10 === 0) {
      socket.ping();
      await Promise.race([once(socket, "pong"), once(socket, "close")]);
    }
  }
  await vi.waitUntil(() => (homs.signalling?.statistics.clients ?? 0) <= 2, wait);
  expect(victim.socket.readyState).toBe(WebSocket.OPEN);
  for (const text of victim.got) expect(JSON.parse(text)).toMatchObject({ fromid: "p1", toid: "p0" });
  const everything = [...victim.got, ...(liar?.got ?? [])].join("\n");
  for (const secret of ["ADMINSECRET", "pw0", tokens[0] as string]) expect(everything).not.toContain(secret);
  for (const reason of ["malformed", "notYours", "wrongSender", "noMonitor"] as const) {
    expect(homs.signalling?.statistics.cut[reason], reason).toBeGreaterThan(0);
  }

  victim.got.length = 0;
  victim.socket.send(JSON.stringify({ fromid: "p0", toid: "p0", still: "here" }));
  await vi.waitUntil(() => victim.got.some((text) => text.includes("still")), wait);
}, 180_000);
