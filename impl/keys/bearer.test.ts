import { expect, test } from "vitest";
import { systemRandom } from "../net/clock.js";
import { bearerOf, randomToken, Tokens } from "./bearer.js";

test.each([
  ["Bearer abc", "abc"],
  ["bearer  abc", "abc"],
  ["Bearer ", undefined],
  ["Bearer a b", undefined],
  ["Basic abc", undefined],
  ["abc", undefined],
  [undefined, undefined],
])("the token of %j", (header, token) => {
  expect(bearerOf(header)).toBe(token);
});

test("only a token that was given out is admitted", () => {
  const tokens = new Tokens(["one", "two"], systemRandom);
  const shown = ["Bearer one", "Bearer two", "Bearer three", "Basic one", "Bearer ", "", undefined];
  expect(shown.map((header) => tokens.admits(header))).toEqual([true, true, false, false, false, false, false]);
  expect(tokens.none).toBe(false);
});

test("regression: an empty token admitted whoever showed none", () => {
  const tokens = new Tokens([""], systemRandom);
  expect([undefined, "", "Bearer ", "Bearer x"].some((header) => tokens.admits(header))).toBe(false);
  expect(tokens.none).toBe(true);
});

test("tokens are long, and no two are the same", () => {
  const made = Array.from({ length: 100 }, () => randomToken(systemRandom));
  expect(new Set(made).size).toBe(100);
  expect(made.every((token) => /^[\w-]{32}$/.test(token))).toBe(true);
});
