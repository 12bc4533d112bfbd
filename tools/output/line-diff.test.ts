import { describe, expect, it } from "vitest";
import { lineDiff } from "./line-diff.js";

describe("a line difference", () => {
  it.each<[before: string, after: string, diff: string[]]>([
    ["a\nb\nc", "a\nx\nc", [" a", "-b", "+x", " c"]],
    ["", "a", ["-", "+a"]],
    ["a\nb\nc\nd\ne", "a\nb\nd\ne\nf", [" a", " b", "-c", " d", " e", "+f"]],
    ["1\n2\n3\n4\n5\n6\n7\n8", "1\n2\n3\n4\n5\n6\n7\n9", ["…", " 6", " 7", "-8", "+9"]],
    ["a\nk\nk\nk\nk\nk\nb", "x\nk\nk\nk\nk\nk\ny", ["-a", "+x", " k", " k", "…", " k", " k", "-b", "+y"]],
  ])("%j → %j", (before, after, diff) => {
    expect(lineDiff(before, after)).toEqual(diff);
  });

  it("is cut off where it gets long", () => {
    const many = Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n");
    expect(lineDiff("", many, 10)).toHaveLength(11);
    expect(lineDiff("", many, 10).at(-1)).toBe("… and more");
  });
});
