import { afterAll, describe, expect, test, vi } from "vitest";
import { type HomsServer, startHomsServer } from "../../homs/index.js";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import { createMemoryStore } from "../../store/index.js";
import { Code } from "../core/message.js";
import {
  type CreateOptions,
  type Delivery,
  type HybridPeer,
  type HybridPeerOptions,
  handOver,
  type Membership,
  type PeerNetwork,
  startHybridPeer,
} from "../index.js";
import { listenTcpTransport } from "../transport/tcp.js";
import { profiles } from "../wire/profile.js";

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function homsServer(): Promise<HomsServer> {
  const server = await startHomsServer({ port: 0, store: createMemoryStore() });
  open.push(server);
  return server;
}

interface Member {
  readonly peer: HybridPeer;
  readonly membership: Membership;
  readonly network: PeerNetwork;
  readonly received: Delivery[];
  /** Resolves when so many messages have come. */
  got(count: number): Promise<readonly string[]>;
}

const crPolicy = { mN_Cache: 100, mD_Cache: 0, "recovery-by": "push" } as const;

async function started(homs: string, peerId: string, more: Partial<HybridPeerOptions> = {}): Promise<HybridPeer> {
  const backoff = { baseMs: 40, capMs: 200 };
  const peer = await startHybridPeer({ homs, peerId, backoff, leaveMs: 500, ...more });
  open.push(peer);
  return peer;
}

async function member(peer: HybridPeer, overlayId: string, accessKey?: string): Promise<Member> {
  const membership = await peer.join({ overlayId, ...(accessKey !== undefined && { accessKey }) });
  const network = membership.network as PeerNetwork;
  const received: Delivery[] = [];
  network.onData((delivery) => received.push(delivery));
  const got = async (count: number): Promise<readonly string[]> => {
    await vi.waitUntil(() => received.length >= count, { timeout: 20_000, interval: 5 });
    return received.map(({ source, payload }) => `${source}: ${Buffer.from(payload).toString()}`);
  };
  return { peer, membership, network, received, got };
}

/** An overlay network and its members, one after the other. */
async function tree(
  names: readonly string[],
  create: Partial<CreateOptions> = {},
  more: Partial<HybridPeerOptions> = {},
) {
  const { url, homs } = await homsServer();
  const [first, ...others] = names;
  const owner = await started(url, first ?? "", more);
  const { overlay } = await owner.create({ title: "t", crPolicy, ...create });
  const key = typeof create.access === "object" ? create.access.accessKey : undefined;
  const members = [await member(owner, overlay.overlayId, key)];
  for (const name of others) {
    const one = await member(await started(url, name, more), overlay.overlayId, key);
    expect(await one.network.connected({ timeoutMs: 20_000 })).toBe(true);
    members.push(one);
  }
  return { url, homs, overlayId: overlay.overlayId, members };
}

describe.concurrent("over TCP, with a HOMS", () => {
  test("everybody hears everybody once, the tree can be scanned, the HOMS knows its paths", async () => {
    const { members } = await tree(["a", "b", "c", "d", "e"], {}, { paths: { maxPrimary: 2 } });
    for (const { peer, network } of members) network.application("chat").send(`from ${peer.peerId}`);
    for (const { peer, got } of members) {
      const all = ["a", "b", "c", "d", "e"].filter((name) => name !== peer.peerId);
      expect([...(await got(4))].sort()).toEqual(all.map((name) => `${name}: from ${name}`));
    }
    const scanned = async () =>
      (await members[0]?.network.scan({ timeoutMs: 300 }))?.flat().map(({ peerId }) => peerId);
    await vi.waitFor(async () => expect(new Set(await scanned())).toEqual(new Set(["b", "c", "d", "e"])), {
      timeout: 20_000,
    });
    for (const { network } of members) {
      expect(network.paths().filter(({ kind }) => kind === "parent" || kind === "child").length).toBeLessThanOrEqual(2);
    }
  });

  test("a peer that comes back under its name is heard again", async () => {
    const { url, overlayId, members } = await tree(["a", "b", "c"]);
    const [a, b] = members as [Member, Member];
    for (const text of ["1", "2"]) b.network.application("chat").send(text);
    await a.got(2);
    await b.peer.close();
    const again = await member(await started(url, "b"), overlayId);
    await again.network.connected({ timeoutMs: 20_000 });
    again.network.application("chat").send("3");
    expect(await a.got(3)).toEqual(["b: 1", "b: 2", "b: 3"]);
  });

  test("applications get their own data only, in any size", async () => {
    const { members } = await tree(["a", "b"]);
    const [a, b] = members as [Member, Member];
    const chat: Delivery[] = [];
    b.network.application("chat").onData((one) => chat.push(one));
    const large = new Uint8Array(300_000).map((_, index) => index % 251);
    a.network.application("media").send(large);
    a.network.application("chat").send("hi");
    await b.got(2);
    expect(chat.map(({ appId, payloadType }) => [appId, payloadType])).toEqual([["chat", "text/plain"]]);
    const [media] = b.received.filter(({ appId }) => appId === "media");
    expect(Buffer.compare(Buffer.from(media?.payload ?? []), Buffer.from(large))).toBe(0);
    expect(await a.network.flushed()).toBe(true);
  });

  test("who is in the middle leaves: nothing is missing", async () => {
    const { members } = await tree(["a", "b", "c", "d"], {}, { paths: { maxPrimary: 2 } });
    const [a, b, c, d] = members as [Member, Member, Member, Member];
    let sent = 0;
    const say = () => a.network.application("chat").send(`${++sent}`);
    say();
    await d.got(1);
    await b.membership.leave();
    for (let n = 0; n < 5; n++) say();
    await c.got(6);
    expect(await d.got(6)).toEqual(["1", "2", "3", "4", "5", "6"].map((text) => `a: ${text}`));
  });

  test("the HOMS goes and comes back: paths and data go on, and it is told what it missed", async () => {
    const store = createMemoryStore();
    const first = await startHomsServer({ port: 0, store });
    const owner = await started(first.url, "a");
    const { overlay } = await owner.create({ title: "t", crPolicy });
    const a = await member(owner, overlay.overlayId);
    const b = await member(await started(first.url, "b", { leaveMs: 20_000 }), overlay.overlayId);
    const c = await member(await started(first.url, "c"), overlay.overlayId);
    for (const { network } of [b, c]) expect(await network.connected({ timeoutMs: 20_000 })).toBe(true);
    await first.close();
    a.network.application("chat").send("still here");
    expect(await c.got(1)).toEqual(["a: still here"]);
    const close = b.peer.close();
    await vi.waitUntil(() => a.network.paths().every(({ peerId }) => peerId !== "b"), { timeout: 20_000 });
    const again = await startHomsServer({ port: first.port, store });
    open.push(again);
    // Who leaves goes on saying so.
    await vi.waitUntil(() => again.homs.counts().peers === 2, { timeout: 20_000 });
    await close;
    a.network.application("chat").send("and now");
    expect(await c.got(2)).toEqual(["a: still here", "a: and now"]);
  });

  test("the HOMS comes back empty: the owner creates the overlay network anew, the others follow", async () => {
    const first = await homsServer();
    const owner = await started(first.url, "a");
    const { overlay } = await owner.create({ title: "t", crPolicy });
    const a = await member(owner, overlay.overlayId);
    const b = await member(await started(first.url, "b"), overlay.overlayId);
    expect(await b.network.connected({ timeoutMs: 20_000 })).toBe(true);
    await first.close();
    const again = await startHomsServer({ port: first.port, store: createMemoryStore() });
    open.push(again);
    for (const { membership } of [b, a]) membership.recover();
    await vi.waitUntil(() => again.homs.counts().peers === 2, { timeout: 20_000 });
    expect(await b.network.connected({ timeoutMs: 20_000 })).toBe(true);
    await vi.waitUntil(() => a.network.paths().length > 0, { timeout: 20_000 });
    b.network.application("chat").send("here too");
    expect(await a.got(1)).toEqual(["b: here too"]);
    await b.membership.leave();
    await vi.waitUntil(() => again.homs.counts().peers === 1, { timeout: 20_000 });
  });

  test("over TLS; an overlay network that the peer is not in is refused, and the peer lives", async () => {
    const { cert, key } = selfSignedCertificate();
    const { members } = await tree(["a", "b"], {}, { listen: { tls: { cert, key } }, tlsAuthorities: cert });
    const [a, b] = members as [Member, Member];
    expect(a.peer.address).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
    const stranger = await listenTcpTransport({ connectTls: { ca: cert }, onLink: () => undefined });
    open.push(stranger);
    const refused = new Promise<string>((resolve) => {
      const handler = { message: () => resolve("answered"), closed: () => resolve("closed") };
      const to = { peerId: "a", address: a.peer.address };
      const options = { overlayId: "elsewhere", profile: profiles.p23, timeoutMs: 20_000, handler };
      const peer = { peerId: "x", address: stranger.address, ticketId: 99 };
      const wish = { connNum: 1, ttl: 1, verticalCandidate: false, recovery: false };
      void stranger
        .connect(to, options)
        .then((link) => link.send({ code: Code.hello, overlayId: "elsewhere", ...wish, peer }));
    });
    expect(await refused).toBe("closed");
    b.network.application("chat").send("in secret");
    expect(await a.got(1)).toEqual(["b: in secret"]);
  });

  test("closed and signed: data is checked on its way, and what is not signed goes nowhere", async () => {
    const closed = { access: { accessKey: "sesame" } } as const;
    const { url, overlayId, members } = await tree(["a", "b", "c"], closed, {
      paths: { maxPrimary: 2, signatures: true },
    });
    const [a, b, c] = members as [Member, Member, Member];
    const d = await member(await started(url, "d"), overlayId, "sesame");
    await d.network.connected({ timeoutMs: 20_000 });
    d.network.application("chat").send("unsigned");
    const long = "long".repeat(50_000);
    for (const text of ["1", "2", long]) a.network.application("chat").send(text);
    const all = ["1", "2", long].map((text) => `a: ${text}`);
    for (const { got } of [b, c]) expect(await got(3)).toEqual(all);
    // Who does not check takes what is signed, too.
    expect(await d.got(3)).toEqual(all);
    expect(a.received).toEqual([]);
  });

  test("closed: members prove their admission to each other", async () => {
    const { members } = await tree(["a", "b", "c"], { access: { accessKey: "sesame" } });
    members[2]?.network.application("chat").send("in");
    expect(await members[0]?.got(1)).toEqual(["c: in"]);
    expect(members[1]?.membership.overlay.access).toBe("closed");
  });

  test("what arrives in the core is handed over to a sub-overlay whose source the peer is", async () => {
    const { url, members } = await tree(["a", "b"]);
    const [a, b] = members as [Member, Member];
    const { overlay } = await b.peer.create({ title: "sub", type: "sub", subType: "tree", crPolicy });
    const source = await member(b.peer, overlay.overlayId);
    const viewer = await member(await started(url, "viewer"), overlay.overlayId);
    await viewer.network.connected({ timeoutMs: 20_000 });
    const bridge = handOver(b.network, source.network, { appIds: ["iot"] });
    a.network.application("chat").send("not this");
    a.network.application("iot").send("21.5");
    expect(await viewer.got(1)).toEqual(["b: 21.5"]);
    expect(bridge).toMatchObject({ count: 1, failed: 0 });
    expect(() => viewer.network.application("iot").send("no")).toThrow(
      expect.objectContaining({ code: "ERR_NOT_SOURCE" }),
    );
    bridge.stop();
  });
});

test("settings out of bounds are refused by name", async () => {
  const options = { homs: "http://homs.invalid", paths: { maxPrimary: 0 } };
  await expect(startHybridPeer(options)).rejects.toThrow(
    "paths.maxPrimary: a whole number from 1 to 1000 is wanted, not 0",
  );
});
