import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SpecError } from "../../model/problem.js";
import { seeded } from "./arbitraries.js";
import { emitKsy, install, typeErrors } from "./compile-ksy.js";
import { loadOracle } from "./oracle.js";
import { FRAME } from "./probe-spec.js";

interface Frame {
  magic: number;
  kind: number;
  hops: number;
  flags: number;
  end: number;
  body: Uint8Array;
  key: Uint8Array;
  digest: Uint8Array;
  stamp: number | undefined;
  at: number | undefined;
  note: Uint8Array | undefined;
  class: number;
}

interface Codec {
  encode(frame: Frame): Uint8Array;
  encodeInto(frame: Frame, target: Uint8Array, offset: number): number;
  decode(octets: Uint8Array, options?: { trailing: "ignore" }): Frame;
  createDecoder(): { push(chunk: Uint8Array): Frame[]; end(): void };
}

const octets = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const frames: fc.Arbitrary<Frame> = fc
  .record({
    magic: fc.constant(0x6d70),
    kind: fc.constantFrom(0, 3),
    hops: fc.nat(8000),
    flags: fc.nat(0xfff),
    end: fc.nat(15),
    body: octets(20),
    key: fc.uint8Array({ minLength: 1, maxLength: 5 }),
    digest: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    stamp: fc.integer({ min: 10, max: 0xffffffff }),
    at: fc.nat(0xffff),
    note: octets(6),
    class: fc.nat(0x7fff).map((half) => half * 2),
  })
  .map((all) => ({
    ...all,
    stamp: all.kind === 3 ? all.stamp : undefined,
    at: all.kind === 3 ? all.at : undefined,
    note: all.kind === 3 && all.hops > 2 ? all.note : undefined,
  }));

describe("a frame of everything in the subset", () => {
  let folder: string;
  let codec: Codec;
  let oracle: ReturnType<typeof loadOracle>;

  beforeAll(async () => {
    const files = await emitKsy(FRAME);
    const installed = install(files);
    folder = installed.folder;
    codec = (await import(/* @vite-ignore */ installed.url("probe/index.js"))) as Codec;
    oracle = loadOracle(join(folder, "probe/kaitai/Probe.cjs"), "Probe");
    expect([...files.keys()]).toContain("probe/probe.lua");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("compiles under the strictest options", () => {
    const paths = ["probe/index.ts", "probe/codec.ts", "probe/types.ts", "probe/errors.ts", "probe/decoder.ts"];
    expect(typeErrors(folder, paths)).toEqual([]);
  });

  test("round trip, and the same as Kaitai's parser", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const encoded = codec.encode(frame);
        assert.deepEqual(codec.decode(encoded), frame);
        const opinion = oracle(encoded);
        assert(opinion.accepted);
        assert.equal(opinion.used, encoded.length);
        for (const [name, value] of Object.entries(frame)) assert.deepEqual(opinion.fields[name], value);
      }),
      seeded(1_500),
    );
  });

  test("accepts what Kaitai's parser accepts, refuses what it refuses", () => {
    const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(frames, changes, fc.nat(60), (frame, set, keep) => {
        const bytes = codec.encode(frame).slice(0, keep < 40 ? undefined : keep);
        for (const [at, value] of set) if (at < bytes.length) bytes[at] = value;
        const opinion = oracle(bytes);
        let decoded: Frame | undefined;
        try {
          decoded = codec.decode(bytes, { trailing: "ignore" });
        } catch (error) {
          assert.equal((error as Error).name, "ProbeError");
        }
        assert.equal(decoded !== undefined, opinion.accepted);
        if (decoded !== undefined && opinion.accepted) {
          for (const [name, value] of Object.entries(decoded)) assert.deepEqual(opinion.fields[name], value);
        }
      }),
      seeded(3_000),
    );
  });

  test("octet by octet from a stream", () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 3 }), (sent) => {
        const decoder = codec.createDecoder();
        const received = sent.flatMap((frame) =>
          [...codec.encode(frame)].flatMap((octet) => decoder.push(Uint8Array.of(octet))),
        );
        decoder.end();
        assert.deepEqual(received, sent);
      }),
      seeded(200),
    );
  });

  test.each([
    ["hops", { hops: 8001 }, "ERR_RANGE"],
    ["flags", { flags: 4096 }, "ERR_RANGE"],
    ["stamp", { stamp: 9 }, "ERR_RANGE"],
    ["stamp", { stamp: 2 ** 32 }, "ERR_RANGE"],
    ["stamp", { stamp: undefined }, "ERR_PRESENCE"],
    ["note", { note: undefined }, "ERR_PRESENCE"],
    ["note", { hops: 1 }, "ERR_PRESENCE"],
    ["digest", { digest: new Uint8Array(3) }, "ERR_RANGE"],
    ["keyLength", { key: new Uint8Array(0) }, "ERR_RANGE"],
    ["keyLength", { key: new Uint8Array(257) }, "ERR_RANGE"],
    ["class", { class: 3 }, "ERR_RANGE"],
    ["kind", { kind: 2 }, "ERR_RANGE"],
  ])("encode refuses a wrong %s", (field, change, code) => {
    const frame: Frame = {
      magic: 0x6d70,
      kind: 3,
      hops: 5,
      flags: 1,
      end: 2,
      body: new Uint8Array(2),
      key: new Uint8Array(1),
      digest: new Uint8Array(4),
      stamp: 10,
      at: 1,
      note: new Uint8Array(1),
      class: 2,
    };
    expect(codec.decode(codec.encode(frame))).toEqual(frame);
    expect(() => codec.encode({ ...frame, ...change } as Frame)).toThrow(expect.objectContaining({ code, field }));
  });
});

describe("a .ksy outside the subset is a mistake with a place and advice", () => {
  const head = `meta: { id: probe, title: P, endian: be, -document: X.1 }\ndoc: D.\n-clause: "1"\n`;
  const cases: [string, string, string][] = [
    [
      "an unknown key",
      "seq:\n  - { id: a, type: u1, repeat: eos, doc: A., -clause: '1' }",
      "5:24: key repeat is not known here",
    ],
    [
      "another type",
      "seq:\n  - { id: a, type: f4, doc: A., -clause: '1' }",
      "5:14: type f4 is not supported here. Use u1, u2, u4",
    ],
    [
      "too many bits",
      "seq:\n  - { id: a, type: b33, doc: A., -clause: '1' }",
      "b33 is not supported. Use 1 to 32 bits",
    ],
    [
      "half an octet",
      "seq:\n  - { id: a, type: b4, doc: A., -clause: '1' }",
      "bit fields end inside an octet. Add a field of 4 bits.",
    ],
    [
      "an unaligned integer",
      "seq:\n  - { id: a, type: b4, doc: A., -clause: '1' }\n  - { id: b, type: u1, doc: B., -clause: '1' }",
      "6:5: b starts inside an octet",
    ],
    ["no clause", "seq:\n  - { id: a, type: u1, doc: A. }", "5:5: a has no clause"],
    ["no doc", "seq:\n  - { id: a, type: u1, -clause: '1' }", "5:5: a has no doc"],
    [
      "an unknown enum",
      "seq:\n  - { id: a, type: u1, enum: nope, doc: A., -clause: '1' }",
      "5:24: no enum nope in this file",
    ],
    [
      "an unknown name",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, type: u1, if: c == 1, doc: B., -clause: '1' }",
      "6:24: c is not known here",
    ],
    [
      "an unknown value",
      "seq:\n  - { id: a, type: u1, valid: x::y, doc: A., -clause: '1' }",
      "5:24: x::y is not an enum value of this file",
    ],
    [
      "a later name",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, type: u1, if: d == 1, doc: B., -clause: '1' }\n  - { id: d, type: u1, doc: D., -clause: '1' }",
      "6:24: d is not known here",
    ],
    [
      "a broken expression",
      "seq:\n  - { id: a, type: u1, valid: { expr: '_ == (1' }, doc: A., -clause: '1' }",
      "5:33: ) is missing at the end",
    ],
    [
      "an odd size",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, size: a * 2, doc: B., -clause: '1' }",
      "6:14: the size of b is not supported",
    ],
    ["octets first", "seq:\n  - { id: b, size: 4, doc: B., -clause: '1' }", "a message has to start with an integer"],
    [
      "a missing size",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, doc: B., -clause: '1' }",
      "6:5: b has neither type nor size",
    ],
    [
      "the rest, of unknown length",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, size-eos: true, doc: B., -clause: '1' }",
      "6:5: nothing says how long b is on a stream",
    ],
    [
      "the rest, after no JSON",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, size: a, doc: B., -clause: '1' }\n  - { id: c, size-eos: true, -size-in: b, -size-at: [/x], doc: C., -clause: '1' }",
      "7:5: nothing says how long c is on a stream",
    ],
    [
      "the rest, and something behind it",
      "seq:\n  - { id: a, type: u1, doc: A., -clause: '1' }\n  - { id: b, size: a, -json: true, doc: B., -clause: '1' }\n  - { id: c, size-eos: true, -size-in: b, -size-at: [/x], doc: C., -clause: '1' }\n  - { id: d, type: u1, doc: D., -clause: '1' }",
      "7:5: size-eos is for the last field",
    ],
    ["an order of octets that switches on nothing", "", "endian switches on no parameter"],
    [
      "what only Kaitai refuses",
      "seq:\n  - { id: Bad, type: u1, doc: A., -clause: '1' }",
      "5:7: the Kaitai compiler refuses this",
    ],
    ["little-endian bits", "", "only bit-endian: be is supported"],
  ];

  test.each(cases)("%s", async (what, body, message) => {
    const heads: Readonly<Record<string, string>> = {
      "little-endian bits": "endian: be, bit-endian: le",
      "an order of octets that switches on nothing": "endian: { switch-on: order, cases: { 'order::big': be } }",
    };
    const text = head.replace("endian: be", heads[what] ?? "endian: be") + body;
    await expect(emitKsy(text)).rejects.toThrow(SpecError);
    await expect(emitKsy(text)).rejects.toThrow(message);
    await expect(emitKsy(text)).rejects.toThrow(/^spec\/probe\/probe\.ksy:\d+:\d+: /);
  });
});
