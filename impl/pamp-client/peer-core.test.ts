import { describe, expect, test } from "vitest";
import type { PeerOutcome, PeerRequest } from "./peer-core.js";
import { PeerCore } from "./peer-core.js";

const pams = "http://pams.example/pams/";
const granted = (report_interval: number, pams_url = pams): PeerOutcome => ({
  kind: "granted",
  configuration: { pams_url, report_interval },
});
const ok: PeerOutcome = { kind: "granted" };
const refused = (status: number, retryAfterMs?: number): PeerOutcome => ({ kind: "refused", status, retryAfterMs });

function start(): PeerCore {
  return new PeerCore({
    pams,
    profile: { max_up_bw: 1000 },
    backoff: { baseMs: 100, capMs: 1_000 },
    random: { bytes: (length) => new Uint8Array(length).fill(255) },
    minIntervalMs: 100,
  });
}

/** What is due at a time, answered at once. */
function act(core: PeerCore, now: number, outcome: PeerOutcome): PeerRequest | undefined {
  const request = core.due(now);
  if (request) core.settle(request, outcome, now);
  return request;
}

const kinds = (core: PeerCore, until: number, answer: (request: PeerRequest) => PeerOutcome): string[] => {
  const seen: string[] = [];
  for (let now = 0; now <= until; now = Math.max(now + 1, Math.min(core.wakeAt, until + 1))) {
    for (let request = core.due(now); request; request = core.due(now)) {
      seen.push(`${now} ${request.kind}`);
      core.settle(request, answer(request), now);
      if (seen.length > 50) return seen;
    }
  }
  return seen;
};

describe("the peer [X.609.1 8.1.2.2, 8.1.4]", () => {
  test("registers, reports both parts at once, then its activity at each interval", () => {
    const core = start();
    expect(act(core, 0, granted(2))).toEqual({ kind: "register", pams });
    expect(act(core, 0, ok)).toMatchObject({
      kind: "report",
      status: { static_status: { max_up_bw: 1000 }, dynamic_status: { overlay_event: "STARTED" } },
    });
    expect(core.due(1_999)).toBeUndefined();
    expect(core.wakeAt).toBe(2_000);
    const second = act(core, 2_100, ok);
    expect(second).toMatchObject({ kind: "report" });
    expect(second).not.toHaveProperty("status.static_status");
    expect(core.wakeAt).toBe(4_000);
  });

  test("a report that got lost takes nothing with it [9.1.9]", () => {
    const core = start();
    act(core, 0, granted(2));
    act(core, 0, ok);
    core.activity.add({ uploaded: 30, events: [{ fragment_event_type: "UPLOADED", fragment_id: "1" }] });
    core.changeProfile({ max_dn_bw: 5 });
    act(core, 1, { kind: "lost", reason: "ERR_NETWORK" });
    const again = act(core, core.wakeAt, ok);
    expect(again).toMatchObject({
      status: {
        static_status: { max_up_bw: 1000, max_dn_bw: 5 },
        dynamic_status: { uploaded: "30", fragment_event: [{ fragment_id: "1" }] },
      },
    });
    const next = act(core, core.wakeAt, ok);
    expect(next).toMatchObject({ status: { dynamic_status: { uploaded: "0" } } });
    expect(next).not.toHaveProperty("status.dynamic_status.fragment_event");
  });

  test("follows another pams_url [8.2.1]", () => {
    const core = start();
    act(core, 0, granted(2, "http://other.example/pams/"));
    expect(core.due(0)).toMatchObject({ kind: "report", pams: "http://other.example/pams/" });
  });

  test("goes back to the first PAMS where the one it was sent to is gone, and between the two [8.2.1]", () => {
    const core = start();
    const lost: PeerOutcome = { kind: "lost", reason: "ERR_NETWORK" };
    const other = "http://other.example/pams/";
    act(core, 0, granted(2, other));
    act(core, 0, ok);
    core.activity.add({ uploaded: 30 });
    act(core, core.wakeAt, lost);
    expect(core.phase).toBe("registered");
    act(core, core.wakeAt, lost);
    const places = [lost, lost, granted(2)].map((outcome) => act(core, core.wakeAt, outcome));
    expect(places).toMatchObject([
      { kind: "register", pams },
      { kind: "register", pams: other },
      { kind: "register", pams },
    ]);
    expect(act(core, core.wakeAt, ok)).toMatchObject({ pams, status: { dynamic_status: { uploaded: "30" } } });
  });

  test("hands over receipts once, no more in one report than a PAMS takes, the rest at once [8.2.6 step 8]", () => {
    const core = start();
    act(core, 0, granted(10));
    act(core, 0, ok);
    const receipts = Array.from({ length: 250 }, (_, i) => ({
      body: `body${i}`,
      receiver_signature: "r",
      sender_signature: "s",
    }));
    core.activity.add({ receipts });
    core.hurry();
    const told: number[] = [];
    for (const outcome of [refused(503), ok, ok, ok]) {
      const request = act(core, core.wakeAt, outcome);
      told.push(request?.kind === "report" ? (request.status.dynamic_status?.receipts?.length ?? 0) : -1);
    }
    expect(told).toEqual([200, 200, 50, 0]);
  });

  test("409 is followed by a deregistration and a new registration (E-PAMP-64), then by patience", () => {
    expect(kinds(start(), 1_000, ({ kind }) => (kind === "register" ? refused(409) : ok))).toEqual([
      "0 register",
      "0 deregister",
      "0 register",
      "200 register",
      "600 register",
    ]);
  });

  test("404 to a report is followed by a new registration, at once only the first time [9.2.5.2]", () => {
    const seen = kinds(start(), 1_000, ({ kind }) => (kind === "report" ? refused(404) : granted(10)));
    expect(seen.slice(0, 6)).toEqual([
      "0 register",
      "0 report",
      "0 register",
      "0 report",
      "200 register",
      "200 report",
    ]);
    expect(seen.length).toBeLessThan(10);
  });

  test("waits as Retry-After asks", () => {
    const core = start();
    act(core, 0, refused(503, 5_000));
    expect(core.due(4_999)).toBeUndefined();
    expect(core.due(5_000)).toMatchObject({ kind: "register" });
  });

  test("without an interval it reports on events only (E-PAMP-24)", () => {
    const core = start();
    act(core, 0, granted(0));
    act(core, 0, ok);
    expect(core.due(3_600_000)).toBeUndefined();
    core.activity.add({ uploaded: 1 });
    expect(core.due(3_600_001)).toMatchObject({ kind: "report" });
  });

  test("leaves by deregistering, once, and only where it may be registered", () => {
    const registered = start();
    act(registered, 0, granted(1));
    registered.leave();
    expect(act(registered, 1, refused(404))).toMatchObject({ kind: "deregister" });
    expect(registered.phase).toBe("left");
    expect(registered.due(10_000)).toBeUndefined();
    const refusedPeer = start();
    act(refusedPeer, 0, refused(404));
    refusedPeer.leave();
    expect(refusedPeer.phase).toBe("left");
  });
});
