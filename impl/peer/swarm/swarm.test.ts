import { describe, expect, test } from "vitest";
import { createScripted, descriptorsOf, fragmentOf, octetsOf, runsOf, type Scripted, size } from "./test/scripted.js";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function give(scripted: Scripted, link: number, index: number, total: number): void {
  scripted.receive(link, descriptorsOf(index, index === total - 1));
  scripted.receive(link, fragmentOf(index));
}

/** Answers every request on these links until nothing more is asked for. */
function serve(scripted: Scripted, links: readonly number[], total: number): void {
  for (let round = 0; round < 100; round++) {
    const asked = links.flatMap((link) => scripted.requested(link).map((index) => ({ link, index })));
    for (const { link, index } of asked) give(scripted, link, index, total);
    if (asked.length === 0) return;
    scripted.pass(20);
  }
}

describe("a file", () => {
  test("comes whole from several at once, each fragment asked of one of them", () => {
    const scripted = createScripted();
    for (const link of [1, 2, 3]) scripted.open(link, `peer${link}`, upTo(40));
    const first = [1, 2, 3].map((link) => scripted.requested(link));
    expect(first.every((own) => own.length > 0)).toBe(true);
    expect(new Set(first.flat()).size).toBe(first.flat().length);
    for (const [at, own] of first.entries()) for (const index of own) give(scripted, at + 1, index, 40);
    serve(scripted, [1, 2, 3], 40);
    expect(scripted.swarm.state).toMatchObject({
      held: [{ first: 0, count: 40 }],
      total: 40,
      complete: true,
      downloaded: 40 * size,
    });
    expect(scripted.news.filter(({ kind }) => kind === "complete")).toHaveLength(1);
    expect(scripted.confirmed.reduce((sum, { octets }) => sum + octets, 0)).toBeGreaterThan(30 * size);
    expect(scripted.culprits()).toEqual([]);
  });

  test("is asked for rarest first", () => {
    // Two links hold all but fragment 7 and 8; the third, which holds everything, is asked for these.
    const third = createScripted({ downloadRate: 1 });
    const common = upTo(20).filter((index) => index !== 7 && index !== 8);
    third.open(1, "a");
    third.open(2, "b");
    for (const link of [1, 2]) third.receive(link, { type: "refuse", reason: "unwilling", runs: [] });
    third.receive(1, { type: "have", runs: runsOf(common) });
    third.receive(2, { type: "have", runs: runsOf(common) });
    third.open(3, "c", upTo(20));
    third.swarm.limit(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(third.requested(3).slice(0, 2).sort()).toEqual([7, 8]);
  });

  test("is announced as it comes", () => {
    const scripted = createScripted();
    scripted.open(1, "giver", upTo(2));
    scripted.open(2, "other", []);
    serve(scripted, [1], 2);
    scripted.pass(100);
    const haves = scripted.take(2).filter(({ type }) => type === "have");
    expect(haves.length).toBeGreaterThan(0);
  });

  test("goes on from what an earlier run held", () => {
    const scripted = createScripted();
    scripted.swarm.restore(
      upTo(3).map((index) => descriptorsOf(index, index === 2)),
      [{ first: 0, count: 2 }],
    );
    scripted.open(1, "giver", upTo(3));
    expect(scripted.take(1)[0]).toEqual({ type: "buffermap", first: 0, bits: Uint8Array.of(0b1100_0000) });
    scripted.swarm.limit(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    give(scripted, 1, 2, 3);
    expect(scripted.swarm.state.complete).toBe(true);
  });

  test("is asked of others where a link breaks, refuses or keeps silent", () => {
    for (const [name, fail] of [
      ["breaks", (scripted: Scripted) => scripted.swarm.closed(1, "reset")],
      [
        "refuses",
        (scripted: Scripted) => scripted.receive(1, { type: "refuse", reason: "busy", runs: [{ first: 0, count: 4 }] }),
      ],
      ["silent", (scripted: Scripted) => scripted.pass(9_000)],
    ] as const) {
      const scripted = createScripted();
      scripted.open(1, "first", upTo(4));
      scripted.open(2, "second", []);
      scripted.receive(2, { type: "have", runs: [{ first: 0, count: 4 }] });
      const before = new Set(scripted.requested(1));
      for (const index of scripted.requested(2)) give(scripted, 2, index, 4);
      fail(scripted);
      scripted.pass(100);
      const moved = scripted.requested(2);
      expect({ name, moved: moved.some((index) => before.has(index)) }).toEqual({ name, moved: true });
    }
  });

  test("takes a fragment that comes although it was cancelled, and twice where it was asked for twice", () => {
    const scripted = createScripted();
    scripted.open(1, "late", [0]);
    scripted.pass(9_000);
    expect(scripted.take(1).map(({ type }) => type)).toContain("cancel");
    scripted.pass(3_000);
    give(scripted, 1, 0, 1);
    expect(scripted.swarm.state.complete).toBe(true);
    scripted.receive(1, fragmentOf(0));
    expect(scripted.culprits()).toEqual([]);
    scripted.receive(1, fragmentOf(0));
    scripted.receive(1, fragmentOf(0));
    expect(scripted.culprits()).toEqual(["late: repeated-fragment"]);
  });

  test("keeps requests within the download limit", () => {
    const scripted = createScripted({ downloadRate: 10 * size });
    scripted.open(1, "fast", upTo(200));
    let asked = scripted.requested(1).length;
    for (let second = 0; second < 10; second++) {
      for (let step = 0; step < 10; step++) {
        scripted.pass(100);
        const own = scripted.requested(1);
        asked += own.length;
        for (const index of own) give(scripted, 1, index, 200);
      }
    }
    expect(asked).toBeLessThanOrEqual(10 * 10 + 10);
  });
});

describe("who is asked", () => {
  const source = (changes = {}): Scripted => {
    const scripted = createScripted({ role: "source-peer", ...changes });
    for (const index of upTo(10)) scripted.swarm.produced(descriptorsOf(index, index === 9));
    return scripted;
  };

  test("a source peer never asks [X.609.10 7.2.1]", () => {
    const scripted = createScripted({ role: "source-peer" });
    scripted.open(1, "peer", upTo(10));
    scripted.pass(30_000);
    expect(scripted.sent.some(({ message }) => message.type === "request")).toBe(false);
  });

  test("sends what is asked for and no more, its description first", () => {
    const scripted = source({ partSize: 600 });
    scripted.open(1, "peer", []);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 3, count: 1 }] });
    scripted.pass(1_000);
    expect(scripted.take(1)).toEqual([
      descriptorsOf(3, false),
      { type: "fragment", index: 3, offset: 0, size, payload: octetsOf(3, 600) },
      { type: "fragment", index: 3, offset: 600, size, payload: octetsOf(3, 400) },
    ]);
    expect(scripted.swarm.state.uploaded).toBe(size);
  });

  test("sends no fragment twice while one is asked for that was never sent", () => {
    const scripted = source({ uploadRate: 0 });
    scripted.open(1, "a", []);
    scripted.open(2, "b", []);
    scripted.open(3, "c", []);
    // Takes the burst that an idle limit allows.
    scripted.receive(3, { type: "request", runs: [{ first: 0, count: 9 }] });
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 1 }] });
    scripted.receive(2, {
      type: "request",
      runs: [{ first: 9, count: 1 }],
    });
    scripted.sent.length = 0;
    scripted.swarm.limit(Number.POSITIVE_INFINITY, 0);
    const order = scripted.sent.flatMap(({ message }) => (message.type === "fragment" ? [message.index] : []));
    expect(order).toEqual([9, 0]);
  });

  test("does not send what was cancelled, and refuses in time what it cannot send", () => {
    const scripted = source({ uploadRate: 0 });
    scripted.open(3, "c", []);
    scripted.receive(3, { type: "request", runs: [{ first: 0, count: 9 }] });
    scripted.open(1, "a", []);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 1 }] });
    scripted.receive(1, { type: "cancel", runs: [{ first: 0, count: 1 }] });
    scripted.receive(1, { type: "request", runs: [{ first: 5, count: 1 }] });
    scripted.pass(5_000);
    expect(scripted.take(1)).toEqual([{ type: "refuse", reason: "busy", runs: [{ first: 5, count: 1 }] }]);
  });

  test("says that it does not hold what it cannot read any more", () => {
    const scripted = source();
    scripted.unreadable.add(4);
    scripted.open(1, "a", []);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 4, count: 1 }] });
    expect(scripted.take(1).map(({ type }) => type)).toEqual(["refuse", "buffermap"]);
    expect(scripted.swarm.state.held).toEqual([
      { first: 0, count: 4 },
      { first: 5, count: 5 },
    ]);
  });
});

describe("links", () => {
  test("are opened to candidates as they are listed, not to oneself, and again after a pause", () => {
    const scripted = createScripted({ wantedLinks: 2 });
    const contacts = ["me", "a", "b", "c"].map((peerId) => ({ peerId, addresses: [`tcp://${peerId}`] }));
    scripted.swarm.candidates(contacts);
    expect(scripted.connects.map(({ peerId }) => peerId)).toEqual(["a", "b"]);
    scripted.swarm.connectFailed(contacts[1] as (typeof contacts)[number], "refused");
    expect(scripted.connects.map(({ peerId }) => peerId)).toEqual(["a", "b", "c"]);
    scripted.swarm.connectFailed(contacts[2] as (typeof contacts)[number], "refused");
    expect(scripted.news).toContainEqual({ kind: "starving" });
    scripted.pass(2_600);
    expect(
      scripted.connects
        .slice(3)
        .map(({ peerId }) => peerId)
        .sort(),
    ).toEqual(["a"]);
  });

  test("are no more than the limit, and one per peer: the one that the smaller identifier opened", () => {
    const scripted = createScripted({ maxLinks: 2 });
    scripted.open(1, "zoe", []);
    scripted.swarm.opened(2, { peerId: "zoe", role: "peer", publicKey: "", incoming: true, address: "" });
    expect(scripted.closed).toEqual([{ link: 2, reason: "same-peer" }]);
    scripted.open(3, "amy", []);
    scripted.swarm.opened(4, { peerId: "amy", role: "peer", publicKey: "", incoming: true, address: "" });
    expect(scripted.closed.at(-1)).toEqual({ link: 3, reason: "same-peer" });
    scripted.open(5, "eve", []);
    expect(scripted.closed.at(-1)).toEqual({ link: 5, reason: "too-many-links" });
  });

  test("say that they live, and are given up when the other end is silent", () => {
    const scripted = createScripted();
    scripted.open(1, "quiet", []);
    scripted.take(1);
    scripted.pass(11_500);
    expect(scripted.take(1)).toEqual([{ type: "keep-alive" }]);
    scripted.pass(10_000);
    expect(scripted.closed).toEqual([{ link: 1, reason: "silent" }]);
  });

  test("end with a farewell", () => {
    const scripted = createScripted();
    scripted.open(1, "a", [0]);
    scripted.swarm.stop();
    expect(scripted.closed).toEqual([{ link: 1, reason: "leaving" }]);
    scripted.open(2, "b", [0]);
    expect(scripted.closed.at(-1)).toEqual({ link: 2, reason: "leaving" });
  });
});

describe("a stream", () => {
  test("is announced at once, and its last fragment ends it", () => {
    const scripted = createScripted({ contentType: "STREAM" });
    scripted.open(1, "source", [], "source-peer");
    scripted.open(2, "other", []);
    for (const index of upTo(5)) {
      scripted.receive(1, { type: "have", runs: [{ first: index, count: 1 }] });
      expect(scripted.requested(1)).toEqual([index]);
      scripted.receive(1, descriptorsOf(index, index === 4, 1_000));
      scripted.receive(1, fragmentOf(index));
      expect(scripted.take(2).at(-1)).toEqual({ type: "have", runs: [{ first: index, count: 1 }] });
    }
    expect(scripted.swarm.state).toMatchObject({ complete: true, total: 5 });
  });

  test("goes on without what came too late, and says so", () => {
    const scripted = createScripted({ contentType: "STREAM" });
    scripted.open(1, "source", [0], "source-peer");
    scripted.receive(1, descriptorsOf(0, false, 0));
    scripted.receive(1, fragmentOf(0));
    scripted.receive(1, { type: "have", runs: [{ first: 1, count: 2 }] });
    scripted.receive(1, descriptorsOf(2, true, 10));
    scripted.receive(1, fragmentOf(2));
    scripted.pass(2_500);
    expect(scripted.news.filter(({ kind }) => kind === "missed")).toEqual([{ kind: "missed", index: 1 }]);
    expect(scripted.swarm.state.complete).toBe(true);
    expect(scripted.culprits()).toEqual([]);
  });

  test("keeps a window, and refuses what lies behind it without blame", () => {
    const scripted = createScripted({ contentType: "STREAM", role: "source-peer", window: 16 });
    scripted.open(1, "peer", []);
    for (const index of upTo(100)) scripted.swarm.produced(descriptorsOf(index, false, index));
    expect(scripted.swarm.state.held).toEqual([{ first: 84, count: 16 }]);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 20 }] });
    expect(scripted.take(1)).toEqual([{ type: "refuse", reason: "not-held", runs: [{ first: 0, count: 20 }] }]);
    expect(scripted.culprits()).toEqual([]);
  });
});
