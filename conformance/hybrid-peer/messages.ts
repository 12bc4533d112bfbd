import type { Json, R2Profile } from "../engine/r2-frame.js";
import type { R2Link } from "../engine/r2-link.js";
import { R2, type R2Message } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import type { Test } from "../engine/test.js";

/** The suite's own messages, in the spelling of p23; the instrument spells them as the profile has it. */

export interface HelloOptions {
  readonly connNum?: number;
  readonly ttl?: number;
  readonly ticket?: number;
  readonly vertical?: boolean;
}

export function hello(overlayId: string, peer: R2Peer, options: HelloOptions = {}): R2Message {
  const { connNum = 1, ttl = 1, ticket = peer.ticket, vertical } = options;
  return {
    code: R2.hello,
    params: {
      operation: {
        "overlay-id": overlayId,
        conn_num: connNum,
        ttl,
        ...(vertical === undefined ? {} : { "vertical-candidate": vertical }),
      },
      peer: { "peer-id": peer.id, address: peer.address, "ticket-id": ticket },
    },
  };
}

export function estab(overlayId: string, peer: R2Peer, allow = true, ticket = peer.ticket): R2Message {
  return {
    code: R2.estab,
    params: {
      operation: { "overlay-id": overlayId },
      "allow-primary-req": allow,
      peer: { "peer-id": peer.id, "ticket-id": ticket },
    },
  };
}

/** @param map undefined: no push; null: an empty cache */
export function primary(profile: R2Profile, map?: readonly Json[] | null): R2Message {
  if (profile === "p20") return { code: R2.primary };
  return { code: R2.primary, params: map === undefined ? {} : { buffermap: map } };
}

/** Grants a primary path, and leaves the product a moment to take it up: what may come right behind is said nowhere. */
export async function grant(t: Test, link: R2Link, map?: readonly Json[] | null): Promise<void> {
  link.send(primaryAccepted(link.profile, map));
  await t.sleep(300);
}

function primaryAccepted(profile: R2Profile, map?: readonly Json[] | null): R2Message {
  if (profile === "p20") return { code: R2.primaryAccepted };
  return { code: R2.primaryAccepted, params: map === undefined ? {} : { buffermap: map } };
}

export interface DataOptions {
  readonly ack?: boolean;
  readonly type?: string;
  readonly appId?: string;
  readonly extension?: Json;
}

export function data(
  source: string,
  sequence: number,
  payload: string | Uint8Array,
  options: DataOptions = {},
): R2Message {
  const { ack = false, type = "text/plain", appId = "conformance", extension = {} } = options;
  return {
    code: R2.data,
    params: {
      operation: { ack, "candidate-path": false },
      peer: { "peer-id": source, sequence },
      payload: { "payload-type": type },
    },
    extension: { "app-id": appId, ...extension },
    payload: typeof payload === "string" ? Buffer.from(payload) : payload,
  };
}

/** The answer to GET_DATA; p22 and p23 have the sequence in different places. */
export function dataFound(source: string, sequence: number, payload: string): R2Message {
  return {
    code: R2.getDataAnswer,
    params: {
      peer: { "peer-id": source, sequence },
      sequence,
      payload: { "payload-type": "text/plain" },
    },
    extension: { "app-id": "conformance" },
    payload: Buffer.from(payload),
  };
}

export const bufferMap = (overlayId: string): R2Message => ({
  code: R2.bufferMap,
  params: { "overlay-id": overlayId },
});

export const getData = (overlayId: string, source: string, sequence: number): R2Message => ({
  code: R2.getData,
  more: { "overlay-id": overlayId, "source-id": source, sequence },
});

/** Sequences of a source that a buffer map lists, in either of its forms. */
export function listed(map: unknown, source: string): number[] {
  if (!Array.isArray(map)) return [];
  const entries = map.filter((one): one is Json => typeof one === "object" && one !== null);
  return entries
    .filter((one) => one.SourcePeerId === source)
    .flatMap((one) => {
      const plain = Array.isArray(one.Sequence) ? one.Sequence.filter((n): n is number => typeof n === "number") : [];
      const ranges = Array.isArray(one.Ranges) ? one.Ranges : [];
      return [
        ...plain,
        ...ranges.flatMap((range) => {
          const [from, to] = Array.isArray(range) ? (range as number[]) : [];
          if (from === undefined || to === undefined || to - from > 10_000) return [];
          return Array.from({ length: to - from + 1 }, (_, index) => from + index);
        }),
      ];
    });
}
