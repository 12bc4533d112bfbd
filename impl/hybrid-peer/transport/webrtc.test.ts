import { afterEach, describe, expect, test } from "vitest";
import { startRelay } from "../../net/webrtc/test/relay.js";
import { Code } from "../core/message.js";
import { data, heartbeatAnswer, hello } from "./test/messages.js";
import { connectWebRtc, webRtcPeer } from "./test/webrtc-peer.js";
import type { WebRtcTransportOptions } from "./webrtc.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function relay() {
  const started = await startRelay();
  open.push(started);
  return started;
}

async function peer(peerId: string, signalling: string, options: Partial<WebRtcTransportOptions> = {}) {
  const one = await webRtcPeer(peerId, signalling, options);
  open.push(one.transport);
  return one;
}

const patient = { timeout: 15_000 };

describe.each(["wrtc", "node-datachannel"] as const)("%s", (library) => {
  test("messages go both ways over a data channel, arranged in the field's words", async () => {
    const { url, seen } = await relay();
    const [a, b] = [await peer("peer-a", url, { library }), await peer("peer-b", url, { library })];
    expect(a.transport).toMatchObject({ scheme: "ws", address: url });
    await expect.poll(() => seen.length, patient).toBe(2);
    const link = await connectWebRtc(a, b);
    expect([link.incoming, link.remote]).toEqual([false, expect.stringMatching(/^peer-b( at 127\.0\.0\.1:\d+)?$/)]);
    link.send(hello());
    await expect.poll(() => b.watched.messages, patient).toEqual([hello()]);
    for (let i = 1; i <= 50; i++) link.send(data(i, Buffer.alloc(10_000, i)));
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
});
