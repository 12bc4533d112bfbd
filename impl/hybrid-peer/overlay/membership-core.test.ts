import { describe, expect, test } from "vitest";
import { defaultBackoff } from "../../net/backoff.js";
import type { Outcome } from "./homs-interface.js";
import { createMembershipCore } from "./membership-core.js";
import {
  defaultMembershipSettings,
  type MembershipEffect,
  type MembershipEvent,
  type MembershipRequest,
} from "./membership-types.js";

const identity = {
  overlay: { overlayId: "o1", type: "core", subType: "tree" },
  peerId: "p1",
  address: "tcp://192.0.2.1:9000",
  password: "Secret1",
  accessKey: undefined,
  expires: undefined,
} as const;
/** Always in the middle: a refresh is due at half of the lifetime exactly, a pause is three quarters of its bound. */
const random = { bytes: (length: number) => new Uint8Array(length).fill(128).fill(0, 1) };

const done = (overlay: object = {}, peer?: object): Outcome => ({ kind: "done", status: 200, body: { overlay, peer } });
const refused = (status: number): Outcome => ({ kind: "refused", status, reason: String(status) });
const unavailable = (more: { retryAfterMs?: number; uncertain?: boolean } = {}): Outcome => ({
  kind: "unavailable",
  status: 503,
  reason: "503",
  retryAfterMs: undefined,
  uncertain: false,
  ...more,
});

/** A membership and a clock that jumps from deadline to deadline. */
function start(settings: object = {}) {
  const core = createMembershipCore({
    identity: { ...identity, ...settings },
    settings: { ...defaultMembershipSettings, backoff: defaultBackoff },
    random,
  });
  let now = 1_000_000;
  let sent: MembershipRequest | undefined;
  const news: string[] = [];
  const take = (effects: readonly MembershipEffect[]) => {
    sent = undefined;
    for (const effect of effects) {
      if (effect.kind === "send") sent = effect.request;
      if (effect.kind === "news") news.push(effect.news.kind);
    }
    return sent;
  };
  const give = (event: MembershipEvent) => take(core.step(event, now));
  return {
    core,
    news,
    give,
    answer: (outcome: Outcome, afterMs = 0) => {
      now += afterMs;
      return give({ type: "answer", outcome });
    },
    /** Lets the time pass until something is due. @returns the ms that it took, and what is sent */
    wait() {
      const from = now;
      now = Math.max(now, core.nextTimer());
      return { ms: now - from, request: take(core.step({ type: "timer" }, now)) };
    },
    member(expires: number, ticket?: string | number) {
      give({ type: "join" });
      return this.answer(done({ expires, ...(ticket !== undefined && { "ticket-id": ticket }) }));
    },
  };
}

const paths = (primary: string[], outgoing: string[] = []) => ({ primary, outgoing, incoming: [] });

describe("refresh [6.2.7]", () => {
  test("is due at half of the granted lifetime, counted from the request", () => {
    const peer = start();
    expect(peer.give({ type: "join" })).toMatchObject({ kind: "join", body: { overlay: { "overlay-id": "o1" } } });
    peer.answer(done({ expires: 100 }), 4_000);
    expect(peer.wait()).toMatchObject({ ms: 46_000, request: { kind: "refresh" } });
    peer.answer(done({ expires: 10 }));
    expect(peer.wait()).toMatchObject({ ms: 5_000, request: { kind: "refresh" } });
  });

  test.each([
    ["a lifetime of the peer object before that of overlay", { overlay: { expires: 8 }, peer: { expires: 4 } }, 2_000],
    ["decimal text", { overlay: { expires: "6" } }, 3_000],
    ["none: the assumed one", { overlay: {} }, 30_000],
    ["zero: the assumed one", { overlay: { expires: 0 } }, 30_000],
    ["a moment in Unix time", { overlay: { expires: 1_000_000_000 + 1_000 } }, 600_000],
    ["a very long one: not later than every 600 s", { overlay: { expires: 86_400 } }, 600_000],
    ["no overlay at all", {}, 30_000],
  ])("reads %s", (_, body, ms) => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer({ kind: "done", status: 200, body });
    expect(peer.wait().ms).toBe(ms);
  });

  test("is repeated in time for the lifetime, and the pauses grow", () => {
    const peer = start();
    peer.member(60);
    peer.wait();
    const pauses = [];
    for (let n = 0; n < 4; n++) {
      peer.answer(unavailable());
      const { ms, request } = peer.wait();
      expect(request?.kind).toBe("refresh");
      pauses.push(ms);
    }
    expect(pauses).toEqual([375, 750, 1_500, 3_000]);
  });

  test("follows Retry-After beyond the lifetime, then joins", () => {
    const peer = start();
    peer.member(4);
    peer.wait();
    peer.answer(unavailable({ retryAfterMs: 7_000 }));
    const { ms, request } = peer.wait();
    expect(ms).toBe(7_000);
    expect(request?.kind).toBe("join");
    expect(peer.news).toEqual(["joined", "unavailable", "lost"]);
  });

  test.each([400, 403, 404, 410])(
    "a refusal with %i means no member any more: joins at once, as a newcomer",
    (status) => {
      const peer = start();
      peer.member(60, "7");
      peer.wait();
      const request = peer.answer(refused(status));
      expect(request?.kind).toBe("join");
      expect(request?.body.overlay).not.toHaveProperty("ticket-id");
      peer.answer(done({ expires: 60 }));
      expect(peer.core.phase).toBe("joined");
    },
  );

  test("a member whose overlay is gone ends", () => {
    const peer = start();
    peer.member(60);
    peer.wait();
    peer.answer(refused(404));
    expect(peer.answer(refused(404))).toBeUndefined();
    expect(peer.core.phase).toBe("gone");
    expect(peer.core.nextTimer()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("join [6.2.5]", () => {
  test("carries no recovery, no ticket and no auth at first", () => {
    expect(start().give({ type: "join" })?.body.overlay).toEqual({
      "overlay-id": "o1",
      type: "core",
      "sub-type": "tree",
    });
  });

  test("carries the access key of a closed overlay, never more", () => {
    const overlay = start({ accessKey: "k", expires: 30 }).give({ type: "join" })?.body.overlay;
    expect(overlay).toMatchObject({ expires: 30, auth: { type: "closed", access_key: "k" } });
  });

  test("is over when it is refused", () => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer(refused(403));
    expect(peer.core.phase).toBe("refused");
    expect(peer.news).toEqual(["refused"]);
  });

  test("an answer that got lost: 409, so it leaves and joins", () => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer(unavailable({ uncertain: true }));
    expect(peer.wait().request?.kind).toBe("join");
    expect(peer.answer(refused(409))?.kind).toBe("leave");
    expect(peer.answer(done())?.kind).toBe("join");
    peer.answer(done({ expires: 60 }));
    expect(peer.core.phase).toBe("joined");
  });

  test("a registration that cannot be left is waited for, ever more slowly", () => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer(refused(409));
    peer.answer(refused(403));
    const pauses = [1, 2, 3].map(() => {
      peer.answer(refused(409));
      return peer.wait().ms;
    });
    expect(pauses).toEqual([375, 750, 1_500]);
  });
});

describe("recovery [6.2.5, 6.2.8]", () => {
  test.each([
    ["text in overlay", { "ticket-id": "7" }, undefined, "7"],
    ["a number in peer", {}, { "ticket-id": 12 }, "12"],
    ["none", {}, undefined, undefined],
  ])("shows the ticket that was issued: %s", (_, overlay, peerObject, ticket) => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer(done({ expires: 60, ...overlay }, peerObject));
    const request = peer.give({ type: "recover" });
    expect(request).toMatchObject({ kind: "join", body: { overlay: { recovery: true } } });
    const asked = request?.kind === "join" ? request.body.overlay : undefined;
    expect(asked?.["ticket-id"]).toBe(ticket);
    expect(Object.keys(asked ?? {}).includes("ticket-id")).toBe(ticket !== undefined);
    peer.answer(done({ expires: 60 }));
    expect(peer.core.ticketId).toBe(ticket);
  });

  test("follows the loss of the last primary path when there is no candidate, after the report", () => {
    const peer = start();
    peer.member(60, "7");
    expect(peer.give({ type: "paths", paths: paths(["p2"]) })?.kind).toBe("report");
    peer.answer(done());
    expect(peer.give({ type: "paths", paths: paths([]) })).toMatchObject({ body: { overlay: { recovery: true } } });
    expect(peer.answer(done({ expires: 60 }))).toMatchObject({ kind: "report", body: { status: { num_primary: 0 } } });
  });

  test("does not follow where a candidate can take the place", () => {
    const peer = start();
    peer.member(60, "7");
    peer.give({ type: "paths", paths: paths(["p2"], ["p3"]) });
    peer.answer(done());
    expect(peer.give({ type: "paths", paths: paths([], ["p3"]) })?.kind).toBe("report");
  });

  test("refused: joins as a newcomer", () => {
    const peer = start();
    peer.member(60, "7");
    peer.give({ type: "recover" });
    const request = peer.answer(refused(403));
    expect(request?.kind).toBe("join");
    expect(request?.body.overlay).not.toHaveProperty("recovery");
  });
});

describe("report [6.2.6, 7.2.2]", () => {
  test("is sent for each change, not for what the HOMS knows", () => {
    const peer = start();
    peer.member(60);
    expect(peer.give({ type: "paths", paths: paths(["p2"], ["p3"]) })?.body).toMatchObject({
      status: { num_primary: 1, num_out_candidate: 1, num_in_candidate: 0, costmap: { primary: ["p2"] } },
    });
    expect(peer.answer(done())).toBeUndefined();
    expect(peer.give({ type: "paths", paths: paths(["p2"], ["p3"]) })).toBeUndefined();
  });

  test("changes during a report are sent after it, the latest only", () => {
    const peer = start();
    peer.member(60);
    peer.give({ type: "paths", paths: paths(["p2"]) });
    peer.give({ type: "paths", paths: paths(["p3"]) });
    peer.give({ type: "paths", paths: paths(["p4"]) });
    expect(peer.answer(done())).toMatchObject({ body: { status: { costmap: { primary: ["p4"] } } } });
  });

  test("one that is refused for its content is not repeated; 404 is the end of the membership", () => {
    const peer = start();
    peer.member(60);
    peer.give({ type: "paths", paths: paths(["p2"]) });
    expect(peer.answer(refused(400))).toBeUndefined();
    peer.give({ type: "paths", paths: paths(["p3"]) });
    expect(peer.answer(refused(404))?.kind).toBe("join");
    expect(peer.answer(done({ expires: 60 }))?.kind).toBe("report");
  });

  test("an application is told by refresh and report", () => {
    const peer = start();
    peer.member(60);
    const refresh = peer.give({ type: "applications", applications: ["iot"] });
    expect(refresh).toMatchObject({ kind: "refresh", body: { peer: { applications: ["iot"] } } });
    expect(peer.answer(done({ expires: 60 }))).toMatchObject({ kind: "report" });
  });
});

describe("leave [6.2.8]", () => {
  test("waits for the request under way", () => {
    const peer = start();
    peer.give({ type: "join" });
    expect(peer.give({ type: "leave" })).toBeUndefined();
    expect(peer.answer(done({ expires: 60 }))?.kind).toBe("leave");
    peer.answer(done());
    expect(peer.core.phase).toBe("left");
  });

  test("is repeated when the HOMS does not serve it", () => {
    const peer = start();
    peer.member(60);
    peer.give({ type: "leave" });
    peer.answer(unavailable());
    expect(peer.wait().request?.kind).toBe("leave");
  });

  test("nothing is sent by who is no member; who may be one leaves", () => {
    const peer = start();
    peer.give({ type: "join" });
    peer.answer(unavailable());
    expect(peer.give({ type: "leave" })).toBeUndefined();
    expect(peer.core.phase).toBe("left");
    const doubtful = start();
    doubtful.give({ type: "join" });
    doubtful.answer(unavailable({ uncertain: true }));
    expect(doubtful.give({ type: "leave" })?.kind).toBe("leave");
  });
});
