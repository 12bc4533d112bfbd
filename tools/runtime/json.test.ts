import { describe, expect, test } from "vitest";
import { defaultJsonLimits, parseJson } from "./json.js";

const limits = { depth: 3, members: 2 };

describe("parseJson", () => {
  const good: [string, unknown][] = [
    ["1", 1],
    ["null", null],
    ["\uFEFF[]", []],
    ["[[[1]]]", [[[1]]]],
    ['{"a":{"b":{"c":1}}}', { a: { b: { c: 1 } } }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"a":1,"b":[1,2,3,4]}', { a: 1, b: [1, 2, 3, 4] }],
  ];
  test.each(good)("%s", (text, value) => {
    expect(parseJson(text, limits)).toEqual(value);
  });

  const bad: [string, string][] = [
    ["", "ERR_JSON_SYNTAX"],
    ["\uFEFF\uFEFF1", "ERR_JSON_SYNTAX"],
    ["{a:1}", "ERR_JSON_SYNTAX"],
    ["[[[[]]]]", "ERR_JSON_DEPTH"],
    ['{"a":[{"b":[]}]}', "ERR_JSON_DEPTH"],
    ['{"a":1,"b":2,"c":3}', "ERR_JSON_MEMBERS"],
    ['[{"a":1,"b":2,"c":3}]', "ERR_JSON_MEMBERS"],
  ];
  test.each(bad)("%j → %s", (text, code) => {
    expect(() => parseJson(text, limits)).toThrow(expect.objectContaining({ code }));
  });

  test("a million levels do not exhaust the stack", () => {
    const text = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    expect(() => parseJson(text, defaultJsonLimits)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_JSON_/) }),
    );
  });

  test.each(['{"__proto__":{"x":1},"a":2}', '{"\\u005f_proto__":{"x":1},"a":2}'])("no prototype: %s", (text) => {
    const value = parseJson(text, limits) as { a: number; x?: number };
    expect(Object.keys(value)).toEqual(["a"]);
    expect(Object.assign({}, value).x).toBeUndefined();
  });
});
