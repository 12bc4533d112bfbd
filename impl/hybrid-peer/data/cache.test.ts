import { describe, expect, it } from "vitest";
import type { BroadcastData } from "../core/message.js";
import { Cache, type CacheLimits, Shelf } from "./cache.js";

function message(sequence: number, payload = new Uint8Array(100)): BroadcastData {
  const data = { source: "s", sequence, payloadType: "", appId: "", payload };
  return { code: 6, ack: false, candidatePath: false, data };
}

function cacheOf(limits: Partial<CacheLimits>) {
  const time = { now: 0 };
  const cache = new Cache(() => time.now, { messages: 3, leastMs: 0, octets: 1e9, ...limits });
  return { cache, time, shelf: new Shelf(), other: new Shelf() };
}

const kept = (shelf: Shelf) => [...shelf.held.ranges()];

describe("the cache [Q.4100 7.2.3.1, Q.4103 6.1.8]", () => {
  it.each([
    ["mN_Cache 0 keeps nothing", { messages: 0 }, [1, 2], []],
    ["the oldest is overwritten", { messages: 3 }, [1, 2, 3, 4, 5], [[3, 5]]],
    [
      "the oldest is what came first",
      { messages: 3 },
      [7, 8, 2, 9],
      [
        [2, 2],
        [8, 9],
      ],
    ],
    ["one twice takes one place", { messages: 3 }, [1, 2, 2, 2], [[1, 2]]],
  ])("%s", (_, limits, sequences, wanted) => {
    const { cache, shelf } = cacheOf(limits);
    for (const one of sequences) cache.put(shelf, message(one));
    expect(kept(shelf)).toEqual(wanted);
    expect(cache.messages).toBe(shelf.held.size);
    for (let n = 0; n < 10; n++) expect(shelf.get(n) !== undefined).toBe(shelf.held.has(n));
  });

  it("counts for each source on its own", () => {
    const { cache, shelf, other } = cacheOf({ messages: 2 });
    for (const one of [1, 2, 3]) cache.put(shelf, message(one));
    cache.put(other, message(1));
    expect([kept(shelf), kept(other)]).toEqual([[[2, 3]], [[1, 1]]]);
  });

  it("keeps more where they are younger than mD_Cache", () => {
    const { cache, shelf, time } = cacheOf({ messages: 2, leastMs: 1000 });
    for (const one of [1, 2, 3, 4]) {
      cache.put(shelf, message(one));
      time.now += 300;
    }
    expect(kept(shelf)).toEqual([[1, 4]]);
    cache.put(shelf, message(5));
    expect(kept(shelf)).toEqual([[2, 5]]);
    time.now += 5000;
    cache.put(shelf, message(6));
    expect(kept(shelf)).toEqual([[5, 6]]);
  });

  it("has an octet bound over all sources, which goes before mD_Cache", () => {
    const { cache, shelf, other } = cacheOf({ messages: 1000, leastMs: 1e6, octets: 10_000 });
    cache.put(other, message(1));
    for (let n = 1; n <= 100; n++) cache.put(shelf, message(n));
    expect(cache.octets).toBeLessThanOrEqual(10_000);
    expect(cache.messages).toBe(25);
    expect([kept(shelf), kept(other)]).toEqual([[[76, 100]], []]);
  });

  it("counts the memory that it keeps alive, once", () => {
    const { cache, shelf } = cacheOf({ messages: 1000, octets: 200_000 });
    const chunk = new ArrayBuffer(64_000);
    for (let n = 1; n <= 10; n++) {
      const octets = new Uint8Array(chunk, n * 20, 20);
      cache.put(shelf, { ...message(n, octets.subarray(4)), frame: { octets, profile: "p23" } });
    }
    expect(cache.octets).toBe(67_000);
    for (let n = 11; n <= 30; n++) cache.put(shelf, message(n, new Uint8Array(new ArrayBuffer(64_000), 0, 10)));
    expect(cache.octets).toBeLessThanOrEqual(200_000);
    expect(kept(shelf)).toEqual([[28, 30]]);
  });

  it("lets go of everything of a source", () => {
    const { cache, shelf, other } = cacheOf({ messages: 10 });
    for (const one of [1, 2, 3]) cache.put(shelf, message(one));
    cache.put(other, message(9));
    cache.drop(shelf);
    expect([kept(shelf), kept(other), cache.messages, cache.octets]).toEqual([[], [[9, 9]], 1, 400]);
  });
});
