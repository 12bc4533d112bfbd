import { describe, expect, it } from "vitest";
import { Code } from "../core/message.js";
import { childOf, createLonePeer, estab, greeted, hello, type LonePeer, self } from "./test/lone-peer.js";

const asked = (peer: LonePeer): string[] => peer.opened.map(({ to }) => to.peerId);
const kinds = (peer: LonePeer): string[] => peer.management.states().map(({ peerId, kind }) => `${kind} ${peerId}`);

describe("entry peers [Q.4100 7.2.2, facts b.5]", () => {
  it("are asked best first; a silent one costs a moment, then the next is asked as well", () => {
    const peer = createLonePeer({}, {}, ["a", "b", "me"]);
    expect(asked(peer)).toEqual(["a"]);
    expect(peer.opened[0]?.link.sent).toEqual([{ ...hello("me", 10), peer: self }]);
    peer.run(700);
    expect(asked(peer)).toEqual(["a"]);
    peer.run(100);
    expect(asked(peer)).toEqual(["a", "b"]);
    peer.run(2300);
    expect(peer.opened[0]?.link.closed).toBe(true);
    expect(peer.news).toContainEqual({
      kind: "entry-failed",
      peerId: "a",
      reason: "no answer to HELLO in time",
    });
  });

  it.each([
    ["closes", (peer: LonePeer) => peer.opened[0] && peer.close(peer.opened[0].link)],
    [
      "releases",
      (peer: LonePeer) => peer.opened[0] && peer.receive(peer.opened[0].link, { code: Code.release, ack: false }),
    ],
  ])("one that %s the connection costs nothing", (_, act) => {
    const peer = createLonePeer({}, {}, ["a", "b"]);
    act(peer);
    expect(asked(peer)).toEqual(["a", "b"]);
  });

  it("lead to the HOMS when there are no more, with growing pauses; the peer is root meanwhile", () => {
    const peer = createLonePeer({}, {}, ["a"]);
    if (peer.opened[0]) peer.close(peer.opened[0].link);
    expect(peer.news).toContainEqual({ kind: "root" });
    const times: number[] = [];
    for (let gone = 0; gone < 60_000; gone += 50) {
      const before = peer.recovers;
      peer.run(50);
      if (peer.recovers > before) times.push(peer.now);
    }
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(4);
    expect(Math.max(...pauses)).toBeLessThan(10_000 + 3100);
    expect(pauses.at(-1)).toBeGreaterThan(3 * (pauses[0] ?? 0) - 6200);
    expect(peer.news.filter(({ kind }) => kind === "root")).toHaveLength(1);
  });

  it("told later make a root a child", () => {
    const peer = createLonePeer({ estabMs: 0 });
    expect(peer.news).toEqual([{ kind: "root" }]);
    peer.management.contacts([{ peerId: "a", address: "tcp://a" }]);
    peer.run(0);
    childOf(peer, "child", 12);
    greetedBy(peer, "a");
    const link = peer.accept(estab("a", 2));
    peer.receive(link, { code: Code.primaryAccepted });
    expect(kinds(peer).sort()).toEqual(["child child", "parent a"]);
  });
});

function greetedBy(peer: LonePeer, peerId: string): void {
  const link = peer.opened.find(({ to }) => to.peerId === peerId)?.link;
  if (link === undefined) throw new Error(`no HELLO to ${peerId}`);
  peer.receive(link, { code: Code.helloAccepted });
}

describe("the choice of a parent", () => {
  it("falls on who has room and is near the root, among the offers of estabMs", () => {
    const peer = createLonePeer({ estabMs: 200 }, {}, ["e"]);
    greeted(peer);
    const deep = peer.accept(estab("deep", 3, { depth: 4 }));
    const shallow = peer.accept(estab("shallow", 5, { depth: 1 }));
    const full = peer.accept(estab("full", 1, { depth: 0, allowPrimaryRequest: false }));
    peer.run(150);
    expect([deep, shallow, full].map((link) => link.codes())).toEqual(
      Array(3).fill([Code.estabAccepted, Code.heartbeat]),
    );
    peer.run(100);
    expect([deep, shallow, full].map((link) => link.codes().includes(Code.primary))).toEqual([false, true, false]);
    peer.receive(shallow, { code: Code.primaryRefused });
    expect(deep.codes()).toContain(Code.primary);
    peer.receive(deep, { code: Code.primaryRefused });
    expect(full.codes()).toContain(Code.primary);
  });

  it("falls on the nearest where PROBE measures it", () => {
    const peer = createLonePeer({ estabMs: 200, probeMs: 300 }, {}, ["e"]);
    greeted(peer);
    const far = peer.accept(estab("far", 3));
    const near = peer.accept(estab("near", 5));
    const mute = peer.accept(estab("mute", 4));
    peer.run(210);
    const probe = far.sent.find(({ code }) => code === Code.probe);
    if (probe?.code !== Code.probe) throw new Error("no PROBE");
    expect(probe.time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    const answer = { code: Code.probeAnswer, time: probe.time } as const;
    peer.run(10);
    peer.receive(near, answer);
    peer.run(100);
    peer.receive(far, answer);
    expect([far, near, mute].some((link) => link.codes().includes(Code.primary))).toBe(false);
    peer.run(300);
    expect([far, near, mute].map((link) => link.codes().includes(Code.primary))).toEqual([false, true, false]);
  });

  it("keeps the others as candidates up to the target, tells them so, and releases the rest", () => {
    const peer = createLonePeer({ estabMs: 200, outgoingCandidates: 2 }, {}, ["e"]);
    greeted(peer);
    const [parent, ...others] = [1, 2, 3, 4, 5].map((depth) => peer.accept(estab(`d${depth}`, depth, { depth })));
    peer.run(250);
    if (parent !== undefined) peer.receive(parent, { code: Code.primaryAccepted });
    expect(kinds(peer)).toEqual(["parent d1", "outgoing-candidate d2", "outgoing-candidate d3"]);
    expect(others.map((link) => link.codes().at(-1))).toEqual([
      Code.candidate,
      Code.candidate,
      Code.release,
      Code.release,
    ]);
  });
});

describe("a membership", () => {
  const again = (peer: LonePeer, ticketId: number): void =>
    peer.management.start(
      {
        overlayId: "overlay",
        type: "core",
        subType: "tree",
        sourcePeer: undefined,
        self: { ...self, ticketId },
        heartbeatIntervalMs: 10_000,
        heartbeatTimeoutMs: 31_000,
        recoveryBy: undefined,
        cacheMessages: 0,
        cacheMs: 0,
      },
      [],
    );

  it("that begins again with the same ticket keeps its paths; with another one it has none, and says so", () => {
    const peer = createLonePeer();
    const child = childOf(peer, "a", 11);
    again(peer, 10);
    expect(kinds(peer)).toEqual(["child a"]);
    again(peer, 30);
    expect(kinds(peer)).toEqual([]);
    expect(child.codes().at(-1)).toBe(Code.release);
    expect(child.closed).toBe(true);
    expect(peer.data).toEqual(["up a", "down a"]);
    expect(peer.accept(hello("b", 20)).codes()).toEqual([Code.release]);
  });

  it("that ends says RELEASE on every path, and answers nobody any more", () => {
    const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 2));
    peer.receive(parent, { code: Code.primaryAccepted });
    const links = [parent, peer.accept(estab("c", 3)), childOf(peer, "a", 11)];
    const waiting = peer.accept(hello("b", 12));
    peer.management.leave();
    for (const link of links) expect([link.codes().at(-1), link.closed]).toEqual([Code.release, true]);
    expect(waiting.closed).toBe(true);
    const before = peer.opened.length;
    peer.run(10_000);
    expect(peer.opened).toHaveLength(before);
    expect(peer.accept(hello("z", 20)).closed).toBe(true);
  });
});
