import { describe, expect, test } from "vitest";
import type { Message } from "../core/message.js";
import { createScripted, descriptorsOf, fragmentOf, octetsOf, runsOf, type Scripted, size } from "./test/scripted.js";

/** A peer that has asked `bad` for fragments 0 and 1, which `good` gets to hold a little later. */
function asking(): Scripted {
  const scripted = createScripted();
  scripted.open(1, "bad", [0, 1]);
  expect(scripted.requested(1).sort()).toEqual([0, 1]);
  scripted.receive(1, descriptorsOf(0, false));
  scripted.receive(1, descriptorsOf(1, true));
  return scripted;
}

/** Somebody who holds fragments 0 and 1, and whom `bad` may ask. */
function holding(changes: Parameters<typeof createScripted>[0] = {}): Scripted {
  const scripted = createScripted({ role: "source-peer", ...changes });
  scripted.swarm.produced(descriptorsOf(0, false));
  scripted.swarm.produced(descriptorsOf(1, true));
  scripted.open(1, "bad", []);
  scripted.take(1);
  return scripted;
}

const wrong: [name: string, fault: string, messages: Message[]][] = [
  ["corrupt octets", "corrupt-fragment", [fragmentOf(0, { payload: octetsOf(7) })]],
  [
    "octets of another fragment in its last part",
    "corrupt-fragment",
    [fragmentOf(0, { payload: octetsOf(0, 600) }), fragmentOf(0, { offset: 600, payload: octetsOf(9, 400) })],
  ],
  ["a part too far", "corrupt-fragment", [fragmentOf(0, { offset: 500, payload: octetsOf(0, 500) })]],
  ["an empty part", "corrupt-fragment", [fragmentOf(0, { payload: new Uint8Array(0) })]],
  ["a shorter fragment", "corrupt-fragment", [fragmentOf(0, { size: size - 1, payload: octetsOf(0, size - 1) })]],
  ["more than a fragment", "oversized-fragment", [fragmentOf(0, { size: size + 1, payload: octetsOf(0, size + 1) })]],
  ["more than it says", "oversized-fragment", [fragmentOf(0, { offset: 1 })]],
  ["what was not asked for", "unrequested-fragment", [fragmentOf(2)]],
  [
    "the same part twice",
    "repeated-fragment",
    [fragmentOf(0, { payload: octetsOf(0, 600) }), fragmentOf(0, { payload: octetsOf(0, 600) })],
  ],
  ["the same fragment twice", "repeated-fragment", [fragmentOf(0), fragmentOf(0)]],
  ["a forged descriptor", "forged-descriptors", [{ ...descriptorsOf(1, true, 5), signature: Uint8Array.of(0) }]],
  ["a descriptor of nothing", "forged-descriptors", [{ ...descriptorsOf(0, false), items: [] }]],
  [
    "a descriptor of a giant",
    "forged-descriptors",
    [{ ...descriptorsOf(0, false), items: [{ size: size + 1, time: 0, digest: new Uint8Array(32), last: false }] }],
  ],
  ["a claim behind the end", "false-claim", [{ type: "have", runs: [{ first: 2, count: 1 }] }]],
  ["a claim without end", "false-claim", [{ type: "have", runs: [{ first: 0, count: 2 ** 40 }] }]],
  ["a buffermap from nowhere", "false-claim", [{ type: "buffermap", first: -1, bits: Uint8Array.of(255) }]],
];

describe("who sends", () => {
  test.each(wrong)("%s is named, cut and not asked again, and nothing is lost", (_, fault, messages) => {
    const scripted = asking();
    for (const message of messages) scripted.receive(1, message);
    expect(scripted.culprits()).toEqual([`bad: ${fault}`]);
    expect(scripted.closed).toEqual([
      { link: 1, reason: fault === "corrupt-fragment" ? "corrupt-fragments" : "protocol-error" },
    ]);

    scripted.open(2, "good", [0, 1]);
    const again = scripted.requested(2);
    for (const index of again) {
      scripted.receive(2, descriptorsOf(index, index === 1));
      scripted.receive(2, fragmentOf(index));
    }
    expect(scripted.swarm.state.held).toEqual([{ first: 0, count: 2 }]);
    expect(scripted.swarm.state.complete).toBe(true);
    expect(scripted.culprits()).toEqual([`bad: ${fault}`]);
    // Comes back, or is listed again.
    scripted.open(3, "bad", [0, 1]);
    expect(scripted.closed.at(-1)?.link).toBe(3);
    scripted.swarm.candidates([{ peerId: "bad", addresses: [] }]);
    expect(scripted.connects).toEqual([]);
  });

  test("a fragment without its descriptors is named", () => {
    const scripted = createScripted();
    scripted.open(1, "bad", [0]);
    scripted.receive(1, fragmentOf(0));
    expect(scripted.culprits()).toEqual(["bad: undescribed-fragment"]);
  });

  test("claims behind the end that were made before it was known are found when it is", () => {
    const scripted = createScripted();
    scripted.open(1, "bad", [0, 5]);
    scripted.open(2, "good", [1]);
    scripted.receive(2, descriptorsOf(1, true));
    expect(scripted.culprits()).toEqual(["bad: false-claim"]);
  });

  test("in parts from two at once each answers for its own fragment", () => {
    const scripted = createScripted();
    scripted.open(1, "bad", [0]);
    scripted.open(2, "good", [1]);
    scripted.receive(1, descriptorsOf(0, false));
    scripted.receive(2, descriptorsOf(1, true));
    scripted.receive(1, fragmentOf(0, { payload: octetsOf(0, 500) }));
    scripted.receive(2, fragmentOf(1, { payload: octetsOf(1, 500) }));
    scripted.receive(1, fragmentOf(0, { offset: 500, payload: octetsOf(1, 500) }));
    scripted.receive(2, fragmentOf(1, { offset: 500, payload: octetsOf(1, 500) }));
    expect(scripted.culprits()).toEqual(["bad: corrupt-fragment"]);
    expect(scripted.swarm.state.held).toEqual([{ first: 1, count: 1 }]);
  });
});

describe("who claims and does not send", () => {
  test("is asked less, and named where it says other things meanwhile; others bring it all", () => {
    const scripted = createScripted();
    scripted.open(1, "liar", [0, 1, 2, 3]);
    scripted.open(2, "good", []);
    for (let round = 0; round < 40; round++) {
      scripted.pass(1_000);
      scripted.receive(1, { type: "keep-alive" });
      scripted.receive(2, { type: "keep-alive" });
    }
    expect(scripted.culprits()).toEqual(["liar: false-claim"]);
    scripted.receive(2, { type: "have", runs: [{ first: 0, count: 4 }] });
    expect(scripted.requested(2).length).toBeGreaterThan(0);
  });

  test("is not named where it says nothing at all: its network may have failed", () => {
    const scripted = createScripted({ silenceMs: 600_000 });
    scripted.open(1, "slow", [0, 1, 2, 3]);
    scripted.pass(120_000);
    expect(scripted.culprits()).toEqual([]);
  });

  test("is named where it says other things afterwards", () => {
    const scripted = createScripted();
    scripted.open(1, "liar", [0, 1, 2, 3]);
    for (let round = 0; round < 3; round++) {
      expect(scripted.culprits()).toEqual([]);
      scripted.pass(12_000);
      scripted.receive(1, { type: "keep-alive" });
      scripted.pass(100);
    }
    expect(scripted.culprits()).toEqual(["liar: false-claim"]);
  });

  test("is not named for what one failure of its network held up, however long", () => {
    const scripted = createScripted({ silenceMs: 600_000 });
    const all = [0, 1, 2, 3, 4, 5];
    scripted.open(1, "slow", all);
    const sent = new Set<number>();
    for (let round = 0; round < 5; round++) {
      scripted.pass(30_000);
      scripted.receive(1, { type: "keep-alive" });
      scripted.pass(100);
      const index = scripted.requested(1).findLast((one) => !sent.has(one)) as number;
      sent.add(index);
      scripted.receive(1, descriptorsOf(index, index === all.at(-1)));
      scripted.receive(1, fragmentOf(index));
    }
    expect(scripted.culprits()).toEqual([]);
    expect(scripted.swarm.state.held.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  test("and refuses again and again what it claims is named; who takes a claim back is not", () => {
    const scripted = createScripted();
    const many = Array.from({ length: 40 }, (_, index) => index);
    scripted.open(1, "liar", many);
    scripted.open(2, "honest", many);
    scripted.receive(2, { type: "buffermap", first: 0, bits: new Uint8Array(0) });
    for (let round = 0; round < 30 && scripted.closed.length === 0; round++) {
      scripted.receive(1, { type: "refuse", reason: "not-held", runs: runsOf(scripted.requested(1)) });
      scripted.pass(500);
    }
    expect(scripted.culprits()).toEqual(["liar: false-claim"]);
  });
});

describe("who asks", () => {
  test.each<[string, Message]>([
    ["for a number that is none", { type: "request", runs: [{ first: 0.5, count: 1 }] }],
    ["for more than there can be", { type: "request", runs: [{ first: 0, count: 2 ** 40 }] }],
    ["again and again for what is behind the end", { type: "request", runs: [{ first: 50, count: 100 }] }],
    ["to cancel nonsense", { type: "cancel", runs: [{ first: -5, count: 1 }] }],
  ])("%s is named and cut", (_, message) => {
    const scripted = holding();
    scripted.receive(1, message);
    expect(scripted.culprits()).toEqual(["bad: invalid-request"]);
    expect(scripted.closed).toEqual([{ link: 1, reason: "protocol-error" }]);
  });

  test("once for what is behind the end is refused, and told so", () => {
    const scripted = holding();
    scripted.receive(1, { type: "request", runs: [{ first: 2, count: 1 }] });
    expect(scripted.take(1)).toEqual([{ type: "refuse", reason: "invalid", runs: [{ first: 2, count: 1 }] }]);
    expect(scripted.culprits()).toEqual([]);
  });

  test("for more than may wait is refused as busy", () => {
    const scripted = createScripted({ role: "source-peer", uploadRate: 10, maxWaiting: 4 });
    for (let index = 0; index < 10; index++) scripted.swarm.produced(descriptorsOf(index, index === 9));
    scripted.open(1, "eager", []);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 8 }] });
    const refused = scripted.take(1).find(({ type }) => type === "refuse");
    expect(refused).toEqual({ type: "refuse", reason: "busy", runs: [{ first: 4, count: 4 }] });
  });
});

describe("who makes work", () => {
  test.each([2 ** 24, 2 ** 31, 2 ** 32, 2 ** 52])(
    "by claiming fragment %d is not believed, whatever the index file says",
    (index) => {
      const scripted = createScripted({ maxFragments: Number.MAX_SAFE_INTEGER });
      scripted.open(1, "boaster", [0]);
      scripted.receive(1, { type: "have", runs: [{ first: index, count: 1 }] });
      expect(scripted.culprits()).toEqual(["boaster: false-claim"]);
    },
  );

  test("by asking for the same again and again is told to wait, and gets what it asked for first", () => {
    const scripted = createScripted({ role: "source-peer" });
    for (let index = 0; index < 512; index++) scripted.swarm.produced(descriptorsOf(index, index === 511));
    scripted.open(1, "insistent", []);
    scripted.swarm.limit(1, 1);
    scripted.take(1);
    const request: Message = { type: "request", runs: [{ first: 0, count: 512 }] };
    for (let round = 0; round < 40; round++) scripted.receive(1, request);
    const answers = scripted.take(1).filter(({ type }) => type === "refuse");
    expect(answers.at(-1)).toEqual({ type: "refuse", reason: "busy", runs: request.runs });
    expect(scripted.culprits()).toEqual([]);
    scripted.pass(1_000);
    scripted.receive(1, { type: "cancel", runs: [{ first: 0, count: 512 }] });
    scripted.swarm.limit(Number.POSITIVE_INFINITY, 1);
    scripted.take(1);
    scripted.receive(1, { type: "request", runs: [{ first: 500, count: 1 }] });
    expect(scripted.take(1).map(({ type }) => type)).toEqual(["descriptors", "fragment"]);
  });

  test("by asking again and again without reading the answers is named and cut", () => {
    const scripted = createScripted({ role: "source-peer" });
    for (let index = 0; index < 512; index++) scripted.swarm.produced(descriptorsOf(index, index === 511));
    scripted.open(1, "deaf", []);
    scripted.full.add(1);
    for (let round = 0; round < 40; round++) {
      scripted.receive(1, { type: "request", runs: [{ first: 0, count: 512 }] });
    }
    expect(scripted.culprits()).toEqual(["deaf: invalid-request"]);
    expect(scripted.sent.length).toBeLessThan(200);
  });

  test("by sending a fragment octet by octet takes no more memory than it has, and it is whole", () => {
    const scripted = asking();
    for (let offset = 0; offset < size; offset++) {
      scripted.receive(1, fragmentOf(0, { offset, payload: octetsOf(0, 1) }));
    }
    expect(scripted.swarm.state.held).toEqual([{ first: 0, count: 1 }]);
    expect(scripted.partsKept.get(0)).toBeLessThan(size / 3);
    expect(scripted.culprits()).toEqual([]);
  });

  test("by relaying other words of the source peer on what it has spoken of is not listened to for long", () => {
    const scripted = asking();
    for (let time = 1; time < 100; time++) scripted.receive(1, descriptorsOf(0, false, time));
    expect(scripted.verified.length).toBeLessThan(30);
    scripted.receive(1, fragmentOf(0));
    expect(scripted.swarm.state.held).toEqual([{ first: 0, count: 1 }]);
    expect(scripted.culprits()).toEqual([]);
  });

  test("is not asked for more than it may have waiting, however small the fragments", () => {
    const scripted = createScripted({ maxWaiting: 16 });
    const many = Array.from({ length: 500 }, (_, index) => index);
    scripted.open(1, "fast", many);
    let asked = scripted.requested(1);
    let waiting = asked.length;
    for (let round = 0; round < 20 && asked.length > 0; round++) {
      for (const index of asked) {
        scripted.receive(1, descriptorsOf(index, index === 499));
        scripted.receive(1, fragmentOf(index));
        waiting -= 1;
      }
      asked = scripted.requested(1);
      waiting += asked.length;
      expect(waiting).toBeLessThanOrEqual(16);
    }
    expect(scripted.swarm.state.held.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(100);
  });
});

describe("receipts", () => {
  test("missing ones stop the sending, and then end the link [X.609.1 8.2.6 NOTE 1, 2]", () => {
    const scripted = holding({ unreceipted: size });
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 1 }] });
    scripted.receive(1, { type: "request", runs: [{ first: 1, count: 1 }] });
    const messages = scripted.take(1);
    expect(messages.filter(({ type }) => type === "fragment")).toHaveLength(1);
    expect(messages.at(-1)).toEqual({ type: "refuse", reason: "no-receipt", runs: [{ first: 1, count: 1 }] });
    scripted.pass(11_000);
    expect(scripted.culprits()).toEqual(["bad: no-receipts"]);
    expect(scripted.closed).toEqual([{ link: 1, reason: "no-receipt" }]);
  });

  test("that come let the sending go on", () => {
    const scripted = holding({ unreceipted: size });
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 1 }] });
    scripted.swarm.receipted(1, [{ first: 0, count: 1 }], size);
    scripted.receive(1, { type: "request", runs: [{ first: 1, count: 1 }] });
    expect(scripted.take(1).filter(({ type }) => type === "fragment")).toHaveLength(2);
  });

  test.each([
    ["what was never sent", [{ first: 1, count: 1 }], size],
    ["other octets than were sent", [{ first: 0, count: 1 }], size + 1],
    ["everything there is", [{ first: 0, count: 2 ** 50 }], size],
    ["nothing", [], 0],
  ])("for %s are forged", (_, runs, octets) => {
    const scripted = holding();
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 1 }] });
    expect(scripted.swarm.receipted(1, runs, octets)).toBe(false);
    expect(scripted.culprits()).toEqual(["bad: forged-receipt"]);
  });

  test("are given once for every verified fragment, and soon where one is asked for", () => {
    const scripted = asking();
    scripted.receive(1, fragmentOf(0));
    expect(scripted.confirmed).toEqual([]);
    scripted.receive(1, { type: "refuse", reason: "no-receipt", runs: [{ first: 1, count: 1 }] });
    expect(scripted.confirmed).toEqual([{ link: 1, runs: [{ first: 0, count: 1 }], octets: size }]);
  });
});

describe("free-riders", () => {
  test("who hides what it was given is named, and served when nobody else asks", () => {
    const scripted = createScripted({ role: "source-peer" });
    for (let index = 0; index < 20; index++) scripted.swarm.produced(descriptorsOf(index, index === 19));
    scripted.open(1, "hider", []);
    scripted.receive(1, { type: "request", runs: [{ first: 0, count: 6 }] });
    scripted.pass(11_000);
    expect(scripted.culprits()).toEqual(["hider: free-rider"]);
    expect(scripted.closed).toEqual([]);
    scripted.swarm.limit(1, 1);
    scripted.open(2, "honest", []);
    scripted.open(3, "eager", []);
    // Takes what the limit lets through at once: the others wait.
    scripted.receive(3, { type: "request", runs: [{ first: 0, count: 9 }] });
    scripted.receive(1, { type: "request", runs: [{ first: 10, count: 1 }] });
    scripted.receive(2, { type: "request", runs: [{ first: 11, count: 2 }] });
    scripted.sent.length = 0;
    scripted.swarm.limit(Number.POSITIVE_INFINITY, 1);
    const order = scripted.sent.flatMap(({ message }) => (message.type === "fragment" ? [message.index] : []));
    expect(order).toEqual([11, 12, 10]);
  });
});
