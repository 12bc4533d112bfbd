import { describe, expect, test } from "vitest";
import { Code, defaultReadings, PayloadType, Type } from "../../generated/ldmp/index.js";
import type { Readings } from "../ldmp/readings.js";
import {
  advance,
  dataSourceAt,
  dataSourceId,
  octets,
  registered,
  sent,
  sourcePeerCore,
  sourcePeerId,
} from "../ldmp/test/support.js";
import { protocolVariables } from "../ldmp/variables.js";
import { createAdmission } from "./admission.js";
import type { SourcePeerCore, SourcePeerEffect } from "./core-types.js";

const elsewhere = { address: "192.0.2.99", port: 40099 };

function deliver(core: SourcePeerCore, bytes: Uint8Array, now = 0, from = dataSourceAt): SourcePeerEffect[] {
  return core.step({ type: "datagram", from, bytes }, now);
}

/** The code of the one answer, or undefined when there was none. */
function answerTo(core: SourcePeerCore, bytes: Uint8Array, now = 0, from = dataSourceAt): number | undefined {
  const replies = sent(deliver(core, bytes, now, from));
  expect(replies.length).toBeLessThanOrEqual(1);
  return replies[0]?.code;
}

const get = {
  token: 7,
  sourceId: dataSourceId,
  code: Code.get,
  payloadType: PayloadType.text,
} as const;
const payload = new TextEncoder().encode("load");

describe("[7.1] registration", () => {
  test("is answered with swapped identifiers, the same Message ID and T=10", () => {
    const effects = deliver(sourcePeerCore(), octets({ code: Code.registration, messageId: 0xfffe }));
    expect(sent(effects)).toEqual([
      {
        version: 1,
        type: Type.acknowledgement,
        payloadType: PayloadType.none,
        reserved: 0,
        code: Code.ok,
        messageId: 0xfffe,
        sourceId: sourcePeerId,
        destinationId: dataSourceId,
        payload: undefined,
      },
    ]);
    expect(effects.map(({ kind }) => kind)).toEqual(["registered", "send"]);
    expect(effects[1]).toMatchObject({ durable: true, to: dataSourceAt });
  });

  const admission = createAdmission({ allow: [17, 18], secret: "open", secrets: new Map([[18, "sesame"]]) });
  test.each([
    ["admitted with the secret", { payload: "open" }, Code.ok],
    ["the secret in binary", { payload: new TextEncoder().encode("open") }, Code.ok],
    ["without secret", {}, Code.unauthorized],
    ["with another secret", { payload: "Open" }, Code.unauthorized],
    ["with the common secret in place of its own", { payload: "open", sourceId: 18 }, Code.unauthorized],
    ["with its own secret", { payload: "sesame", sourceId: 18 }, Code.ok],
    ["not on the list", { payload: "open", sourceId: 19 }, Code.forbidden],
    ["with the identifier 0", { payload: "open", sourceId: 0 }, Code.badRequest],
    ["with the source peer's identifier", { payload: "open", sourceId: sourcePeerId }, Code.forbidden],
    ["to the unassigned identifier", { payload: "open", destinationId: 0 }, Code.ok],
    ["to another identifier", { payload: "open", destinationId: 2 }, undefined],
  ])("%s", (_, fields, code) => {
    const core = sourcePeerCore({ admission });
    expect(answerTo(core, octets({ code: Code.registration, ...fields }))).toBe(code);
    expect(core.size).toBe(code === Code.ok ? 1 : 0);
  });

  test("again from the same address refreshes the record, with a window for duplicates that begins anew", () => {
    const core = sourcePeerCore();
    registered(core);
    const post = octets({ code: Code.post, type: 1, messageId: 5, payload: "1" });
    expect(deliver(core, post).map(({ kind }) => kind)).toEqual(["data"]);
    expect(answerTo(core, octets({ code: Code.registration, messageId: 4 }), 10)).toBe(Code.ok);
    expect(core.size).toBe(1);
    expect(deliver(core, post).map(({ kind }) => kind)).toEqual(["data"]);
  });

  test.each([
    ["replace", Code.ok, 40099],
    ["refuse", Code.forbidden, 40017],
  ] as const)("of a taken identifier from elsewhere: %s", (onTakenId, code, port) => {
    const core = sourcePeerCore({ onTakenId });
    registered(core);
    expect(answerTo(core, octets({ code: Code.registration }), 5, elsewhere)).toBe(code);
    expect(core.size).toBe(1);
    expect(core.source(dataSourceId)?.remote.port).toBe(port);
  });

  test("beyond the limit is refused, and a registered one may still refresh", () => {
    const core = sourcePeerCore({ maxDataSources: 2 });
    registered(core, 0, dataSourceAt, 17);
    registered(core, 0, elsewhere, 18);
    expect(answerTo(core, octets({ code: Code.registration, sourceId: 19 }))).toBe(Code.forbidden);
    expect(answerTo(core, octets({ code: Code.registration, sourceId: 17 }))).toBe(Code.ok);
  });
});

describe("[7.2] deregistration", () => {
  test("removes, and answers a duplicate the same and a second Release with 4.04", () => {
    const core = sourcePeerCore();
    registered(core);
    const release = octets({ code: Code.release, messageId: 9 });
    const effects = deliver(core, release);
    expect(effects.map((effect) => (effect.kind === "removed" ? effect.reason : effect.kind))).toEqual([
      "released",
      "send",
    ]);
    expect(sent(effects)[0]?.code).toBe(Code.ok);
    expect(core.size).toBe(0);
    expect(answerTo(core, release, 100)).toBe(Code.ok);
    expect(answerTo(core, octets({ code: Code.release, messageId: 10 }), 100)).toBe(Code.notFound);
    expect(answerTo(core, release, 50_000)).toBe(Code.notFound);
  });

  test("of another's identifier changes nothing", () => {
    const core = sourcePeerCore();
    registered(core);
    expect(answerTo(core, octets({ code: Code.release }), 0, elsewhere)).toBe(Code.notFound);
    expect(core.size).toBe(1);
  });
});

describe("[7.3] connection management", () => {
  test("asks a silent data source, repeats with the same Message ID, and removes it 40 s after the first request", () => {
    const core = sourcePeerCore();
    registered(core, 1000);
    const seen = advance(core, 1000, 200_000);
    const requests = sent(seen.map(({ effect }) => effect));
    expect(requests.map(({ code, type }) => [code, type])).toEqual(Array(4).fill([Code.heartbeat, 0]));
    expect(new Set(requests.map(({ messageId }) => messageId)).size).toBe(1);
    expect(seen.map(({ at, effect }) => [at, effect.kind])).toEqual([
      [61_000, "send"],
      [71_000, "send"],
      [81_000, "send"],
      [91_000, "send"],
      [101_000, "removed"],
    ]);
    expect(core.counters.removals.silent).toBe(1);
    expect(core.nextTimer()).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ["a POST", { code: Code.post, type: 1, payload: "1" }],
    ["a Heartbeat of its own", { code: Code.heartbeat }],
    ["an acknowledgement nobody asked for", { code: Code.ok, type: 2 }],
    ["a repeated registration", { code: Code.registration, messageId: 2 }],
    ["a duplicate", { code: Code.registration, messageId: 1 }],
    ["a request it may not make", { code: Code.get }],
  ] as const)("%s restarts the time and ends the repeats", (_, fields) => {
    const core = sourcePeerCore();
    registered(core);
    expect(advance(core, 0, 65_000)).toHaveLength(1);
    deliver(core, octets({ messageId: 2000, ...fields }), 65_000);
    expect(advance(core, 65_000, 124_999)).toEqual([]);
    expect(advance(core, 125_000, 125_000)).toHaveLength(1);
  });

  test.each([
    ["answered well", Code.ok, 1],
    ["answered with an unlisted success", 0x5f, 1],
    ["answered with 4.05", Code.methodNotAllowed, 1],
    ["answered with 4.04: it is not registered any more", Code.notFound, 0],
    ["answered with 4.01", Code.unauthorized, 0],
  ])("a connection check %s", (_, code, size) => {
    const core = sourcePeerCore();
    registered(core);
    const [request] = sent(advance(core, 0, 60_000).map(({ effect }) => effect));
    deliver(core, octets({ code, type: 2, messageId: request?.messageId ?? 0 }), 60_001);
    expect(core.size).toBe(size);
  });

  test("a registered data source's connection check is answered, one from elsewhere is not known", () => {
    const core = sourcePeerCore();
    registered(core);
    expect(answerTo(core, octets({ code: Code.heartbeat }))).toBe(Code.ok);
    expect(answerTo(core, octets({ code: Code.heartbeat }), 0, elsewhere)).toBe(Code.notFound);
    expect(answerTo(core, octets({ code: Code.heartbeat, sourceId: 18 }))).toBe(Code.notFound);
  });

  test("the end of a connection removes whoever lived on it, and nobody else", () => {
    const core = sourcePeerCore();
    const over = { ...dataSourceAt, connection: 3 };
    registered(core, 0, over, 17);
    registered(core, 0, over, 18);
    registered(core, 0, { ...over, connection: 4 }, 19);
    registered(core, 0, dataSourceAt, 20);
    expect(core.inUse(3)).toBe(true);
    core.step({ type: "closed", connection: 3 }, 10);
    expect([...core.sources()].map(({ id }) => id)).toEqual([19, 20]);
    expect(core.inUse(3)).toBe(false);
  });

  test("a process held up does not remove before the last repeat has had its time", () => {
    const core = sourcePeerCore();
    registered(core);
    core.step({ type: "request", ...get, payload }, 0);
    expect(sent(core.step({ type: "timer" }, 300_000))).toHaveLength(1);
    const seen = advance(core, 300_000, 400_000).map(({ at, effect }) => [at, effect.kind]);
    expect(seen).toEqual([
      [310_000, "send"],
      [320_000, "send"],
      [330_000, "settled"],
      [330_000, "removed"],
    ]);
  });
});

describe("[7.4] posting", () => {
  const posting = (fields: object) => octets({ code: Code.post, type: 1, messageId: 5, ...fields });

  test("is never answered, and a duplicate counts once", () => {
    const core = sourcePeerCore();
    registered(core);
    const [first, ...more] = deliver(core, posting({ payload: "21.5" }), 33);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      kind: "data",
      data: { sourceId: 17, messageId: 5, payloadType: PayloadType.text, at: 33 },
    });
    expect(deliver(core, posting({ payload: "21.5" }), 34)).toEqual([]);
    expect(core.counters).toMatchObject({ posts: 1, duplicates: 1 });
  });

  test.each([
    ["from a sender that is not registered", { sourceId: 18 }, dataSourceAt, "unregistered"],
    ["from another address", {}, elsewhere, "unregistered"],
    ["to another source peer", { destinationId: 2 }, dataSourceAt, "destination"],
    [
      "with text that is not UTF-8",
      { payload: Uint8Array.of(0xff), payloadType: PayloadType.text },
      dataSourceAt,
      "text",
    ],
    ["beyond the payload limit", { payload: "x".repeat(101) }, dataSourceAt, "size"],
  ] as const)("%s is dropped in silence", (_, fields, from, reason) => {
    const core = sourcePeerCore({ maxPayload: 100 });
    registered(core);
    expect(deliver(core, posting({ payload: "1", ...fields }), 0, from)).toEqual([]);
    expect(core.counters.dropped[reason]).toBe(1);
  });

  test("without payload carries an empty one", () => {
    const core = sourcePeerCore();
    registered(core);
    expect(deliver(core, posting({}))).toMatchObject([{ kind: "data", data: { payload: new Uint8Array(0) } }]);
  });

  test.each([
    ["A", "A", 0, undefined],
    ["B", "A", 0, Code.changed],
    ["B", "A", 1, undefined],
    ["B", "B", 1, Code.changed],
    ["B", "B", 0, undefined],
  ] as const)("under reading %s of E-LDMP-24 and %s of E-LDMP-01 with T=%d", (postAcknowledgement, type, t, code) => {
    const core = sourcePeerCore({ readings: { ...defaultReadings, type, postAcknowledgement } });
    registered(core);
    expect(answerTo(core, posting({ type: t, payload: "1" }))).toBe(code);
  });
});

describe("[7.5] configuration and acquisition", () => {
  test("GET asks for the item, and its answer settles it", () => {
    const core = sourcePeerCore();
    registered(core);
    const [request] = sent(core.step({ type: "request", ...get, payload }, 100));
    expect(request).toMatchObject({ code: Code.get, type: 0, sourceId: 1, destinationId: 17, payload });
    const reply = octets({ code: Code.content, type: 2, messageId: request?.messageId ?? 0, payload: "0.5" });
    expect(deliver(core, reply, 200)).toMatchObject([
      { kind: "settled", token: 7, outcome: { kind: "reply", code: Code.content } },
    ]);
    expect(deliver(core, reply, 201)).toEqual([]);
    expect(core.counters.dropped.unsolicited).toBe(1);
  });

  test("two outstanding requests are matched by Message ID, whichever is answered first", () => {
    const core = sourcePeerCore({ outstanding: 2 });
    registered(core);
    const [first] = sent(core.step({ type: "request", ...get, token: 1, payload }, 0));
    const [second] = sent(core.step({ type: "request", ...get, token: 2, payload }, 0));
    expect(((second?.messageId ?? 0) - (first?.messageId ?? 0) + 65_536) % 65_536).toBe(1);
    const tokens = [second, first].flatMap((request) =>
      deliver(core, octets({ code: Code.content, type: 2, messageId: request?.messageId ?? 0, payload: "x" })),
    );
    expect(tokens.map((effect) => effect.kind === "settled" && effect.token)).toEqual([2, 1]);
  });

  test("one request at a time: the next goes out with the answer to the one before, and too many are turned away", () => {
    const core = sourcePeerCore({ waiting: 1 });
    registered(core);
    const [first] = sent(core.step({ type: "request", ...get, token: 1, payload }, 0));
    expect(core.step({ type: "request", ...get, token: 2, payload }, 0)).toEqual([]);
    expect(core.step({ type: "request", ...get, token: 3, payload }, 0)).toMatchObject([
      { token: 3, outcome: { kind: "busy" } },
    ]);
    const effects = deliver(
      core,
      octets({ code: Code.content, type: 2, messageId: first?.messageId ?? 0, payload: "x" }),
      5,
    );
    expect(effects.map(({ kind }) => kind)).toEqual(["send", "settled"]);
  });

  test("an unanswered request is repeated three times, and the silent data source removed", () => {
    const core = sourcePeerCore();
    registered(core);
    core.step({ type: "request", ...get, payload }, 5000);
    const seen = advance(core, 5000, 60_000).map(({ at, effect }) => [at, effect.kind]);
    expect(seen).toEqual([
      [15_000, "send"],
      [25_000, "send"],
      [35_000, "send"],
      [45_000, "settled"],
      [45_000, "removed"],
    ]);
    expect(answerTo(core, octets({ code: Code.release }), 50_000)).toBe(Code.notFound);
  });

  test("one that ignores the request but posts is given up on, not removed", () => {
    const core = sourcePeerCore();
    registered(core);
    core.step({ type: "request", ...get, payload }, 0);
    deliver(core, octets({ code: Code.post, type: 1, payload: "1" }), 20_000);
    const seen = advance(core, 20_000, 60_000).map(({ effect }) => effect);
    expect(seen.at(-1)).toMatchObject({ kind: "settled", outcome: { kind: "no-answer" } });
    expect(core.size).toBe(1);
  });

  test("another Message ID in the answer does not settle a GET", () => {
    const core = sourcePeerCore();
    registered(core);
    const [request] = sent(core.step({ type: "request", ...get, payload }, 0));
    const other = ((request?.messageId ?? 0) + 30_000) % 65_536;
    expect(deliver(core, octets({ code: Code.content, type: 2, messageId: other, payload: "x" }))).toEqual([]);
  });

  test("a data source that is not registered cannot be asked", () => {
    const core = sourcePeerCore();
    expect(core.step({ type: "request", ...get, payload }, 0)).toMatchObject([{ outcome: { kind: "unknown" } }]);
  });
});

describe("[7.6] reset", () => {
  test.each([
    ["A", 0],
    ["B", 1],
  ] as const)("reading %s of E-LDMP-25: sent once, without asking for an answer", (resetRecord, size) => {
    const core = sourcePeerCore({ readings: { ...defaultReadings, resetRecord, repeatedRegistration: "B" } });
    registered(core);
    const effects = core.step({ type: "reset", sourceId: dataSourceId }, 0);
    expect(sent(effects)).toMatchObject([{ code: Code.reset, type: 1, payloadType: PayloadType.none }]);
    expect(core.size).toBe(size);
    expect(sent(advance(core, 0, 50_000).map(({ effect }) => effect))).toEqual([]);
    expect(answerTo(core, octets({ code: Code.registration, messageId: 2 }), 50_001)).toBe(Code.ok);
    expect(answerTo(core, octets({ code: Code.registration, messageId: 3 }), 50_002)).toBe(Code.forbidden);
  });
});

describe("[8] what else may arrive", () => {
  const header = octets({ code: Code.heartbeat });
  const patched = (bytes: Uint8Array, at: number, value: number) =>
    Uint8Array.from(bytes, (octet, i) => (i === at ? value : octet));
  test.each([
    ["an empty datagram", new Uint8Array(0), undefined],
    ["seven octets", header.slice(0, 7), undefined],
    ["version 0", patched(header, 0, 0x00), undefined],
    ["version 2", patched(header, 0, 0x80), undefined],
    ["T=11", patched(header, 0, 0x70), undefined],
    ["P=01 in a request that is answered", patched(header, 0, 0x44), Code.badRequest],
    ["P=01 in a POST", patched(octets({ code: Code.post, type: 1 }), 0, 0x54), undefined],
    ["R=11", patched(header, 0, 0x43), Code.ok],
    ["a Length beyond the datagram", octets({ code: Code.heartbeat, payload: "abc" }).slice(0, 12), Code.badRequest],
    ["octets behind the message", Uint8Array.of(...header, 1, 2, 3), Code.ok],
    ["layout B", octets({ code: Code.heartbeat }, { ...defaultReadings, layout: "B" }), Code.ok],
    ["payload on a Heartbeat", octets({ code: Code.heartbeat, payload: "x" }), Code.ok],
    ["0.00 asking for an answer", octets({ code: 0x00 }), Code.methodNotAllowed],
    ["0.04 asking for an answer", octets({ code: 0x04 }), Code.methodNotAllowed],
    ["0.04 asking for none", octets({ code: 0x04, type: 1 }), undefined],
    ["7.31 asking for an answer", octets({ code: 0xff }), Code.methodNotAllowed],
    ["2.00 as a request", octets({ code: Code.ok }), Code.badRequest],
    ["GET from a data source", octets({ code: Code.get }), Code.methodNotAllowed],
    ["PUT from a data source", octets({ code: Code.put, type: 1 }), Code.methodNotAllowed],
    ["RESET from a data source", octets({ code: Code.reset }), undefined],
    ["an acknowledgement with a request's code", octets({ code: Code.heartbeat, type: 2 }), undefined],
  ])("%s", (_, bytes, code) => {
    const core = sourcePeerCore();
    registered(core);
    expect(answerTo(core, bytes)).toBe(code);
    expect(core.size).toBe(1);
  });
});

describe.each([
  ["A", "A"],
  ["A", "B"],
  ["B", "A"],
  ["B", "B"],
] as const)("readings T %s, layout %s", (type, layout) => {
  const readings: Readings = { ...defaultReadings, type, layout };
  const asks = type === "A" ? 0 : 1;

  test("are followed in what is sent and both understood in what arrives", () => {
    const core = sourcePeerCore({ readings });
    for (const other of ["A", "B"] as const) {
      for (const t of [0, 1] as const) {
        const bytes = octets({ code: Code.registration, type: t, messageId: t }, { ...readings, layout: other });
        const effects = deliver(core, bytes);
        expect(sent(effects, readings)).toMatchObject([{ code: Code.ok, type: 2, messageId: t }]);
        const reply = effects.find((effect) => effect.kind === "send");
        expect(reply?.kind === "send" && reply.bytes.length).toBe(layout === "A" ? 8 : 10);
      }
    }
    expect(sent(core.step({ type: "request", ...get, payload }, 0), readings)).toMatchObject([
      { code: Code.get, type: asks },
    ]);
    expect(sent(core.step({ type: "reset", sourceId: dataSourceId }, 0), readings)).toMatchObject([
      { code: Code.reset, type: 1 - asks },
    ]);
  });
});

test("a restart spreads the connection checks of restored registrations over the heartbeat time", () => {
  const core = sourcePeerCore();
  for (let sourceId = 100; sourceId < 200; sourceId++) {
    core.step(
      { type: "restore", sourceId, remote: { address: "192.0.2.5", port: sourceId }, registeredAt: 5 },
      1_000_000,
    );
  }
  const due = [...core.sources()].map((source) => source.due);
  expect(new Set(due).size).toBeGreaterThan(50);
  expect(Math.min(...due)).toBeLessThan(1_010_000);
  expect(Math.max(...due)).toBeGreaterThan(1_050_000);
});

describe("readings of Message IDs", () => {
  const readings: Readings = { ...defaultReadings, answerMessageId: "B", retransmissionMessageId: "B" };

  test("E-LDMP-15 B: answers count on, but for an operation that needs the match", () => {
    const core = sourcePeerCore({ readings });
    const ids = [Code.registration, Code.heartbeat, Code.release].map((code, i) => {
      const [reply] = sent(deliver(core, octets({ code, messageId: 60_000 + i })));
      return reply?.messageId ?? -1;
    });
    expect(ids.map((id) => (id - (ids[0] ?? 0) + 65_536) % 65_536)).toEqual([0, 1, 2]);
    expect(sent(deliver(core, octets({ code: Code.get, messageId: 777 })))).toMatchObject([{ messageId: 777 }]);
  });

  test("E-LDMP-16 B: a repeat takes the next number, and an answer to any of them settles the request", () => {
    const core = sourcePeerCore({ readings });
    registered(core);
    const [first] = sent(core.step({ type: "request", ...get, payload }, 0));
    const ids = [first, ...sent(advance(core, 0, 20_000).map(({ effect }) => effect))].map(
      (one) => one?.messageId ?? -1,
    );
    expect(ids.map((id) => (id - (ids[0] ?? 0) + 65_536) % 65_536)).toEqual([0, 1, 2]);
    const reply = octets({ code: Code.content, type: 2, messageId: ids[1] ?? 0, payload: "0.5" });
    expect(deliver(core, reply)).toMatchObject([{ kind: "settled", token: 7 }]);
    expect(advance(core, 20_000, 59_000)).toEqual([]);
  });
});

describe("readings of the variables", () => {
  test.each([
    ["A", "A", undefined, 40_000, 4],
    ["A", "B", undefined, 30_000, 3],
    ["B", "A", undefined, 40_000, 4],
    ["B", "A", 55_000, 55_000, 4],
    ["A", "A", 25_000, 25_000, 3],
    ["C", "A", undefined, 30_000, 3],
  ] as const)(
    "removal %s, retransmissions %s, removal time %s: removed after %d ms",
    (removalTime, retransmissions, given, after, count) => {
      const readings: Readings = { ...defaultReadings, removalTime, retransmissions };
      const variables = protocolVariables("source-peer", readings, given === undefined ? {} : { removalTime: given });
      const core = sourcePeerCore({ readings, variables });
      registered(core);
      const [request] = sent(core.step({ type: "request", ...get, payload }, 0));
      const seen = advance(core, 0, 59_999);
      expect(1 + sent(seen.map(({ effect }) => effect)).length).toBe(count);
      expect(seen.at(-1)).toMatchObject({ at: after, effect: { kind: "removed", reason: "silent" } });
      expect(request?.code).toBe(Code.get);
    },
  );
});
