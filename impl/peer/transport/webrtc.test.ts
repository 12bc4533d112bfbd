import { createHash, randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { startRelay } from "../../net/webrtc/test/relay.js";
import { openPeerTransport } from "./peer-transport.js";
import { type Member, member } from "./test/peers.js";
import type { WebRtcOptions } from "./transport.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const patient = { timeout: 15_000 };

/** Over data channels alone. */
async function transportOf(own: Member, signalling: string, options: Partial<WebRtcOptions> = {}) {
  const webrtc = { signalling, peerId: own.peerId, bindAddress: "127.0.0.1", ...options };
  const lookup = (overlayId: string): Member | undefined => (overlayId === own.overlayId ? own : undefined);
  const transport = await openPeerTransport({ listen: false, webrtc, lookup });
  open.push(transport);
  return transport;
}

test("a data channel carries the same messages, in parts that fit [X.609.10 8.9 d)]", async () => {
  const relay = await startRelay();
  open.push(relay);
  const [a, b] = [
    member("a"),
    member("b", { message: (link, { type }) => type === "have" && void link.send({ type: "keep-alive" }) }),
  ];
  const [one, other] = [await transportOf(a, relay.url), await transportOf(b, relay.url)];
  expect(other.addresses).toEqual([new URL(relay.url).href]);
  await expect.poll(() => relay.seen.length, patient).toBe(2);
  const link = await one.connect(a, { peerId: "b", addresses: other.addresses });
  expect(link.remote).toMatchObject({ peerId: "b", publicKey: b.key.publicKey, incoming: false });

  const payload = randomBytes(5 * 1024 * 1024);
  expect(link.send({ type: "fragment", index: 7, offset: 0, size: payload.length, payload })).toBe(false);
  link.send({ type: "have", runs: [{ first: 1, count: 1 }] });
  const parts = () => b.received.flatMap((message) => (message.type === "fragment" ? [message] : []));
  await expect.poll(() => parts().reduce((sum, part) => sum + part.payload.length, 0), patient).toBe(payload.length);
  const hash = createHash("sha256");
  for (const part of parts()) hash.update(part.payload);
  expect(hash.digest("hex")).toBe(createHash("sha256").update(payload).digest("hex"));
  expect(Math.max(...parts().map((part) => part.payload.length))).toBeLessThan(65_536);
  await expect.poll(() => [a.received, a.drains], patient).toEqual([[{ type: "keep-alive" }], 1]);
  link.close("leaving");
  await expect.poll(() => b.ends, patient).toEqual(["the other end says bye: leaving"]);
});

test("who is not at the relay, or at another one, is not reached", async () => {
  const relay = await startRelay({ undeliverable: true });
  open.push(relay);
  const a = member("a");
  const one = await transportOf(a, relay.url);
  await expect(one.connect(a, { peerId: "b", addresses: one.addresses })).rejects.toThrow("nobody is registered");
  await expect(one.connect(a, { peerId: "b", addresses: ["ws://127.0.0.1:1/"] })).rejects.toThrow(
    "not the relay of this peer",
  );
});
