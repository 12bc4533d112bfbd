import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { blockCharacters, digestBlock } from "./sha256-block.js";

function hex(text: string): string | undefined {
  const words = new Int32Array(8);
  if (!digestBlock(text, words)) return undefined;
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

test("the example of FIPS 180-4", () => {
  expect(hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("every length, several texts each, as OpenSSL has it", () => {
  let seed = 1;
  const next = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 16;
  };
  for (let length = 0; length <= blockCharacters; length++) {
    for (let repetition = 0; repetition < 40; repetition++) {
      const text = String.fromCharCode(...Array.from({ length }, () => next() % 128));
      expect(hex(text)).toBe(createHash("sha256").update(text, "latin1").digest("hex"));
    }
  }
});

test.each(["x".repeat(blockCharacters + 1), "\u0080", "ключ", "a🔑"])(
  "what does not fit is left to OpenSSL: %j",
  (text) => {
    expect(hex(text)).toBeUndefined();
  },
);
