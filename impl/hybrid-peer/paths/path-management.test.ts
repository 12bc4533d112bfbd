import { describe, expect, it } from "vitest";
import { contact, createMiniNetwork, type MiniNetwork, type MiniNode } from "./test/mini-network.js";

const living = (network: MiniNetwork): MiniNode[] => [...network.nodes.values()].filter(({ alive }) => alive);

/** What is wrong with the tree: tickets out of order, ends that do not agree, more than one root. */
function faultsOf(network: MiniNetwork): string[] {
  const faults: string[] = [];
  const roots = living(network).filter(({ parent }) => parent === undefined);
  if (roots.length !== 1) faults.push(`roots: ${roots.map(({ peerId }) => peerId).join(" ")}`);
  for (const node of living(network)) {
    const parent = node.parent === undefined ? undefined : network.nodes.get(node.parent);
    if (parent !== undefined && parent.ticketId >= node.ticketId) faults.push(`${node.peerId} under ${parent.peerId}`);
    if (parent !== undefined && !parent.kinds("child").includes(node.peerId))
      faults.push(`${parent.peerId} does not know its child ${node.peerId}`);
    for (const child of node.kinds("child"))
      if (network.nodes.get(child)?.parent !== node.peerId) faults.push(`${child} is no child of ${node.peerId}`);
  }
  return faults;
}

/** As the HOMS does it: the nearest older ones first, dead or alive. */
const older =
  (network: () => MiniNetwork, count = 3) =>
  (node: MiniNode): string[] =>
    [...network().nodes.values()]
      .filter(({ ticketId }) => ticketId < node.ticketId)
      .sort((a, b) => b.ticketId - a.ticketId)
      .slice(0, count)
      .map(({ peerId }) => peerId);

function tree(size: number, seed: number, maxPrimary = 4): MiniNetwork {
  const network: MiniNetwork = createMiniNetwork(seed, {
    settings: { maxPrimary },
    recover: older(() => network),
  });
  for (let ticket = 1; ticket <= size; ticket += 1) {
    const node = network.add(`p${ticket}`, ticket);
    node.start(older(() => network)(node).reverse());
    network.run(300);
  }
  network.run(3000);
  return network;
}

describe("join [Q.4100 7.2.2, 8.2]", () => {
  it("makes the first peer the root, and the second its child", () => {
    const network = createMiniNetwork();
    const a = network.add("a", 1, { contacts: ["a"] });
    expect(a.news).toContainEqual({ kind: "root" });
    const b = network.add("b", 2, { contacts: ["a"] });
    network.run(500);
    expect(b.parent).toBe("a");
    expect(a.kinds("child")).toEqual(["b"]);
    expect(a.ups).toContain("up b null");
    expect(b.ups).toContain("up a null");
    expect(a.report).toEqual({ primary: ["b"], outgoing: [], incoming: [] });
    expect(b.news).toContainEqual(expect.objectContaining({ kind: "attached", peerId: "a", by: "entry" }));
  });

  it.each([1, 2, 3])("builds one tree without loops, with candidates (seed %i)", (seed) => {
    const network = tree(20, seed);
    expect(faultsOf(network)).toEqual([]);
    for (const node of living(network)) {
      expect(node.kinds("child").length + (node.parent === undefined ? 0 : 1)).toBeLessThanOrEqual(4);
      expect(node.kinds("outgoing-candidate").length).toBeLessThanOrEqual(3);
      if (node.ticketId > 5) expect(node.kinds("outgoing-candidate").length).toBeGreaterThan(0);
    }
  });
});

describe("recovery [Q.4100 6, 7.2.2.3]", () => {
  it("switches to a candidate when the parent is killed", () => {
    const network = tree(12, 4);
    const victim = living(network).find(({ ticketId, kinds }) => ticketId > 1 && kinds("child").length > 0);
    const orphans = victim?.kinds("child") ?? [];
    network.kill(victim as MiniNode);
    network.run(100);
    for (const orphan of orphans) expect(network.nodes.get(orphan)?.parent).toBeDefined();
    network.run(3000);
    expect(faultsOf(network)).toEqual([]);
  });

  it.each([5, 6, 7])(
    "has one tree again when half of the peers, the root among them, fall silent (seed %i)",
    (seed) => {
      const network = tree(20, seed);
      for (const node of living(network)) if (node.ticketId % 2 === 1) network.kill(node, true);
      network.run(15_000);
      expect(faultsOf(network)).toEqual([]);
    },
  );

  it("tells every path at a leave, and the others act at once", () => {
    const network = tree(12, 8);
    const leaver = living(network).find(({ ticketId, kinds }) => ticketId > 1 && kinds("child").length > 0) as MiniNode;
    leaver.management.leave();
    leaver.alive = false;
    network.run(100);
    for (const node of living(network))
      expect(node.management.states().map(({ peerId }) => peerId)).not.toContain(leaver.peerId);
    network.run(2000);
    expect(faultsOf(network)).toEqual([]);
  });
});

it("draws the tree: one way per leaf [facts b.10]", () => {
  const network = tree(12, 9);
  const [root] = living(network);
  const cseq = (root as MiniNode).management.scan();
  network.run(4000);
  const ways = (root as MiniNode).news.flatMap((news) =>
    news.kind === "scan" && news.cseq === cseq ? [news.path] : [],
  );
  const leaves = living(network).filter(({ kinds }) => kinds("child").length === 0);
  expect(ways.map((way) => way.at(-1)?.peerId).sort()).toEqual(leaves.map(({ peerId }) => peerId).sort());
  for (const way of ways)
    way.forEach(({ peerId }, index) => {
      expect(network.nodes.get(peerId)?.parent).toBe(index === 0 ? "p1" : way[index - 1]?.peerId);
    });
  expect((root as MiniNode).news).toContainEqual({ kind: "scan-ended", cseq });
});

it("connects a mesh by candidate paths alone", () => {
  const network: MiniNetwork = createMiniNetwork(10, {
    membership: { type: "sub", subType: "mesh" },
    recover: () => [...network.nodes.keys()],
  });
  for (let ticket = 1; ticket <= 15; ticket += 1) {
    network.add(`p${ticket}`, ticket, { contacts: [...network.nodes.keys()].slice(-5) });
    network.run(200);
  }
  network.run(10_000);
  const reached = new Set(["p1"]);
  for (const peerId of reached)
    for (const path of network.nodes.get(peerId)?.management.states() ?? []) {
      expect(path.kind).toMatch(/candidate/);
      expect(
        network.nodes
          .get(path.peerId)
          ?.management.states()
          .map((back) => back.peerId),
      ).toContain(peerId);
      reached.add(path.peerId);
    }
  expect(reached.size).toBe(15);
  expect(contact("p1").peerId).toBe("p1");
});
