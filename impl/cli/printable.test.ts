import { expect, test } from "vitest";
import { fileNameOf, printable, printableLines } from "./printable.js";

test.each<[string, string]>([
  ["film", "film"],
  ["ein Süßes 日本 👩‍🚀", "ein Süßes 日本 👩‍🚀"],
  ["\u001b[31mred", "\\u{1b}[31mred"],
  ["a\nb\r\u0085\u2028c", "a\\u{a}b\\u{d}\\u{85}\\u{2028}c"],
  ["\u009b2J\u007f", "\\u{9b}2J\\u{7f}"],
  ["fdp.\u202eexe", "fdp.\\u{202e}exe"],
  ["half \ud800", "half \\u{d800}"],
])("%j is shown as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("lines of one's own stay lines", () => {
  expect(printableLines("a\nb\u0007")).toBe("a\nb\\u{7}");
});

test.each<[string, string]>([
  ["film", "film"],
  ["../../escape", "__.._escape"],
  ["..", "_"],
  ["/etc/passwd", "_etc_passwd"],
  ["a\nb\u202ec\u200dd", "a_b_c_d"],
  ["\ud83d", "_"],
  ["", "content"],
])("%j is a file's name as %s", (title, name) => {
  expect(fileNameOf(title)).toBe(name);
});

test.each(["日", "👩", "é", "a"])("a long title of %s is cut by octets, between characters", (letter) => {
  const name = fileNameOf(letter.repeat(1000));
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(Buffer.byteLength(name)).toBeGreaterThan(196);
  expect(name.replaceAll(letter, "")).toBe("");
});
