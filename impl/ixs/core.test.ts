import { describe, expect, test } from "vitest";
import type { IndexFile } from "../../generated/ixs/types.js";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import { type Change, IxsCore, type Named } from "./core.js";
import { StoreJournal } from "./journal.js";
import { defaultLimits, defaultReadings, type IxsLimits, type IxsReadings } from "./policy.js";
import { indexFile } from "./test/files.js";

let now = 0;

function createCore(readings: Partial<IxsReadings> = {}, limits: Partial<IxsLimits> = {}, disk?: MemoryDisk) {
  now = 0;
  const journal = new StoreJournal(createMemoryStore(disk === undefined ? {} : { disk }));
  const core = new IxsCore({
    readings: { ...defaultReadings, ...readings },
    limits: { ...defaultLimits, ...limits },
    clock: { now: () => now },
    journal,
  });
  journal.load(core);
  return core;
}

const owner = (proof: string) => proof === "owner";

function accepted(outcome: unknown): Change {
  expect(outcome).toMatchObject({ status: "accepted" });
  return outcome as Change;
}

function register(core: IxsCore, file: Partial<IndexFile> = {}): Change {
  const change = accepted(core.register(indexFile(file), "owner"));
  core.settle(change);
  return change;
}

const update = (core: IxsCore, file: Partial<IndexFile>) => core.update(indexFile(file), owner);
const found = (core: IxsCore, named: Named = {}) => core.query(named, 100).files;
const versions = (core: IxsCore, named: Named = {}) => found(core, named).map(({ version }) => version);

describe("what says of which session an index file is [X.609.10 8.6, E-DS-09, E-DS-38]", () => {
  test.each([
    ["data", { data_id: "other" }, "accepted"],
    ["data", { title: "other" }, 409],
    ["data", { data_source_id: "other" }, "accepted"],
    ["data", { overlay_network_id: "other" }, 409],
    ["title", { data_id: "other" }, 409],
    ["title", { title: "other" }, "accepted"],
  ] as const)("with the reading %s, a second one with %j: %s", (key, change, status) => {
    const core = createCore({ key });
    register(core);
    expect(core.register(indexFile(change), "owner").status).toBe(status);
  });

  test("where the data are not named, the title has to leave one session", () => {
    const core = createCore();
    register(core);
    register(core, { data_id: "wind", title: "Wind" });
    const { data_id: _, ...anonymous } = indexFile({ version: 2, description: "new" });
    core.settle(accepted(core.update(anonymous, owner)));
    expect(found(core, { title: "Rain" })).toEqual([indexFile({ version: 2, description: "new" })]);
    register(core, { data_id: "drizzle" });
    expect(core.update({ ...anonymous, version: 3 }, owner)).toMatchObject({ status: 409 });
    expect(core.update({ ...anonymous, title: "Snow", version: 3 }, owner)).toMatchObject({ status: 404 });
  });
});

describe("versions [X.609.10 8.6 b, c, E-DS-10..13]", () => {
  test("a first file without a version has version 1", () => {
    const core = createCore();
    const { version: _, ...file } = indexFile();
    core.settle(accepted(core.register(file, "owner")));
    expect(versions(core)).toEqual([1]);
  });

  test.each([
    ["an older one", { version: 4, description: "older" }, 409, 5],
    ["the same one with another content", { version: 5, description: "another" }, 409, 5],
    ["the same one once more", { version: 5 }, "accepted", 5],
    ["a newer one", { version: 6 }, "accepted", 6],
    ["a much newer one", { version: 600 }, "accepted", 600],
  ])("%s after version 5", (_, change, status, newest) => {
    const core = createCore();
    register(core, { version: 5 });
    const outcome = update(core, change);
    if (outcome !== "stranger" && outcome.status === "accepted") core.settle(outcome as Change);
    expect(outcome).toMatchObject({ status });
    expect(versions(core)).toEqual([newest]);
  });

  test("the newer of two racing updates stays, in whatever order they reach the disk", () => {
    const core = createCore();
    register(core);
    const second = accepted(update(core, { version: 2 }));
    const third = accepted(update(core, { version: 3 }));
    expect(update(core, { version: 2, description: "late" })).toMatchObject({ status: 409 });
    expect(versions(core)).toEqual([1]);
    core.settle(third);
    core.settle(second);
    expect(versions(core)).toEqual([3]);
  });

  test("what cannot be written was never seen and does not stand in the way of the next", () => {
    const core = createCore();
    const lost = accepted(core.register(indexFile(), "owner"));
    expect(found(core)).toEqual([]);
    core.undo(lost);
    expect(core.count).toBe(0);
    register(core);
    const second = accepted(update(core, { version: 2, title: "Other" }));
    const third = accepted(update(core, { version: 3, title: "Third" }));
    core.undo(second);
    core.undo(third);
    expect(versions(core, { title: "Rain" })).toEqual([1]);
    core.settle(accepted(update(core, { version: 2 })));
    expect(versions(core)).toEqual([2]);
  });

  test("a file with everything replaces, any other is merged over what is there [E-DS-11]", () => {
    const core = createCore();
    register(core, { format: "records", closed: true });
    const { title, data_source_id, data_id } = indexFile();
    const patch = { version: 2, title, data_source_id, data_id, description: "new", season: "spring" };
    core.settle(accepted(core.update(patch, owner)));
    expect(found(core)).toEqual([
      indexFile({ version: 2, description: "new", format: "records", closed: true, season: "spring" }),
    ]);
    core.settle(accepted(update(core, { version: 3 })));
    expect(found(core)).toEqual([indexFile({ version: 3 })]);
  });

  test("after a removal, what was still under way stays away", () => {
    const core = createCore();
    register(core);
    const second = accepted(update(core, { version: 2 }));
    expect(core.remove({ ...indexFile(), version: 1 }, owner)).toMatchObject({ status: 409 });
    expect(core.remove({ ...indexFile(), version: 2 }, owner)).toMatchObject({ gone: true });
    core.settle(second);
    expect(found(core)).toEqual([]);
  });
});

describe("removal [X.609.10 8.6 d]", () => {
  test.each([
    ["no version", { version: undefined }, { status: 400, body: { errors: [{ member: "version" }] } }],
    [
      "no data source",
      { data_source_id: undefined },
      { status: 400, body: { errors: [{ member: "data_source_id" }] } },
    ],
    ["an older version", { version: 1 }, { status: 409 }],
    ["another session", { data_id: "other" }, { status: 404 }],
    ["nothing that says which", { data_id: undefined, title: undefined }, { status: 400 }],
    ["everything", {}, { gone: true }],
    ["no title", { title: undefined }, { gone: true }],
    ["no data", { data_id: undefined }, { gone: true }],
  ])("with %s", (_, change, expected) => {
    const core = createCore();
    register(core, { version: 2 });
    register(core, { data_id: "wind", title: "Wind" });
    const named = { ...indexFile({ version: 2 }), ...change } as Named;
    expect(core.remove(named, () => false)).not.toMatchObject({ gone: true });
    expect(core.remove(named, owner)).toMatchObject(expected);
    expect(core.count).toBe("gone" in expected ? 1 : 2);
  });

  test("one that cannot be written is taken back, and the same name may be used again", () => {
    const core = createCore();
    register(core);
    const removed = core.remove(indexFile(), owner);
    if (removed === "stranger" || "status" in removed) throw new Error("not removed");
    core.restore(removed);
    expect(versions(core, { title: "Rain" })).toEqual([1]);
    expect(core.remove(indexFile(), owner)).toMatchObject({ gone: true });
    register(core);
    expect(versions(core)).toEqual([1]);
  });
});

describe("queries [X.609.10 8.6 e]", () => {
  const files = [
    { title: "Rain", data_source_id: "s1", data_id: "d1", version: 3 },
    { title: "Rain", data_source_id: "s2", data_id: "d1" },
    { title: "Wind", data_source_id: "s1", data_id: "d2" },
  ];
  test.each([
    [{}, "012", false],
    [{ title: "Rain" }, "01", false],
    [{ title: "rain" }, "", false],
    [{ data_source_id: "s1" }, "02", false],
    [{ data_id: "d1" }, "01", false],
    [{ data_id: "d1", data_source_id: "s1" }, "0", false],
    [{ title: "Wind", data_id: "d1" }, "", false],
    [{ title: "Rain", data_source_id: "s1", data_id: "d1", version: 2 }, "0", false],
    [{ title: "Rain", data_source_id: "s1", data_id: "d1", version: 3 }, "", true],
    [{ title: "Rain", data_source_id: "s1", data_id: "d1", version: 9 }, "0", false],
    [{ title: "Rain", version: 3 }, "01", false],
    [{ version: 1 }, "012", false],
  ])("%j", (named, expected, upToDate) => {
    const core = createCore();
    for (const file of files) register(core, file);
    const answer = core.query(named, 100);
    expect(
      answer.files
        .map((file) =>
          files.findIndex((one) => file.data_source_id === one.data_source_id && file.data_id === one.data_id),
        )
        .join(""),
    ).toBe(expected);
    expect(answer.upToDate).toBe(upToDate);
  });

  test("with the reading exact, only the version named is found, and it is the newest or none [E-DS-12 B]", () => {
    const core = createCore({ version: "exact" });
    register(core, { version: 2 });
    expect(versions(core, { title: "Rain", version: 1 })).toEqual([]);
    expect(core.query({ title: "Rain", version: 2 }, 100).upToDate).toBe(true);
    expect(versions(core, { title: "Rain" })).toEqual([2]);
  });

  test("a changed title is found by the new one, in its old place", () => {
    const core = createCore();
    for (const data_id of ["a", "b", "c"]) register(core, { data_id });
    core.settle(accepted(update(core, { data_id: "b", version: 2, title: "Snow" })));
    core.settle(accepted(update(core, { data_id: "a", version: 2, title: "Snow" })));
    expect(found(core, { title: "Snow" }).map(({ data_id }) => data_id)).toEqual(["a", "b"]);
    expect(found(core, { title: "Rain" }).map(({ data_id }) => data_id)).toEqual(["c"]);
  });

  test("pages end at the limit or at an amount of octets, and go on without loss when something is removed", () => {
    const core = createCore({}, { answerOctets: 5 * 250 });
    for (let i = 0; i < 20; i++) register(core, { data_id: `d${i}` });
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const { files: page, last } = core.query({ title: "Rain" }, 4, after);
      expect(page.length).toBeLessThanOrEqual(4);
      seen.push(...page.map(({ data_id }) => data_id));
      if (seen.length === 4) core.remove(indexFile({ data_id: "d1" }), owner);
      if (last === undefined) break;
      after = last;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `d${i}`));
    expect(createCore({}, { answerOctets: 1 }).query({}, 9).files).toEqual([]);
  });

  test("no more is looked at than allowed: what is rare comes with a later page", () => {
    const core = createCore({}, { scan: 5 });
    for (let i = 0; i < 12; i++) register(core, { data_id: `d${i}`, title: i === 11 ? "Snow" : "Rain" });
    for (let i = 0; i < 12; i++) register(core, { data_id: `e${i}`, data_source_id: "s2", title: "Snow" });
    const pages = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { files: page, last }: ReturnType<IxsCore["query"]> = core.query(
        { title: "Snow", data_source_id: "gauge-1" },
        9,
        after,
      );
      pages.push(page.map(({ data_id }) => data_id).join());
      after = last;
    }
    expect(pages).toEqual(["", "", "d11"]);
  });
});

describe("ends and limits", () => {
  test("a file that expires is gone on time, and an update or itself once more keeps it", () => {
    const core = createCore();
    register(core, { expires: 10 });
    now = 9_999;
    core.settle(accepted(update(core, { expires: 10 })));
    now = 19_998;
    expect(versions(core)).toEqual([1]);
    core.settle(accepted(update(core, { version: 2 })));
    now = 1e12;
    expect(versions(core)).toEqual([2]);
    core.settle(accepted(update(core, { version: 3, expires: 1 })));
    now += 1000;
    expect(versions(core)).toEqual([]);
    expect(core.count).toBe(0);
    expect(update(core, { version: 4 })).toMatchObject({ status: 404 });
  });

  test.each([
    ["too many files", { files: 1 }, {}, 503],
    ["too many octets", { totalOctets: 400 }, {}, 503],
    ["a file too large", { fileOctets: 1000 }, { description: "x".repeat(1000) }, 413],
  ])("%s", (_, limits, change, status) => {
    const core = createCore({}, limits);
    register(core);
    expect(core.register(indexFile({ data_id: "second", ...change }), "owner")).toMatchObject({ status });
  });

  test("an update may not outgrow the limits either, and what leaves makes room", () => {
    const core = createCore({}, { totalOctets: 600, fileOctets: 590 });
    register(core);
    expect(update(core, { version: 2, description: "x".repeat(500) })).toMatchObject({ status: 413 });
    register(core, { data_id: "second" });
    expect(update(core, { version: 2, description: "x".repeat(300) })).toMatchObject({ status: 503 });
    core.remove(indexFile({ data_id: "second" }), owner);
    accepted(update(core, { version: 2, description: "x".repeat(300) }));
  });
});

describe("the journal", () => {
  test("brings everything back", async () => {
    const disk: MemoryDisk = new Map();
    const store = createMemoryStore({ disk });
    const journal = new StoreJournal(store);
    const parts = { readings: defaultReadings, limits: defaultLimits, clock: { now: () => 0 }, journal };
    const core = new IxsCore(parts);
    for (const data_id of ["a", "b", "c", "d"]) register(core, { data_id, ...(data_id === "d" ? { expires: 5 } : {}) });
    core.settle(accepted(update(core, { data_id: "b", version: 2, note: ["kept"] } as Partial<IndexFile>)));
    core.remove(indexFile({ data_id: "c" }), owner);
    await store.close();

    const after = createCore({}, {}, disk);
    expect(found(after).map(({ data_id, version }) => `${data_id}${version}`)).toEqual(["a1", "b2", "d1"]);
    expect(found(after, { data_id: "b" })[0]).toMatchObject({ note: ["kept"] });
    expect(update(after, { data_id: "b", version: 1 })).toMatchObject({ status: 409 });
    register(after, { data_id: "e" });
    expect(found(after).map(({ data_id }) => data_id)).toEqual(["a", "b", "d", "e"]);
    now = 5000;
    expect(found(after, { data_id: "d" })).toEqual([]);
    expect(() => createCore({ key: "title" }, {}, disk)).toThrow(/another reading of key/);
  });
});

test("one address fills a part only, also after a restart; what it removes makes room", async () => {
  const disk: MemoryDisk = new Map();
  const limits = { files: 8, addressShare: 0.25 };
  const put = (core: IxsCore, data_id: string, origin?: string) =>
    core.register(indexFile({ data_id }), "owner", undefined, origin);
  const store = createMemoryStore({ disk });
  const make = () => {
    const journal = new StoreJournal(store);
    const core = new IxsCore({
      readings: defaultReadings,
      limits: { ...defaultLimits, ...limits },
      clock: { now: () => now },
      journal,
    });
    journal.load(core);
    return core;
  };
  const first = make();
  for (const data of ["a", "b"]) first.settle(accepted(put(first, data, "192.0.2.1")));
  expect(put(first, "c", "192.0.2.1")).toMatchObject({ status: 429, body: { errors: [{ clause: "X.609.10 7.2.3" }] } });
  first.settle(accepted(put(first, "c", "192.0.2.2")));
  await store.commit();
  const core = make();
  expect(put(core, "d", "192.0.2.1").status).toBe(429);
  // Whom the operator knows is not counted.
  accepted(put(core, "e"));
  expect(core.remove({ version: 1, data_source_id: "gauge-1", data_id: "a" }, owner)).not.toHaveProperty("status");
  accepted(put(core, "d", "192.0.2.1"));
});

test("what grows by updates counts too", () => {
  const core = createCore({}, { fileOctets: 400, totalOctets: 2000, addressShare: 0.25 });
  const put = (data_id: string) =>
    core.register(indexFile({ data_id, description: "" }), "owner", undefined, "192.0.2.1");
  core.settle(accepted(put("a")));
  core.settle(accepted(put("b")));
  const longer = indexFile({ data_id: "a", version: 2, description: "x".repeat(200) });
  expect(core.update(longer, owner)).toMatchObject({ status: 429 });
  accepted(core.update(indexFile({ data_id: "a", version: 2, description: "" }), owner));
});
