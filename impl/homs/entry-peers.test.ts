import { describe, expect, test } from "vitest";
import { Harness } from "./test/harness.js";

const mesh = { type: "sub", "sub-type": "mesh" };

describe("entry peers of a mesh [Q.4100 7.3.1.4]", () => {
  async function meshOf(members: number, count: number): Promise<[Harness, string]> {
    const h = new Harness({ entryPeers: { mesh: count } });
    const id = await h.overlay(mesh);
    for (let i = 0; i < members; i++) await h.join(id, `p${i}`, mesh);
    return [h, id];
  }

  test.each([
    [0, 5, 0],
    [1, 5, 1],
    [4, 5, 4],
    [5, 5, 5],
    [50, 5, 5],
  ])("of %d members at most %d are named: %d, each once", async (members, count, named) => {
    const [h, id] = await meshOf(members, count);
    const entries = await h.entries(id, "x", mesh);
    expect(new Set(entries).size).toBe(named);
    expect(entries).not.toContain("x");
  });

  test("every member is named about equally often, the requester never", async () => {
    const [h, id] = await meshOf(10, 3);
    const times = new Map<string, number>();
    const { "ticket-id": ticket } = (await h.join(id, "x", mesh)).body.overlay;
    await h.leave(id, "p9");
    for (let i = 0; i < 3000; i++) {
      for (const name of await h.entries(id, "x", { ...mesh, recovery: true, "ticket-id": ticket })) {
        times.set(name, (times.get(name) ?? 0) + 1);
      }
    }
    expect([...times.keys()].sort()).toEqual(["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"]);
    // 3 of 9, 3000 times: 1000 each, standard deviation 26.
    for (const n of times.values()) expect(Math.abs(n - 1000)).toBeLessThan(130);
  });
});

describe("entry peers of a tree [Q.4100 7.3.1.4]", () => {
  /** a over b and c, b over d, d over e; everybody has reported. */
  async function treeOf(settings = {}): Promise<[Harness, string]> {
    const h = new Harness({ primarySlots: 3, ...settings });
    const id = await h.overlay();
    for (const peer of "abcde") await h.join(id, peer);
    const paths = { a: "bc", b: "ad", c: "a", d: "be", e: "d" };
    for (const [peer, primary] of Object.entries(paths)) await h.report(id, peer, [...primary]);
    return [h, id];
  }

  test("shallow ones with room first, at most as many as configured", async () => {
    const [h, id] = await treeOf({ entryPeers: { tree: 3 } });
    expect(await h.entries(id, "x")).toEqual(["a", "c", "b"]);
  });

  test("full ones come after those with room", async () => {
    const [h, id] = await treeOf({ primarySlots: 2 });
    expect(await h.entries(id, "x")).toEqual(["c", "e", "a", "b"]);
  });

  test("a rush of joins spreads although nobody has reported yet", async () => {
    const [h, id] = await treeOf();
    const first: (string | undefined)[] = [];
    for (let i = 0; i < 8; i++) first.push((await h.entries(id, `x${i}`))[0]);
    const times = [..."abcde"].map((peer) => first.filter((name) => name === peer).length);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(2);
  });

  test("members that are connected with nobody come last", async () => {
    const [h, id] = await treeOf({ entryPeers: { tree: 6 } });
    await h.join(id, "loner");
    const entries = await h.entries(id, "x");
    expect(entries.at(-1)).toBe("loner");
    expect(entries).toHaveLength(6);
  });

  test("an oldest member that nobody is connected with is no good entry", async () => {
    const [h, id] = await treeOf();
    await h.report(id, "b", ["d"]);
    await h.report(id, "c", []);
    await h.report(id, "a", []);
    expect((await h.entries(id, "x"))[0]).toBe("b");
  });

  test("recovery names older members only, the path just lost last", async () => {
    const [h, id] = await treeOf();
    const recover = (peer: string, ticket: string) => h.entries(id, peer, { recovery: true, "ticket-id": ticket });
    expect(await recover("d", "4")).toEqual(["a", "c", "b"]);
    expect(await recover("b", "2")).toEqual(["a"]);
    expect(await recover("a", "1")).toEqual([]);
  });

  test("in a large overlay an early member still finds older ones", async () => {
    const h = new Harness();
    const id = await h.overlay();
    for (let i = 0; i < 300; i++) await h.join(id, `p${i}`);
    // The younger two thirds are the tree by the reports, and fill the ranking.
    for (let i = 101; i < 300; i++) await h.report(id, `p${i}`, [`p${i - 1}`]);
    await h.entries(id, "x");
    const entries = await h.entries(id, "p3", { recovery: true, "ticket-id": "4" });
    expect(entries).toEqual(["p0", "p1", "p2"]);
  });

  test("who left or expired is not named, however large the overlay", async () => {
    const h = new Harness({ entryPeers: { tree: 50 } });
    const id = await h.overlay();
    for (let i = 0; i < 200; i++) await h.join(id, `p${i}`, { expires: i % 2 ? 10 : 1000 });
    await h.entries(id, "early");
    for (let i = 0; i < 150; i += 2) await h.leave(id, `p${i}`);
    h.clock.advance(10_000);
    const entries = await h.entries(id, "x");
    expect(entries.sort()).toEqual(["early", ...Array.from({ length: 25 }, (_, i) => `p${150 + 2 * i}`)].sort());
  });

  test("naming one among 20,000 members takes well under a millisecond", async () => {
    const h = new Harness();
    const id = await h.overlay();
    for (let i = 0; i < 20_000; i++) await h.join(id, `p${i}`);
    const started = performance.now();
    for (let i = 0; i < 2000; i++) await h.join(id, `q${i}`);
    expect((performance.now() - started) / 2000).toBeLessThan(1);
  });
});
