import { afterEach, describe, expect, test } from "vitest";
import { Code } from "../core/message.js";
import { profiles } from "../wire/profile.js";
import { data, heartbeatAnswer, hello, type Watched, watched } from "./test/messages.js";
import { startRelay } from "./test/relay.js";
import type { TransportLink } from "./transport.js";
import { openWebRtcTransport, type WebRtcTransport, type WebRtcTransportOptions } from "./webrtc.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Peer {
  readonly peerId: string;
  readonly transport: WebRtcTransport;
  readonly watched: Watched;
}

async function relay() {
  const started = await startRelay();
  open.push(started);
  return started;
}

/** On 127.0.0.1 alone, so that it also works on a machine without a network. */
async function peer(peerId: string, signalling: string, options: Partial<WebRtcTransportOptions> = {}): Promise<Peer> {
  const seen = watched();
  const transport = await openWebRtcTransport({
    signalling,
    peerId,
    bindAddress: "127.0.0.1",
    onLink(link, first) {
      seen.message(link, first);
      return seen;
    },
    ...options,
  });
  open.push(transport);
  return { peerId, transport, watched: seen };
}

function connect(from: Peer, to: Peer, timeoutMs = 10_000): Promise<TransportLink> {
  return from.transport.connect(
    { peerId: to.peerId, address: to.transport.address },
    { overlayId: "overlay-1", profile: profiles.p23, timeoutMs, handler: from.watched },
  );
}

const patient = { timeout: 10_000 };

describe.each(["wrtc", "node-datachannel"] as const)("%s", (library) => {
  test("messages go both ways over a data channel, arranged in the field's words", async () => {
    const { url, seen } = await relay();
    const [a, b] = [await peer("peer-a", url, { library }), await peer("peer-b", url, { library })];
    expect(a.transport).toMatchObject({ scheme: "ws", address: url });
    await expect.poll(() => seen.length, patient).toBe(2);
    const link = await connect(a, b);
    expect([link.incoming, link.remote]).toEqual([false, expect.stringMatching(/^peer-b( at 127\.0\.0\.1:\d+)?$/)]);
    link.send(hello());
    await expect.poll(() => b.watched.messages, patient).toEqual([hello()]);
    for (let i = 1; i <= 50; i++) link.send(data(i, Buffer.alloc(60_000, i)));
    await expect.poll(() => b.watched.messages.length, patient).toBe(51);
    expect(b.watched.messages.slice(1).map((one) => one.code === Code.broadcastData && one.data.sequence)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    b.watched.links[0]?.send(heartbeatAnswer);
    await expect.poll(() => a.watched.messages, patient).toEqual([heartbeatAnswer]);

    expect(seen.slice(0, 2)).toEqual([
      { action: "hello", "peer-id": "peer-a" },
      { action: "hello", "peer-id": "peer-b" },
    ]);
    const description = (type: string, fromid: string, toid: string) => ({
      ...{ fromid, toid, fromticketid: "", type },
      sdp: { type, sdp: expect.stringContaining("webrtc-datachannel") },
    });
    expect(seen[2]).toEqual(description("offer", "peer-a", "peer-b"));
    expect(seen[3]).toEqual(description("answer", "peer-b", "peer-a"));
    for (const candidate of seen.slice(4)) {
      expect(Object.keys(candidate)).toEqual(["fromid", "toid", "candidate", "type"]);
      expect(candidate).toMatchObject({
        type: "candidate",
        candidate: expect.stringMatching(/^candidate:.* typ host/),
      });
    }
  });

  test("what is queued arrives before the link closes; the end is told at the other end alone", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("peer-a", url, { library }), await peer("peer-b", url, { library })];
    const link = await connect(a, b);
    link.send(hello());
    await expect.poll(() => b.watched.messages.length, patient).toBe(1);
    for (let i = 1; i <= 100; i++) link.send(data(i, Buffer.alloc(10_000)));
    link.close();
    expect(link.send(heartbeatAnswer)).toBe(false);
    await expect
      .poll(() => b.watched.ends, patient)
      .toEqual([expect.stringMatching(/^(the other end closed the data channel|the connection closed)$/)]);
    expect(b.watched.messages.length).toBe(101);
    expect(a.watched.ends).toEqual([]);
  });
});
