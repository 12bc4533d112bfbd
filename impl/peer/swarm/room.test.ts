import { describe, expect, test } from "vitest";
import { createScripted, descriptorsOf, type Scripted } from "./test/scripted.js";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Whoever is linked says now and then that it lives, as a hostile one would. */
function pass(scripted: Scripted, ms: number, links: readonly number[]): void {
  for (let at = 0; at < ms; at += 1_000) {
    scripted.pass(1_000);
    for (const link of links) scripted.receive(link, { type: "keep-alive" });
  }
}

function source(changes: Parameters<typeof createScripted>[0] = {}): Scripted {
  const scripted = createScripted({ role: "source-peer", maxLinks: 8, ...changes });
  for (let index = 0; index < 20; index++) scripted.swarm.produced(descriptorsOf(index, index === 19));
  return scripted;
}

function enter(scripted: Scripted, link: number, peerId: string, address: string): void {
  scripted.swarm.opened(link, { peerId, role: "peer", publicKey: peerId, incoming: true, address });
}

describe("a source peer whose links are all taken", () => {
  test("ends the one that has been of no use for longest, and none that takes", () => {
    const scripted = source();
    const links = upTo(8);
    for (const link of links) {
      scripted.open(link, `idle${link}`, []);
      scripted.pass(10);
    }
    scripted.receive(0, { type: "request", runs: [{ first: 0, count: 1 }] });
    scripted.open(100, "early", []);
    expect(scripted.closed).toEqual([{ link: 100, reason: "too-many-links" }]);
    pass(scripted, 6_000, links);
    for (const link of [101, 102, 103]) scripted.open(link, `late${link}`, []);
    expect(scripted.closed.slice(1).map(({ link }) => link)).toEqual([1, 2, 3]);
    expect(scripted.culprits()).toEqual([]);
  });

  test("lets nobody in for one of whom it is asked something just now", () => {
    const scripted = source({ uploadRate: 1 });
    const links = upTo(8);
    for (const link of links) {
      scripted.open(link, `asker${link}`, []);
      scripted.receive(link, { type: "request", runs: [{ first: link, count: 1 }] });
    }
    scripted.pass(2_000);
    scripted.open(100, "late", []);
    expect(scripted.closed).toEqual([{ link: 100, reason: "too-many-links" }]);
  });

  test("lets one network address give way that has more than its share", () => {
    const scripted = source();
    for (const link of upTo(6)) enter(scripted, link, `many${link}`, `192.0.2.1:${5_000 + link}`);
    enter(scripted, 6, "one", "192.0.2.2:5000");
    enter(scripted, 7, "other", "[2001:db8::1]:5000");
    enter(scripted, 100, "seventh", "192.0.2.1:5007");
    enter(scripted, 101, "new", "192.0.2.3:5000");
    expect(scripted.closed).toEqual([
      { link: 100, reason: "too-many-links" },
      { link: 0, reason: "too-many-links" },
    ]);
  });

  test("does not take the peers of its own machine for one", () => {
    const scripted = source();
    for (const link of upTo(8)) enter(scripted, link, `own${link}`, `127.0.0.1:${5_000 + link}`);
    enter(scripted, 101, "new", "192.0.2.3:5000");
    expect(scripted.closed).toEqual([{ link: 101, reason: "too-many-links" }]);
  });
});

describe("a peer that gets nothing", () => {
  test("opens more links, then gives up those of no use for others", () => {
    const scripted = createScripted({ wantedLinks: 2, maxLinks: 4 });
    const names = upTo(10).map((index) => `peer${index}`);
    scripted.swarm.candidates(names.map((peerId) => ({ peerId, addresses: [] })));
    const linked: number[] = [];
    for (let round = 0; round < 60; round++) {
      for (const { peerId } of scripted.connects.splice(0)) {
        const link = Number(peerId.slice(4));
        linked.push(link);
        // The last one alone has something.
        scripted.open(link, peerId, link === 9 ? [0] : []);
      }
      pass(scripted, 1_000, linked);
      if (linked.includes(9)) break;
    }
    expect(linked).toContain(9);
    expect(scripted.swarm.state.links.length).toBeLessThanOrEqual(4);
  });
});
