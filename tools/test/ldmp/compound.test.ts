import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SpecError } from "../../model/problem.js";
import { seeded } from "./arbitraries.js";
import { emitKsy, install, typeErrors } from "./compile-ksy.js";
import { loadOracle } from "./oracle.js";
import { COMPOUND } from "./probe-spec.js";

interface Pair {
  readonly x: number;
  readonly class: string;
}

type Message = { readonly end: string } & Readonly<Record<string, unknown>>;

interface Codec {
  encode(message: Message): Uint8Array;
  encodeInto(message: Message, target: Uint8Array, offset: number): number;
  encodedLength(message: Message): number;
  decode(octets: Uint8Array, options?: { trailing: "ignore" }): Message;
  createDecoder(): { push(chunk: Uint8Array): Message[]; end(): void };
}

const colours: Readonly<Record<string, number>> = { red: 0, blue: 9 };
const kinds: Readonly<Record<string, number>> = { numbers: 1, texts: 2, "all-the-rest": 258 };
const made = <Value extends object>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value> => of.map((value) => ({ ...value }));
const pairs: fc.Arbitrary<Pair> = made(fc.record({ x: fc.nat(255), class: fc.constantFrom("red", "blue") }));
const text = (minLength: number): fc.Arbitrary<string> => fc.string({ minLength, maxLength: 10, unit: "binary" });

const messages: fc.Arbitrary<Message> = fc.oneof(
  made(
    fc.record({
      end: fc.constant("numbers"),
      one: fc.constantFrom(1, 2, 7),
      two: fc.integer({ min: 3, max: 0xffff }),
      four: fc.nat(0xffffffff),
      eight: fc.integer({ min: 0, max: 1e12 }),
      flag: fc.boolean(),
      in: pairs,
    }),
  ),
  made(
    fc.record({
      end: fc.constant("texts"),
      title: text(1),
      key: fc.uint8Array({ maxLength: 9 }),
      function: text(0),
    }),
  ),
  made(
    fc.record({
      end: fc.constant("all-the-rest"),
      few: fc.array(pairs, { maxLength: 3 }),
      many: fc.array(pairs, { maxLength: 8 }),
    }),
  ),
);

/** What Kaitai gives for a value. */
function asParsed(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => asParsed(item, ""));
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString("hex");
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asParsed(one, key)]));
  }
  if (typeof value === "boolean") return value ? 1 : 0;
  return name === "class" ? colours[value as string] : value;
}

describe("messages of several types", () => {
  let folder: string;
  let codec: Codec;
  let oracle: ReturnType<typeof loadOracle>;

  beforeAll(async () => {
    const installed = install(await emitKsy(COMPOUND));
    folder = installed.folder;
    codec = (await import(/* @vite-ignore */ installed.url("probe/index.js"))) as Codec;
    oracle = loadOracle(join(folder, "probe/kaitai/Probe.cjs"), "Probe");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("compile under the strictest options", () => {
    const paths = ["index", "codec", "types", "errors", "decoder"].map((name) => `probe/${name}.ts`);
    expect(typeErrors(folder, paths)).toEqual([]);
  });

  test("round trip, and the same as Kaitai's parser", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const encoded = codec.encode(message);
        assert.deepEqual(codec.decode(encoded), message);
        assert.equal(codec.encodedLength(message), encoded.length);
        const opinion = oracle(encoded);
        assert(opinion.accepted);
        assert.equal(opinion.used, encoded.length);
        assert.equal(opinion.fields.end, kinds[message.end]);
        const { end, ...members } = message;
        const body = opinion.fields.body as Record<string, unknown>;
        const found = Object.fromEntries(Object.keys(members).map((name) => [name, body[name]]));
        assert.deepEqual(without(found), asParsed(members, ""));
      }),
      seeded(500),
    );
  });

  test("accepted where Kaitai's parser accepts; text and what lies behind a body are looked at besides", () => {
    const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 2 });
    fc.assert(
      fc.property(messages, changes, fc.nat(60), (message, set, keep) => {
        const bytes = codec.encode(message).slice(0, keep < 40 ? undefined : keep);
        for (const [at, value] of set) if (at < bytes.length) bytes[at] = value;
        const opinion = oracle(bytes);
        let wrong: { name: string; code: string } | undefined;
        try {
          codec.decode(bytes, { trailing: "ignore" });
        } catch (error) {
          wrong = error as { name: string; code: string };
          assert.equal(wrong.name, "ProbeError");
        }
        if (wrong === undefined) assert(opinion.accepted);
        else if (opinion.accepted) assert(["ERR_TEXT", "ERR_TRAILING"].includes(wrong.code), String(wrong));
      }),
      seeded(1_500),
    );
  });

  test("octet by octet from a stream", () => {
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 3 }), (sent) => {
        const decoder = codec.createDecoder();
        const received = sent.flatMap((message) =>
          [...codec.encode(message)].flatMap((octet) => decoder.push(Uint8Array.of(octet))),
        );
        decoder.end();
        assert.deepEqual(received, sent);
      }),
      seeded(60),
    );
  });

  const numbers = { end: "numbers", one: 1, two: 3, four: 0, eight: 0, flag: true, in: { x: 0, class: "red" } };
  const texts = { end: "texts", title: "t", key: new Uint8Array(0), function: "" };
  const rest = { end: "all-the-rest", few: [], many: [] };
  test.each<[string, Message, string]>([
    ["numbers.one", { ...numbers, one: 3 }, "ERR_RANGE"],
    ["numbers.two", { ...numbers, two: 2 }, "ERR_RANGE"],
    ["numbers.four", { ...numbers, four: 2 ** 32 }, "ERR_RANGE"],
    ["numbers.eight", { ...numbers, eight: 1e12 + 1 }, "ERR_RANGE"],
    ["numbers.flag", { ...numbers, flag: 1 }, "ERR_PRESENCE"],
    ["numbers.in", { ...numbers, in: undefined }, "ERR_PRESENCE"],
    ["pair.class", { ...numbers, in: { x: 0, class: "green" } }, "ERR_PRESENCE"],
    ["pair.x", { ...rest, many: [{ x: 1.5, class: "red" }] }, "ERR_RANGE"],
    ["texts.titleLength", { ...texts, title: "" }, "ERR_RANGE"],
    ["texts.titleLength", { ...texts, title: "é".repeat(129) }, "ERR_RANGE"],
    ["texts.title", { ...texts, title: "\ud800" }, "ERR_TEXT"],
    ["texts.title", { ...texts, title: 5 }, "ERR_PRESENCE"],
    ["texts.key", { ...texts, key: "key" }, "ERR_PRESENCE"],
    ["rest.count", { ...rest, few: Array.from({ length: 4 }, () => ({ x: 0, class: "red" })) }, "ERR_RANGE"],
    ["rest.few", { ...rest, few: undefined }, "ERR_PRESENCE"],
    ["total", { ...texts, function: "x".repeat(5000) }, "ERR_RANGE"],
    ["end", { end: "nothing" }, "ERR_PRESENCE"],
  ])("%s cannot be encoded", (field, message, code) => {
    const target = new Uint8Array(6000);
    expect(() => codec.encodeInto(message, target, 0)).toThrow(expect.objectContaining({ field, code }));
    expect(target.every((octet) => octet === 0)).toBe(true);
  });
});

/** Members as they are read, without the parser's own. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString("hex");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key.startsWith("_") ? [] : [[key, without(one)]])),
  );
}

describe("a mistake is told with its place", () => {
  const edits: [string, string, string, RegExp][] = [
    ["another order of octets", "endian: be,", "endian: le,", /:2:\d+: only endian: be/],
    ["a type that is none", "type: pair, doc", "type: pear, doc", /no type pear/],
    ["a type made of itself", "- { id: x, type: u1,", "- { id: x, type: pair,", /pair is made of itself/],
    ["an unknown integer", "type: u8,", "type: s8,", /no type s8/],
    [
      "an open enum",
      "enum: colour, valid: { in-enum: true }",
      "enum: colour",
      /takes values that its enum does not name/,
    ],
    ["a case that is missing", ', "kind::all_the_rest": rest', "", /no type for kind::all_the_rest/],
    ["a case that is none", '"kind::texts": texts', '"kind::text": texts', /no type for kind::texts/],
    ["two cases of one type", '"kind::texts": texts', '"kind::texts": numbers', /two cases have the same type/],
    ["text of no encoding", "encoding: UTF-8, size: title_length + 1", "size: title_length + 1", /text of no encoding/],
    ["a size by something else", "size: key_length - 2", "size: key_length * 2", /size of key is not supported/],
    [
      "a size by a field that has a use",
      "size: key_length - 2",
      "size: title_length - 2",
      /size of key is not supported/,
    ],
    [
      "something behind the rest",
      "id: few, type: pair, repeat: expr, repeat-expr: count",
      "id: few, type: pair, repeat: eos",
      /has to be the last field/,
    ],
    ["a repetition by nothing", "repeat-expr: count", "repeat-expr: five", /repeats in no supported way/],
    ["a boolean of more", "valid: { max: 1 }, -boolean", "valid: { max: 2 }, -boolean", /is no boolean/],
    [
      "parts of nothing",
      "id: function, type: str, encoding: UTF-8, size-eos: true",
      "id: function, -parts-at: nine, size-eos: true",
      /only what takes the rest comes in parts/,
    ],
    ["an unknown key", "repeat: eos", "repeat: eos, if: x", /key if is not known here/],
    ["no clause", 'doc: How many., -clause: "4"', "doc: How many.", /count has no clause/],
  ];
  test.each(edits)("%s", async (_, from, to, message) => {
    expect(COMPOUND).toContain(from);
    const error = await emitKsy(COMPOUND.replace(from, to)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).message).toMatch(message);
  });
});
