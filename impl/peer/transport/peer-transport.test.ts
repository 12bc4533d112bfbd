import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createSigningKey } from "../../keys/ed25519.js";
import { selfSignedCertificate } from "../../net/test/certificate.js";
import type { Message } from "../core/message.js";
import { encodeMessage } from "../wire/message-codec.js";
import { createMessageDecoder } from "../wire/message-decoder.js";
import { openPeerTransport, type PeerTransport, type PeerTransportOptions } from "./peer-transport.js";
import { type Member, type MemberOptions, member } from "./test/peers.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const patient = { timeout: 10_000 };

async function transportOf(members: readonly Member[], options: Partial<PeerTransportOptions> = {}) {
  const lookup = (overlayId: string): Member | undefined => members.find((one) => one.overlayId === overlayId);
  const transport = await openPeerTransport({ lookup, ...options });
  open.push(transport);
  return transport;
}

function contactOf(of: Member, transport: PeerTransport) {
  return { peerId: of.peerId, addresses: transport.addresses };
}

async function pair(a: Member, b: Member, options: Partial<PeerTransportOptions> = {}) {
  const [one, other] = [await transportOf([a], options), await transportOf([b], options)];
  const link = await one.connect(a, contactOf(b, other));
  await expect.poll(() => b.links.length, patient).toBe(1);
  return { one, other, link };
}

describe("two peers", () => {
  test("know each other after the handshake, and hear what the other says", async () => {
    const [a, b] = [member("a"), member("b", { message: (link, message) => void link.send(message) })];
    const { link } = await pair(a, b);
    expect(link.remote).toMatchObject({ peerId: "b", role: "peer", publicKey: b.key.publicKey, incoming: false });
    expect(b.links[0]?.remote).toMatchObject({ peerId: "a", publicKey: a.key.publicKey, incoming: true });
    const have: Message = { type: "have", runs: [{ first: 3, count: 2 }] };
    expect(link.send(have)).toBe(true);
    await expect.poll(() => a.received, patient).toEqual([have]);
    link.close("leaving");
    await expect.poll(() => b.ends, patient).toEqual(["the other end says bye: leaving"]);
    expect(a.ends).toEqual([]);
  });

  test("over TLS, and over IPv6", async () => {
    const { key, cert } = selfSignedCertificate();
    const [a, b] = [member("a"), member("b")];
    await pair(a, b, { listen: { tls: { key, cert } }, connectTls: { ca: cert } });
    const [c, d] = [member("c"), member("d")];
    await pair(c, d, { listen: { host: "::1" } });
    expect(d.links[0]?.remote.address).toMatch(/^\[::1\]:\d+$/);
  });

  test("one port serves several overlay networks", async () => {
    const [b1, b2] = [member("b", { overlayId: "o1" }), member("b", { overlayId: "o2" })];
    const other = await transportOf([b1, b2]);
    for (const [overlayId, b] of [
      ["o1", b1],
      ["o2", b2],
    ] as const) {
      const a = member("a", { overlayId });
      const one = await transportOf([a], { listen: false });
      expect(one.addresses).toEqual([]);
      await one.connect(a, contactOf(b, other));
      await expect.poll(() => b.links.length, patient).toBe(1);
    }
    expect(b1.links[0]?.id).not.toBe(b2.links[0]?.id);
  });

  test("a fragment longer than a message comes in parts, in order; small messages go ahead of what waits", async () => {
    const payload = randomBytes(8 * 1024 * 1024);
    const [a, b] = [member("a"), member("b")];
    const { link } = await pair(a, b);
    expect(link.send({ type: "fragment", index: 7, offset: 0, size: payload.length, payload })).toBe(false);
    link.send({ type: "have", runs: [{ first: 1, count: 1 }] });
    const octets = (): number =>
      b.received.reduce((sum, one) => sum + (one.type === "fragment" ? one.payload.length : 0), 0);
    await expect.poll(octets, patient).toBe(payload.length);
    const hash = createHash("sha256");
    let next = 0;
    for (const one of b.received) {
      if (one.type !== "fragment") continue;
      expect(one).toMatchObject({ index: 7, offset: next, size: payload.length });
      next += one.payload.length;
      hash.update(one.payload);
    }
    expect(hash.digest("hex")).toBe(createHash("sha256").update(payload).digest("hex"));
    const before = b.received.slice(
      0,
      b.received.findIndex(({ type }) => type === "have"),
    );
    expect(before.length).toBeLessThan(b.received.length / 2);
    await expect.poll(() => a.drains, patient).toBe(1);
  });
});

describe("who is not let in", () => {
  const foreign = createSigningKey();
  test.each<[string, string, MemberOptions, string]>([
    ["an overlay network unknown here", "a", { overlayId: "o9" }, "overlay-unknown"],
    ["a session key of another provider", "a", { issuer: foreign }, "not-admitted"],
    ["a session key that has expired", "a", { validMs: -1 }, "not-admitted"],
    ["a session key for another peer", "a", { statement: { peerId: "x" } }, "not-admitted"],
    ["a session key for another overlay network", "a", { statement: { overlayId: "o2" } }, "not-admitted"],
    ["a session key for another public key", "a", { statement: { publicKey: foreign.publicKey } }, "not-admitted"],
    ["the peer itself", "b", {}, "same-peer"],
  ])("%s", async (_, peerId, options, reason) => {
    const [a, b] = [member(peerId, options), member("b")];
    const [one, other] = [await transportOf([a]), await transportOf([b])];
    await expect(one.connect(a, contactOf(b, other))).rejects.toThrow(`the other end refuses: ${reason}`);
    expect(b.links).toEqual([]);
    await pair(member("c"), b);
  });

  test("one that the overlay network does not want", async () => {
    const [a, b] = [member("a"), member("b", { admit: () => "too-many-links" })];
    const [one, other] = [await transportOf([a]), await transportOf([b])];
    await one.connect(a, contactOf(b, other)).catch(() => undefined);
    await expect.poll(() => a.ends, patient).toEqual(["the other end says bye: too-many-links"]);
    expect(b.links).toEqual([]);
  });

  test("one who is not who was wanted, seen by the opener", async () => {
    const [a, b] = [member("a"), member("b")];
    const [one, other] = [await transportOf([a]), await transportOf([b])];
    const wrong = one.connect(a, { peerId: "x", addresses: other.addresses });
    await expect(wrong).rejects.toThrow("it is not x but b");
    expect(a.links).toEqual([]);
  });

  test("one without the private key of its hello", async () => {
    const b = member("b");
    const key = createSigningKey();
    // Shows the public key of another peer, with its session key, and signs with its own.
    const a = member("a", { key: { ...key, signOctets: (octets) => createSigningKey().signOctets(octets) } });
    const [one, other] = [await transportOf([a]), await transportOf([b])];
    await one.connect(a, contactOf(b, other)).catch(() => undefined);
    await expect.poll(() => a.ends, patient).toEqual(["the other end says bye: not-admitted"]);
    expect(b.links).toEqual([]);
  });
});

describe("two links between the same peers", () => {
  test("that of the first peer stays, where both have opened one", async () => {
    const [a, b] = [member("a"), member("b")];
    const [one, other] = [await transportOf([a]), await transportOf([b])];
    await Promise.allSettled([one.connect(a, contactOf(b, other)), other.connect(b, contactOf(a, one))]);
    const standing = (of: Member): number => of.links.length - of.ends.length;
    await expect.poll(() => [standing(a), standing(b)], patient).toEqual([1, 1]);
    const [link] = a.links.filter(({ remote }) => !remote.incoming);
    link?.send({ type: "keep-alive" });
    await expect.poll(() => b.received, patient).toEqual([{ type: "keep-alive" }]);
  });

  test("the newer one stays, where one end has opened both", async () => {
    const [a, b] = [member("a"), member("b")];
    const { one, other } = await pair(a, b);
    await one.connect(a, contactOf(b, other));
    await expect.poll(() => [a.links.length, b.links.length, a.ends.length], patient).toEqual([2, 2, 1]);
    b.links[1]?.send({ type: "keep-alive" });
    await expect.poll(() => a.received, patient).toEqual([{ type: "keep-alive" }]);
  });

  test("nobody takes the place of a peer with another key", async () => {
    const withoutProvider = { provider: undefined, sessionKey: "" };
    const b = { ...member("b"), ...withoutProvider };
    const a = { ...member("a"), ...withoutProvider };
    const { other } = await pair(a, b);
    const forger = { ...member("a"), ...withoutProvider };
    const third = await transportOf([forger]);
    await third.connect(forger, contactOf(b, other)).catch(() => undefined);
    await expect.poll(() => forger.ends, patient).toEqual(["the other end says bye: same-peer"]);
    expect([a.ends, b.ends]).toEqual([[], []]);
  });
});

describe("strangers", () => {
  async function stranger(to: PeerTransport): Promise<Socket & { readonly messages: Message[] }> {
    const socket = connectSocket({ host: "127.0.0.1", port: to.port ?? 0 });
    const decoder = createMessageDecoder();
    const messages: Message[] = [];
    socket.on("data", (chunk) => messages.push(...decoder.push(chunk)));
    socket.on("error", () => undefined);
    open.push({ close: () => socket.destroy() });
    await once(socket, "connect");
    return Object.assign(socket, { messages });
  }
  const gone = (socket: Socket): Promise<void> =>
    socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once("close", () => resolve()));

  test.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "protocol-error"],
    ["a frame longer than a stranger's", Buffer.from([0, 1, 0, 0, 1, 0]), "protocol-error"],
    ["something else than a hello", Buffer.concat(encodeMessage({ type: "keep-alive" })), "protocol-error"],
  ])("%s ends the link", async (_, octets, reason) => {
    const b = member("b");
    const other = await transportOf([b]);
    const socket = await stranger(other);
    socket.write(octets);
    await gone(socket);
    expect(socket.messages).toEqual([{ type: "bye", reason }]);
    await pair(member("a"), b);
  });

  test("who say nothing have to go", async () => {
    const other = await transportOf([member("b")], { limits: { handshakeMs: 100 } });
    const socket = await stranger(other);
    await gone(socket);
    expect(socket.messages).toEqual([{ type: "bye", reason: "silent" }]);
  });

  test("are few at a time from one address", async () => {
    const b = member("b");
    const other = await transportOf([b], { limits: { maxHalfOpenPerAddress: 2 } });
    const sockets = [await stranger(other), await stranger(other)];
    await gone(await stranger(other));
    for (const socket of sockets) socket.destroy();
    const a = member("a");
    const one = await transportOf([a], { listen: false });
    await expect
      .poll(
        () =>
          one.connect(a, contactOf(b, other)).then(
            () => true,
            () => false,
          ),
        patient,
      )
      .toBe(true);
  });

  test("an opener tries the next address where nobody is, or somebody else", async () => {
    const [a, b] = [member("a"), member("b")];
    const elsewhere = await transportOf([member("x")]);
    const other = await transportOf([b]);
    const one = await transportOf([a]);
    await expect(one.connect(a, { peerId: "b", addresses: [] })).rejects.toThrow("no address");
    await expect(one.connect(a, { peerId: "b", addresses: ["udp://x:1"] })).rejects.toThrow("not tcp://");
    const addresses = ["tcp://127.0.0.1:1", ...elsewhere.addresses, ...other.addresses];
    expect((await one.connect(a, { peerId: "b", addresses })).remote.peerId).toBe("b");
  });
});

test("an end that does not read is given up", async () => {
  const [a, b] = [member("a"), member("b")];
  const { link } = await pair(a, b, { limits: { maxQueued: 4 * 1024 * 1024, highWater: 1024 * 1024 } });
  b.links[0]?.pause(true);
  const payload = Buffer.alloc(1024 * 1024);
  for (let index = 0; a.ends.length === 0 && index < 100; index++) {
    link.send({ type: "fragment", index, offset: 0, size: payload.length, payload });
    await new Promise(setImmediate);
  }
  expect(a.ends).toEqual([expect.stringContaining("does not read")]);
});
