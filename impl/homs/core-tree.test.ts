import { describe, expect, test } from "vitest";
import { Harness } from "./test/harness.js";

/** An overlay whose members joined in this order, and its tree after the reports, as `child<parent` (`!` both ends agree). */
async function tree(members: string, reports: [peer: string, primary: string][]) {
  const h = new Harness();
  const id = await h.overlay();
  for (const peer of members) await h.join(id, peer);
  for (const [peer, primary] of reports) {
    h.clock.advance(1);
    await h.report(id, peer, [...primary]);
  }
  const derived = h.homs.coreTree(id);
  const lines = derived?.nodes.map(
    ({ "peer-id": child, parent, depth, confirmed }) =>
      `${depth}:${child}${parent ? `<${parent}` : ""}${confirmed ? "!" : ""}`,
  );
  return {
    roots: derived?.roots.join(""),
    lines: lines?.join(" "),
    loops: derived?.loops.map((pair) => pair.join("")),
  };
}

describe("the core tree from aggregated reports [7.2.2]", () => {
  test.each<[string, string, [string, string][], string, string]>([
    ["nobody reported", "ab", [], "ab", "0:a 0:b"],
    ["one end reported", "ab", [["b", "a"]], "a", "0:a 1:b<a"],
    [
      "both ends reported",
      "ab",
      [
        ["b", "a"],
        ["a", "b"],
      ],
      "a",
      "0:a 1:b<a!",
    ],
    [
      "a tree of five",
      "abcde",
      [
        ["a", "bc"],
        ["b", "ad"],
        ["c", "a"],
        ["d", "be"],
        ["e", "d"],
      ],
      "a",
      "0:a 1:b<a! 1:c<a! 2:d<b! 3:e<d!",
    ],
    [
      "the later report wins where two disagree",
      "ab",
      [
        ["b", "a"],
        ["a", ""],
      ],
      "ab",
      "0:a 0:b",
    ],
    [
      "a later claim stands against an earlier silence",
      "ab",
      [
        ["a", ""],
        ["b", "a"],
      ],
      "a",
      "0:a 1:b<a",
    ],
    ["paths to strangers and to oneself count for nothing", "ab", [["b", "xb"]], "ab", "0:a 0:b"],
    [
      "two parts have two roots",
      "abcd",
      [
        ["b", "a"],
        ["d", "c"],
      ],
      "ac",
      "0:a 1:b<a 0:c 1:d<c",
    ],
  ])("%s", async (_, members, reports, roots, lines) => {
    expect(await tree(members, reports)).toEqual({ roots, lines, loops: [] });
  });

  test("a path too many is shown as a loop", async () => {
    const { lines, loops } = await tree("abc", [
      ["b", "a"],
      ["c", "ab"],
    ]);
    expect(lines).toBe("0:a 1:b<a 1:c<a");
    expect(loops).toEqual(["bc"]);
  });

  test("who leaves is out of it, and its children are roots until they recover", async () => {
    const h = new Harness();
    const id = await h.overlay();
    for (const peer of "abc") await h.join(id, peer);
    await h.report(id, "b", ["a", "c"]);
    await h.report(id, "c", ["b"]);
    await h.leave(id, "b");
    expect(h.homs.coreTree(id)?.roots).toEqual(["a", "c"]);
  });

  test("an unknown overlay has none", () => {
    expect(new Harness().homs.coreTree("x")).toBeUndefined();
  });
});
