import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import { Client, closeAll, credentials, hello, join, overlay, post, start } from "./test/relay-client.js";

afterEach(closeAll);

describe("the signalling relay", () => {
  it.each([
    ["a port of its own", { port: 0 }],
    ["a path on the port of HOMP", { path: "/signalling" }],
  ])("hands messages on with all their members, at %s", async (_where, place) => {
    const homs = await start({ signalling: place });
    const id = await overlay(homs);
    const a = await Client.open(homs, hello("a;1", await join(homs, id, "a;1")));
    const b = await Client.open(homs, hello("b;2", await join(homs, id, "b;2")));
    await Promise.all([a.settled(), b.settled()]);
    const offer = {
      fromid: "a;1",
      toid: "b;2",
      fromticketid: "",
      sdp: { type: "offer", sdp: "v=0\r\n", extra: [1, { deep: true }] },
      type: "offer",
    };
    a.send(offer);
    expect(await b.next()).toEqual(offer);
    const candidate = {
      fromid: "b;2",
      toid: "a;1",
      candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host",
      type: "candidate",
    };
    b.send(candidate);
    expect(await a.next()).toEqual(candidate);
    expect(homs.signalling?.statistics).toMatchObject({ clients: 2, registered: 2, relayed: 2 });
  });

  it("knows a peer by its HOMP password too", async () => {
    const homs = await start();
    const id = await overlay(homs);
    const token = await join(homs, id, "a");
    await join(homs, id, "b");
    const a = await Client.open(homs, hello("a", token));
    const b = await Client.open(homs, { "peer-id": "b", password: "pwb" });
    await Promise.all([a.settled(), b.settled()]);
    b.send({ fromid: "b", toid: "a", type: "offer" });
    expect(await a.next()).toEqual({ fromid: "b", toid: "a", type: "offer" });
  });

  it("says which peer cannot be reached", async () => {
    const homs = await start();
    const id = await overlay(homs);
    const a = await Client.open(homs, hello("a", await join(homs, id, "a")));
    a.send({ fromid: "a", toid: "nobody" });
    expect(await a.next()).toEqual({ action: "undeliverable", toid: "nobody" });
  });

  const refusals: [string, object | string | Buffer, number][] = [
    ["no proof", { action: "hello", "peer-id": "a" }, 4003],
    ["a wrong token", { action: "hello", "peer-id": "a", token: "x".repeat(43) }, 4003],
    ["a wrong password", { action: "hello", "peer-id": "a", password: "pwb" }, 4003],
    ["a peer that did not join", { action: "hello", "peer-id": "stranger", password: "pwa" }, 4002],
    ["no peer-id", { action: "hello" }, 4000],
    ["a message before the registration", { fromid: "a", toid: "b" }, 4001],
    ["what is not JSON", "{", 4000],
    ["what is no object", "[1]", 4000],
    ["octets", Buffer.from("{}"), 4000],
    ["a second spelling of the sender", { fromid: "b", toid: "b", fromID: "a" }, 4000],
    ["a receiver that is no text", { fromid: "b", toid: {} }, 4000],
    ["a message that is too long", { fromid: "b", toid: "b", sdp: "x".repeat(70_000) }, 1009],
  ];
  it("closes the socket, with the reason, and serves the others", async () => {
    const homs = await start();
    const id = await overlay(homs);
    const a = await Client.open(homs, hello("a", await join(homs, id, "a")));
    await join(homs, id, "b");
    for (const [what, message, code] of refusals) {
      const bad = await Client.open(homs);
      if (Buffer.isBuffer(message)) bad.socket.send(message);
      else bad.send(message);
      expect([what, (await bad.closed)[0]]).toEqual([what, code]);
    }
    a.send({ fromid: "a", toid: "a", still: "there" });
    expect(await a.next()).toMatchObject({ still: "there" });
  });

  it("lets nobody speak for another peer", async () => {
    const homs = await start();
    const id = await overlay(homs);
    const victim = await Client.open(homs, hello("victim", await join(homs, id, "victim")));
    const liar = await Client.open(homs, hello("liar", await join(homs, id, "liar")));
    await victim.settled();
    liar.send({ fromid: "other", toid: "victim" });
    expect(await liar.closed).toEqual([4007, "fromid is not yours"]);
    const thief = await Client.open(homs, hello("victim", await join(homs, await overlay(homs), "victim", "stolen")));
    expect((await thief.closed)[0]).toBe(4003);
    const second = await Client.open(homs, { "peer-id": "victim", password: "stolen" });
    expect((await second.closed)[0]).toBe(4003);
    await victim.settled();
    expect(victim.got).toEqual([]);
  });

  it("takes the newer of two sockets that both show the token", async () => {
    const homs = await start();
    const token = await join(homs, await overlay(homs), "a");
    const before = await Client.open(homs, hello("a", token));
    await before.settled();
    const after = await Client.open(homs, hello("a", token));
    expect((await before.closed)[0]).toBe(4005);
    after.send({ fromid: "a", toid: "a" });
    expect(await after.next()).toEqual({ fromid: "a", toid: "a" });
  });

  it("forgets a peer that leaves the overlay", async () => {
    const homs = await start();
    const id = await overlay(homs);
    const a = await Client.open(homs, hello("a", await join(homs, id, "a")));
    await a.settled();
    await post(homs, "/peer", credentials(id, "a"), "DELETE");
    expect(await a.closed).toEqual([4006, "membership ended"]);
  });

  it("bounds clients, rate and time without a registration", async () => {
    const homs = await start({ signalling: { port: 0, limits: { clients: 3, rate: 0.001, burst: 5 } } });
    const flood = await Client.open(homs, hello("a", await join(homs, await overlay(homs), "a")));
    for (let i = 0; i < 10; i++) flood.send({ action: "later" });
    expect((await flood.closed)[0]).toBe(4008);
    // Who says nothing makes room for others; who is registered does not.
    const id = await overlay(homs);
    const silent = await Client.open(homs);
    for (const name of ["x", "y", "z"])
      await (await Client.open(homs, hello(name, await join(homs, id, name)))).settled();
    expect((await silent.closed)[0]).toBe(4001);
    const fourth = new Client(homs.signalling?.url ?? "");
    const [error] = (await once(fourth.socket, "error")) as [Error];
    expect(error.message).toContain("503");
    expect(homs.signalling?.statistics.cut).toEqual({ tooMany: 1, unregistered: 1 });
    const idle = await Client.open(await start({ signalling: { port: 0, limits: { helloMs: 50 } } }));
    expect(await idle.closed).toEqual([4001, "no registration"]);
  });

  it("cuts a socket that does not take what it gets", async () => {
    const homs = await start({ signalling: { port: 0, limits: { burst: 1e6, rate: 1e6, queue: 100_000 } } });
    const id = await overlay(homs);
    const slow = await Client.open(homs, hello("slow", await join(homs, id, "slow")));
    const a = await Client.open(homs, hello("a", await join(homs, id, "a")));
    await slow.settled();
    slow.socket.pause();
    const message = JSON.stringify({ fromid: "a", toid: "slow", sdp: "x".repeat(60_000) });
    while (homs.signalling?.statistics.cut.slow === undefined) {
      a.send(message);
      await a.settled();
    }
    a.send({ fromid: "a", toid: "slow" });
    expect(await a.next()).toEqual({ action: "undeliverable", toid: "slow" });
  });

  it("cuts a socket whose other end is gone", async () => {
    const homs = await start({ signalling: { port: 0, limits: { pingMs: 100 } } });
    const { port } = homs.signalling ?? { port: 0 };
    const mute = connect(port, "127.0.0.1");
    mute.write(
      `GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n\r\n`,
    );
    mute.resume();
    await once(mute, "close");
    expect(homs.signalling?.statistics.cut).toEqual({ silent: 1 });
  });

  it("speaks TLS where HOMP does", async () => {
    const certificate = selfSignedCertificate();
    const homs = await start({ tls: certificate });
    const url = homs.signalling?.url ?? "";
    expect(url).toMatch(/^wss:/);
    const client = new Client(url, { ca: certificate.cert });
    await once(client.socket, "open");
    client.send({ action: "hello", "peer-id": "a" });
    expect((await client.closed)[0]).toBe(4002);
  });

  it("answers plain HTTP on its port with 426, and a wrong path with 404", async () => {
    const homs = await start();
    const response = await fetch((homs.signalling?.url ?? "").replace("ws:", "http:"));
    expect(response.status).toBe(426);
    const mounted = await start({ signalling: { path: "/signalling" } });
    const wrong = new Client(`${mounted.url.replace("http:", "ws:")}/elsewhere`);
    const [error] = (await once(wrong.socket, "error")) as [Error];
    expect(error.message).toContain("404");
  });
});
