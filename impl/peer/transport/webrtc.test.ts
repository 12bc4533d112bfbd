import { createHash, randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { createLineLogger, startMemberRelay } from "../../net/webrtc/test/member-relay.js";
import { openPeerTransport } from "./peer-transport.js";
import { type Member, member } from "./test/peers.js";
import type { PeerTransport, WebRtcOptions } from "./transport.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const patient = { timeout: 15_000 };

async function relay(tokens: Readonly<Record<string, string>> = { a: "token a", b: "token b" }) {
  const started = await startMemberRelay({ overlayId: "o1", tokens });
  open.push(started);
  return started;
}

/** Over data channels alone. */
async function transportOf(own: Member, options: Partial<WebRtcOptions> = {}) {
  const log = createLineLogger();
  const lookup = (overlayId: string): Member | undefined => (overlayId === own.overlayId ? own : undefined);
  const webrtc = { bindAddress: "127.0.0.1", ...options };
  const transport = await openPeerTransport({ listen: false, webrtc, lookup, logger: log.logger });
  open.push(transport);
  return { transport, lines: log.lines };
}

/** What an OMS would tell. */
function meet(transport: PeerTransport, { overlayId, peerId }: Member, url: string | undefined, token: string) {
  const told: (readonly string[])[] = [];
  const changed = (): void => void told.push(transport.addressesIn(overlayId));
  transport.meet(overlayId, { url, peerId, token, changed });
  return told;
}

test("a data channel carries the same messages, in parts that fit [X.609.10 8.9 d)]", async () => {
  const { url } = await relay();
  const [a, b] = [
    member("a"),
    member("b", { message: (link, { type }) => type === "have" && void link.send({ type: "keep-alive" }) }),
  ];
  const [{ transport: one }, { transport: other }] = [await transportOf(a), await transportOf(b)];
  meet(one, a, url, "token a");
  const told = meet(other, b, url, "token b");
  expect(other.addressesIn("o1")).toEqual([]);
  await expect.poll(() => told, patient).toEqual([[new URL(url).href]]);
  expect([other.addressesIn("o1"), other.addressesIn("o2"), other.addresses]).toEqual([told[0], [], []]);
  const link = await one.connect(a, { peerId: "b", addresses: other.addressesIn("o1") });
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
  const { url } = await relay();
  const a = member("a");
  const { transport: one } = await transportOf(a, { signalling: url });
  const href = new URL(url).href;
  await expect(one.connect(a, { peerId: "b", addresses: [href] })).rejects.toThrow("this peer is at no relay");
  meet(one, a, undefined, "token a");
  await expect(one.connect(a, { peerId: "b", addresses: [href] })).rejects.toThrow("nobody is registered");
  await expect(one.connect(a, { peerId: "b", addresses: ["ws://127.0.0.1:1/"] })).rejects.toThrow(
    "not the relay of this peer",
  );
});

test("a relay that refuses a peer is none of its addresses, and that is said once, as a warning", async () => {
  const started = await relay();
  const { url } = started;
  const a = member("a");
  const { transport: one, lines } = await transportOf(a);
  const told = meet(one, a, url, "another token");
  await expect.poll(() => started.statistics.cut.notYours, patient).toBeGreaterThan(1);
  const refusals = lines.filter(({ text }) => text === "the signalling relay refuses this peer");
  expect(refusals.filter(({ level }) => level === "warn")).toMatchObject([
    { fields: { relay: new URL(url).href, reason: "closed with 4003 peer-id is not yours" } },
  ]);
  expect([told, one.addressesIn("o1")]).toEqual([[], []]);
  expect(JSON.stringify(lines)).not.toContain("another token");
  await expect(one.connect(a, { peerId: "b", addresses: [new URL(url).href] })).rejects.toThrow("no connection with");
  // Joined again: the new token counts at once.
  meet(one, a, url, "token a");
  await expect.poll(() => one.addressesIn("o1"), patient).toEqual([new URL(url).href]);
});

test("without a relay of the OMS, or with one that is none, there are no data channels, and it is said", async () => {
  const a = member("a");
  const { transport: one, lines } = await transportOf(a);
  meet(one, a, undefined, "token a");
  meet(one, a, undefined, "token a");
  const b = member("b", { overlayId: "o2" });
  meet(one, b, "ws:///", "token b");
  expect(lines.map(({ level, text }) => [level, text])).toEqual([
    ["warn", "the OMS has no signalling relay: no data channels in this overlay network"],
    ["warn", "the OMS tells a signalling relay that is none"],
  ]);
  const named = { signalling: "http://127.0.0.1" };
  await expect(openPeerTransport({ webrtc: named, lookup: () => undefined })).rejects.toMatchObject({
    code: "ERR_ADDRESS",
  });
});
