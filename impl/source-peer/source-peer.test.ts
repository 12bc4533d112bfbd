import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket as NetSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { Code, defaultReadings } from "../../generated/ldmp/index.js";
import type { SourcePeerAddress } from "../data-source/address.js";
import { type DataSource, startDataSource } from "../data-source/data-source.js";
import type { DataSourceOptions } from "../data-source/options.js";
import { textOf } from "../ldmp/payload.js";
import { octets } from "../ldmp/test/support.js";
import { selfSignedCertificate } from "../net/test/certificate.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { SourcePeerOptions } from "./options.js";
import { type SourcePeer, startSourcePeer } from "./source-peer.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function sourcePeer(options: SourcePeerOptions = {}): Promise<SourcePeer> {
  const peer = await startSourcePeer({ control: false, ...options });
  open.push(peer);
  return peer;
}

async function dataSource(options: DataSourceOptions): Promise<DataSource> {
  const source = await startDataSource(options);
  open.push(source);
  return source;
}

async function udpSocket(): Promise<Socket> {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
  open.push({ close: () => socket.close() });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
const until = (condition: () => boolean) => expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true);
const { key, cert } = selfSignedCertificate();
const secured = { host: "127.0.0.1", port: 0, key, cert };

const addressOf = {
  udp: (peer) => ({ transport: "udp", host: "127.0.0.1", port: peer.udp?.port ?? 0 }),
  tcp: (peer) => ({ transport: "tcp", host: "127.0.0.1", port: peer.tcp?.port ?? 0 }),
  tls: (peer) => ({ transport: "tls", host: "127.0.0.1", port: peer.tls?.port ?? 0, tls: { ca: cert } }),
} satisfies Record<string, (peer: SourcePeer) => SourcePeerAddress>;

describe.each(["udp", "tcp", "tls"] as const)("over %s", (transport) => {
  test.each(["A", "B"] as const)("every procedure of [7], layout %s", async (layout) => {
    const readings = { layout };
    const peer = await sourcePeer({ id: 9, tcp: {}, tls: secured, readings });
    const posted: string[] = [];
    peer.onData(({ sourceId, payload }) => posted.push(`${sourceId}:${textOf(payload)}`));
    let period = 5;
    const applied: unknown[] = [];
    const feed = {
      items: [
        { name: "load", read: () => "0.5" },
        { name: "cpu/load", read: async () => Uint8Array.of(0, 255) },
      ],
      parameters: [
        {
          name: "period",
          initial: 5,
          accepts: (value: unknown): value is number => typeof value === "number" && value > 0,
          apply: (value: unknown) => {
            applied.push(value);
            period = Number(value);
          },
        },
      ],
    };
    const address = addressOf[transport](peer);
    const source = await dataSource({ id: 17, sourcePeer: address, feed, readings });
    const other = await dataSource({ id: 18, sourcePeer: address, feed, readings });
    await Promise.all([source.registered(), other.registered()]);
    expect(
      peer
        .list()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([17, 18]);

    expect([source.post("a"), other.post("b"), source.post("c")]).toEqual([true, true, true]);
    await until(() => posted.length === 3);
    expect(posted.sort()).toEqual(["17:a", "17:c", "18:b"]);

    expect(textOf((await peer.get(17)).payload)).toBe("0.5");
    expect([...(await peer.get(18, "cpu/load")).payload]).toEqual([0, 255]);
    expect(JSON.parse(textOf((await peer.get(17, "period")).payload))).toMatchObject({ item: "period", value: 5 });
    expect((await peer.put(17, { period: 2 })).code).toBe(Code.changed);
    expect(period).toBe(2);
    const refusals: [Promise<unknown>, number][] = [
      [peer.get(17, "no-such-item"), Code.notFound],
      [peer.get(17, Uint8Array.of(1)), Code.unsupportedContentFormat],
      [peer.put(17, { speed: 1 }), Code.notFound],
      [peer.put(17, { period: -1 }), Code.notAcceptable],
      [peer.put(17, { period: {} }), Code.badRequest],
      [peer.put(17, "period=2"), Code.badRequest],
      [peer.put(17, Uint8Array.of(1)), Code.unsupportedContentFormat],
    ];
    for (const [request, ldmpCode] of refusals)
      await expect(request).rejects.toMatchObject({ code: "ERR_REFUSED", ldmpCode });
    await expect(peer.get(99)).rejects.toMatchObject({ code: "ERR_NOT_REGISTERED" });

    await peer.reset(17);
    await until(() => applied.length === 2);
    await source.registered();
    expect(applied).toEqual([2, 5]);
    await source.close();
    expect(peer.list().map(({ id }) => id)).toEqual([18]);
    expect(peer.counters.removals).toMatchObject({ released: 1, reset: 1 });
  });

  test("several requests outstanding are answered to whoever asked", async () => {
    const peer = await sourcePeer({ tcp: {}, tls: secured, outstanding: 8 });
    const read = (ms: number) => () => new Promise<string>((resolve) => setTimeout(() => resolve(String(ms)), ms));
    const items = [40, 5, 20, 1].map((ms) => ({ name: String(ms), read: read(ms) }));
    const source = await dataSource({ id: 17, sourcePeer: addressOf[transport](peer), feed: { items } });
    await source.registered();
    const answers = await Promise.all(items.map(({ name }) => peer.get(17, name)));
    expect(answers.map(({ payload }) => textOf(payload))).toEqual(items.map(({ name }) => name));
  });

  test("a source peer that goes and comes back on the same port is registered with again", async () => {
    const variables = { heartbeatTime: 100, retransmissionTime: 30, maxRetransmissions: 1 };
    const first = await sourcePeer({ tcp: {}, tls: secured });
    const address = addressOf[transport](first);
    const source = await dataSource({ id: 17, sourcePeer: address, variables });
    await source.registered();
    await first.close();
    await until(() => source.phase !== "registered");
    const at = { host: "127.0.0.1", port: address.port };
    const second = await sourcePeer({
      udp: transport === "udp" ? at : false,
      ...(transport === "tcp" && { tcp: at }),
      ...(transport === "tls" && { tls: { ...secured, port: address.port } }),
    });
    await source.registered();
    expect(second.list()).toMatchObject([{ id: 17 }]);
  });

  test("a registration is refused without the secret, and accepted with it", async () => {
    const peer = await sourcePeer({ tcp: {}, tls: secured, admission: { secret: "open" } });
    const sourcePeerAddress = addressOf[transport](peer);
    const refused = await dataSource({ id: 17, sourcePeer: sourcePeerAddress, secret: "sesame" });
    const failure = await new Promise((resolve) => refused.onNews(resolve));
    expect(failure).toMatchObject({ kind: "failed", failure: { kind: "refused", code: Code.unauthorized } });
    expect(refused.post("x")).toBe(false);
    const admitted = await dataSource({ id: 18, sourcePeer: sourcePeerAddress, secret: "open" });
    await admitted.registered();
    expect(peer.list().map(({ id }) => id)).toEqual([18]);
  });
});

test("silence removes a data source within the removal time, and a data source that lost its peer says so", async () => {
  const variables = { heartbeatTime: 60, retransmissionTime: 20, maxRetransmissions: 2 };
  const peer = await sourcePeer({ variables });
  const socket = await udpSocket();
  const received: number[] = [];
  socket.on("message", (message) => received.push(message[1] as number));
  socket.send(octets({ code: Code.registration }), peer.udp?.port ?? 0, "127.0.0.1");
  await until(() => peer.counters.removals.silent === 1);
  expect(received).toEqual([Code.ok, Code.heartbeat, Code.heartbeat, Code.heartbeat]);
});

test("TLS: a data source that does not trust the certificate does not register", async () => {
  const peer = await sourcePeer({ tls: secured });
  const source = await dataSource({ id: 17, sourcePeer: { ...addressOf.tls(peer), tls: {} } });
  expect(await new Promise((resolve) => source.onNews(resolve))).toMatchObject({ failure: { kind: "disconnected" } });
  expect(peer.list()).toEqual([]);
});

test("TLS: a source peer that asks for a certificate takes nobody without", async () => {
  const peer = await sourcePeer({ tls: { ...secured, ca: cert, requestCert: true } });
  const variables = { retransmissionTime: 20 };
  const without = await dataSource({ id: 17, sourcePeer: addressOf.tls(peer), variables });
  expect(await new Promise((resolve) => without.onNews(resolve))).toMatchObject({ failure: { kind: "disconnected" } });
  const address = { ...addressOf.tls(peer), tls: { ca: cert, key, cert } };
  await (await dataSource({ id: 18, sourcePeer: address })).registered();
  expect(peer.list().map(({ id }) => id)).toEqual([18]);
});

test("a data source that is closed while it connects leaves nothing behind", async () => {
  const listener = createServer();
  open.push({ close: () => listener.close() });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  // A TLS handshake that is never answered.
  const source = await startDataSource({ id: 17, sourcePeer: { transport: "tls", host: "127.0.0.1", port } });
  const [socket] = (await once(listener, "connection")) as [NetSocket];
  socket.on("error", () => undefined);
  socket.resume();
  const ended = once(socket, "close");
  await source.close();
  await ended;
  expect(source.phase).toBe("stopped");
});

test("by name: localhost is found wherever it is", async () => {
  const peer = await sourcePeer({ udp: { host: "localhost" } });
  const source = await dataSource({ id: 17, sourcePeer: `udp://localhost:${peer.udp?.port}` });
  await source.registered();
});

test.runIf(hasIpv6)("over IPv6", async () => {
  const peer = await sourcePeer({ udp: { host: "::1" } });
  const source = await dataSource({
    id: 17,
    sourcePeer: `udp://[::1]:${peer.udp?.port}`,
    feed: { items: [{ name: "a", read: () => "1" }] },
  });
  await source.registered();
  expect(textOf((await peer.get(17)).payload)).toBe("1");
  expect(peer.list()[0]?.address).toMatch(/^\[::1\]:\d+$/);
});

test("a burst of 4,000 datagrams that arrives while the process is busy is answered to the last", async () => {
  const peer = await sourcePeer();
  const socket = await udpSocket();
  const port = peer.udp?.port ?? 0;
  socket.send(octets({ code: Code.registration }), port, "127.0.0.1");
  await once(socket, "message");
  const answered = new Set<number>();
  socket.on("message", (message) => answered.add(message.readUInt16BE(2)));
  // All in one turn of the event loop: the source peer, in this same process, cannot read before the last is sent.
  for (let messageId = 0; messageId < 4000; messageId++) {
    socket.send(octets({ code: Code.heartbeat, messageId }), port, "127.0.0.1");
  }
  await until(() => answered.size === 4000);
  expect(peer.counters.messages).toBe(4001);
});

test("10,000 data sources are registered, answered and listed, from one machine", async () => {
  const peer = await sourcePeer({ id: 60_000 });
  const socket = await udpSocket();
  const port = peer.udp?.port ?? 0;
  const each = async (code: number) => {
    const answered = new Set<number>();
    const listen = (message: Buffer) => answered.add(message[1] === Code.ok ? message.readUInt16BE(6) : -1);
    socket.on("message", listen);
    for (let first = 1; first <= 10_000; first += 2000) {
      for (let sourceId = first; sourceId < first + 2000; sourceId++) {
        socket.send(octets({ code, sourceId, destinationId: 60_000 }), port, "127.0.0.1");
      }
      await until(() => answered.size === first + 1999);
    }
    socket.off("message", listen);
    return answered;
  };
  expect((await each(Code.registration)).size).toBe(10_000);
  expect(peer.list()).toHaveLength(10_000);
  expect((await each(Code.heartbeat)).size).toBe(10_000);
  expect((await each(Code.release)).size).toBe(10_000);
  expect(peer.list()).toEqual([]);
});

describe("connections", () => {
  const talk = async (port: number, bytes: Uint8Array) => {
    const socket = connect({ host: "127.0.0.1", port });
    open.push({ close: () => socket.destroy() });
    const received: Buffer[] = [];
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("error", () => undefined);
    const closed = once(socket, "close");
    socket.write(bytes);
    return { socket, closed, text: () => Buffer.concat(received).toString("hex") };
  };

  test("one that closes takes its data sources with it", async () => {
    const peer = await sourcePeer({ tcp: {} });
    const { socket } = await talk(peer.tcp?.port ?? 0, octets({ code: Code.registration }));
    await until(() => peer.list().length === 1);
    socket.destroy();
    await until(() => peer.counters.removals.closed === 1);
    expect(peer.list()).toEqual([]);
  });

  test.each([
    ["that brings no registration", octets({ code: Code.heartbeat })],
    ["that stops amid a message", octets({ code: Code.registration, payload: "abc" }).slice(0, 11)],
    ["that says nothing", new Uint8Array(0)],
  ])("one %s is closed after a while", async (_, bytes) => {
    const peer = await sourcePeer({ tcp: {}, limits: { idleConnectionMs: 50 } });
    await (await talk(peer.tcp?.port ?? 0, bytes)).closed;
  });

  test("one whose messages keep coming in pieces stays", async () => {
    const peer = await sourcePeer({ tcp: {}, limits: { idleConnectionMs: 300 } });
    const { socket } = await talk(peer.tcp?.port ?? 0, octets({ code: Code.registration }));
    const message = octets({ code: Code.heartbeat });
    socket.write(message.slice(0, 4));
    for (let piece = 1; piece <= 25; piece++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.write(Buffer.concat([message.subarray(4), message.subarray(0, 4)]));
    }
    await until(() => peer.counters.messages === 26);
    expect([socket.destroyed, peer.list().length]).toEqual([false, 1]);
  });

  test("one in use stays, however long", async () => {
    const peer = await sourcePeer({ tcp: {}, limits: { idleConnectionMs: 40 } });
    const { socket } = await talk(peer.tcp?.port ?? 0, octets({ code: Code.registration }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([socket.destroyed, peer.list().length]).toEqual([false, 1]);
  });

  test.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["a payload beyond the limit", octets({ code: Code.post, payload: "x".repeat(200) })],
  ])("one that speaks %s is closed; messages before it are answered", async (_, bytes) => {
    const peer = await sourcePeer({ tcp: {}, limits: { payload: 100 } });
    const both = Buffer.concat([octets({ code: Code.registration }), bytes]);
    const { closed, text } = await talk(peer.tcp?.port ?? 0, both);
    await closed;
    expect(text().slice(0, 4)).toBe("6040");
    await until(() => peer.list().length === 0);
  });

  test("a reserved value amid a stream is refused, and the stream goes on", async () => {
    const peer = await sourcePeer({ tcp: {} });
    const bad = octets({ code: Code.heartbeat, messageId: 0xbad });
    bad[0] = 0x44;
    const stream = Buffer.concat([
      octets({ code: Code.registration }),
      bad,
      octets({ code: Code.heartbeat, messageId: 2 }),
    ]);
    const { text } = await talk(peer.tcp?.port ?? 0, stream);
    await until(() => text().length === 3 * 16);
    expect(
      text()
        .match(/.{16}/g)
        ?.map((reply) => reply.slice(0, 8))
        .sort(),
    ).toEqual(["604003e8", "60400002", "60800bad"].sort());
  });

  test("more than the limit are turned away", async () => {
    const peer = await sourcePeer({ tcp: {}, limits: { connections: 1 } });
    await talk(peer.tcp?.port ?? 0, octets({ code: Code.registration }));
    await until(() => peer.list().length === 1);
    await (await talk(peer.tcp?.port ?? 0, octets({ code: Code.registration, sourceId: 18 }))).closed;
    expect(peer.list()).toHaveLength(1);
  });
});

test("a restarted source peer remembers its data sources, but not those whose connection is gone", async () => {
  const store = createMemoryStore();
  const first = await sourcePeer({ store, tcp: {} });
  const posted: string[] = [];
  const overUdp = await dataSource({
    id: 17,
    sourcePeer: addressOf.udp(first),
    feed: { items: [{ name: "a", read: () => "1" }] },
  });
  const overTcp = await dataSource({ id: 18, sourcePeer: addressOf.tcp(first) });
  await Promise.all([overUdp.registered(), overTcp.registered()]);
  const port = first.udp?.port ?? 0;
  await first.close();
  await expect(first.get(17)).rejects.toMatchObject({ code: "ERR_CLOSED" });
  const second = await sourcePeer({ store, udp: { host: "127.0.0.1", port } });
  second.onData(({ payload }) => posted.push(textOf(payload)));
  expect(second.list().map(({ id }) => id)).toEqual([17]);
  expect(textOf((await second.get(17)).payload)).toBe("1");
  overUdp.post("still here");
  await until(() => posted.length === 1);
});

test("a data source that is no longer on the list is not remembered", async () => {
  const store = createMemoryStore();
  const first = await sourcePeer({ store });
  const source = await dataSource({ id: 17, sourcePeer: addressOf.udp(first) });
  await source.registered();
  await first.close();
  expect((await sourcePeer({ store, admission: { allow: [18] } })).list()).toEqual([]);
  expect((await sourcePeer({ store, admission: { allow: [17], secret: "new" } })).list()).toHaveLength(1);
});

test("what cannot be written is not acknowledged, and is when it can be", async () => {
  const store = createMemoryStore();
  let broken = true;
  const commit = () => (broken ? Promise.reject(new Error("disk full")) : store.commit());
  const peer = await sourcePeer({ store: { ...store, commit } });
  const variables = { retransmissionTime: 40, maxRetransmissions: 10 };
  const source = await dataSource({ id: 17, sourcePeer: addressOf.udp(peer), variables });
  await until(() => source.counters.repeats >= 2);
  expect(source.phase).toBe("registering");
  broken = false;
  await source.registered();
});

test("data can be iterated, and a slow reader loses the oldest", async () => {
  const peer = await sourcePeer();
  const source = await dataSource({ id: 17, sourcePeer: addressOf.udp(peer) });
  await source.registered();
  const stop = new AbortController();
  const reader = peer.data({ signal: stop.signal, capacity: 2 });
  for (const text of ["1", "2", "3"]) source.post(text);
  await until(() => peer.counters.posts === 3);
  const seen: string[] = [];
  for await (const { payload } of reader) {
    seen.push(textOf(payload));
    if (seen.length === 2) stop.abort();
  }
  expect(seen).toEqual(["2", "3"]);
});

test("a listener that throws disturbs nobody", async () => {
  const peer = await sourcePeer();
  const seen: string[] = [];
  peer.onData(() => {
    throw new Error("not mine");
  });
  peer.onData(({ payload }) => seen.push(textOf(payload)));
  const source = await dataSource({ id: 17, sourcePeer: addressOf.udp(peer) });
  await source.registered();
  source.post("1");
  await until(() => seen.length === 1);
});

test.each([
  ["an identifier of 0", { id: 0 }],
  ["a heartbeat time below the profile's bounds", { variables: { heartbeatTime: 1 } }],
])("%s is refused at once", async (_, options) => {
  await expect(startSourcePeer({ control: false, ...options })).rejects.toThrow(RangeError);
});

test("a port in use is an error, with nothing left open", async () => {
  const peer = await sourcePeer();
  await expect(sourcePeer({ udp: { port: peer.udp?.port ?? 0 } })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("readings differ between ends and still get along over UDP", async () => {
  const peer = await sourcePeer({ readings: { type: "B", layout: "B", answerMessageId: "B" } });
  const source = await dataSource({
    id: 17,
    sourcePeer: addressOf.udp(peer),
    readings: defaultReadings,
    feed: { items: [{ name: "a", read: () => "1" }] },
  });
  await source.registered();
  source.post("x");
  expect(textOf((await peer.get(17, "a")).payload)).toBe("1");
  await until(() => peer.counters.posts === 1);
});
