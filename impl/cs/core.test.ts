import { describe, expect, it } from "vitest";
import type { AllocationRequest } from "../../generated/cs/types.js";
import { createMemoryStore, type MemoryDisk } from "../store/index.js";
import { type Allocation, CsCore } from "./core.js";
import { StoreJournal } from "./journal.js";
import { type CsLimits, defaultLimits, defaultTimes } from "./settings.js";

let seed = 0;
const random = { bytes: (length: number) => new Uint8Array(length).map(() => ++seed) };

function laboratory(limits: Partial<CsLimits> = {}, disk: MemoryDisk = new Map()) {
  const time = { now: 1_000_000 };
  const store = createMemoryStore({ disk });
  const journal = new StoreJournal(store, random);
  const all = { ...defaultLimits, ...limits };
  const core = new CsCore({ limits: all, times: defaultTimes, clock: { now: () => time.now }, random, journal });
  journal.load(core);
  return { core, time, store, journal };
}

function granted(core: CsCore, overlay: string, change: Partial<AllocationRequest> = {}): Allocation {
  const asked = core.allocate({ overlay_network_id: overlay, oms_url: "http://oms", ...change });
  if (asked.outcome === "full") throw new Error(asked.what);
  return asked.allocation;
}

const file = (content_size: number): AllocationRequest["index_file"] => ({
  title: "t",
  oms_url: "http://oms",
  overlay_network_id: "o",
  data_source_id: "s",
  data_id: "d",
  fragment_size: 100,
  content_type: "FILE",
  content_size,
});

describe("what a cache server grants [X.609.10 8.8]", () => {
  it("an overlay network of another OMS is another one; one that ended makes room", () => {
    const { core } = laboratory({ allocations: 2 });
    const first = granted(core, "o");
    const other = granted(core, "o", { oms_url: "http://other" });
    expect(other.id).not.toBe(first.id);
    expect(other.peerId).not.toBe(first.peerId);
    expect(core.allocate({ overlay_network_id: "p", oms_url: "http://oms" }).outcome).toBe("full");
    core.ended(first.id, "gone");
    expect(granted(core, "o").id).not.toBe(first.id);
  });

  it("what was promised counts as kept, for allocations and sessions alike", () => {
    const { core } = laboratory({ storage: 1_000 });
    granted(core, "o", { index_file: file(600) as NonNullable<AllocationRequest["index_file"]> });
    expect(core.openSession({ storage: 500, memory: 0 })).toMatchObject({
      full: expect.stringContaining("400 are left"),
    });
    const opened = core.openSession({ storage: 400, memory: 0 });
    if ("full" in opened) throw new Error(opened.full);
    expect(core.storage).toBe(1_000);
    core.closeSession(opened.entry.id);
    expect(core.storage).toBe(600);
  });

  it("the disk bounds what is promised, less what is there already", () => {
    const { core } = laboratory();
    core.free = 1_000;
    const opened = core.openSession({ storage: 600, memory: 0 });
    if ("full" in opened) throw new Error(opened.full);
    expect(core.lacks({ storage: 500, memory: 0 })).toContain("400 are left");
    opened.entry.kept = 600;
    core.free = 400;
    expect(core.lacks({ storage: 400, memory: 0 })).toBeUndefined();
    expect(core.capacity).toBe(1_000);
  });

  it("when storage runs out, the least important end first, and of those the largest", () => {
    const { core } = laboratory({ storage: 1_000 });
    const sizes = { low: [5, 200], large: [5, 500], high: [50, 900] } as const;
    for (const [name, [priority, storage]] of Object.entries(sizes))
      granted(core, name, { priority }).takes = { storage, memory: 0 };
    expect(core.tooMany().map(({ overlayId }) => overlayId)).toEqual(["large", "low"]);
    for (const { id } of core.tooMany()) core.ended(id, "no room");
    expect(core.tooMany()).toEqual([]);
    expect(core.storage).toBe(900);
  });

  it("an allocation that ended is answered for, for a while, and may still be released", () => {
    const { core, time } = laboratory();
    const [first, second] = [granted(core, "o"), granted(core, "p")];
    for (const { id } of [first, second]) core.ended(id, "gone");
    core.joined(first.id);
    expect(core.find(first.id)).toMatchObject({ state: "ended", reason: "gone", takes: { storage: 0 } });
    expect(core.release(second.id)).toBeDefined();
    time.now += defaultTimes.rememberMs;
    core.tidy();
    expect(core.allocations.size).toBe(0);
  });

  it("a restart finds what was allocated and not released, with the same peers and keys", async () => {
    const disk: MemoryDisk = new Map();
    const before = laboratory({}, disk);
    const kept = granted(before.core, "o", { priority: 7, password: "p", pams_url: "http://pams" });
    before.core.release(granted(before.core, "p").id);
    before.core.ended(granted(before.core, "q").id, "gone");
    before.core.prioritize(kept.id, 8);
    before.core.joined(kept.id);
    const key = before.journal.keyOf(kept.peerId).publicKey;
    await before.store.close();
    const after = laboratory({}, disk);
    expect([...after.core.allocations.values()]).toEqual([{ ...kept, state: "joining", priority: 8 }]);
    expect(after.journal.keyOf(kept.peerId).publicKey).toBe(key);
    expect(after.journal.keyOf("another").publicKey).not.toBe(key);
  });
});
