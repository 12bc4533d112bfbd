import { describe, expect, it } from "vitest";
import type { Data } from "../core/message.js";
import { outgoingParts } from "./outgoing.js";
import { Reassembly } from "./reassembly.js";

const settings = { maxMessage: 1000, maxFramePayload: 10, split: true };

function parts(octets: number, first = 1, source = "s"): Data[] {
  const payload = Uint8Array.from({ length: octets }, (_, index) => index);
  return outgoingParts(source, first, { appId: "a", payloadType: "t", payload }, settings).map(({ data }) => data);
}

function reassembly(options: { maxMessage?: number; maxOctets?: number } = {}) {
  const time = { now: 0 };
  const given: unknown[] = [];
  const made = new Reassembly({
    maxMessage: 1000,
    maxOctets: 100_000,
    ...options,
    now: () => time.now,
    gaveUp: (source, range, reason) => given.push(reason === undefined ? [source, range] : [source, range, reason]),
  });
  return { made, given, time };
}

describe("splitting", () => {
  it.each([
    [0, [0]],
    [9, [9]],
    [10, [10]],
    [11, [10, 1]],
    [35, [10, 10, 10, 5]],
  ])("%d octets", (octets, sizes) => {
    const made = parts(octets, 7);
    expect(made.map(({ payload }) => payload.byteLength)).toEqual(sizes);
    expect(made.map(({ sequence }) => sequence)).toEqual(sizes.map((_, index) => 7 + index));
    const count = sizes.length;
    expect(made.map(({ part }) => part)).toEqual(sizes.map((_, index) => (count === 1 ? undefined : { index, count })));
  });

  it.each([
    ["longer than messages may be", 1001, {}, /1001 octets.*1000/],
    ["longer than a frame, not to be split", 11, { split: false }, /11 octets.*10,/],
    ["in too many parts", 20_000, { maxMessage: 1e6, maxFramePayload: 1 }, /20000 octets.*16384/],
  ])("%s is refused", (_, octets, changed, message) => {
    const outgoing = { appId: "", payloadType: "", payload: new Uint8Array(octets) };
    const attempt = () => outgoingParts("s", 1, outgoing, { ...settings, ...changed });
    expect(attempt).toThrow(
      expect.objectContaining({ code: "ERR_TOO_LARGE", message: expect.stringMatching(message) }),
    );
  });
});

describe("putting together", () => {
  it.each([
    ["in order", [0, 1, 2, 3]],
    ["in any order", [2, 0, 3, 1]],
  ])("gives the whole with the last part that comes, %s", (_, order) => {
    const { made } = reassembly();
    const all = parts(35, 4);
    const results = order.map((index) => made.add(all[index] as Data));
    expect(results.slice(0, -1)).toEqual([undefined, undefined, undefined]);
    const payload = Uint8Array.from({ length: 35 }, (_, index) => index);
    expect(results.at(-1)).toEqual({
      first: 4,
      data: { source: "s", sequence: 7, appId: "a", payloadType: "t", payload },
    });
    expect(made.octets).toBe(0);
  });

  it("keeps messages and sources apart", () => {
    const { made } = reassembly();
    const lists = [parts(20, 1), parts(20, 3), parts(20, 1, "other")];
    for (const list of lists) expect(made.add(list[0] as Data)).toBeUndefined();
    for (const list of lists) expect(made.add(list[1] as Data)?.data.source).toBe(list[0]?.source);
  });

  it("gives up the one that waited longest for more than it may keep, and tells once", () => {
    const { made, given } = reassembly({ maxOctets: 1100 });
    const [one, two, three] = [parts(30, 1), parts(30, 11), parts(30, 21)];
    made.add(one[0] as Data);
    made.add(two[0] as Data);
    made.add(one[1] as Data);
    made.add(three[0] as Data);
    expect(given).toEqual([["s", [11, 13]]]);
    expect(made.octets).toBeLessThanOrEqual(1100);
    expect(made.add(one[2] as Data)?.data.sequence).toBe(3);
  });

  it("gives up what nothing is added to, without a word where a loss was told of before", () => {
    const { made, given, time } = reassembly();
    made.add(parts(30, 1)[0] as Data);
    made.add(parts(30, 11)[0] as Data);
    made.lost("s", 12, 12);
    time.now = 10;
    made.add(parts(30, 21)[0] as Data);
    made.sweep(10);
    expect(given).toEqual([["s", [1, 3]]]);
    made.forget("s");
    expect(made.octets).toBe(0);
  });

  it.each([
    ["differ in count", (data: Data) => ({ ...data, part: { index: 1, count: 5 } }), /part.count: 3 and 5/],
    ["are too long together", (data: Data) => ({ ...data, payload: new Uint8Array(991) }), /more than 1000 octets/],
  ])("leaves out a message whose parts %s", (_, change, reason) => {
    const { made, given } = reassembly();
    const [first, second, third] = parts(30);
    made.add(first as Data);
    expect(made.add(change(second as Data))).toBeUndefined();
    expect(made.add(second as Data)).toBeUndefined();
    expect(made.add(third as Data)).toBeUndefined();
    expect(given).toEqual([["s", [1, 3], expect.stringMatching(reason)]]);
  });
});
