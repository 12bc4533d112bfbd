import wrtc from "@roamhq/wrtc";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startRelay, type TestRelayOptions } from "../../net/webrtc/test/relay.js";
import { Code } from "../core/message.js";
import { profiles, type WireProfile } from "../wire/profile.js";
import { data, heartbeat, hello } from "./test/messages.js";
import { connectWebRtc, type WebRtcPeer, webRtcPeer } from "./test/webrtc-peer.js";
import { openWebRtcTransport, type WebRtcTransportOptions } from "./webrtc.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const patient = { timeout: 10_000 };

async function relay(options: TestRelayOptions = {}) {
  const started = await startRelay(options);
  open.push(started);
  return started;
}

async function peer(peerId: string, signalling: string, options: Partial<WebRtcTransportOptions> = {}) {
  const one = await webRtcPeer(peerId, signalling, { library: "node-datachannel", ...options });
  open.push(one.transport);
  return one;
}

/** Somebody who speaks with the relay by hand. */
async function stranger(url: string, peerId: string) {
  const socket = new WebSocket(url);
  const arrived: Record<string, unknown>[] = [];
  socket.on("message", (octets) => arrived.push(JSON.parse(octets.toString())));
  await new Promise((resolve) => socket.once("open", resolve));
  const send = (message: unknown): void => socket.send(typeof message === "string" ? message : JSON.stringify(message));
  send({ action: "hello", "peer-id": peerId });
  open.push({ close: () => socket.terminate() });
  return { send, arrived };
}

async function works(a: WebRtcPeer, b: WebRtcPeer): Promise<void> {
  const before = b.watched.messages.length;
  const link = await connectWebRtc(a, b);
  link.send(hello());
  await expect.poll(() => b.watched.messages.length, patient).toBe(before + 1);
  link.close();
}

describe("who cannot be reached", () => {
  const nobody = { peerId: "nobody", transport: { address: "ws://127.0.0.1:1" } };

  test("a relay that drops what is for nobody: the time ends", async () => {
    const a = await peer("a", (await relay()).url);
    await expect(connectWebRtc(a, nobody, { timeoutMs: 2000 })).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
  });

  test("a relay that says so: at once", async () => {
    const a = await peer("a", (await relay({ undeliverable: true })).url);
    await expect(connectWebRtc(a, nobody)).rejects.toThrow("nobody is registered");
  });

  test("no relay; another kind of address; this peer itself", async () => {
    const a = await peer("a", "ws://127.0.0.1:1");
    await expect(connectWebRtc(a, nobody, { timeoutMs: 100 })).rejects.toThrow(
      "no connection with the signalling relay",
    );
    const tcp = { peerId: "b", transport: { address: "tcp://127.0.0.1:1" } };
    await expect(connectWebRtc(a, tcp)).rejects.toMatchObject({ code: "ERR_ADDRESS" });
    await expect(connectWebRtc(a, a)).rejects.toThrow("itself");
    await expect(peer("b", "http://127.0.0.1")).rejects.toThrow("not ws://host:port");
  });

  test("a transport that is closed, also while it connects", async () => {
    const a = await peer("a", (await relay()).url);
    const attempt = expect(connectWebRtc(a, nobody)).rejects.toMatchObject({ code: "ERR_CLOSED" });
    await a.transport.close();
    await attempt;
    await expect(connectWebRtc(a, nobody)).rejects.toMatchObject({ code: expect.stringMatching(/CLOSED|UNREACHABLE/) });
  });
});

describe("the relay", () => {
  test("is found again; links outlive it", async () => {
    const first = await relay();
    const [a, b] = [await peer("a", first.url), await peer("b", first.url)];
    const link = await connectWebRtc(a, b);
    link.send(hello());
    await expect.poll(() => b.watched.messages.length, patient).toBe(1);
    first.cut();
    link.send(heartbeat);
    await expect.poll(() => b.watched.messages.length, patient).toBe(2);
    await works(a, b);
    expect(b.watched.ends.length).toBeLessThanOrEqual(1);
  });

  test("is shown the token as soon as there is one, and at every registration", async () => {
    const { url, seen, cut } = await relay();
    const a = await peer("a", url);
    await expect.poll(() => seen.length, patient).toBe(1);
    a.transport.token("secret");
    await expect.poll(() => seen.length, patient).toBe(2);
    cut();
    await expect.poll(() => seen.length, patient).toBe(3);
    const registration = { action: "hello", "peer-id": "a" };
    expect(seen).toEqual([registration, { ...registration, token: "secret" }, { ...registration, token: "secret" }]);
    expect(a.log.join()).not.toContain("secret");
    await a.transport.close();
    await expect.poll(() => seen.at(-1), patient).toEqual({ action: "bye", "peer-id": "a" });
  });

  test("may hand on anything", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url)];
    const { send } = await stranger(url, "x");
    const to = { fromid: "x", toid: "b" };
    for (const message of [
      { ...to },
      { ...to, type: "offer" },
      { ...to, type: "offer", sdp: 1 },
      { ...to, type: "offer", sdp: { type: "offer", sdp: "" } },
      { ...to, type: "offer", sdp: { type: "offer", sdp: "x".repeat(40_000) } },
      { ...to, type: "offer", sdp: { type: "offer", sdp: "not SDP at all" } },
      { ...to, type: "answer", sdp: { type: "answer", sdp: "v=0" } },
      { ...to, type: "candidate" },
      { ...to, type: "candidate", candidate: "candidate:nonsense" },
      { ...to, type: "constructor", __proto__: null },
      { ...to, fromid: "", type: "candidate", candidate: "c" },
      { ...to, fromid: "y".repeat(300), type: "candidate", candidate: "c" },
      { ...to, type: "offer", sdp: JSON.parse("[".repeat(40) + "]".repeat(40)) },
    ]) {
      send(message);
    }
    await works(a, b);
    for (const reason of ["type: neither", "sdp: no description", "candidate: none", "fromid: no peer-id", "no JSON"]) {
      expect(b.log.join("\n")).toContain(reason);
    }
  });

  test("may hand on offers without end: few are looked at", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url, { limits: { maxConnecting: 3 } })];
    const other = await stranger(url, "x");
    void connectWebRtc(a, { peerId: "x", transport: { address: url } }, { timeoutMs: 2000 }).catch(() => undefined);
    await expect.poll(() => other.arrived.length, patient).toBeGreaterThan(0);
    const offer = other.arrived[0];
    for (let i = 0; i < 20; i++) other.send({ ...offer, fromid: `x-${i}`, toid: "b" });
    await expect.poll(() => b.log.filter((line) => line.startsWith("too many connections")).length, patient).toBe(17);
    expect(other.arrived.filter(({ type }) => type === "answer").length).toBe(0);
  });
});

describe("what comes over a data channel", () => {
  const sending = (octets: Uint8Array): WireProfile => ({ ...profiles.p23, encode: () => octets });

  test.each([
    ["no frame", Buffer.from("nonsense"), "not a message"],
    ["half a frame", profiles.p23.encode(hello()).subarray(0, 20), "not a message"],
    ["two frames", Buffer.concat([profiles.p23.encode(heartbeat), profiles.p23.encode(heartbeat)]), "not a message"],
  ])("%s: the link ends, with a reason", async (_name, octets, reason) => {
    const { url } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url)];
    (await connectWebRtc(a, b, { profile: sending(octets) })).send(heartbeat);
    await expect.poll(() => b.log.join(), patient).toContain(reason);
    await expect.poll(() => a.watched.ends.length, patient).toBe(1);
    await works(a, b);
  });

  test("nothing at all: the link ends", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url, { limits: { firstFrameMs: 100 } })];
    await connectWebRtc(a, b);
    await expect.poll(() => b.log.join(), patient).toContain("no message within 100 ms");
    await expect.poll(() => a.watched.ends.length, patient).toBe(1);
  });

  test("a frame above 65,535 octets is refused where it is sent, and the link goes on", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url)];
    const link = await connectWebRtc(a, b);
    link.send(hello());
    expect(link.send(data(1, Buffer.alloc(65_500)))).toBe(false);
    expect(a.log.join()).toContain("too long for a data channel");
    expect(link.send(data(2, Buffer.alloc(65_000)))).toBe(true);
    await expect
      .poll(() => b.watched.messages.map(({ code }) => code), patient)
      .toEqual([Code.hello, Code.broadcastData]);
  });
});

describe.each(["wrtc", "node-datachannel"] as const)("%s", (library) => {
  test("what is queued arrives before the link closes; the end is told at the other end alone", async () => {
    const { url } = await relay();
    const [a, b] = [await peer("peer-a", url, { library }), await peer("peer-b", url, { library })];
    const link = await connectWebRtc(a, b);
    link.send(hello());
    await expect.poll(() => b.watched.messages.length, patient).toBe(1);
    for (let i = 1; i <= 100; i++) link.send(data(i, Buffer.alloc(10_000)));
    link.close();
    expect(link.send(heartbeat)).toBe(false);
    await expect
      .poll(() => b.watched.ends, patient)
      .toEqual([expect.stringMatching(/^(the other end closed the data channel|the connection closed)$/)]);
    expect(b.watched.messages.length).toBe(101);
    expect(a.watched.ends).toEqual([]);
  });
});

describe("one peer, several connections", () => {
  test("both call each other at once", async () => {
    const { url, seen } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url)];
    await expect.poll(() => seen.length, patient).toBe(2);
    const [ab, ba] = await Promise.all([connectWebRtc(a, b), connectWebRtc(b, a)]);
    ab.send(hello("a"));
    ba.send(hello("b"));
    await expect.poll(() => [a.watched.messages, b.watched.messages], patient).toEqual([[hello("b")], [hello("a")]]);
  });

  test("the connection of ESTAB is offered when that of HELLO is closed, as the field's peers have one at a time", async () => {
    const { url, seen } = await relay();
    const [a, b] = [await peer("a", url), await peer("b", url)];
    const link = await connectWebRtc(a, b);
    link.send(hello());
    await expect.poll(() => b.watched.links.length, patient).toBe(1);
    const offered = (): boolean => seen.some(({ type, fromid }) => type === "offer" && fromid === "b");
    const back = connectWebRtc(b, a);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(offered()).toBe(false);
    link.close();
    await expect.poll(offered, patient).toBe(true);
    (await back).send(heartbeat);
    await expect.poll(() => a.watched.messages, patient).toEqual([heartbeat]);
  });

  test("a connection that the other end renegotiates, to add media, lives on without it", async () => {
    const { url } = await relay();
    const b = await peer("b", url, { library: "wrtc" });
    const other = await stranger(url, "x");
    const connection = new wrtc.RTCPeerConnection();
    open.push({ close: () => connection.close() });
    const to = { fromid: "x", toid: "b", fromticketid: "" };
    const offer = async (): Promise<void> => {
      const description = await connection.createOffer();
      await connection.setLocalDescription(description);
      other.send({ ...to, type: "offer", sdp: { type: "offer", sdp: description.sdp } });
    };
    const channel = connection.createDataChannel("data");
    await offer();
    const answers = () => other.arrived.filter(({ type }) => type === "answer");
    await expect.poll(() => answers().length, patient).toBe(1);
    await connection.setRemoteDescription(answers()[0]?.sdp as RTCSessionDescriptionInit);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) other.send({ ...to, type: "candidate", candidate: candidate.candidate });
    };
    for (const { type, candidate } of other.arrived) {
      if (type === "candidate") await connection.addIceCandidate({ candidate: String(candidate), sdpMid: "0" });
    }
    await expect.poll(() => channel.readyState, patient).toBe("open");
    channel.send(profiles.p23.encode(hello()) as Uint8Array<ArrayBuffer>);
    await expect.poll(() => b.watched.messages.length, patient).toBe(1);
    connection.addTransceiver("video");
    await offer();
    await expect.poll(() => answers().length, patient).toBe(2);
    await connection.setRemoteDescription(answers()[1]?.sdp as RTCSessionDescriptionInit);
    channel.send(profiles.p23.encode(heartbeat) as Uint8Array<ArrayBuffer>);
    await expect.poll(() => b.watched.messages, patient).toEqual([hello(), heartbeat]);
    expect(b.watched.ends).toEqual([]);
  });
});

test("without the packages, WebRTC says what to install", async () => {
  const absent = (): never => {
    throw new Error("not found");
  };
  vi.doMock("@roamhq/wrtc", absent);
  vi.doMock("node-datachannel", absent);
  try {
    const opening = openWebRtcTransport({ signalling: "ws://127.0.0.1:1", peerId: "a", onLink: () => undefined });
    await expect(opening).rejects.toMatchObject({ code: "ERR_MISSING_PACKAGE" });
    await expect(opening).rejects.toThrow("npm install @roamhq/wrtc@0.10.0");
  } finally {
    vi.doUnmock("@roamhq/wrtc");
    vi.doUnmock("node-datachannel");
  }
});
