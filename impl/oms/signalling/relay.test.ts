import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../generated/runtime/http-result.js";
import { createLineLogger } from "../../net/webrtc/test/member-relay.js";
import { RelaySocket } from "../../net/webrtc/test/relay-socket.js";
import type { OmsServerOptions } from "../server.js";
import { bearer, type Served, serve } from "../test/laboratory.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: Partial<OmsServerOptions> = {}): Promise<Served> {
  const oms = await serve({ signalling: { path: "/signalling" }, ...options });
  open.push(oms.server);
  return oms;
}

async function socket({ server }: Served, hello?: object): Promise<RelaySocket> {
  const own = new RelaySocket(server.signalling?.url ?? "");
  open.push({ close: () => own.socket.terminate() });
  return await own.opened(hello);
}

const hello = (id: string, peer: string, token?: string) => ({ "peer-id": peer, overlay_network_id: id, token });

/** A member that the relay has registered. */
async function member(oms: Served, id: string, peer: string, token?: string): Promise<RelaySocket> {
  const own = await socket(oms, hello(id, peer, token ?? (await oms.join(id, peer)).token));
  expect(await own.next()).toEqual({ action: "registered", "peer-id": peer, overlay_network_id: id });
  return own;
}

describe("the signalling relay of an OMS [X.609.10 8.9 d)]", () => {
  it.each([
    ["a path on the port of the OMS", { path: "/signalling" }],
    ["a port of its own", { port: 0 }],
  ])("hands messages on among the members of one overlay network, at %s", async (_where, signalling) => {
    const oms = await start({ signalling });
    const { id, owner } = await oms.create();
    const [a, source] = [await member(oms, id, "a"), await member(oms, id, "source", owner)];
    const offer = { fromid: "a", toid: "source", sdp: { type: "offer", sdp: "v=0\r\n" }, type: "offer" };
    a.send(offer);
    expect(await source.next()).toEqual(offer);
    a.send({ fromid: "a", toid: "nobody" });
    expect(await a.next()).toEqual({ action: "undeliverable", toid: "nobody" });
    expect(oms.server.signalling?.statistics).toMatchObject({ registered: 2, relayed: 1, undeliverable: 1 });
    const metrics = await (await fetch(`${oms.server.url}/metrics`)).text();
    expect(metrics).toContain("mp2p_oms_signalling_registered 2");
  });

  it("keeps overlay networks apart, whose peers may have the same names", async () => {
    const oms = await start();
    const [one, other] = [await oms.create(), await oms.create()];
    const [a, b] = [await member(oms, one.id, "a"), await member(oms, one.id, "b")];
    const [namesake, stranger] = [await member(oms, other.id, "b"), await member(oms, other.id, "c")];
    a.send({ fromid: "a", toid: "b" });
    expect(await b.next()).toEqual({ fromid: "a", toid: "b" });
    stranger.send({ fromid: "c", toid: "a" });
    expect(await stranger.next()).toEqual({ action: "undeliverable", toid: "a" });
    await namesake.settled();
    expect([namesake.got, a.got]).toEqual([[], []]);
  });

  it("admits nobody but members, by the token of that membership", async () => {
    const oms = await start();
    const { id } = await oms.create();
    const closed = await oms.create({ closed: { peer_id: ["in", "out"] } });
    const a = await member(oms, id, "a");
    const elsewhere = (await oms.join((await oms.create()).id, "a")).token;
    const b = (await oms.join(id, "b")).token;
    await oms.join(closed.id, "in");
    const wrong = "x".repeat(43);
    const refusals: [string, object, number][] = [
      ["no overlay network", { "peer-id": "a", token: b }, 4002],
      ["an overlay network that is not there", hello("nothing", "a", b), 4002],
      ["a stranger", hello(id, "stranger", wrong), 4002],
      ["a wrong token", hello(id, "a", wrong), 4003],
      ["no token", hello(id, "a"), 4003],
      ["another member's token", hello(id, "a", b), 4003],
      ["its token of another overlay network", hello(id, "a", elsewhere), 4003],
      ["a member of a closed session", hello(closed.id, "in", wrong), 4003],
      ["one that is not in there", hello(closed.id, "out", wrong), 4003],
      ["an overlay network that is no text", { ...hello(id, "a", b), overlay_network_id: 7 }, 4000],
    ];
    for (const [what, message, code] of refusals) {
      expect([what, (await (await socket(oms, message)).closed)[0]]).toEqual([what, code]);
    }
    const mute = await socket(oms);
    mute.send({ server: true, action: "hello", token: wrong });
    expect((await mute.closed)[0]).toBe(4010);
    a.send({ fromid: "b", toid: "a" });
    expect(await a.closed).toEqual([4007, "fromid is not yours"]);
  });

  it("has room for others than those of one address, whose idle sockets give way first", async () => {
    const oms = await start({ signalling: { path: "/signalling", limits: { clients: 9, clientsPerAddress: 2 } } });
    const { id } = await oms.create();
    const idle = await socket(oms);
    await member(oms, id, "a");
    const b = await member(oms, id, "b");
    expect(await idle.closed).toEqual([4001, "no registration"]);
    const third = new RelaySocket(oms.server.signalling?.url ?? "");
    const [error] = (await once(third.socket, "error")) as [Error];
    expect(error.message).toContain("503");
    b.socket.close();
    await expect.poll(() => oms.server.signalling?.statistics.clients).toBe(1);
    await member(oms, id, "c");
  });

  it("lets go of members that leave, and of all when the overlay network ends", async () => {
    const oms = await start();
    const { id, owner } = await oms.create();
    const { token } = await oms.join(id, "a");
    const [a, source] = [await member(oms, id, "a", token), await member(oms, id, "source", owner)];
    expect((await oms.client.OMS_LEAVE({ params: { NID: id, PID: "a" } }, bearer(token))).status).toBe(200);
    expect(await a.closed).toEqual([4006, "membership ended"]);
    expect((await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner))).status).toBe(200);
    expect(await source.closed).toEqual([4006, "membership ended"]);
    expect((await (await socket(oms, hello(id, "a", token))).closed)[0]).toBe(4002);
  });

  it.each<[string, Partial<OmsServerOptions>, RegExp]>([
    ["where it listens", {}, /^ws:\/\/127\.0\.0\.1:\d+\/signalling$/],
    ["its own port", { signalling: { port: 0 } }, /^ws:\/\/127\.0\.0\.1:\d+\/$/],
    [
      "the path of the public URL",
      { publicUrl: "https://oms.example/p2p/" },
      /^wss:\/\/oms\.example\/p2p\/signalling$/,
    ],
    [
      "what its operator says",
      { signalling: { port: 0, publicUrl: "wss://relay.example/x" } },
      /^wss:\/\/relay\.example\/x$/,
    ],
  ])("is told to members and source peers: %s", async (_what, options, url) => {
    const oms = await start(options);
    const { id } = await oms.create();
    const { membership, token } = await oms.join(id, "a");
    const params = { NID: id, PID: "a" };
    const kept = await oms.client.OMS_MEMBERSHIP_REFRESH({ params, body: { membership: {} } }, bearer(token));
    const facts = await oms.client.OMS_OVERLAY_QUERY({ params });
    const told = [membership, unwrap(kept), unwrap(facts).overlay_network];
    for (const one of told) expect(one).toMatchObject({ signalling_url: expect.stringMatching(url) });
  });

  it("says where what it tells leads nowhere", async () => {
    const { logger, lines } = createLineLogger();
    const said = () => lines.filter(({ text }) => text.includes("public URL")).length;
    await start({ host: "0.0.0.0", logger, publicUrl: "http://oms.example" });
    await start({ logger });
    expect(said()).toBe(0);
    await start({ host: "0.0.0.0", logger });
    expect(said()).toBe(1);
  });

  it("is none where nobody asked for it", async () => {
    const oms = await start({ signalling: undefined } as object);
    const { id } = await oms.create();
    expect((await oms.join(id, "a")).membership).not.toHaveProperty("signalling_url");
    await expect(serve({ signalling: { port: 0, publicUrl: "http://relay.example" } })).rejects.toThrow("ws://");
  });
});
