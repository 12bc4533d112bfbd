import { expect, test } from "vitest";
import { keyOf, Ring } from "./ring.js";

const members = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `pams-${i}`, peers: 0 }));

test("10,000 peers over 5 PAMSs: nobody has more than a tenth above the average [REQ-GEN-02]", () => {
  const all = members(5);
  const ring = new Ring(all);
  for (let i = 0; i < 10_000; i++) {
    const owner = ring.lightestOwnerOf(keyOf("overlay", `peer-${i}`));
    if (owner !== undefined) owner.peers++;
  }
  const shares = all.map(({ peers }) => peers);
  expect(shares.reduce((a, b) => a + b)).toBe(10_000);
  expect(Math.max(...shares)).toBeLessThanOrEqual(2_201);
  expect(Math.min(...shares)).toBeGreaterThan(1_500);
});

test("one that joins or leaves changes who is in charge for its own share only [8.2.1]", () => {
  const before = new Ring(members(5));
  const after = new Ring(members(6));
  let changed = 0;
  for (let i = 0; i < 2_000; i++) {
    const key = keyOf("overlay", `peer-${i}`);
    const [old, now] = [before.ownerOf(key)?.id, after.ownerOf(key)?.id];
    if (old === now) continue;
    changed++;
    expect(now).toBe("pams-5");
  }
  expect(changed).toBeGreaterThan(2_000 / 12);
  expect(changed).toBeLessThan(2_000 / 3);
});

test("overlay and peer are told apart in a key, and the overlay itself is peer 0 [E-PAMP-49]", () => {
  expect(keyOf("a", "bc")).not.toEqual(keyOf("ab", "c"));
  expect(keyOf("a")).toEqual(keyOf("a", "0"));
  expect(keyOf("a")).toHaveLength(20);
  expect(new Ring([]).ownerOf(keyOf("a"))).toBeUndefined();
});
