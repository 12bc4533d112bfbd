import fc from "fast-check";
import { expect, test } from "vitest";
import { Peer } from "./peer.js";
import { type Criterion, Ranking } from "./ranking.js";

function peer(id: string, uploaded: number, left = 0): Peer {
  return Object.assign(new Peer(id, {}, 0), { uploaded, downloaded: uploaded * 2, left, live: true });
}

function idsOf(ranking: Ranking, after?: string): string[] {
  const ids: string[] = [];
  ranking.visit((one) => ids.push(one.id) > 0, after);
  return ids;
}

test.each<[Criterion, string[]]>([
  ["UPLOADED", ["c", "a", "b"]],
  ["DOWNLOADED", ["c", "a", "b"]],
  ["LEFT", ["b", "a", "c"]],
  ["NONE", ["a", "b", "c"]],
])("orders by %s, ties by peer ID [E-PAMP-27]", (criterion, expected) => {
  const ranking = new Ranking(criterion, undefined, 1, [][Symbol.iterator]());
  for (const one of [peer("b", 1, 1), peer("c", 2, Number.POSITIVE_INFINITY), peer("a", 1, 5)]) ranking.insert(one);
  expect(idsOf(ranking)).toEqual(expected);
});

test("stays sorted over any insertions, removals and changes, through chunks that split and vanish", () => {
  const step = fc.record({ id: fc.nat({ max: 1500 }), uploaded: fc.nat({ max: 30 }), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1200, maxLength: 2500 }), (steps) => {
      const ranking = new Ranking("UPLOADED", undefined, 4, [][Symbol.iterator]());
      const model = new Map<string, Peer>();
      for (const { id, uploaded, remove } of steps) {
        const known = model.get(`p${id}`);
        if (known !== undefined) ranking.remove(known);
        model.delete(`p${id}`);
        if (remove) continue;
        const next = peer(`p${id}`, uploaded);
        ranking.insert(next);
        expect(next.ranked).toBe(4);
        model.set(next.id, next);
      }
      const sorted = [...model.values()].sort((a, b) => b.uploaded - a.uploaded || (a.id < b.id ? -1 : 1));
      expect(idsOf(ranking)).toEqual(sorted.map(({ id }) => id));
      expect(ranking.size).toBe(model.size);
    }),
    { numRuns: 20 },
  );
});

test("goes round from behind an ID, whether that ID is there or not", () => {
  const ranking = new Ranking("NONE", undefined, 1, [][Symbol.iterator]());
  for (const id of ["a", "b", "d"]) ranking.insert(peer(id, 0));
  expect(idsOf(ranking, "")).toEqual(["a", "b", "d"]);
  expect(idsOf(ranking, "b")).toEqual(["d", "a", "b"]);
  expect(idsOf(ranking, "c")).toEqual(["d", "a", "b"]);
  expect(idsOf(ranking, "d")).toEqual(["a", "b", "d"]);
});

test("building brings in the peers that belong, once each, in steps", () => {
  const started = Object.assign(peer("a", 1), { event: "STARTED" as const });
  const silent = Object.assign(peer("b", 2), { event: "STARTED" as const, live: false });
  const completed = Object.assign(peer("c", 3), { event: "COMPLETED" as const });
  const early = Object.assign(peer("d", 4), { event: "STARTED" as const });
  const ranking = new Ranking("UPLOADED", "STARTED", 1, [started, silent, completed, early][Symbol.iterator]());
  ranking.insert(early);
  ranking.build(3);
  expect(ranking.complete).toBe(false);
  ranking.build(3);
  expect(ranking.complete).toBe(true);
  expect(idsOf(ranking)).toEqual(["d", "a"]);
});
