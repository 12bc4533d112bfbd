import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  validateMonitorConnectionsUpdated,
  validateMonitorGraph,
  validateMonitorPeerAdded,
} from "../../../generated/hybrid-peer/validators.js";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import { createMemoryStore } from "../../store/memory-store.js";
import type { FieldDialect } from "../dialects/dialect.js";
import { type HomsServer, startHomsServer } from "../server.js";
import type { SignallingOptions } from "./server.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(signalling: SignallingOptions = { port: 0 }, dialects: FieldDialect[] = []): Promise<HomsServer> {
  const homs = await startHomsServer({ store: createMemoryStore(), signalling, dialects });
  open.push(homs);
  return homs;
}

type Json = ReturnType<JSON["parse"]>;

async function post(homs: HomsServer, path: string, body: object, method = "POST"): Promise<Json> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(homs.url + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

async function overlay(homs: HomsServer): Promise<string> {
  const overlay_info = {
    title: "Signalled",
    type: "core",
    "sub-type": "tree",
    "owner-id": "owner",
    description: "Peers behind a relay",
    "heartbeat-interval": 10,
    "heartbeat-timeout": 31,
    auth: { type: "open", admin_key: "k" },
  };
  return (await post(homs, "/homs", { overlay_info })).overlay["overlay-id"];
}

const credentials = (id: string, peerId: string, password = `pw${peerId}`) => ({
  overlay: { "overlay-id": id },
  peer: { "peer-id": peerId, auth: { password } },
});

/** Joins; gives the signalling token. */
async function join(
  homs: HomsServer,
  id: string,
  peerId: string,
  password = `pw${peerId.replace(";", "")}`,
): Promise<string | undefined> {
  const body = {
    overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
    peer: { "peer-id": peerId, address: "ws://relay", auth: { password } },
  };
  return (await post(homs, "/peer", body)).peer["signalling-token"];
}

/** A socket that keeps what it gets. */
class Client {
  readonly socket: WebSocket;
  readonly got: Json[] = [];
  readonly closed: Promise<[code: number, reason: string]>;
  #wake: () => void = () => {};

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on("message", (data) => {
      this.got.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) =>
      this.socket.once("close", (code, reason) => resolve([code, String(reason)])),
    );
    open.push({ close: () => this.socket.terminate() });
  }

  static async open(homs: HomsServer, hello?: object): Promise<Client> {
    const client = new Client(homs.signalling?.url ?? "");
    await once(client.socket, "open");
    if (hello !== undefined) client.send({ action: "hello", ...hello });
    return client;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async next(): Promise<Json> {
    while (this.got.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.got.shift();
  }

  /** Waits until the relay has dealt with what was sent. */
  async settled(): Promise<void> {
    this.socket.ping();
    await once(this.socket, "pong");
  }
}

const hello = (peerId: string, token: string | undefined) => ({ "peer-id": peerId, token });

describe("the signalling relay", () => {
  it.each([
    ["a port of its own", { port: 0 }],
    ["a path on the port of HOMP", { path: "/signalling" }],
  ])("hands messages on with all their members, at %s", async (_where, place) => {
    const homs = await start(place);
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
    const homs = await start({ port: 0, limits: { clients: 3, rate: 0.001, burst: 5 } });
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
    const idle = await Client.open(await start({ port: 0, limits: { helloMs: 50 } }));
    expect(await idle.closed).toEqual([4001, "no registration"]);
  });

  it("cuts a socket that does not take what it gets", async () => {
    const homs = await start({ port: 0, limits: { burst: 1e6, rate: 1e6, queue: 100_000 } });
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
    const homs = await start({ port: 0, limits: { pingMs: 100 } });
    const { port } = homs.signalling ?? { port: 0 };
    const mute = connect(port, "127.0.0.1");
    mute.write(
      `GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n\r\n`,
    );
    mute.resume();
    await once(mute, "close");
    expect(homs.signalling?.statistics.cut).toEqual({ silent: 1 });
  });

  describe("is watched in the field's way", () => {
    const watching = async (monitor: "open" | "token", adminToken?: string) => {
      const token = adminToken === undefined ? {} : { adminToken };
      const homs = await startHomsServer({ store: createMemoryStore(), signalling: { port: 0, monitor }, ...token });
      open.push(homs);
      return homs;
    };

    it("by everybody, where that is wanted: events, and the graph of an overlay", async () => {
      const homs = await watching("open");
      const monitor = await Client.open(homs);
      monitor.send({ server: true, action: "hello" });
      await monitor.settled();
      const id = await overlay(homs);
      await join(homs, id, "a");
      await join(homs, id, "b");
      const status = { costmap: { primary: ["a"], outgoing_candidate: ["c"] } };
      await post(homs, "/peer/report", { ...credentials(id, "b"), status });
      const links = [
        { source: "b", target: "a", primary: true },
        { source: "b", target: "c", primary: false },
      ];
      const overlay_id = id;
      expect(await monitor.next()).toEqual({ overlay_id, type: "overlay", action: "create" });
      const node = { id: "a", ticket_id: 1 };
      const added = { overlay_id, type: "peer", action: "add_peer", node };
      expect(await monitor.next()).toEqual(added);
      expect(await monitor.next()).toEqual({ overlay_id, type: "log", peer_id: "a", message: "joined" });
      expect([await monitor.next(), (await monitor.next()).type]).toMatchObject([{ node: { id: "b" } }, "log"]);
      const updated = { overlay_id, type: "peer", peer_id: "b", action: "update_connection", links };
      expect([await monitor.next(), (await monitor.next()).type]).toEqual([updated, "log"]);

      monitor.send({ server: true, action: "get", overlay_id });
      const nodes = [
        { ...node, seeder: true },
        { id: "b", ticket_id: 2 },
      ];
      const data = { graph: [], nodes, links, directed: false, multigraph: true };
      const graph = await monitor.next();
      expect(graph).toEqual({ overlay_id, type: "peer", action: "current_cost_map", data });
      expect(validateMonitorGraph(graph)).toBeUndefined();
      expect(validateMonitorPeerAdded(added)).toBeUndefined();
      expect(validateMonitorConnectionsUpdated(updated)).toBeUndefined();
    });

    it("by who shows the administrator's token, else", async () => {
      const homs = await watching("token", "secret");
      for (const token of [undefined, "wrong"]) {
        const stranger = await Client.open(homs);
        stranger.send({ server: true, action: "hello", token });
        expect((await stranger.closed)[0]).toBe(4010);
      }
      const admin = await Client.open(homs);
      admin.send({ server: true, action: "hello", token: "secret" });
      await admin.settled();
      await overlay(homs);
      expect(await admin.next()).toMatchObject({ action: "create" });
      const closed = await Client.open(await watching("token"));
      closed.send({ server: true, action: "hello", token: "" });
      expect((await closed.closed)[0]).toBe(4010);
    });
  });

  describe("with the field's peers let in", () => {
    /** Joins as a peer of V23 does. */
    const fieldJoin = (homs: HomsServer, id: string, peerId: string) =>
      post(homs, "/peer", {
        overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
        peer: { "peer-id": peerId, address: "ws://relay", auth: { password: "pw" }, "ticket-id": -1, expires: 30 },
      });
    const letIn = () => start({ port: 0, claims: "joined" }, ["v23"]);

    it("takes a registration without a token, once, of a member that joined in a dialect of the field", async () => {
      const homs = await letIn();
      const id = await overlay(homs);
      await fieldJoin(homs, id, "a;1");
      await fieldJoin(homs, id, "b;1");
      const a = await Client.open(homs, { "peer-id": "a;1" });
      const b = await Client.open(homs, { "peer-id": "b;1" });
      await Promise.all([a.settled(), b.settled()]);
      const second = await Client.open(homs, { "peer-id": "a;1" });
      expect((await second.closed)[0]).toBe(4004);
      b.send({ fromid: "b;1", toid: "a;1", type: "offer" });
      expect(await a.next()).toMatchObject({ fromid: "b;1" });
      // Nobody steps into a place that fell free; the peer itself has its password.
      a.socket.close();
      await a.closed;
      const third = await Client.open(homs, { "peer-id": "a;1" });
      expect((await third.closed)[0]).toBe(4004);
      const back = await Client.open(homs, { "peer-id": "a;1", password: "pw" });
      await back.settled();
      b.send({ fromid: "b;1", toid: "a;1", type: "offer" });
      expect(await back.next()).toMatchObject({ fromid: "b;1" });
    });

    it("takes one that comes before the join", async () => {
      const homs = await letIn();
      const id = await overlay(homs);
      const early = await Client.open(homs, { "peer-id": "a;1" });
      await early.settled();
      const other = await Client.open(homs, { "peer-id": "a;1" });
      expect((await other.closed)[0]).toBe(4004);
      await fieldJoin(homs, id, "a;1");
      early.send({ fromid: "a;1", toid: "a;1", here: true });
      expect(await early.next()).toMatchObject({ here: true });
    });

    it("wants the token of members that were given one in the form of the text", async () => {
      const homs = await letIn();
      await join(homs, await overlay(homs), "a");
      const thief = await Client.open(homs, { "peer-id": "a" });
      expect((await thief.closed)[0]).toBe(4003);
    });
  });

  it("speaks TLS where HOMP does", async () => {
    const certificate = selfSignedCertificate();
    const homs = await startHomsServer({ store: createMemoryStore(), signalling: { port: 0 }, tls: certificate });
    open.push(homs);
    const url = homs.signalling?.url ?? "";
    expect(url).toMatch(/^wss:/);
    const socket = new WebSocket(url, { ca: certificate.cert });
    open.push({ close: () => socket.terminate() });
    await once(socket, "open");
    socket.send(JSON.stringify({ action: "hello", "peer-id": "a" }));
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(4002);
  });

  it("answers plain HTTP on its port with 426, and a wrong path with 404", async () => {
    const homs = await start();
    const response = await fetch((homs.signalling?.url ?? "").replace("ws:", "http:"));
    expect(response.status).toBe(426);
    const mounted = await start({ path: "/signalling" });
    const wrong = new Client(`${mounted.url.replace("http:", "ws:")}/elsewhere`);
    const [error] = (await once(wrong.socket, "error")) as [Error];
    expect(error.message).toContain("404");
  });
});
