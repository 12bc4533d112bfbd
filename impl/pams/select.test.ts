import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanUpTo } from "./overlay.js";
import { Laboratory } from "./test/laboratory.js";
import type { DynamicStatus, PeerQueryCondition } from "./types.js";

const list = (...fragment: number[]) => ({ fragment });
const range = (start_fragment_id: number, end_fragment_id: number) => ({ start_fragment_id, end_fragment_id });

const peers: Record<string, DynamicStatus | undefined> = {
  a: { overlay_event: "STARTED", uploaded: "10", downloaded: "500", left: "50", fragment_list: list(1, 2, 3) },
  b: { overlay_event: "COMPLETED", uploaded: "30", downloaded: "900", left: "0" },
  c: { overlay_event: "STARTED", uploaded: "9", downloaded: "500", left: "50", fragment_range: range(2, 9) },
  d: { overlay_event: "STOPPED", uploaded: "30", downloaded: "100", left: "800", fragment_list: list(1, 20) },
  new: undefined,
};

describe("list query conditions [9.1.7, 9.2.6]", () => {
  test.each<[string, PeerQueryCondition, string[]]>([
    ["no condition", {}, ["a", "b", "c", "d", "new"]],
    ["status STARTED, exactly [E-PAMP-26]", { overlay_status: "STARTED" }, ["a", "c"]],
    ["status COMPLETED", { overlay_status: "COMPLETED" }, ["b"]],
    ["status STOPPED", { overlay_status: "STOPPED" }, ["d"]],
    ["most uploaded first, ties by ID [E-PAMP-27]", { ordering: "UPLOADED" }, ["b", "d", "a", "c", "new"]],
    ["most downloaded first, ties by ID", { ordering: "DOWNLOADED" }, ["b", "a", "c", "d", "new"]],
    ["least left first, unknown last", { ordering: "LEFT" }, ["b", "a", "c", "d", "new"]],
    ["a maximum takes the best", { ordering: "UPLOADED", max_peer_num: 2 }, ["b", "d"]],
    ["a maximum of none [E-PAMP-54]", { max_peer_num: 0 }, []],
    ["a maximum beyond all", { ordering: "LEFT", max_peer_num: 4294967295 }, ["b", "a", "c", "d", "new"]],
    ["candidates as listed [E-PAMP-28]", { peer_id: ["d", "a"] }, ["d", "a"]],
    ["candidates in order", { peer_id: ["c", "d", "a"], ordering: "UPLOADED" }, ["d", "a", "c"]],
    ["unknown and repeated candidates", { peer_id: ["x", "c", "c", ""] }, ["c"]],
    ["no candidates", { peer_id: [] }, []],
    ["candidates with a status", { peer_id: ["d", "c", "b"], overlay_status: "STARTED" }, ["c"]],
    ["candidates with a maximum", { peer_id: ["d", "c", "b"], max_peer_num: 2 }, ["d", "c"]],
    ["everything in a list [E-PAMP-30]", { fragment_list: list(2, 3), ordering: "LEFT" }, ["b", "a", "c"]],
    ["everything in a range", { fragment_range: range(4, 9), ordering: "LEFT" }, ["b", "c"]],
    ["list and range together", { fragment_list: list(1), fragment_range: range(2, 3), ordering: "LEFT" }, ["b", "a"]],
    ["an empty fragment list asks for nothing", { fragment_list: list(), max_peer_num: 1, ordering: "LEFT" }, ["b"]],
    ["nobody has all: who has most first", { fragment_list: list(1, 2, 3, 4), overlay_status: "STARTED" }, ["a", "c"]],
    [
      "who has most outranks the ordering",
      { fragment_range: range(1, 30), peer_id: ["a", "c", "d"], ordering: "UPLOADED" },
      ["c", "a", "d"],
    ],
    ["nobody has any", { fragment_list: list(77), overlay_status: "STARTED" }, []],
    [
      "all conditions at once",
      {
        overlay_status: "STARTED",
        ordering: "UPLOADED",
        max_peer_num: 1,
        peer_id: ["c", "a", "b"],
        service_class: 1,
        fragment_list: list(2),
        fragment_range: range(3, 3),
      },
      ["a"],
    ],
  ])("%s", (_name, condition, expected) => {
    expect(new Laboratory().fill(peers).core.listPeers("o", condition)).toEqual(expected);
  });

  test("a complete peer that says what it holds is taken at its word", () => {
    const { core } = new Laboratory().fill({ a: { overlay_event: "COMPLETED", fragment_list: list(1) } });
    expect(core.listPeers("o", { fragment_list: list(1) })).toEqual(["a"]);
    expect(core.listPeers("o", { fragment_list: list(2) })).toEqual([]);
  });

  test("without a maximum the policy's applies, with a large one its limit", () => {
    const { core } = new Laboratory({ limits: { answerDefault: 2, answerPeers: 3 } }).fill(peers);
    expect(core.listPeers("o", { ordering: "LEFT" })).toEqual(["b", "a"]);
    expect(core.listPeers("o", { ordering: "LEFT", max_peer_num: 99 })).toEqual(["b", "a", "c"]);
  });

  test("without an ordering peers take turns, each status by itself", () => {
    const { core } = new Laboratory().fill(peers);
    const next = (condition: PeerQueryCondition) => core.listPeers("o", { max_peer_num: 2, ...condition });
    expect(next({})).toEqual(["a", "b"]);
    expect(next({})).toEqual(["c", "d"]);
    expect(next({ overlay_status: "STARTED", max_peer_num: 1 })).toEqual(["a"]);
    expect(next({})).toEqual(["new", "a"]);
    expect(next({ overlay_status: "STARTED", max_peer_num: 1 })).toEqual(["c"]);
  });

  test("a better service class gets the better peers, and none goes short [E-PAMP-29]", () => {
    const { core } = new Laboratory().fill(peers);
    const forClass = (service_class: number) => core.listPeers("o", { service_class, max_peer_num: 2 });
    expect(forClass(1)).toEqual(["b", "d"]);
    expect(forClass(2)).toEqual(["a", "c"]);
    expect(forClass(3)).toEqual(["c", "new"]);
    expect(forClass(1e15)).toEqual(["c", "new"]);
    for (const odd of [0, -3, 1.5]) expect(forClass(odd)).toEqual(["b", "d"]);
    expect(core.listPeers("o", { service_class: 2, ordering: "UPLOADED", max_peer_num: 2 })).toEqual(["b", "d"]);
  });
});

test("a ranking answers what a look at every peer does, while it is made and after, through any activity", () => {
  const size = scanUpTo + 200;
  const statuses = ["STARTED", "COMPLETED", "STOPPED"] as const;
  const condition = fc.record(
    {
      ordering: fc.constantFrom("UPLOADED" as const, "DOWNLOADED" as const, "LEFT" as const),
      overlay_status: fc.constantFrom(...statuses),
      max_peer_num: fc.constantFrom(1, 7, 60),
      fragment_list: fc.record({ fragment: fc.array(fc.nat({ max: 12 }), { maxLength: 3 }) }),
    },
    { requiredKeys: ["ordering", "max_peer_num"] },
  );
  const act = fc.oneof(
    fc.record({ kind: fc.constant("report" as const), id: fc.nat({ max: size }), n: fc.nat({ max: 20 }) }),
    fc.record({ kind: fc.constant("leave" as const), id: fc.nat({ max: size }), n: fc.nat() }),
    fc.record({ kind: fc.constant("join" as const), id: fc.nat({ max: size * 2 }), n: fc.nat() }),
    fc.record({ kind: fc.constant("pass" as const), id: fc.nat({ max: 9 }), n: fc.nat() }),
    fc.record({ kind: fc.constant("upkeep" as const), id: fc.nat(), n: fc.nat() }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(act, { maxLength: 30 }), condition), { minLength: 4, maxLength: 12 }),
      (rounds) => {
        const lab = new Laboratory();
        const { core } = lab;
        core.registerOverlay("o", undefined);
        const report = (id: number, n: number) =>
          core.report("o", `p${id}`, {
            dynamic_status: {
              overlay_event: statuses[n % 3] ?? "STARTED",
              uploaded: `${n}`,
              left: `${id % 7}`,
              fragment_range: range(n % 5, Math.max(n % 11, n % 5)),
            },
          });
        for (let id = 0; id < size; id++) {
          core.registerPeer("o", `p${id}`, {});
          if (id % 3 !== 0) report(id, id % 20);
        }
        for (const [acts, asked] of rounds) {
          for (const { kind, id, n } of acts) {
            if (kind === "report") report(id, n);
            else if (kind === "leave") core.deregisterPeer("o", `p${id}`);
            else if (kind === "join") core.registerPeer("o", `p${id}`, {});
            else if (kind === "pass") lab.pass(id);
            else core.upkeep();
          }
          const answer = core.listPeers("o", asked);
          // The same question about the listed peers alone goes past every ranking.
          const everybody = [...(core.overlays.get("o")?.peers.keys() ?? [])];
          expect(answer).toEqual(core.listPeers("o", { ...asked, peer_id: everybody }));
        }
        while (core.upkeep());
        const overlay = core.overlays.get("o");
        expect(overlay?.building).toBe(false);
      },
    ),
    { numRuns: 15 },
  );
});
