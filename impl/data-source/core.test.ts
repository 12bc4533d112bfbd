import { describe, expect, test } from "vitest";
import { Code, defaultReadings, type LdmpMessage, PayloadType } from "../../generated/ldmp/index.js";
import { textPayload } from "../ldmp/payload.js";
import type { Remote } from "../ldmp/remote.js";
import {
  advance,
  dataSourceCore,
  dataSourceId,
  octets,
  sent,
  sourcePeerAt,
  sourcePeerId,
} from "../ldmp/test/support.js";
import type { DataSourceCore, DataSourceCoreOptions, DataSourceEffect } from "./core-types.js";

const elsewhere: Remote = { address: "192.0.2.2", port: 5690 };

/** A message from the source peer. */
function from(fields: Parameters<typeof octets>[0]): Uint8Array {
  return octets({ sourceId: sourcePeerId, destinationId: dataSourceId, ...fields });
}

function deliver(core: DataSourceCore, bytes: Uint8Array, now = 0, remote = sourcePeerAt): DataSourceEffect[] {
  return core.step({ type: "datagram", from: remote, bytes }, now);
}

function answer(core: DataSourceCore, request: LdmpMessage | undefined, code: number, now: number): DataSourceEffect[] {
  return deliver(core, from({ code, type: 2, messageId: request?.messageId ?? -1 }), now);
}

/** Starts a data source; gives its Registration. */
function start(options: Partial<DataSourceCoreOptions> = {}, now = 0) {
  const core = dataSourceCore(options);
  expect(core.step({ type: "start" }, now)).toEqual([{ kind: "connect", sourcePeer: 0 }]);
  const [registration] = sent(core.step({ type: "connected", remote: sourcePeerAt }, now));
  return { core, registration };
}

function startRegistered(options: Partial<DataSourceCoreOptions> = {}) {
  const { core, registration } = start(options);
  expect(answer(core, registration, Code.ok, 0).map(({ kind }) => kind)).toEqual(["registered"]);
  return { core, registration };
}

const codes = (effects: readonly { kind: string }[]): number[] => sent(effects).map(({ code }) => code);
const post = { type: "post", payloadType: PayloadType.text, payload: textPayload("1") } as const;

describe("[7.1] registration", () => {
  test("comes first, asks for an answer, and learns the source peer's identifier from it", () => {
    const { core, registration } = start({ credentials: textPayload("open") });
    expect(registration).toMatchObject({
      version: 1,
      type: 0,
      reserved: 0,
      code: Code.registration,
      sourceId: dataSourceId,
      destinationId: 0,
      payloadType: PayloadType.text,
      payload: textPayload("open"),
    });
    expect(core.step(post, 0)).toEqual([{ kind: "unposted" }]);
    expect(answer(core, registration, Code.ok, 1)).toEqual([{ kind: "registered", sourcePeer: 0, id: sourcePeerId }]);
    expect(sent(core.step(post, 2))).toMatchObject([{ code: Code.post, type: 1, destinationId: sourcePeerId }]);
  });

  test("is repeated with the same Message ID, and begun anew after growing pauses", () => {
    const { core, registration } = start({ sourcePeers: [sourcePeerId] });
    const repeats = advance(core, 0, 39_999);
    expect(repeats.map(({ at }) => at)).toEqual([10_000, 20_000, 30_000]);
    expect(
      sent(repeats.map(({ effect }) => effect)).every(({ messageId }) => messageId === registration?.messageId),
    ).toBe(true);
    const pauses: number[] = [];
    let now = 40_000;
    for (let attempt = 0; attempt < 5; attempt++) {
      const failed = advance(core, now, now).map(({ effect }) => effect);
      expect(failed.map(({ kind }) => kind)).toEqual(["disconnect", "failed"]);
      const next = core.nextTimer();
      pauses.push((next - now) / 1000);
      expect(core.step({ type: "timer" }, next)).toEqual([{ kind: "connect", sourcePeer: 0 }]);
      expect(codes(core.step({ type: "connected", remote: sourcePeerAt }, next))).toEqual([Code.registration]);
      advance(core, next, next + 39_999);
      now = next + 40_000;
    }
    for (const [i, least] of [10, 20, 40, 60, 60].entries()) {
      expect(pauses[i]).toBeGreaterThanOrEqual(least);
      expect(pauses[i]).toBeLessThanOrEqual(least * 1.25);
    }
  });

  test.each([
    ["4.01", Code.unauthorized],
    ["4.03", Code.forbidden],
    ["an unlisted 5.xx", 0xa1],
  ])("refused with %s: no posting, another attempt later", (_, code) => {
    const { core, registration } = start();
    expect(answer(core, registration, code, 5)).toMatchObject([
      { kind: "disconnect" },
      { kind: "failed", failure: { kind: "refused", code } },
    ]);
    expect(core.step(post, 6)).toEqual([{ kind: "unposted" }]);
    expect(core.phase).toBe("waiting");
    expect(core.nextTimer()).toBeGreaterThanOrEqual(10_005);
  });

  test.each([
    ["it is registered after all", Code.ok, "registered"],
    ["it is not", Code.notFound, "waiting"],
  ])("an error after a repeat is checked by a Heartbeat: %s (E-LDMP-17)", (_, code, phase) => {
    const { core, registration } = start();
    advance(core, 0, 10_000);
    const [probe] = sent(answer(core, registration, Code.forbidden, 10_001));
    expect(probe?.code).toBe(Code.heartbeat);
    answer(core, probe, code, 10_002);
    expect(core.phase).toBe(phase);
  });

  test.each([
    ["another Message ID (E-LDMP-15 B)", (id: number) => ({ messageId: (id + 30_000) % 65_536 }), "registered"],
    ["an unlisted 2.xx", () => ({ code: 0x41 }), "registered"],
    [
      "the answer to an earlier message of ours",
      (id: number) => ({ messageId: (id + 65_536 - 1) % 65_536 }),
      "registering",
    ],
    ["from another identifier than the one known", () => ({ sourceId: 2 }), "registering"],
    ["for another data source", () => ({ destinationId: 18 }), "registering"],
    ["with T=00", () => ({ type: 0 as const }), "registering"],
    ["with a request's code", () => ({ code: Code.heartbeat }), "registering"],
  ])("an answer with %s", (_, change, phase) => {
    const { core, registration } = start({ sourcePeers: [sourcePeerId] });
    const messageId = registration?.messageId ?? 0;
    deliver(core, from({ code: Code.ok, type: 2, messageId, ...change(messageId) }));
    expect(core.phase).toBe(phase);
  });

  test("an answer from another address is not taken", () => {
    const { core, registration } = start();
    const messageId = registration?.messageId ?? 0;
    expect(deliver(core, from({ code: Code.ok, type: 2, messageId }), 0, elsewhere)).toEqual([]);
    expect(core.phase).toBe("registering");
  });

  test("with several source peers, one after the other, and the unanswered one is released (E-LDMP-26)", () => {
    const { core } = start({ sourcePeers: [1, 2] });
    const seen = advance(core, 0, 40_000).map(({ effect }) => effect);
    expect(codes(seen)).toEqual([...Array(3).fill(Code.registration), Code.release]);
    expect(core.step({ type: "timer" }, core.nextTimer())).toEqual([{ kind: "connect", sourcePeer: 1 }]);
  });
});

describe("[7.2] deregistration", () => {
  test.each([
    ["accepted", Code.ok],
    ["refused", Code.notFound],
  ])("%s: it has left either way", (_, code) => {
    const { core } = startRegistered();
    const [release] = sent(core.step({ type: "stop" }, 100));
    expect(release).toMatchObject({ code: Code.release, type: 0, payloadType: PayloadType.none });
    expect(core.step(post, 100)).toEqual([{ kind: "unposted" }]);
    expect(answer(core, release, code, 200)).toEqual([
      { kind: "left", sourcePeer: 0, code },
      { kind: "disconnect" },
      { kind: "stopped" },
    ]);
    expect(core.nextTimer()).toBe(Number.POSITIVE_INFINITY);
  });

  test("is never repeated, and ends without an answer", () => {
    const { core } = startRegistered();
    core.step({ type: "stop" }, 0);
    const seen = advance(core, 0, 100_000);
    expect(seen.map(({ at, effect }) => [at, effect.kind])).toEqual([
      [10_000, "left"],
      [10_000, "disconnect"],
      [10_000, "stopped"],
    ]);
  });

  test("moving to another source peer releases the old one first", () => {
    const { core } = startRegistered({ sourcePeers: [1, 2] });
    const [release] = sent(core.step({ type: "move", sourcePeer: 1 }, 0));
    expect(release?.code).toBe(Code.release);
    expect(answer(core, release, Code.ok, 1).map(({ kind }) => kind)).toEqual(["left", "disconnect", "connect"]);
    const [registration] = sent(core.step({ type: "connected", remote: elsewhere }, 2));
    expect(registration).toMatchObject({ code: Code.registration, destinationId: 2 });
  });
});

describe("[7.3] connection management", () => {
  test("asks a silent source peer, removes it, and registers again at once", () => {
    const { core } = startRegistered();
    const seen = advance(core, 0, 85_000).map(({ at, effect }) => [at, effect.kind]);
    expect(seen).toEqual([
      [45_000, "send"],
      [55_000, "send"],
      [65_000, "send"],
      [75_000, "send"],
      [85_000, "disconnect"],
      [85_000, "failed"],
      [85_000, "connect"],
    ]);
  });

  test.each([
    ["2.00", Code.ok, "registered"],
    ["4.05, which is an answer too", Code.methodNotAllowed, "registered"],
    ["4.04: the registration is lost (E-LDMP-23)", Code.notFound, "waiting"],
    ["4.01", Code.unauthorized, "waiting"],
    ["4.03", Code.forbidden, "waiting"],
  ])("its connection check answered with %s", (_, code, phase) => {
    const { core } = startRegistered();
    const [request] = sent(advance(core, 0, 45_000).map(({ effect }) => effect));
    expect(request).toMatchObject({ code: Code.heartbeat, type: 0 });
    answer(core, request, code, 45_001);
    expect(core.phase).toBe(phase);
    expect(core.nextTimer()).toBe(phase === "registered" ? 90_001 : 45_001);
  });

  test("any message of the source peer makes a check unnecessary", () => {
    const { core } = startRegistered();
    for (let now = 40_000; now <= 200_000; now += 40_000) {
      expect(advance(core, now - 40_000, now)).toEqual([]);
      expect(codes(deliver(core, from({ code: Code.heartbeat, messageId: now % 65_536 }), now))).toEqual([Code.ok]);
    }
  });

  test("a late answer to the connection check does not pass for one to the registration after it", () => {
    const { core } = startRegistered();
    const [check] = sent(advance(core, 0, 45_000).map(({ effect }) => effect));
    advance(core, 45_000, 85_000);
    const [registration] = sent(core.step({ type: "connected", remote: sourcePeerAt }, 85_000));
    answer(core, check, Code.ok, 85_001);
    expect(core.phase).toBe("registering");
    answer(core, registration, Code.ok, 85_002);
    expect(core.phase).toBe("registered");
  });

  test("a connection that closes is a failure: it connects again at once, then after pauses", () => {
    const { core } = startRegistered();
    expect(core.step({ type: "disconnected" }, 10).map(({ kind }) => kind)).toEqual(["disconnect", "failed"]);
    expect(core.nextTimer()).toBe(10);
    expect(core.step({ type: "timer" }, 10)).toEqual([{ kind: "connect", sourcePeer: 0 }]);
    core.step({ type: "disconnected" }, 11);
    expect(core.nextTimer()).toBeGreaterThanOrEqual(10_011);
  });
});

describe("[7.5] configuration and acquisition", () => {
  test.each([0x1234, 0xffff, 0])(
    "the answer carries the request's Message ID %d, and so does the answer to a duplicate",
    (messageId) => {
      const { core } = startRegistered();
      const request = from({ code: Code.get, messageId, payload: "load" });
      const [effect] = deliver(core, request);
      expect(effect).toMatchObject({ kind: "get", item: "load" });
      const token = effect?.kind === "get" ? effect.token : -1;
      expect(deliver(core, request)).toEqual([]);
      const reply = {
        type: "answer",
        token,
        code: Code.content,
        payloadType: PayloadType.text,
        payload: textPayload("0.5"),
      } as const;
      const first = sent(core.step(reply, 1));
      expect(first).toMatchObject([{ code: Code.content, type: 2, messageId, payload: textPayload("0.5") }]);
      expect(core.step(reply, 1)).toEqual([]);
      expect(sent(deliver(core, request, 2))).toEqual(first);
      expect(core.counters.duplicates).toBe(2);
    },
  );

  test.each([
    ["GET without payload: the default item", { code: Code.get }, { kind: "get", item: undefined }],
    ["GET with a path", { code: Code.get, payload: "cpu/load" }, { kind: "get", item: "cpu/load" }],
    ["GET whatever T says (E-LDMP-01)", { code: Code.get, type: 1 as const }, { kind: "get" }],
    ["GET with an empty segment", { code: Code.get, payload: "cpu//load" }, Code.badRequest],
    ["GET with a control character", { code: Code.get, payload: "lo\u0007ad" }, Code.badRequest],
    ["GET with a binary payload", { code: Code.get, payload: Uint8Array.of(1) }, Code.unsupportedContentFormat],
    [
      "GET with text that is not UTF-8",
      { code: Code.get, payload: Uint8Array.of(0xc3), payloadType: PayloadType.text },
      Code.badRequest,
    ],
    ["GET beyond the payload limit", { code: Code.get, payload: "x".repeat(201) }, Code.badRequest],
    ["PUT", { code: Code.put, payload: '{"period":2}' }, { kind: "put", text: '{"period":2}' }],
    ["PUT without payload", { code: Code.put }, Code.badRequest],
    ["PUT with a binary payload", { code: Code.put, payload: Uint8Array.of(1) }, Code.unsupportedContentFormat],
  ])("%s", (_, fields, want) => {
    const { core } = startRegistered({ maxPayload: 200 });
    const effects = deliver(core, from(fields));
    if (typeof want === "number") expect(codes(effects)).toEqual([want]);
    else expect(effects).toMatchObject([want]);
  });

  test("more than it can answer at a time is left to the source peer's repeats", () => {
    const { core } = startRegistered({ maxPending: 1 });
    const [first] = deliver(core, from({ code: Code.get, messageId: 1 }));
    const second = from({ code: Code.get, messageId: 2 });
    expect(deliver(core, second)).toEqual([]);
    const token = first?.kind === "get" ? first.token : -1;
    core.step({ type: "answer", token, code: Code.notFound, payloadType: PayloadType.none, payload: undefined }, 5);
    expect(deliver(core, second, 10_000)).toMatchObject([{ kind: "get" }]);
  });
});

describe("[7.6] reset", () => {
  test("is not answered; a registration follows at once, and posting only after it", () => {
    const { core } = startRegistered();
    const reset = from({ code: Code.reset, type: 1, messageId: 77 });
    const effects = deliver(core, reset, 50);
    expect(effects.map(({ kind }) => kind)).toEqual(["reset", "send"]);
    const [registration] = sent(effects);
    expect(registration).toMatchObject({ code: Code.registration, type: 0 });
    expect(core.step(post, 51)).toEqual([{ kind: "unposted" }]);
    answer(core, registration, Code.ok, 52);
    expect(deliver(core, reset, 53)).toEqual([]);
    expect(core.phase).toBe("registered");
  });

  test.each([
    ["another address", {}, elsewhere],
    ["another identifier", { sourceId: 2 }, sourcePeerAt],
    ["the source peer, for another data source", { destinationId: 18 }, sourcePeerAt],
  ])("from %s is not obeyed (E-LDMP-25)", (_, fields, remote) => {
    const { core } = startRegistered();
    expect(deliver(core, from({ code: Code.reset, type: 1, ...fields }), 0, remote)).toEqual([]);
    expect(core.phase).toBe("registered");
  });
});

describe("[8] what else may arrive", () => {
  const heartbeat = from({ code: Code.heartbeat });
  const patched = (bytes: Uint8Array, value: number) => Uint8Array.from(bytes, (octet, i) => (i === 0 ? value : octet));
  test.each([
    ["nothing", new Uint8Array(0), []],
    ["version 3", patched(heartbeat, 0xc0), []],
    ["T=11", patched(heartbeat, 0x70), []],
    ["P=01", patched(heartbeat, 0x44), [Code.badRequest]],
    ["R=11", patched(heartbeat, 0x43), [Code.ok]],
    ["a GET cut short", from({ code: Code.get, payload: "load" }).slice(0, 11), [Code.badRequest]],
    [
      "layout B",
      octets({ code: Code.heartbeat, sourceId: 1, destinationId: 17 }, { ...defaultReadings, layout: "B" }),
      [Code.ok],
    ],
    ["Registration from a source peer (E-LDMP-07)", from({ code: Code.registration }), [Code.methodNotAllowed]],
    ["Release from a source peer", from({ code: Code.release }), [Code.methodNotAllowed]],
    ["POST from a source peer", from({ code: Code.post, payload: "1" }), []],
    ["0.04 asking for an answer", from({ code: 4 }), [Code.methodNotAllowed]],
    ["1.01 asking for none", from({ code: 0x21, type: 1 }), []],
    ["another Destination ID", from({ code: Code.heartbeat, destinationId: 18 }), []],
    ["the unassigned Destination ID", from({ code: Code.heartbeat, destinationId: 0 }), []],
    [
      "a Heartbeat from a source peer it is not registered with",
      from({ code: Code.heartbeat, sourceId: 9 }),
      [Code.notFound],
    ],
  ])("%s", (_, bytes, want) => {
    const { core } = startRegistered();
    expect(codes(deliver(core, bytes))).toEqual(want);
    expect(core.phase).toBe("registered");
  });
});

describe.each(["A", "B"] as const)("reading %s of E-LDMP-01", (type) => {
  test("is followed in every request", () => {
    const asks = type === "A" ? 0 : 1;
    const { core, registration } = startRegistered({ readings: { ...defaultReadings, type } });
    const [posted] = sent(core.step(post, 0));
    const [release] = sent(core.step({ type: "stop" }, 0));
    expect([registration?.type, posted?.type, release?.type]).toEqual([asks, 1 - asks, asks]);
  });
});

test("[8.1] Message IDs start at random, grow by one and wrap", () => {
  const { core, registration } = startRegistered({ random: { bytes: (length) => new Uint8Array(length).fill(0xff) } });
  expect(registration?.messageId).toBe(0xffff);
  expect(sent([...core.step(post, 0), ...core.step(post, 0)]).map(({ messageId }) => messageId)).toEqual([0, 1]);
});
