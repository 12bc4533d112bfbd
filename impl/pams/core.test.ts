import { describe, expect, test } from "vitest";
import { Laboratory } from "./test/laboratory.js";
import type { PeerQueryCondition, PeerStatus } from "./types.js";

describe("registration and deregistration [8.1.2, 9.2.1 to 9.2.4]", () => {
  test("an overlay network registers once, and again after deregistration", () => {
    const { core } = new Laboratory();
    expect(core.registerOverlay("o", "FILE")).toBe("registered");
    expect(core.registerOverlay("o", "FILE")).toBe("duplicate");
    expect(core.deregisterOverlay("o")).toBe("deregistered");
    expect(core.deregisterOverlay("o")).toBe("unknown");
    expect(core.registerOverlay("o", undefined)).toBe("registered");
  });

  test("a peer registers once per overlay network [E-PAMP-07]", () => {
    const { core } = new Laboratory();
    expect(core.registerPeer("o", "p", {})).toBe("unknown");
    core.registerOverlay("o", undefined);
    core.registerOverlay("o2", undefined);
    expect(core.registerPeer("o", "p", {})).toBe("registered");
    expect(core.registerPeer("o", "p", {})).toBe("duplicate");
    expect(core.registerPeer("o2", "p", {})).toBe("registered");
    expect(core.deregisterPeer("o", "p")).toBe("deregistered");
    expect(core.deregisterPeer("o", "p")).toBe("unknown");
    expect(core.deregisterPeer("nowhere", "p")).toBe("unknown");
    expect(core.registerPeer("o", "p", {})).toBe("registered");
    expect(core.peerCount).toBe(2);
  });

  test("peers go with their overlay network, and the next of that ID starts empty [E-PAMP-43]", () => {
    const { core } = new Laboratory().fill({ a: { uploaded: "1" }, b: undefined });
    core.deregisterOverlay("o");
    expect(core.peerCount).toBe(0);
    expect(core.report("o", "a", { dynamic_status: {} })).toBe("unknown");
    expect(core.peerStatus("o", "a")).toBe("unknown");
    expect(core.listPeers("o", {})).toBe("unknown");
    core.registerOverlay("o", undefined);
    expect(core.listPeers("o", {})).toEqual([]);
    expect(core.report("o", "a", { dynamic_status: {} })).toBe("unknown");
  });

  test("a deregistered peer leaves nothing behind for the next of that ID", () => {
    const { core } = new Laboratory().fill({ a: { uploaded: "9", fragment_list: { fragment: [1] } } });
    core.deregisterPeer("o", "a");
    expect(core.registerPeer("o", "a", {})).toBe("registered");
    expect(core.peerStatus("o", "a")).toEqual({});
    expect(core.listPeers("o", { fragment_list: { fragment: [1] } })).toEqual([]);
  });

  test("with keep-alive a repeated registration is a sign of life [E-X-01, E-PAMP-64]", () => {
    const lab = new Laboratory({ policy: { duplicates: "keep-alive" } }).fill({ a: { uploaded: "1" } });
    expect(lab.core.registerOverlay("o", "FILE")).toBe("alive");
    lab.pass(25);
    expect(lab.core.registerPeer("o", "a", {})).toBe("alive");
    lab.pass(25);
    expect(lab.core.listPeers("o", {})).toEqual(["a"]);
    expect(lab.core.peerStatus("o", "a")).toEqual({ dynamic_status: { uploaded: "1" } });
  });

  test.each([
    [{ overlays: 1 }, (lab: Laboratory) => lab.core.registerOverlay("o2", undefined)],
    [{ peersPerOverlay: 1 }, (lab: Laboratory) => lab.core.registerPeer("o", "b", {})],
    [{ peers: 1 }, (lab: Laboratory) => lab.core.registerPeer("o", "b", {})],
  ])("refuses what would pass the limit %o", (limits, act) => {
    const lab = new Laboratory({ limits }).fill({ a: undefined });
    expect(act(lab)).toBe("full");
    expect([lab.core.overlays.size, lab.core.peerCount]).toEqual([1, 1]);
  });
});

test("peers that are gone but not yet swept do not count against the limit", () => {
  const lab = new Laboratory({ limits: { peersPerOverlay: 2 } }).fill({ a: undefined, b: undefined });
  lab.pass(101);
  expect(lab.core.registerPeer("o", "c", {})).toBe("registered");
  expect(lab.core.peerCount).toBe(1);
});

describe("status report [8.1.4, 9.2.5]", () => {
  const profile = { max_up_bw: 100 };

  test("each part replaces the same part of earlier reports, and stays when left out [E-PAMP-40]", () => {
    const { core } = new Laboratory().fill({ a: undefined });
    expect(core.peerStatus("o", "a")).toEqual({});
    core.report("o", "a", { dynamic_status: { uploaded: "1", left: "5" }, static_status: profile });
    core.report("o", "a", { dynamic_status: { downloaded: "2" } });
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: { downloaded: "2" }, static_status: profile });
    core.report("o", "a", { static_status: { max_dn_bw: 7 } });
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: { downloaded: "2" }, static_status: { max_dn_bw: 7 } });
  });

  test("a query shows the last amounts, a ranking their sum [E-PAMP-35]", () => {
    const { core } = new Laboratory().fill({ a: { uploaded: "60" }, b: { uploaded: "100" } });
    core.report("o", "a", { dynamic_status: { uploaded: "50.5" } });
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: { uploaded: "50.5" } });
    expect(core.listPeers("o", { ordering: "UPLOADED" })).toEqual(["a", "b"]);
  });

  test("fragment events are used and not shown [9.2.7.2 Table 14]", () => {
    const events = [{ fragment_event_type: "DOWNLOADED" as const, fragment_id: "4" }];
    const { core } = new Laboratory().fill({ a: { overlay_event: "STARTED", fragment_event: events } });
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: { overlay_event: "STARTED" } });
    expect(core.listPeers("o", { fragment_list: { fragment: [4] } })).toEqual(["a"]);
  });

  test("what the peer holds: lists and ranges replace, downloads add, silence keeps [E-PAMP-36]", () => {
    const { core } = new Laboratory().fill({ a: { fragment_list: { fragment: [1, 2] } } });
    const holds = (n: number) => `${core.listPeers("o", { fragment_list: { fragment: [n] } })}` === "a";
    const heldNow = () => [1, 2, 3, 4, 5].filter(holds);
    const report = (dynamic_status: NonNullable<PeerStatus["dynamic_status"]>) =>
      core.report("o", "a", { dynamic_status });
    expect(heldNow()).toEqual([1, 2]);
    report({ uploaded: "1" });
    expect(heldNow()).toEqual([1, 2]);
    report({ fragment_event: [{ fragment_event_type: "DOWNLOADED", fragment_id: "3" }] });
    expect(heldNow()).toEqual([1, 2, 3]);
    report({ fragment_range: { start_fragment_id: 4, end_fragment_id: 5 } });
    expect(heldNow()).toEqual([4, 5]);
    report({ fragment_list: { fragment: [] } });
    expect(heldNow()).toEqual([]);
  });

  test("a reversed range is refused and changes nothing [E-PAMP-69]", () => {
    const { core } = new Laboratory().fill({ a: { uploaded: "1" } });
    const fragment_range = { start_fragment_id: 2, end_fragment_id: 1 };
    expect(core.report("o", "a", { dynamic_status: { uploaded: "5", fragment_range } })).toMatchObject({
      member: "/peer_status/dynamic_status/fragment_range",
      clause: "9.1.6",
    });
    expect(core.listPeers("o", { fragment_range })).toMatchObject({ clause: "9.1.6" });
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: { uploaded: "1" } });
  });

  test("more runs of fragments than the limit are refused and change nothing", () => {
    const { core } = new Laboratory({ limits: { fragmentRuns: 2 } }).fill({
      a: { fragment_list: { fragment: [1, 3] } },
    });
    const report = (dynamic_status: object) => core.report("o", "a", { dynamic_status });
    expect(report({ fragment_list: { fragment: [1, 3, 5] } })).toMatchObject({ clause: "9.1.5" });
    expect(report({ fragment_event: [{ fragment_event_type: "DOWNLOADED", fragment_id: "5" }] })).toMatchObject({});
    expect(report({ fragment_event: [{ fragment_event_type: "DOWNLOADED", fragment_id: "2" }] })).toBe("taken");
    expect(core.peerStatus("o", "a")).toEqual({ dynamic_status: {} });
  });

  test.each([
    ["o", "nobody"],
    ["nowhere", "a"],
  ])("to %s about %s: unknown [Table 10]", (overlay, peer) => {
    expect(new Laboratory().fill({ a: undefined }).core.report(overlay, peer, { dynamic_status: {} })).toBe("unknown");
  });
});

describe("silent peers [E-PAMP-59]", () => {
  test("lists leave a peer out after three missed intervals, to the millisecond, until it reports", () => {
    const lab = new Laboratory().fill({ a: { overlay_event: "STARTED" }, b: { overlay_event: "STARTED" } });
    lab.pass(10);
    lab.core.report("o", "b", { dynamic_status: {} });
    lab.pass(20);
    expect(lab.core.listPeers("o", {})).toEqual(["a", "b"]);
    lab.now++;
    const conditions: PeerQueryCondition[] = [{}, { ordering: "LEFT" }, { overlay_status: "STARTED" }];
    for (const condition of conditions) {
      expect(lab.core.listPeers("o", { ...condition, peer_id: ["a", "b"] })).toEqual(["b"]);
      expect(lab.core.listPeers("o", condition)).toEqual(["b"]);
    }
    expect(lab.core.peerStatus("o", "a")).toEqual({ dynamic_status: { overlay_event: "STARTED" } });
    expect(lab.core.registerPeer("o", "a", {})).toBe("duplicate");
    expect(lab.core.report("o", "a", { dynamic_status: {} })).toBe("taken");
    expect(lab.core.listPeers("o", {})).toEqual(["a", "b"]);
  });

  test("after ten missed intervals a peer is forgotten, swept or not", () => {
    const lab = new Laboratory().fill({ a: { uploaded: "7" } });
    lab.pass(100);
    expect(lab.core.peerStatus("o", "a")).toEqual({ dynamic_status: { uploaded: "7" } });
    lab.now++;
    expect(lab.core.peerStatus("o", "a")).toBe("unknown");
    expect(lab.core.report("o", "a", { dynamic_status: {} })).toBe("unknown");
    expect(lab.core.deregisterPeer("o", "a")).toBe("unknown");
    expect(lab.core.peerCount).toBe(1);
    expect(lab.core.registerPeer("o", "a", {})).toBe("registered");
    expect(lab.core.peerStatus("o", "a")).toEqual({});
    expect(lab.core.peerCount).toBe(1);
    lab.pass(101);
    expect(lab.core.upkeep()).toBe(false);
    expect(lab.core.peerCount).toBe(0);
  });

  test("both numbers of missed intervals can be chosen", () => {
    const policy = { reportInterval: 2, missedUntilSilent: 1, missedUntilForgotten: 2 };
    const lab = new Laboratory({ policy }).fill({ a: undefined });
    lab.pass(2.001);
    expect(lab.core.listPeers("o", {})).toEqual([]);
    expect(lab.core.peerStatus("o", "a")).toEqual({});
    lab.pass(2);
    expect(lab.core.peerStatus("o", "a")).toBe("unknown");
  });

  test("without an interval silence means nothing [E-PAMP-24]", () => {
    const lab = new Laboratory({ policy: { reportInterval: 0 } }).fill({ a: undefined });
    lab.pass(1e9);
    lab.core.upkeep();
    expect(lab.core.listPeers("o", {})).toEqual(["a"]);
  });

  test("upkeep works in steps and gets through any number of peers and overlay networks", () => {
    const lab = new Laboratory();
    for (let o = 0; o < 30; o++) {
      lab.core.registerOverlay(`o${o}`, undefined);
      for (let p = 0; p < (o === 7 ? 1500 : 3); p++) lab.core.registerPeer(`o${o}`, `p${p}`, {});
    }
    lab.pass(101);
    expect(lab.core.upkeep()).toBe(true);
    expect(lab.core.peerCount).toBeGreaterThan(0);
    let steps = 1;
    while (lab.core.upkeep()) expect(++steps).toBeLessThan(20);
    expect(lab.core.peerCount).toBe(0);
  });
});
