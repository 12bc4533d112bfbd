import { describe, expect, it } from "vitest";
import { Code } from "../core/message.js";
import { childOf, createLonePeer, estab, greeted, type LonePeer, type Played } from "./test/lone-peer.js";

const beats = (link: Played): number => link.codes().filter((code) => code === Code.heartbeat).length;
const paths = (peer: LonePeer): string[] => peer.management.states().map(({ peerId }) => peerId);

/** Lets time go by; the other end answers each HEARTBEAT at once. */
function answering(peer: LonePeer, link: Played, ms: number): void {
  let answered = beats(link);
  for (let gone = 0; gone < ms; gone += 10) {
    peer.run(10);
    for (; answered < beats(link); answered += 1) peer.receive(link, { code: Code.heartbeatAnswer });
  }
}

describe("path status probe [Q.4100 7.2.2.3]", () => {
  it("sends HEARTBEAT as parent and as child, by the overlay's interval at the least", () => {
    const peer = createLonePeer({ estabMs: 0, quietMs: 0 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 2));
    peer.receive(parent, { code: Code.primaryAccepted });
    const child = childOf(peer, "a", 11);
    peer.run(19_000);
    expect(beats(parent)).toBe(3);
    expect(beats(child)).toBe(3);
    peer.receive(child, { code: Code.heartbeat });
    expect(child.codes().at(-1)).toBe(Code.heartbeatAnswer);
  });

  it("takes the silence of a peer that used to answer for loss after silenceMs", () => {
    const peer = createLonePeer();
    const link = childOf(peer, "a", 11);
    answering(peer, link, 5000);
    expect(paths(peer)).toEqual(["a"]);
    peer.run(700);
    expect(paths(peer)).toEqual(["a"]);
    peer.run(550);
    expect(paths(peer)).toEqual([]);
    expect(peer.news.at(-1)).toMatchObject({ kind: "path", change: "down", lost: true });
  });

  it("gives a peer that never answers until the heartbeat-timeout", () => {
    const peer = createLonePeer();
    childOf(peer, "a", 11);
    peer.run(30_900);
    expect(paths(peer)).toEqual(["a"]);
    peer.run(200);
    expect(paths(peer)).toEqual([]);
  });

  it("waits longer where data is queued: what is asked waits behind it", () => {
    const peer = createLonePeer();
    const link = childOf(peer, "a", 11);
    answering(peer, link, 1000);
    link.queued = 1_000_000;
    peer.run(3000);
    expect(paths(peer)).toEqual(["a"]);
    peer.run(800);
    expect(paths(peer)).toEqual([]);
  });

  it("takes no stall of its own for the silence of others", () => {
    const peer = createLonePeer();
    const link = childOf(peer, "a", 11);
    answering(peer, link, 1000);
    peer.stall(60_000);
    expect(paths(peer)).toEqual(["a"]);
    answering(peer, link, 1000);
    expect(paths(peer)).toEqual(["a"]);
    peer.run(1500);
    expect(paths(peer)).toEqual([]);
  });

  it("measures the round trip", () => {
    const peer = createLonePeer();
    const link = childOf(peer, "a", 11);
    peer.run(60);
    const sent = beats(link);
    peer.run(30);
    expect(sent).toBe(1);
    peer.receive(link, { code: Code.heartbeatAnswer });
    expect(peer.management.states()[0]?.rttMs).toBe(40);
  });
});

it("asks the parent now and then for its place, where that says what it is, and passes news on", () => {
  const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
  greeted(peer);
  const parent = peer.accept(estab("p", 2, { peer: { peerId: "p", ticketId: 2, address: "tcp://p" } }));
  peer.receive(parent, { code: Code.primaryAccepted, depth: 3 });
  const child = childOf(peer, "a", 11);
  expect(child.sent.filter(({ code }) => code === Code.primaryAccepted)).toEqual([
    { code: Code.primaryAccepted, parentPeer: { peerId: "p", address: "tcp://p" }, depth: 4 },
  ]);
  peer.receive(child, { code: Code.primary });
  const primaries = parent.codes().filter((code) => code === Code.primary).length;
  answering(peer, parent, 10_100);
  expect(parent.codes().filter((code) => code === Code.primary).length).toBe(primaries + 1);
  peer.receive(parent, { code: Code.primaryAccepted, depth: 1, parentPeer: { peerId: "g", address: "tcp://g" } });
  expect(child.sent.at(-1)).toMatchObject({ code: Code.primaryAccepted, depth: 2 });
  peer.run(200);
  expect(peer.opened.at(-1)?.to.peerId).toBe("g");
});

it("does not look for itself when it is told that it is its own grandparent", () => {
  const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
  greeted(peer);
  const parent = peer.accept(estab("p", 2));
  const before = peer.opened.length;
  peer.receive(parent, { code: Code.primaryAccepted, parentPeer: { peerId: "me", address: "tcp://me" } });
  peer.run(1000);
  expect(peer.opened.slice(before).map(({ to }) => to.peerId)).not.toContain("me");
  expect(paths(peer)).toEqual(["p"]);
});
