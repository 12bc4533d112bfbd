import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRtp } from "./packet.js";
import { createReorder } from "./reorder.js";

/** An RTP packet whose payload is one packet of MPEG-TS that bears its number. */
function rtp(sequence: number, change: { ssrc?: number; type?: number; payload?: Uint8Array; first?: number } = {}) {
  const { ssrc = 7, type = 33, first = 0x80 } = change;
  const payload = change.payload ?? ts(sequence);
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, first);
  view.setUint8(1, type);
  view.setUint16(2, sequence & 0xffff);
  view.setUint32(8, ssrc);
  packet.set(payload, 12);
  return packet;
}

function ts(number: number): Uint8Array {
  const packet = new Uint8Array(188);
  packet[0] = 0x47;
  new DataView(packet.buffer).setUint32(4, number);
  return packet;
}

const numbers = (payloads: Uint8Array[]) =>
  payloads.map((payload) => new DataView(payload.buffer, payload.byteOffset).getUint32(4));

describe("an RTP packet [RFC 3550 5.1]", () => {
  it("is read behind contributing sources, an extension and before padding", () => {
    const packet = new Uint8Array(12 + 8 + 8 + 3 + 4);
    const view = new DataView(packet.buffer);
    view.setUint8(0, 0x80 | 0x20 | 0x10 | 2);
    view.setUint8(1, 0x80 | 33);
    view.setUint16(12 + 8 + 2, 1);
    packet.set([1, 2, 3], 28);
    packet[packet.length - 1] = 4;
    expect(decodeRtp(packet)).toMatchObject({ payloadType: 33, payload: Uint8Array.of(1, 2, 3) });
  });

  it.each([
    ["too short", new Uint8Array(11).fill(0x80)],
    ["another version", rtp(1, { first: 0x40 })],
    ["more sources than octets", rtp(1, { first: 0x8f, payload: new Uint8Array(4) })],
    ["an extension beyond its end", rtp(1, { first: 0x90, payload: Uint8Array.of(0, 0, 0, 9) })],
    ["padding longer than it", rtp(1, { first: 0xa0, payload: Uint8Array.of(0, 0, 0, 255) })],
  ])("is none: %s", (_, datagram) => {
    expect(decodeRtp(datagram)).toBeUndefined();
  });
});

/** With a sender that has shown itself by two packets, the second of this number. */
function heard(number: number, options: Parameters<typeof createReorder>[0] = {}) {
  const reorder = createReorder(options);
  for (const before of [number - 1, number]) reorder.push(rtp(before), 0);
  return reorder;
}

describe("packets back in order", () => {
  it("jitter within the delay loses nothing, across the end of the sequence numbers", () => {
    const reorder = createReorder();
    const sent = Array.from({ length: 40 }, (_, i) => 65_520 + i);
    const mixed = [...sent];
    for (let i = 1; i + 3 < mixed.length; i += 4) mixed.splice(i, 3, ...mixed.slice(i, i + 3).reverse());
    const got = mixed.flatMap((number, i) => numbers(reorder.push(rtp(number), i)));
    expect(got).toEqual(sent);
    expect(reorder.counts).toEqual({ received: 40, lost: 0, duplicates: 0, refused: 0 });
    expect(reorder.dueAt).toBeUndefined();
  });

  it("what does not come in time is lost, counted, and not taken any more", () => {
    const reorder = heard(1, { delayMs: 100 });
    expect(reorder.push(rtp(4), 10)).toEqual([]);
    expect(reorder.push(rtp(5), 20)).toEqual([]);
    expect(reorder.dueAt).toBe(110);
    expect(reorder.expire(109)).toEqual([]);
    expect(numbers(reorder.expire(110))).toEqual([4, 5]);
    expect(reorder.push(rtp(2), 120)).toEqual([]);
    expect(reorder.counts).toMatchObject({ lost: 2, duplicates: 1 });
  });

  it("more than may wait gives up what is missing", () => {
    const reorder = heard(1, { maxWaiting: 3 });
    expect([3, 4, 5].flatMap((number) => reorder.push(rtp(number), 0))).toEqual([]);
    expect(numbers(reorder.push(rtp(6), 0))).toEqual([3, 4, 5, 6]);
    expect(reorder.counts.lost).toBe(1);
  });

  it("a single jump is garbage, two in a row are a sender that began anew", () => {
    const reorder = heard(100);
    expect(reorder.push(rtp(40_000), 1)).toEqual([]);
    expect(numbers(reorder.push(rtp(101), 2))).toEqual([101]);
    expect(reorder.push(rtp(20_000), 3)).toEqual([]);
    expect(numbers(reorder.push(rtp(20_001), 4))).toEqual([20_000, 20_001]);
    expect(reorder.counts).toEqual({ received: 5, lost: 0, duplicates: 0, refused: 1 });
  });

  it("another sender is refused until the first is silent, whatever its source identifier", () => {
    const reorder = heard(1, { silenceMs: 1000 });
    expect(reorder.push(rtp(2), 100, "elsewhere")).toEqual([]);
    for (const number of [2, 3]) expect(reorder.push(rtp(number, { ssrc: 8 }), 500)).toEqual([]);
    expect(reorder.push(rtp(4, { ssrc: 8 }), 1000)).toEqual([]);
    expect(numbers(reorder.push(rtp(5, { ssrc: 8 }), 1001))).toEqual([4, 5]);
    expect(reorder.counts).toMatchObject({ received: 4, refused: 3 });
  });

  it("a sender shows itself by two packets of one stream, in any order; stray ones hold nobody up [RFC 3550 A.1]", () => {
    const reorder = createReorder();
    for (let i = 0; i < 15; i++) expect(reorder.push(rtp(1000 * i, { ssrc: 100 + i }), 0, "stranger")).toEqual([]);
    expect(reorder.push(rtp(1), 1)).toEqual([]);
    expect(reorder.push(rtp(9_000, { ssrc: 99 }), 2, "stranger")).toEqual([]);
    expect(reorder.push(rtp(20_000, { ssrc: 99 }), 2, "stranger")).toEqual([]);
    expect(reorder.push(rtp(1), 3)).toEqual([]);
    expect(numbers(reorder.push(rtp(0), 4))).toEqual([0, 1]);
    expect(reorder.counts).toMatchObject({ received: 2, refused: 18 });
  });

  it.each([
    ["another payload type", rtp(2, { type: 96 })],
    ["no MPEG-TS", rtp(2, { payload: new Uint8Array(188) })],
    ["half a packet of MPEG-TS", rtp(2, { payload: ts(2).subarray(0, 100) })],
    ["nothing", rtp(2, { payload: new Uint8Array() })],
    ["RTCP", Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24))],
  ])("refuses %s, and goes on", (_, datagram) => {
    const reorder = heard(1);
    expect(reorder.push(datagram, 1)).toEqual([]);
    expect(numbers(reorder.push(rtp(2), 2))).toEqual([2]);
    expect(reorder.counts.refused).toBe(1);
  });

  it("survives any datagrams, and keeps a bounded number of them", () => {
    const reorder = createReorder({ maxWaiting: 10 });
    const datagram = fc.oneof(
      fc.uint8Array({ maxLength: 220 }),
      fc.integer({ min: 0, max: 65_535 }).map((number) => rtp(number)),
    );
    let now = 0;
    fc.assert(
      fc.property(fc.array(datagram, { maxLength: 40 }), (all) => {
        for (const one of all) reorder.push(one, now++);
      }),
    );
    expect(reorder.flush().length).toBeLessThanOrEqual(10);
  });
});
