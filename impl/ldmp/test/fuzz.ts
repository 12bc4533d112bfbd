import { expect } from "vitest";
import { Code, decode, defaultReadings, PayloadType, Type } from "../../../generated/ldmp/index.js";
import { createAdmission } from "../../source-peer/admission.js";
import { createLdmpStream } from "../stream.js";
import {
  dataSourceAt,
  dataSourceCore,
  dataSourceId,
  octets,
  registered,
  seeded,
  sourcePeerAt,
  sourcePeerCore,
  sourcePeerId,
} from "./support.js";

const stranger = { address: "192.0.2.66", port: 6666 };

/** Octets from nowhere: pure noise, or a message with a few octets changed, cut off or added. */
export function garbage(chance: () => number): Uint8Array {
  const byte = () => Math.floor(chance() * 256);
  const noise = (most: number) => Uint8Array.from({ length: Math.floor(chance() * most) }, byte);
  if (chance() < 0.3) return noise(64);
  const codes = [...Object.values(Code), byte()];
  const toDataSource = chance() < 0.5;
  const message = octets({
    code: codes[Math.floor(chance() * codes.length)] ?? 0,
    type: Math.floor(chance() * 3) as Type,
    messageId: Math.floor(chance() * 65_536),
    sourceId: toDataSource ? sourcePeerId : dataSourceId,
    destinationId: toDataSource ? dataSourceId : sourcePeerId,
    ...(chance() < 0.6 && { payload: noise(40), payloadType: chance() < 0.5 ? PayloadType.text : PayloadType.binary }),
  });
  const changed = chance() < 0.7 ? message : message.slice(0, Math.floor(chance() * message.length));
  for (let i = Math.floor(chance() * 4); i > 0 && changed.length > 0; i--) {
    changed[Math.floor(chance() * changed.length)] = byte();
  }
  return chance() < 0.1 ? Uint8Array.of(...changed, ...noise(8)) : changed;
}

function check(effects: readonly { kind: string }[]): void {
  const sends = effects.filter((effect): effect is { kind: "send"; bytes: Uint8Array } => effect.kind === "send");
  expect(sends.length).toBeLessThanOrEqual(1);
  for (const { bytes } of sends) expect(decode(bytes).type).not.toBe(Type.reserved);
}

/** Strangers' garbage leaves a source peer's registry as it was. */
export function fuzzSourcePeer(seed: number, count: number): void {
  const chance = seeded(seed);
  const admission = createAdmission({ secret: "a secret that garbage does not hit" });
  const core = sourcePeerCore({ admission, onTakenId: "refuse" });
  core.step({ type: "restore", sourceId: dataSourceId, remote: dataSourceAt, registeredAt: 0 }, 0);
  for (let i = 0; i < count; i++) {
    const effects = core.step({ type: "datagram", from: stranger, bytes: garbage(chance) }, i);
    check(effects);
    expect(effects.some(({ kind }) => kind === "data" || kind === "removed" || kind === "registered")).toBe(false);
  }
  expect([...core.sources()].map(({ id, remote }) => [id, remote])).toEqual([[dataSourceId, dataSourceAt]]);
}

/** A registered data source's garbage harms nobody but itself. */
export function fuzzRegistered(seed: number, count: number): void {
  const chance = seeded(seed);
  const core = sourcePeerCore({ onTakenId: "refuse" });
  registered(core, 0, stranger, 77);
  for (let i = 0; i < count; i++) {
    if (core.source(dataSourceId) === undefined) registered(core, i, dataSourceAt);
    check(core.step({ type: "datagram", from: dataSourceAt, bytes: garbage(chance) }, i));
    const source = core.source(dataSourceId);
    expect(source?.recent.entries.length ?? 0).toBeLessThanOrEqual(16);
  }
  expect(core.source(77)?.remote).toEqual(stranger);
}

/** Garbage leaves a data source registered, or on its way to be. */
export function fuzzDataSource(seed: number, count: number): void {
  const chance = seeded(seed);
  const core = dataSourceCore({ sourcePeers: [sourcePeerId] });
  core.step({ type: "start" }, 0);
  const [send] = core.step({ type: "connected", remote: sourcePeerAt }, 0);
  const messageId = send?.kind === "send" ? decode(send.bytes).messageId : -1;
  core.step(
    {
      type: "datagram",
      from: sourcePeerAt,
      bytes: octets({ code: Code.ok, type: 2, messageId, sourceId: sourcePeerId, destinationId: dataSourceId }),
    },
    0,
  );
  expect(core.phase).toBe("registered");
  for (let i = 0; i < count; i++) {
    const effects = core.step({ type: "datagram", from: stranger, bytes: garbage(chance) }, i);
    check(effects);
    expect(effects.some(({ kind }) => kind !== "send")).toBe(false);
  }
  expect(core.phase).toBe("registered");
  // Its own source peer's garbage may hold a RESET or a refusal; it then registers again, as it should.
  for (let i = 0; i < count; i++) {
    check(core.step({ type: "datagram", from: sourcePeerAt, bytes: garbage(chance) }, i));
    if (core.phase === "waiting") {
      core.step({ type: "timer" }, core.nextTimer());
      core.step({ type: "connected", remote: sourcePeerAt }, i);
    }
    expect(["registered", "registering"]).toContain(core.phase);
  }
}

/** A stream of garbage, in chunks of any size, ends in messages or in a refusal, and holds no more than one message. */
export function fuzzStream(seed: number, count: number): void {
  const chance = seeded(seed);
  const create = () =>
    createLdmpStream({
      readings: defaultReadings,
      maxPayload: 1000,
      onMessage: () => undefined,
      onInvalid: () => undefined,
    });
  let stream = create();
  for (let i = 0; i < count; i++) {
    if (!stream.push(garbage(chance))) stream = create();
    expect(stream.pending).toBeLessThanOrEqual(1010);
  }
}
