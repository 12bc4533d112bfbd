import { describe, expect, it } from "vitest";
import { Code, type Message, type Proof } from "../core/message.js";
import type { Proofs } from "../core/ports.js";
import { childOf, createLonePeer, estab, greeted, hello, type LonePeer, offered, self } from "./test/lone-peer.js";

const kinds = (peer: LonePeer): string[] => peer.management.states().map(({ peerId, kind }) => `${kind} ${peerId}`);

/** A parent "p" (ticket 2), and outgoing candidates. */
function attached(settings = {}, candidates: readonly (readonly [string, number])[] = []): LonePeer {
  const peer = createLonePeer({ estabMs: 0, ...settings }, {}, ["p"]);
  greeted(peer);
  const link = peer.accept(estab("p", 2));
  peer.receive(link, { code: Code.primaryAccepted });
  for (const [peerId, ticketId] of candidates) peer.accept(estab(peerId, ticketId));
  return peer;
}

describe("HELLO [facts b.5, b.7]", () => {
  it.each<[string, Message, string | undefined]>([
    ["from a younger peer", hello("a", 11), undefined],
    ["from an older peer", hello("a", 9), "HELLO from a peer that is not younger"],
    ["with this peer's ticket", hello("a", 10), "HELLO from a peer that is not younger"],
    ["for another overlay", hello("a", 11, { overlayId: "other" }), "HELLO for another overlay"],
    ["with this peer's id", hello("me", 11), "HELLO with a peer-id that cannot be"],
    ["without a ticket", hello("a", -1), "HELLO with a ticket-id that cannot be"],
    [
      "without an address",
      hello("a", 11, { peer: { peerId: "a", address: "", ticketId: 11 } }),
      "HELLO with an address that cannot be",
    ],
  ])("%s", (_, message, reason) => {
    const peer = createLonePeer();
    const link = peer.accept(message);
    expect(link.codes()).toEqual(reason === undefined ? [Code.helloAccepted] : [Code.release]);
    expect(link.closed).toBe(reason !== undefined);
    expect(peer.refusals()).toEqual(reason === undefined ? [] : [reason]);
    peer.run(250);
    expect(peer.opened.map(({ to }) => to.peerId)).toEqual(reason === undefined ? ["a"] : []);
  });

  it("is not answered by ESTAB before its connection is gone, at the latest after 200 ms", () => {
    const peer = createLonePeer();
    const link = peer.accept(hello("a", 11));
    peer.run(190);
    expect(peer.opened).toEqual([]);
    peer.run(20);
    expect(link.closed).toBe(true);
    expect(peer.opened[0]?.link.sent).toEqual([
      { code: Code.estab, overlayId: "overlay", allowPrimaryRequest: true, peer: self, depth: 0 },
    ]);
  });

  it("goes down to children with the rest of what is wanted, and not back", () => {
    const peer = createLonePeer({ maxPrimary: 3 });
    const [a, b] = [childOf(peer, "a", 11), childOf(peer, "b", 12)];
    const link = peer.accept(hello("c", 13, { connNum: 4, ttl: 2 }));
    peer.close(link);
    expect([a, b].map((child) => child.sent.at(-1))).toEqual([
      hello("c", 13, { connNum: 2, ttl: 1 }),
      hello("c", 13, { connNum: 1, ttl: 1 }),
    ]);
    peer.run(300);
    const before = [a.sent.length, b.sent.length];
    peer.close(peer.accept(hello("d", 14, { connNum: 4, ttl: 1 })));
    expect([a.sent.length, b.sent.length]).toEqual(before);
  });

  it("goes down by one way where nobody has had room so far, and never to younger children", () => {
    const peer = createLonePeer({ maxPrimary: 2, maxIncomingCandidates: 0 });
    const [old, young] = [childOf(peer, "a", 11), childOf(peer, "z", 30)];
    const count = young.sent.length;
    peer.close(peer.accept(hello("c", 13, { connNum: 0 })));
    expect(old.sent.at(-1)).toEqual(hello("c", 13, { connNum: 0, ttl: 2 }));
    expect(young.sent).toHaveLength(count);
  });

  it("is taken from above only, on a path", () => {
    const peer = createLonePeer();
    const link = childOf(peer, "a", 11);
    peer.receive(link, hello("x", 20));
    expect(peer.refusals()).toEqual(["HELLO handed up the tree"]);
    expect(peer.opened).toHaveLength(1);
  });
});

describe("ESTAB [facts b.6]", () => {
  it.each<[string, Message, string | undefined]>([
    ["from an older peer", estab("a", 9), undefined],
    ["from a younger peer", estab("a", 11), "ESTAB from a peer that is not older"],
    ["with this peer's ticket", estab("a", 10), "ESTAB from a peer that is not older"],
    ["without a ticket", estab("a", -1), "ESTAB with a ticket-id that cannot be"],
    ["for another overlay", estab("a", 9, { overlayId: "other" }), "ESTAB for another overlay"],
    ["with this peer's id", estab("me", 9), "ESTAB with a peer-id that cannot be"],
  ])("%s", (_, message, reason) => {
    const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
    greeted(peer);
    const link = peer.accept(message);
    expect(link.codes()).toEqual(reason === undefined ? [Code.estabAccepted, Code.primary] : [Code.estabRefused]);
    expect(link.closed).toBe(reason !== undefined);
    expect(peer.refusals()).toEqual(reason === undefined ? [] : [reason]);
  });

  it("is refused when nobody asked for it", () => {
    const peer = createLonePeer();
    expect(peer.accept(estab("a", 9)).codes()).toEqual([Code.estabRefused]);
    expect(peer.refusals()).toEqual(["ESTAB without a HELLO"]);
  });

  it("is refused when there are candidates enough, but for the grandparent's: the youngest makes way", () => {
    const peer = createLonePeer({ estabMs: 0, outgoingCandidates: 2 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 5));
    peer.receive(parent, { code: Code.primaryAccepted, parentPeer: { peerId: "g", address: "tcp://g" } });
    peer.accept(estab("a", 4));
    const young = peer.accept(estab("b", 7));
    expect(peer.accept(estab("c", 3)).codes()).toEqual([Code.estabRefused]);
    peer.run(200);
    expect(peer.opened.at(-1)?.link.sent[0]).toMatchObject({ code: Code.hello, ttl: 1, verticalCandidate: true });
    const vertical = peer.accept(estab("g", 1, { allowPrimaryRequest: false }));
    expect(vertical.codes()).toEqual([Code.estabAccepted, Code.candidate]);
    expect(young.codes().at(-1)).toBe(Code.release);
    expect(kinds(peer).sort()).toEqual(["outgoing-candidate a", "outgoing-candidate g", "parent p"]);
    expect(peer.refusals()).toEqual([]);
  });

  it("from a peer that there is a path with: the path stays while it lives, the new link takes over when it is silent", () => {
    const peer = attached({}, [["a", 4]]);
    expect(peer.accept(estab("a", 4)).codes()).toEqual([Code.estabRefused]);
    peer.run(900);
    const again = peer.accept(estab("a", 4));
    expect(again.codes()).toEqual([Code.estabAccepted, Code.candidate]);
    expect(kinds(peer).filter((kind) => kind.endsWith(" a"))).toHaveLength(1);
  });

  it("offers at the same time, in a mesh: the offer of the lower peer-id stands", () => {
    const peer = createLonePeer({}, { subType: "mesh" }, ["q"]);
    peer.run(200);
    const toZ = offered(peer, "z", 20);
    const toA = offered(peer, "a", 21);
    expect(peer.accept(estab("z", 20)).codes()).toEqual([Code.estabRefused]);
    expect(peer.accept(estab("a", 21)).codes()).toEqual([Code.estabAccepted]);
    expect([toZ.closed, toA.closed]).toEqual([false, true]);
  });
});

describe("PRIMARY [facts b.5, step 9]", () => {
  it("is accepted while there is room; then refused, and the path stays a candidate", () => {
    const peer = createLonePeer({ maxPrimary: 2 });
    const links = [childOf(peer, "a", 11), childOf(peer, "b", 12), childOf(peer, "c", 13)];
    const accepted = links.map((link) => link.codes().includes(Code.primaryAccepted));
    expect(accepted).toEqual([true, true, false]);
    expect(links[2]?.codes().at(-1)).toBe(Code.primaryRefused);
    expect(kinds(peer)).toEqual(["child a", "child b", "incoming-candidate c"]);
    expect(peer.data).toEqual(["up a", "up b"]);
  });

  it("of an older peer than the youngest child displaces that", () => {
    const peer = createLonePeer({ maxPrimary: 2 });
    const [, young] = [childOf(peer, "a", 11), childOf(peer, "z", 30)];
    expect(childOf(peer, "m", 20).codes().at(-1)).toBe(Code.primaryAccepted);
    expect(young.codes().at(-1)).toBe(Code.release);
    expect(young.closed).toBe(true);
    expect(kinds(peer)).toEqual(["child a", "child m"]);
    expect(childOf(peer, "y", 25).codes().at(-1)).toBe(Code.primaryRefused);
  });

  it("from the parent, or from a candidate that is older, is refused", () => {
    const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 2));
    peer.receive(parent, { code: Code.primary });
    expect(parent.codes().at(-1)).toBe(Code.primaryRefused);
    peer.receive(parent, { code: Code.primaryAccepted }, { code: Code.primary });
    expect(parent.codes().at(-1)).toBe(Code.primaryRefused);
    expect(kinds(peer)).toEqual(["parent p"]);
  });

  it("may come at once instead of the answer to ESTAB, as P22 does it", () => {
    const peer = createLonePeer();
    const link = offered(peer, "a", 11);
    peer.receive(link, { code: Code.primary });
    expect(link.codes()).toEqual([Code.estab, Code.primaryAccepted]);
    expect(kinds(peer)).toEqual(["child a"]);
  });

  it("leaves a slot's limit as it is when a root finds a parent: the youngest child makes way", () => {
    const peer = createLonePeer({ maxPrimary: 2, estabMs: 0 }, {}, ["p"]);
    greeted(peer);
    childOf(peer, "a", 11);
    const young = childOf(peer, "b", 12);
    const parent = peer.accept(estab("p", 2));
    peer.receive(parent, { code: Code.primaryAccepted });
    expect(kinds(peer).sort()).toEqual(["child a", "parent p"]);
    expect(young.codes().at(-1)).toBe(Code.release);
  });
});

describe("the answer to PRIMARY", () => {
  it("that comes after its time is nobody's: the link is closed by then", () => {
    const peer = createLonePeer({ estabMs: 0, quietMs: 0 }, {}, ["p"]);
    greeted(peer);
    const link = peer.accept(estab("p", 2));
    peer.run(3100);
    expect(link.closed).toBe(true);
    peer.receive(link, { code: Code.primaryAccepted });
    expect(kinds(peer)).toEqual([]);
  });

  it("of a second peer, asked because the first was slow, ends the path: one parent", () => {
    const peer = createLonePeer({ estabMs: 0, quietMs: 0 }, {}, ["p"]);
    greeted(peer);
    const slow = peer.accept(estab("p", 2));
    const other = peer.accept(estab("q", 3));
    peer.run(1100);
    expect(other.codes()).toContain(Code.primary);
    peer.receive(other, { code: Code.primaryAccepted });
    peer.receive(slow, { code: Code.primaryAccepted });
    expect(kinds(peer)).toEqual(["parent q"]);
    expect(slow.codes().at(-1)).toBe(Code.release);
  });

  it("nobody asked for changes nothing", () => {
    const peer = attached({}, [["a", 4]]);
    const candidate = peer.accept(estab("b", 3));
    peer.receive(
      candidate,
      { code: Code.primaryAccepted },
      { code: Code.primaryRefused },
      { code: Code.helloAccepted },
      { code: Code.estabAccepted },
      { code: Code.candidateAccepted },
      { code: Code.heartbeatAnswer },
      { code: Code.releaseAccepted },
    );
    expect(kinds(peer)).toEqual(["parent p", "outgoing-candidate a", "outgoing-candidate b"]);
  });
});

describe("loss of the parent [Q.4100 6]", () => {
  it("is answered by PRIMARY to the grandparent first, then to the others, then by the HOMS", () => {
    const peer = createLonePeer({ estabMs: 0, quietMs: 0 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 5));
    peer.receive(parent, { code: Code.primaryAccepted, parentPeer: { peerId: "g", address: "tcp://g" } });
    const a = peer.accept(estab("a", 4));
    const g = peer.accept(estab("g", 1, { allowPrimaryRequest: false }));
    peer.close(parent);
    expect([g.codes().at(-1), a.codes().includes(Code.primary)]).toEqual([Code.primary, false]);
    peer.receive(g, { code: Code.primaryRefused });
    expect(a.codes().at(-1)).toBe(Code.primary);
    expect(peer.recovers).toBe(0);
    peer.receive(a, { code: Code.primaryRefused });
    peer.run(4000);
    expect(peer.recovers).toBeGreaterThan(0);
    expect(peer.news).toContainEqual({ kind: "orphaned", peerId: "p", reason: "reset" });
  });

  it("by RELEASE is acted on at once, with the acknowledgement that it asks for", () => {
    const peer = createLonePeer({ estabMs: 0 }, {}, ["p"]);
    greeted(peer);
    const parent = peer.accept(estab("p", 2));
    peer.receive(parent, { code: Code.primaryAccepted });
    const a = peer.accept(estab("a", 4));
    peer.receive(parent, { code: Code.release, ack: true });
    expect(parent.codes().at(-1)).toBe(Code.releaseAccepted);
    expect(parent.closed).toBe(true);
    expect(a.codes().at(-1)).toBe(Code.primary);
    peer.receive(a, { code: Code.primaryAccepted });
    expect(peer.news).toContainEqual({ kind: "attached", peerId: "a", afterMs: 0, by: "candidate" });
  });
});

describe("what does not belong", () => {
  it.each<[string, Message]>([
    ["PRIMARY", { code: Code.primary }],
    ["HEARTBEAT", { code: Code.heartbeat }],
    ["RELEASE", { code: Code.release, ack: false }],
    ["4200", { code: Code.primaryAccepted }],
  ])("%s as the first message: the link is closed", (_, first) => {
    const peer = createLonePeer();
    const link = peer.accept(first);
    expect(link.closed).toBe(true);
    expect(link.sent).toEqual([]);
    expect(peer.refusals()).toHaveLength(1);
  });

  it("data on a connection for HELLO, or before the answer to ESTAB: the link is closed", () => {
    const peer = createLonePeer();
    const data: Message = { code: Code.bufferMap, overlayId: "overlay" };
    const link = peer.accept(hello("a", 11));
    peer.receive(link, data);
    expect(link.closed).toBe(true);
    const offer = offered(peer, "b", 12);
    peer.receive(offer, data);
    expect(offer.closed).toBe(true);
    expect(peer.refusals()).toHaveLength(2);
    expect(peer.data).toEqual([]);
  });

  it("too many requests cut the path; data does not count", () => {
    const peer = createLonePeer({ requestsPerSecond: 20 });
    const link = childOf(peer, "a", 11);
    const data = { source: "a", sequence: 1, payloadType: "text/plain", appId: "", payload: new Uint8Array() };
    for (let count = 0; count < 100; count += 1)
      peer.receive(link, { code: Code.broadcastData, ack: false, candidatePath: false, data });
    expect(link.closed).toBe(false);
    for (let count = 0; count < 25; count += 1) peer.receive(link, { code: Code.heartbeat });
    expect(link.closed).toBe(true);
    expect(peer.refusals()).toEqual(["too many requests"]);
  });

  it("links, offers and HELLOs are bounded", () => {
    const peer = createLonePeer({ maxLinks: 20, requestsPerSecond: 100 });
    const links = Array.from({ length: 200 }, (_, index) => peer.accept(hello(`a${index}`, 11 + index)));
    expect(links.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(18);
    expect(new Set(peer.refusals())).toEqual(new Set(["too many links", "too many HELLOs"]));
    peer.run(10_000);
    expect(peer.management.states()).toEqual([]);
    childOf(peer, "later", 500);
    expect(kinds(peer)).toEqual(["child later"]);
  });
});

describe("a closed overlay", () => {
  /** Certificates and signatures in clear: who, which ticket; what was signed. */
  const proofsOf = (peerId: string, ticketId: number): Proofs => {
    let nonces = 0;
    return {
      nonce: () => `${peerId}${++nonces}`,
      mine: (nonce) => ({
        certificate: `${peerId}/${ticketId}`,
        ...(nonce !== undefined && { signature: `${nonce} by ${peerId}` }),
      }),
      verify(proof, { peerId: who, ticketId: ticket, nonce }) {
        if (proof?.certificate === undefined) return "proof.certificate is missing";
        if (proof.certificate !== `${who}/${ticket}`) return "proof.certificate is for another ticket";
        return nonce === undefined || proof.signature === `${nonce} by ${who}` ? undefined : "proof.signature is wrong";
      },
    };
  };

  it.each<[string, Proof | undefined, string | undefined]>([
    ["with its certificate", { certificate: "a/11", nonce: "n" }, undefined],
    ["without a proof", undefined, "proof.certificate is missing"],
    [
      "with the certificate of another ticket",
      { certificate: "a/5", nonce: "n" },
      "proof.certificate is for another ticket",
    ],
  ])("HELLO %s", (_, proof, reason) => {
    const peer = createLonePeer({}, { proofs: proofsOf("me", 10) });
    const link = peer.accept(hello("a", 11, proof && { proof }));
    expect(peer.refusals()).toEqual(reason === undefined ? [] : [reason]);
    expect(link.codes()).toEqual([reason === undefined ? Code.helloAccepted : Code.release]);
    peer.close(link);
    expect(peer.opened).toHaveLength(reason === undefined ? 1 : 0);
    if (reason === undefined)
      expect(peer.opened[0]?.link.sent[0]).toMatchObject({
        proof: { certificate: "me/10", signature: "n by me", nonce: "me1" },
      });
  });

  it.each<[string, Proof | undefined, string | undefined]>([
    ["signed", { certificate: "a/11", signature: "me1 by a" }, undefined],
    ["without a proof", undefined, "proof.certificate is missing"],
    ["signed by another", { certificate: "a/11", signature: "me1 by b" }, "proof.signature is wrong"],
  ])("the answer to ESTAB %s", (_, proof, reason) => {
    const peer = createLonePeer({}, { proofs: proofsOf("me", 10) });
    const link = offered(peer, "a", 11, { proof: { certificate: "a/11", nonce: "n" } });
    peer.receive(link, { code: Code.estabAccepted, ...(proof && { proof }) });
    expect(kinds(peer)).toEqual(reason === undefined ? ["incoming-candidate a"] : []);
    expect(link.closed).toBe(reason !== undefined);
    expect(peer.refusals()).toEqual(reason === undefined ? [] : [reason]);
  });

  it("takes no PRIMARY before the answer to ESTAB", () => {
    const peer = createLonePeer({}, { proofs: proofsOf("me", 10) });
    const link = offered(peer, "a", 11, { proof: { certificate: "a/11", nonce: "n" } });
    peer.receive(link, { code: Code.primary });
    expect([link.closed, kinds(peer)]).toEqual([true, []]);
  });

  it.each<[string, Proof | undefined, string | undefined]>([
    ["signed", { certificate: "p/2", signature: "me1 by p", nonce: "x" }, undefined],
    ["without a proof", undefined, "proof.certificate is missing"],
    [
      "with a forged ticket",
      { certificate: "p/20", signature: "me1 by p", nonce: "x" },
      "proof.certificate is for another ticket",
    ],
    [
      "with the signature over another nonce",
      { certificate: "p/2", signature: "me0 by p", nonce: "x" },
      "proof.signature is wrong",
    ],
  ])("ESTAB %s", (_, proof, reason) => {
    const peer = createLonePeer({ estabMs: 0 }, { proofs: proofsOf("me", 10) }, ["p"]);
    greeted(peer);
    const link = peer.accept(estab("p", 2, proof && { proof }));
    expect(link.sent[0]).toEqual(
      reason === undefined
        ? { code: Code.estabAccepted, proof: { certificate: "me/10", signature: "x by me" } }
        : { code: Code.estabRefused },
    );
    expect(link.closed).toBe(reason !== undefined);
    expect(peer.refusals()).toEqual(reason === undefined ? [] : [reason]);
  });
});
