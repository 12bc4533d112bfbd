import {
  Code,
  decode,
  defaultReadings,
  encode,
  type LdmpMessage,
  PayloadType,
  Type,
} from "../../../generated/ldmp/index.js";
import { createDataSourceCore } from "../../data-source/core.js";
import type { DataSourceCore, DataSourceCoreOptions } from "../../data-source/core-types.js";
import type { Random } from "../../net/clock.js";
import { createAdmission } from "../../source-peer/admission.js";
import { createSourcePeerCore } from "../../source-peer/core.js";
import type { SourcePeerCore, SourcePeerCoreOptions } from "../../source-peer/core-types.js";
import { textPayload } from "../payload.js";
import type { Readings } from "../readings.js";
import type { Remote } from "../remote.js";
import { protocolVariables } from "../variables.js";

/** mulberry32: small, and the same on every machine. Gives numbers from 0 up to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seededRandom(seed: number): Random {
  const next = seeded(seed);
  return { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

export const sourcePeerId = 1;
export const dataSourceId = 17;
export const sourcePeerAt: Remote = { address: "192.0.2.1", port: 5690 };
export const dataSourceAt: Remote = { address: "192.0.2.17", port: 40017 };

export function sourcePeerCore(options: Partial<SourcePeerCoreOptions> = {}): SourcePeerCore {
  return createSourcePeerCore({
    id: sourcePeerId,
    variables: protocolVariables("source-peer", { ...defaultReadings, ...options.readings }),
    readings: defaultReadings,
    random: seededRandom(1),
    admission: createAdmission(),
    outstanding: 1,
    waiting: 4,
    maxDataSources: 65_535,
    maxPayload: 65_535,
    onTakenId: "replace",
    ...options,
  });
}

export function dataSourceCore(options: Partial<DataSourceCoreOptions> = {}): DataSourceCore {
  return createDataSourceCore({
    id: dataSourceId,
    variables: protocolVariables("data-source", { ...defaultReadings, ...options.readings }),
    readings: defaultReadings,
    random: seededRandom(2),
    sourcePeers: [undefined],
    maxPayload: 65_535,
    maxPending: 4,
    ...options,
  });
}

/** The octets of a message; a text gives a text payload. */
export function octets(
  fields: Partial<Omit<LdmpMessage, "payload">> & { code: number; payload?: string | Uint8Array },
  readings: Readings = defaultReadings,
): Uint8Array {
  const payload = typeof fields.payload === "string" ? textPayload(fields.payload) : fields.payload;
  const payloadType =
    payload === undefined
      ? PayloadType.none
      : typeof fields.payload === "string"
        ? PayloadType.text
        : PayloadType.binary;
  return encode(
    {
      version: 1,
      type: Type.acknowledgementRequired,
      payloadType,
      reserved: 0,
      messageId: 1000,
      sourceId: dataSourceId,
      destinationId: sourcePeerId,
      ...fields,
      payload,
    },
    readings,
  );
}

/** What was sent, decoded: `05 17→1 #1000 T0` is compact enough for tables. */
export function sent(
  effects: readonly { readonly kind: string }[],
  readings: Readings = defaultReadings,
): LdmpMessage[] {
  return effects
    .filter((effect): effect is { kind: "send"; to: Remote; bytes: Uint8Array } => effect.kind === "send")
    .map(({ bytes }) => decode(bytes, { layout: readings.layout }));
}

/** Runs a core up to a time, timer by timer; gives every effect with the time it came at. */
export function advance<Effect>(
  core: { step(event: { type: "timer" }, now: number): Effect[]; nextTimer(): number },
  from: number,
  to: number,
): { at: number; effect: Effect }[] {
  const seen: { at: number; effect: Effect }[] = [];
  for (let now = Math.max(from, core.nextTimer()); now <= to; now = Math.max(now, core.nextTimer())) {
    for (const effect of core.step({ type: "timer" }, now)) seen.push({ at: now, effect });
  }
  return seen;
}

/** A data source that the source peer has registered, and the time by then. */
export function registered(core: SourcePeerCore, now = 0, from = dataSourceAt, id = dataSourceId): void {
  const bytes = octets({ code: Code.registration, sourceId: id, messageId: 1 });
  const [reply] = sent(core.step({ type: "datagram", from, bytes }, now));
  if (reply?.code !== Code.ok) throw new Error("the data source was not registered");
}
