import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Connection, connectTcp, listenTcp, type TcpListenOptions } from "./tcp.js";
import { openUdp } from "./udp.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function listener(options: Partial<TcpListenOptions> = {}) {
  const accepted: Connection[] = [];
  const ended: (Error | undefined)[] = [];
  const listening = await listenTcp({
    accept(connection) {
      accepted.push(connection);
      return { data: (chunk) => connection.write(chunk), closed: (error) => ended.push(error) };
    },
    ...options,
  });
  open.push(listening);
  return { listening, accepted, ended };
}

describe("TCP", () => {
  test("a connection echoes, ends with what was written, and is told apart from others", async () => {
    const { listening, ended } = await listener();
    const received: Buffer[] = [];
    const handler = () => ({ data: (chunk: Uint8Array) => received.push(Buffer.from(chunk)), closed: () => undefined });
    const [one, other] = await Promise.all(
      [1, 2].map(() => connectTcp({ host: "127.0.0.1", port: listening.port, handler })),
    );
    expect(one?.connection).not.toBe(other?.connection);
    one?.write(Buffer.from("hello"));
    await expect.poll(() => Buffer.concat(received).toString()).toBe("hello");
    one?.end();
    await expect.poll(() => ended).toEqual([undefined]);
    one?.write(Buffer.from("too late"));
    other?.destroy();
    await expect.poll(() => listening.connections).toBe(0);
  });

  test("a counterpart that does not read is cut when too much waits for it", async () => {
    const { listening, accepted, ended } = await listener({ maxBuffered: 100_000 });
    const client = connect({ host: "127.0.0.1", port: listening.port }).pause();
    open.push({ close: () => client.destroy() });
    await expect.poll(() => accepted.length).toBe(1);
    for (let i = 0; i < 200 && ended.length === 0; i++) {
      accepted[0]?.write(Buffer.alloc(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ended[0]?.message).toContain("does not read");
  });

  test("nobody there, or nobody in time, is an error", async () => {
    const { listening } = await listener();
    const { port } = listening;
    await listening.close();
    const handler = () => ({ data: () => undefined, closed: () => undefined });
    await expect(connectTcp({ host: "127.0.0.1", port, handler })).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const silent = await listener({ accept: () => ({ data: () => undefined, closed: () => undefined }) });
    const late = connectTcp({ host: "127.0.0.1", port: silent.listening.port, tls: {}, timeoutMs: 30, handler });
    await expect(late).rejects.toThrow("within 30 ms");
  });

  test("closing cuts the connections that do not close by themselves", async () => {
    const { listening, accepted } = await listener();
    const client = connect({ host: "127.0.0.1", port: listening.port, allowHalfOpen: true });
    client.on("error", () => undefined);
    await expect.poll(() => accepted.length).toBe(1);
    const closed = once(client, "close");
    await listening.close();
    client.destroy();
    await closed;
  });
});

describe("UDP", () => {
  test("what was sent last still leaves when the socket closes, and nothing after", async () => {
    const received: string[] = [];
    const receiver = await openUdp({ onDatagram: (bytes) => received.push(Buffer.from(bytes).toString()) });
    open.push(receiver);
    const sender = await openUdp({ onDatagram: () => undefined });
    sender.send(Buffer.from("last words"), receiver);
    const closing = sender.close();
    sender.send(Buffer.from("too late"), receiver);
    await closing;
    await sender.close();
    await expect.poll(() => received).toEqual(["last words"]);
  });

  test("a datagram that is too long, or has no way, disturbs nothing", async () => {
    const received: number[] = [];
    const port = await openUdp({ onDatagram: (bytes) => received.push(bytes.length) });
    open.push(port);
    port.send(new Uint8Array(70_000), port);
    port.send(new Uint8Array(3), { address: "::1", port: port.port });
    port.send(new Uint8Array(5), port);
    await expect.poll(() => received).toEqual([5]);
  });
});
