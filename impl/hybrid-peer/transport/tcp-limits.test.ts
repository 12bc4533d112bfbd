import { once } from "node:events";
import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Logger } from "../../net/logger.js";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import { profiles } from "../wire/profile.js";
import { listenTcpTransport, type TcpTransportOptions } from "./tcp.js";
import { data, heartbeat, hello, type Watched, watched } from "./test/messages.js";
import type { Transport } from "./transport.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const patient = { timeout: 10_000 };
const { p23 } = profiles;

interface Peer {
  readonly transport: Transport;
  readonly watched: Watched;
  readonly log: string[];
}

async function peer(options: Partial<TcpTransportOptions> = {}): Promise<Peer> {
  const seen = watched();
  const log: string[] = [];
  const note = (fields: object, message: string): void => {
    log.push(`${message}: ${(fields as { reason?: string }).reason ?? ""}`);
  };
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const transport = await listenTcpTransport({
    onLink(link, first) {
      seen.message(link, first);
      return seen;
    },
    ...options,
    logger,
  });
  open.push(transport);
  return { transport, watched: seen, log };
}

/** Somebody who connects by hand. */
async function stranger(to: Transport): Promise<Socket & { readonly arrived: Buffer[] }> {
  const socket = connectSocket({ host: "127.0.0.1", port: Number(new URL(to.address).port) });
  const arrived: Buffer[] = [];
  socket.on("data", (chunk) => arrived.push(chunk));
  socket.on("error", () => undefined);
  open.push({ close: () => socket.destroy() });
  await once(socket, "connect");
  return Object.assign(socket, { arrived });
}

const closed = (socket: Socket): Promise<void> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once("close", () => resolve()));

/** Whatever happened before, others are still served. */
async function serves({ transport, watched: seen }: Peer): Promise<void> {
  const before = seen.messages.length;
  (await stranger(transport)).write(p23.encode(hello()));
  await expect.poll(() => seen.messages.length, patient).toBe(before + 1);
}

describe("frames as the network cuts them", () => {
  const frames = [hello(), ...[10, 0, 600].map((octets, i) => data(i + 1, Buffer.alloc(octets, 7))), heartbeat];
  const stream = Buffer.concat(frames.map((message) => p23.encode(message)));
  const codes = frames.map(({ code }) => code);

  test.each([1, 3, 100, 600, 100_000])("in pieces of %i octets", async (size) => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.setNoDelay(true);
    for (let at = 0; at < stream.length; at += size) {
      // Each is a segment of its own, at least now and then.
      if (!socket.write(stream.subarray(at, at + size)) || at % (size * 16) === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => one.watched.messages.map(({ code }) => code), patient).toEqual(codes);
  });

  test("thousands in one write", async () => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.write(Buffer.concat([p23.encode(hello()), ...Array.from({ length: 5000 }, () => p23.encode(heartbeat))]));
    await expect.poll(() => one.watched.messages.length, patient).toBe(5001);
  });
});

describe("garbage ends the link, with a reason, and nothing else", () => {
  test.each<[string, Buffer, string]>([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "JSON object"],
    ["a TLS hello", Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3]), "JSON object"],
    ["a header that is none", frame('{"x":1}'), "code"],
    ["a message without its fields", frame('{"req-code":1}'), "req-params"],
  ])("as a first frame: %s", async (_name, octets, reason) => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.write(octets);
    await closed(socket);
    expect(one.watched.messages).toEqual([]);
    expect(one.log.join()).toContain(reason);
    await serves(one);
  });

  test("behind messages, which count", async () => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.write(Buffer.concat([p23.encode(hello()), p23.encode(heartbeat), Buffer.from("\x01\x01\x00\x05nonsense")]));
    await closed(socket);
    expect(one.watched.messages).toEqual([hello(), heartbeat]);
    expect(one.watched.ends).toEqual([expect.stringMatching(/^not a message: /)]);
    await serves(one);
  });

  test("a frame longer than allowed is refused by its header", async () => {
    const one = await peer({ limits: { maxFrame: 10_000 } });
    const socket = await stranger(one.transport);
    socket.write(p23.encode(hello()));
    socket.write(p23.encode(data(1, Buffer.alloc(20_000))).subarray(0, 500));
    await closed(socket);
    expect(one.watched.ends).toEqual([expect.stringContaining("more than 10000")]);
  });

  test("codes that do not exist are passed over, up to a number of them", async () => {
    const one = await peer({ limits: { maxUnknown: 3 } });
    const socket = await stranger(one.transport);
    const unknown = frame('{"req-code":99}');
    socket.write(Buffer.concat([p23.encode(hello()), unknown, unknown, unknown, p23.encode(heartbeat)]));
    await expect.poll(() => one.watched.messages, patient).toEqual([hello(), heartbeat]);
    socket.write(unknown);
    await closed(socket);
    expect(one.watched.ends.length).toBe(1);
  });
});

describe("those who hold a link and say nothing", () => {
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["half a frame", p23.encode(hello()).subarray(0, 30)],
  ])("%s as a first message", async (_name, octets) => {
    const one = await peer({ limits: { firstFrameMs: 100 } });
    const socket = await stranger(one.transport);
    socket.write(octets);
    await closed(socket);
    expect(one.log.join()).toContain("no message within 100 ms");
    await serves(one);
  });

  test("a frame that comes octet by octet, without end", async () => {
    const one = await peer({ limits: { frameMs: 100 } });
    const socket = await stranger(one.transport);
    socket.write(p23.encode(hello()));
    await expect.poll(() => one.watched.messages.length, patient).toBe(1);
    const endless = p23.encode(data(1, Buffer.alloc(50_000)));
    let at = 0;
    const dripping = setInterval(() => socket.write(endless.subarray(at, ++at)), 20);
    await closed(socket);
    clearInterval(dripping);
    expect(one.watched.ends).toEqual(["a frame that did not end within 100 ms"]);
  });

  test("no more of them than allowed, in all and from one address", async () => {
    for (const limits of [{ maxLinks: 3 }, { maxLinksPerAddress: 3 }]) {
      const one = await peer({ limits });
      const held = [await stranger(one.transport), await stranger(one.transport), await stranger(one.transport)];
      await closed(await stranger(one.transport));
      expect(held.filter(({ destroyed }) => destroyed)).toEqual([]);
      held[0]?.destroy();
      await expect
        .poll(async () => {
          const socket = await stranger(one.transport);
          socket.write(p23.encode(hello()));
          await new Promise((resolve) => setTimeout(resolve, 20));
          return one.watched.messages.length;
        }, patient)
        .toBe(1);
    }
  });
});

describe("those who do not read", () => {
  test("send is false when too much waits, and the link is closed", async () => {
    const one = await peer({ limits: { maxQueued: 1_000_000 } });
    const socket = await stranger(one.transport);
    socket.pause().write(p23.encode(hello()));
    await expect.poll(() => one.watched.links.length, patient).toBe(1);
    const [link] = one.watched.links;
    let sent = 0;
    while (link?.send(data(++sent, Buffer.alloc(50_000))) === true) {
      expect(link.queued).toBeLessThanOrEqual(1_000_000);
      if (sent % 10 === 0) await new Promise(setImmediate);
      expect(sent).toBeLessThan(10_000);
    }
    expect(one.watched.ends).toEqual([expect.stringContaining("does not read")]);
    expect(link?.send(heartbeat)).toBe(false);
    await serves(one);
  });
});

describe("ends", () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ["orderly", (socket) => socket.end(), "the other end closed the connection"],
    ["in the middle of a frame", (socket) => socket.end(p23.encode(hello()).subarray(0, 9)), "the middle of a frame"],
    ["by a reset", (socket) => socket.resetAndDestroy(), "ECONNRESET"],
  ])("%s", async (_name, end, reason) => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.write(p23.encode(hello()));
    await expect.poll(() => one.watched.messages.length, patient).toBe(1);
    end(socket);
    await expect.poll(() => one.watched.ends, patient).toEqual([expect.stringContaining(reason)]);
    expect(one.watched.links[0]?.send(heartbeat)).toBe(false);
  });

  test("a first message for nobody closes the link", async () => {
    const one = await peer({ onLink: () => undefined });
    const socket = await stranger(one.transport);
    socket.write(p23.encode(hello()));
    await closed(socket);
    expect(one.log.join()).toContain("for nobody here");
  });

  test("a handler that fails ends its link and nothing else", async () => {
    const one = await peer();
    const socket = await stranger(one.transport);
    socket.write(p23.encode(hello()));
    await expect.poll(() => one.watched.links.length, patient).toBe(1);
    const ends: string[] = [];
    const link = one.watched.links[0];
    if (link === undefined) throw new Error("no link");
    link.handler = {
      message() {
        throw new Error("a fault");
      },
      closed: (_link, reason) => ends.push(reason),
    };
    socket.write(p23.encode(heartbeat));
    await closed(socket);
    expect(ends).toEqual(["its message could not be handled"]);
    await serves(one);
  });
});

describe("connecting", () => {
  const handler = watched();
  const connect = ({ transport }: Peer, address: string, timeoutMs = 10_000) =>
    transport.connect({ peerId: "x", address }, { overlayId: "o", profile: p23, timeoutMs, handler });

  async function silent(): Promise<Server> {
    const server = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    open.push(server);
    await once(server, "listening");
    return server;
  }
  const portOf = (server: Server): number => (server.address() as { port: number }).port;

  test("nobody there, no address, nobody to trust, no time: each says so", async () => {
    const one = await peer();
    const gone = await silent();
    const port = portOf(gone);
    gone.close();
    await expect(connect(one, `tcp://127.0.0.1:${port}`)).rejects.toMatchObject({ code: "ERR_UNREACHABLE" });
    await expect(connect(one, "ws://127.0.0.1:1")).rejects.toMatchObject({ code: "ERR_ADDRESS" });
    const secured = await peer({ tls: selfSignedCertificate() });
    await expect(connect(one, secured.transport.address)).rejects.toThrow(/self-signed|certificate/);
    const mute = await silent();
    await expect(connect(one, `tls://127.0.0.1:${portOf(mute)}`, 50)).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
  });

  test("a name whose first address does not answer is reached by its others", async () => {
    const one = await peer();
    // 127.0.0.1 alone listens; the name has ::1 too, on most machines.
    const other = await peer();
    const { port } = new URL(other.transport.address);
    const link = await connect(one, `tcp://localhost:${port}`);
    link.send(hello());
    await expect.poll(() => other.watched.messages.length, patient).toBe(1);
  });

  test("not too many at once, and none when closed", async () => {
    const one = await peer({ limits: { maxConnecting: 2 } });
    const mute = await silent();
    const attempts = [1, 2, 3].map(() => connect(one, `tls://127.0.0.1:${portOf(mute)}`));
    const results = Promise.allSettled(attempts);
    await expect(attempts[2]).rejects.toMatchObject({ code: "ERR_LIMIT" });
    await one.transport.close();
    expect((await results).map((result) => result.status === "rejected" && result.reason.code)).toEqual([
      "ERR_CLOSED",
      "ERR_CLOSED",
      "ERR_LIMIT",
    ]);
    await expect(connect(one, "tcp://127.0.0.1:1")).rejects.toMatchObject({ code: "ERR_CLOSED" });
  });
});

function frame(header: string): Buffer {
  const octets = Buffer.from(header);
  return Buffer.concat([Buffer.from([1, 1, octets.length >> 8, octets.length & 255]), octets]);
}
