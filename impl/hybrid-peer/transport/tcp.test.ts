import { afterEach, describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import { Code } from "../core/message.js";
import { type ProfileName, profiles } from "../wire/profile.js";
import { listenTcpTransport, type TcpTransportOptions } from "./tcp.js";
import { data, heartbeat, heartbeatAnswer, hello, type Watched, watched } from "./test/messages.js";
import type { Transport, TransportLink } from "./transport.js";

const open: Transport[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

interface Peer {
  readonly transport: Transport;
  readonly watched: Watched;
}

/** A peer that takes every link. */
async function peer(options: Partial<TcpTransportOptions> = {}): Promise<Peer> {
  const seen = watched();
  const transport = await listenTcpTransport({
    onLink(link, first) {
      seen.message(link, first);
      return seen;
    },
    ...options,
  });
  open.push(transport);
  return { transport, watched: seen };
}

function connect(from: Peer, address: string, profile: ProfileName = "p23"): Promise<TransportLink> {
  return from.transport.connect(
    { peerId: "peer", address },
    { overlayId: "overlay-1", profile: profiles[profile], timeoutMs: 10_000, handler: from.watched },
  );
}

describe.each([
  ["IPv4", "127.0.0.1", false],
  ["IPv6", "::1", false],
  ["IPv4 under TLS", "127.0.0.1", true],
])("%s", (_name, host, secure) => {
  const certificate = selfSignedCertificate();
  const options = secure ? { host, tls: certificate } : { host };

  test("messages go both ways, in order, over one link", async () => {
    const a = await peer({ connectTls: { ca: certificate.cert } });
    const b = await peer(options);
    expect(b.transport.scheme).toBe(secure ? "tls" : "tcp");
    const link = await connect(a, b.transport.address);
    expect(link.incoming).toBe(false);
    expect(link.send(hello())).toBe(true);
    for (let i = 1; i <= 300; i++) link.send(data(i, Buffer.alloc(i * 10, i)));
    await expect.poll(() => b.watched.messages.length, { timeout: 10_000 }).toBe(301);
    const [back] = b.watched.links;
    expect(back?.incoming).toBe(true);
    expect(b.watched.messages[0]).toEqual(hello());
    expect(
      b.watched.messages.slice(1).map((message) => message.code === Code.broadcastData && message.data.sequence),
    ).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    back?.send(heartbeatAnswer);
    await expect.poll(() => a.watched.messages).toEqual([heartbeatAnswer]);
    expect([link.queued, back?.queued]).toEqual([0, 0]);
  });
});

test.each(["p22", "p20"] as const)("what a link speaks is what its first frame is spelt in: %s", async (name) => {
  const [a, b] = [await peer(), await peer()];
  const link = await connect(a, b.transport.address, name);
  link.send(hello());
  await expect.poll(() => b.watched.messages.length).toBe(1);
  b.watched.links[0]?.send(heartbeat);
  await expect.poll(() => a.watched.messages).toEqual([heartbeat]);
});

test("what is queued arrives before the link closes, and the end is told at the other end alone", async () => {
  const [a, b] = [await peer(), await peer()];
  const link = await connect(a, b.transport.address);
  link.send(hello());
  await expect.poll(() => b.watched.links.length).toBe(1);
  // Octets that the closing end will not read.
  b.watched.links[0]?.send(data(1, Buffer.alloc(50_000)));
  for (let i = 1; i <= 20; i++) link.send(data(i, Buffer.alloc(50_000)));
  link.close();
  expect(link.send(heartbeat)).toBe(false);
  await expect.poll(() => b.watched.messages.length, { timeout: 10_000 }).toBe(21);
  await expect.poll(() => b.watched.ends).toEqual(["the other end closed the connection"]);
  expect(a.watched.ends).toEqual([]);
});
