import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PayloadType } from "../../generated/ldmp/index.js";
import { encode, type Part, payloadKindValues } from "../../generated/peer/records/index.js";
import { createOctetFragmenter, createRecordFragmenter, type NewRecord } from "./fragmenter.js";
import { createRecordReader, type ReadRecord } from "./reader.js";
import { decodeParts, kindOf, type PayloadKind } from "./record.js";
import { describeRecord, recordLine } from "./shown.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const datum = (payload: Uint8Array | string, sourceId = "17", dataId = "load"): NewRecord => ({
  sourceId,
  dataId,
  time: 1_700_000_000_000,
  kind: typeof payload === "string" ? "text" : "binary",
  payload: typeof payload === "string" ? text(payload) : payload,
});
const octetsOf = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) & 0xff);

describe("fragments of records [X.609.10 6, 8.10]", () => {
  it("has the octets that the specification says", () => {
    const fragmenter = createRecordFragmenter({ fragmentSize: 1024, lingerMs: 10 });
    fragmenter.add({ ...datum("hi", "s", "d"), time: 258 }, 0);
    const [fragment] = fragmenter.flush();
    const expected = "01 0173 0164 0000000000000000 0000000000000102 03 00000002 00000000 00000002 6869";
    expect(Buffer.from(fragment ?? []).toString("hex")).toBe(expected.replaceAll(" ", ""));
  });

  it("merges small data of several data sources into one fragment, and tells them apart", () => {
    const fragmenter = createRecordFragmenter({ fragmentSize: 4096, lingerMs: 10 });
    for (const [i, id] of ["1", "2", "1", "3"].entries()) expect(fragmenter.add(datum(`v${i}`, id), 0)).toEqual([]);
    const fragments = fragmenter.flush();
    expect(fragments).toHaveLength(1);
    const read = fragments.flatMap((fragment) => createRecordReader().push(fragment));
    expect(
      read.map(({ sourceId, sequence, payload }) => [sourceId, sequence, Buffer.from(payload).toString()]),
    ).toEqual([
      ["1", 0, "v0"],
      ["2", 0, "v1"],
      ["1", 1, "v2"],
      ["3", 0, "v3"],
    ]);
  });

  it("slices a long datum, and does not spread a short one over two fragments", () => {
    const fragmenter = createRecordFragmenter({ fragmentSize: 1024, lingerMs: 10 });
    const fragments = [octetsOf(700), octetsOf(700, 2), octetsOf(5000, 3)].flatMap((one) =>
      fragmenter.add(datum(one), 0),
    );
    fragments.push(...fragmenter.flush());
    expect(fragments.every(({ length }) => length <= 1024)).toBe(true);
    expect(decodeParts(fragments[0] ?? new Uint8Array()).map(({ sequence }) => sequence)).toEqual([0]);
    const reader = createRecordReader();
    expect(fragments.flatMap((one) => reader.push(one)).map(({ payload }) => payload.length)).toEqual([700, 700, 5000]);
  });

  it("is due when the oldest datum has waited long enough, and not sooner for a younger one", () => {
    const fragmenter = createRecordFragmenter({ fragmentSize: 1024, lingerMs: 50 });
    expect(fragmenter.dueAt).toBeUndefined();
    fragmenter.add(datum("a"), 100);
    fragmenter.add(datum("b"), 140);
    expect(fragmenter.dueAt).toBe(150);
    expect(fragmenter.flush()).toHaveLength(1);
    expect([fragmenter.dueAt, fragmenter.waiting, fragmenter.flush()]).toEqual([undefined, 0, []]);
  });

  it("gives back any data in any sizes", () => {
    const one = fc.record({
      sourceId: fc.string({ maxLength: 40 }),
      dataId: fc.string({ maxLength: 40 }),
      time: fc.maxSafeNat(),
      kind: fc.constantFrom(...(Object.keys(payloadKindValues) as PayloadKind[])),
      payload: fc.uint8Array({ maxLength: 6000 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.integer({ min: 1024, max: 5000 }), (data, fragmentSize) => {
        const fragmenter = createRecordFragmenter({ fragmentSize, lingerMs: 10 });
        const fragments = [...data.flatMap((item) => fragmenter.add(item, 0)), ...fragmenter.flush()];
        const reader = createRecordReader();
        const read = fragments.flatMap((fragment) => {
          expect(fragment.length).toBeLessThanOrEqual(fragmentSize);
          return reader.push(fragment);
        });
        const shown = ({ sourceId, dataId, time, kind, payload }: NewRecord) => [
          sourceId,
          dataId,
          time,
          kind,
          Buffer.from(payload).toString("hex"),
        ];
        expect(read.map(shown)).toEqual(data.map(shown));
        expect(read.every(({ missed }) => missed === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["too small a fragment", () => createRecordFragmenter({ fragmentSize: 1023, lingerMs: 1 }), "1024"],
    ["no size", () => createOctetFragmenter({ fragmentSize: 0, lingerMs: 1 }), "1 octet"],
    [
      "an identifier of 256 octets",
      () => createRecordFragmenter({ fragmentSize: 1024, lingerMs: 1 }).add(datum("x", "x".repeat(256)), 0),
      "sourceIdLength",
    ],
  ])("refuses %s", (_, act, said) => {
    expect(act).toThrow(said);
  });
});

describe("the octets of a stream [X.609.10 6]", () => {
  it("are sliced into fragments of one size, whatever the pieces they come in", () => {
    const whole = octetsOf(10_000);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 20 }), (cuts) => {
        const fragmenter = createOctetFragmenter({ fragmentSize: 777, lingerMs: Number.POSITIVE_INFINITY });
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const fragments = edges.flatMap((edge, i) => fragmenter.add(whole.subarray(edge, edges[i + 1] ?? edge), 0));
        expect(fragmenter.dueAt).toBeUndefined();
        expect(fragments.every(({ length }) => length === 777)).toBe(true);
        expect(Buffer.concat([...fragments, ...fragmenter.flush()]).equals(whole)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

it.each([
  [PayloadType.none, "none"],
  [PayloadType.binary, "binary"],
  [PayloadType.text, "text"],
] as const)("LDMP's payload type %i is %s [X.609.8 8.1]", (type, kind) => {
  expect(kindOf(type)).toBe(kind);
  expect(payloadKindValues[kind]).toBe(type);
});

describe("reading what came", () => {
  const sequencesOf = (read: ReadRecord[]) =>
    read.map(({ sourceId, sequence, missed }) => [sourceId, sequence, missed]);
  const made = () => {
    const fragmenter = createRecordFragmenter({ fragmentSize: 1024, lingerMs: 10 });
    const data = [octetsOf(2500), "a", "b", octetsOf(2500, 2), "c"].map((one) => datum(one));
    return [...data.flatMap((one) => fragmenter.add(one, 0)), ...fragmenter.flush()];
  };

  it("a lost fragment costs the data in it alone, and the next datum says how many", () => {
    const fragments = made();
    const reader = createRecordReader();
    const kept = fragments.filter((_, i) => i !== 1);
    const read = kept.flatMap((fragment, i) => reader.push(fragment, i === 1 ? 1 : 0));
    expect(sequencesOf(read)).toEqual([1, 2, 3, 4].map((sequence) => ["17", sequence, 0]));
    expect(reader.lost).toBe(1);
    const others = createRecordReader();
    const gap = fragments.filter((_, i) => i !== 4).flatMap((fragment, i) => others.push(fragment, i === 4 ? 1 : 0));
    expect(sequencesOf(gap).at(-1)).toEqual(["17", 4, 1]);
  });

  it("a late joiner starts at the first whole datum", () => {
    const reader = createRecordReader();
    expect(
      sequencesOf(
        made()
          .slice(1)
          .flatMap((one) => reader.push(one)),
      )[0],
    ).toEqual(["17", 1, 0]);
  });

  const part = (change: Partial<Part> = {}): Uint8Array => {
    const payload = text("abc");
    const ids = { sourceId: "s", dataId: "d", sequence: 0, time: 0 };
    return encode({ parts: [{ ...ids, kind: "text", size: payload.length, offset: 0, payload, ...change }] });
  };
  it.each<[string, Uint8Array, string]>([
    ["an empty one", new Uint8Array(), "version"],
    ["another version", Uint8Array.of(2), "version"],
    ["one cut in the identifiers", part().subarray(0, 2), "sourceId"],
    ["one cut in the payload", part().subarray(0, -1), "payload"],
    ["an unknown kind", part().map((octet, i) => (i === 21 ? 1 : octet)), "kind"],
    ["a part beyond its datum", part({ size: 3, offset: 2 }), "length"],
    ["no UTF-8", part().map((octet, i) => (i === 2 ? 0xff : octet)), "sourceId"],
    ["a sequence of 2^63", part().map((octet, i) => (i === 5 ? 0x80 : octet)), "sequence"],
  ])("a fragment that is malformed: %s", (_, fragment, field) => {
    expect(() => decodeParts(fragment)).toThrow(field);
    const reader = createRecordReader();
    expect([reader.push(fragment), reader.malformed]).toEqual([[], 1]);
    expect(reader.push(part())).toHaveLength(1);
  });

  it("survives any octets", () => {
    const reader = createRecordReader({ maxPayload: 1000 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        reader.push(Uint8Array.of(1, ...octets));
      }),
      { numRuns: 300 },
    );
    expect(reader.malformed).toBeGreaterThan(0);
  });

  it("passes over a datum longer than it keeps, and one that is repeated", () => {
    const reader = createRecordReader({ maxPayload: 2000 });
    const fragments = made();
    expect(sequencesOf(fragments.flatMap((one) => reader.push(one)))).toEqual([
      ["17", 1, 0],
      ["17", 2, 0],
      ["17", 4, 1],
    ]);
    expect(reader.lost).toBe(2);
    expect(fragments.flatMap((one) => reader.push(one))).toEqual([]);
  });

  it("forgets the source longest silent where there are too many", () => {
    const reader = createRecordReader({ maxSources: 2 });
    const fragmenter = createRecordFragmenter({ fragmentSize: 1024, lingerMs: 1 });
    for (const id of ["1", "2", "3", "1", "1"]) fragmenter.add(datum("x", id), 0);
    const read = fragmenter.flush().flatMap((one) => reader.push(one));
    expect(sequencesOf(read)).toEqual(["1", "2", "3", "1", "1"].map((id, i) => [id, i < 3 ? 0 : i - 2, 0]));
  });

  it("shows a datum", () => {
    const record = { ...datum("warm"), sequence: 3, missed: 2 };
    expect(describeRecord(record)).toMatchObject({ event: "record", sourceId: "17", text: "warm", missed: 2 });
    expect(recordLine(record)).toContain("17/load  warm  (2 before it missing)");
    expect(describeRecord({ ...datum(octetsOf(2)), sequence: 0, missed: 0 })).toMatchObject({ base64: "ByY=" });
  });
});
