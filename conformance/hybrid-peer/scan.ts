import { isJson, type Json } from "../engine/r2-frame.js";
import { message, R2, type R2Answer, type R2Message } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import { budget, defineCase } from "./case.js";

/** SCAN_TREE of a stand-in. */
function scan(overlayId: string, peer: R2Peer, cseq: number): R2Message {
  return {
    code: R2.scan,
    params: {
      cseq,
      overlay: { "overlay-id": overlayId, via: [[peer.id, peer.address]], path: null },
      peer: { "peer-id": peer.id, address: peer.address, "ticket-id": peer.ticket },
    },
  };
}

/** Identifiers in a list of lists. */
function ids(answer: R2Answer, name: "via" | "path"): unknown[] {
  const overlay = answer.get("overlay");
  const list = isJson(overlay) ? overlay[name] : undefined;
  return Array.isArray(list) ? list.map((one) => (Array.isArray(one) ? one[0] : one)) : [];
}

/** Identifiers of a tree. */
function within(tree: Json): unknown[] {
  const { children } = tree;
  return [tree["peer-id"], ...(Array.isArray(children) ? children.filter(isJson).flatMap(within) : [])];
}

export const scanCases = [
  defineCase({
    id: "hybrid-peer/scan/leaf",
    title: "a peer with one primary path answers SCAN_TREE as a leaf, with itself for the path",
    requirements: ["HP2P-8.2-05"],
    profile: true,
    group: "capability",
    async run(t) {
      const { iut, children } = await t.root(1);
      const one = children[0];
      if (!one) return;
      one.link.send(scan(t.hon.overlayId, one.peer, 7));
      const answer = await one.link.next([R2.scanLeaf, R2.scanNode], { withinMs: t.times.answer });
      t.answers(answer, message(R2.scanLeaf), { what: "the answer of a leaf to SCAN_TREE" });
      t.equal(ids(answer, "path"), [iut.id], { what: "the path that a leaf answers with", entry: answer.entry });
      t.equal(Number(answer.get("cseq")), 7, { what: "the number of the scan", entry: answer.entry });
    },
  }),
  defineCase({
    id: "hybrid-peer/scan/node",
    title:
      "a peer between others answers 9100, asks on with itself in via, and hands a leaf's answer back with itself in the path",
    requirements: ["HP2P-8.2-05"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      one.link.send(scan(t.hon.overlayId, one.peer, 8));
      t.answers(await one.link.next(R2.scanNode, { withinMs: t.times.answer }), message(R2.scanNode), {
        what: "the answer of a node to SCAN_TREE",
      });
      const asked = await other.link.next(R2.scan, { withinMs: t.times.answer });
      t.answers(asked, message(R2.scan), { what: "what comes on the other primary path" });
      t.equal(ids(asked, "via"), [iut.id, one.peer.id], {
        what: "the way back, in the scan that is handed on",
        entry: asked.entry,
      });
      // The other stand-in has answered as a leaf, the way back as it came: what its parent makes of it is that parent's own.
      const result = await one.link.next(R2.scanLeaf, { withinMs: t.times.answer });
      t.answers(result, message(R2.scanLeaf), { what: "what comes back to the originator" });
      t.equal(ids(result, "path"), [iut.id, other.peer.id], {
        what: "the path from the originator's neighbour to the leaf",
        entry: result.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/scan/own",
    title: "a peer that is asked for the tree scans it over its primary paths, and gives the answers back",
    requirements: ["HP2P-8.2-05"],
    profile: true,
    group: "behaviour",
    budgetMs: budget({ acts: 4 }),
    async run(t) {
      const { iut, children } = await t.root(2, { later: ["scan"] });
      const act = iut.product.do("scan");
      const asked = await Promise.all(children.map(({ link }) => link.next(R2.scan, { withinMs: t.actsWithinMs })));
      const done = await t.outcome(act);
      if (done.how === "failed") t.inconclusive(done.reason);
      for (const one of asked) {
        t.answers(one, message(R2.scan), { what: "what comes on a primary path" });
        t.equal(ids(one, "via"), [iut.id], { what: "the way back", entry: one.entry });
      }
      if (!isJson(done.result)) return;
      t.equal(within(done.result).sort(), [iut.id, ...children.map(({ peer }) => peer.id)].sort(), {
        what: "the peers that it tells of",
      });
    },
  }),
];
