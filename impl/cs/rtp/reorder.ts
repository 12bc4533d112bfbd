import { decodeRtp, isMpegTs, mpegTs, type RtpPacket } from "./packet.js";

export interface ReorderOptions {
  /** How long a packet waits for one that should come before it, in ms. */
  readonly delayMs: number;
  /** Packets that may wait; beyond, those missing are given up. */
  readonly maxWaiting: number;
  /** Silence of a sender after which another one may take its place, in ms. */
  readonly silenceMs: number;
}

export const defaultReorder: ReorderOptions = { delayMs: 200, maxWaiting: 1024, silenceMs: 5_000 };

/** Packets, counted. */
export interface ReorderCounts {
  readonly received: number;
  /** Never came, or too late. */
  readonly lost: number;
  readonly duplicates: number;
  /** No RTP, no MPEG-TS, or of another sender. */
  readonly refused: number;
}

/** Brings the packets of one sender of RTP back into order; without I/O. Tolerates jitter up to the delay, and counts what is lost. */
export interface Reorder {
  /** @returns payloads that are in order now */
  push(datagram: Uint8Array, now: number): Uint8Array[];
  /** When {@link expire} is due; undefined where nothing waits. */
  readonly dueAt: number | undefined;
  /** Gives up what has been waited for long enough. */
  expire(now: number): Uint8Array[];
  /** Gives up all that is missing. */
  flush(): Uint8Array[];
  readonly counts: ReorderCounts;
}

/** A jump of the sequence number that is no loss but another sequence [RFC 3550 A.1]. */
const maxDropout = 3000;
const modulus = 2 ** 16;

export function createReorder(options: Partial<ReorderOptions> = {}): Reorder {
  const { delayMs, maxWaiting, silenceMs } = { ...defaultReorder, ...options };
  const counts = { received: 0, lost: 0, duplicates: 0, refused: 0 };
  /** By sequence number, continued beyond 16 bits. */
  const waiting = new Map<number, { readonly payload: Uint8Array; readonly since: number }>();
  let ssrc: number | undefined;
  let next = 0;
  let heardAt = 0;
  /** Where a jump led to: the next number there makes it believed [RFC 3550 A.1]. */
  let jump: { readonly wanted: number; readonly packet: RtpPacket } | undefined;

  const drain = (): Uint8Array[] => {
    const payloads: Uint8Array[] = [];
    for (let entry = waiting.get(next); entry !== undefined; entry = waiting.get(next)) {
      waiting.delete(next);
      payloads.push(entry.payload);
      next++;
    }
    return payloads;
  };
  /** Gives up what is missing before the first packet that waits. */
  const skip = (): Uint8Array[] => {
    const first = Math.min(...waiting.keys());
    counts.lost += first - next;
    next = first;
    return drain();
  };
  const all = (): Uint8Array[] => {
    const payloads: Uint8Array[] = [];
    while (waiting.size > 0) payloads.push(...skip());
    return payloads;
  };
  const begin = (packet: RtpPacket): void => {
    ssrc = packet.ssrc;
    next = packet.sequence;
    jump = undefined;
  };
  const place = (packet: RtpPacket, now: number): Uint8Array[] | undefined => {
    const low = next % modulus;
    let ahead = (packet.sequence - low + modulus) % modulus;
    if (ahead >= modulus / 2) ahead -= modulus;
    if (ahead < 0 && ahead > -maxDropout) {
      // Given up already, or a copy.
      counts.duplicates++;
      return [];
    }
    if (Math.abs(ahead) >= maxDropout) return undefined;
    const sequence = next + ahead;
    if (waiting.has(sequence)) counts.duplicates++;
    else waiting.set(sequence, { payload: packet.payload.slice(), since: now });
    const payloads = drain();
    while (waiting.size > maxWaiting) payloads.push(...skip());
    return payloads;
  };

  return {
    counts,
    push(datagram, now) {
      const packet = decodeRtp(datagram);
      if (packet === undefined || packet.payloadType !== mpegTs || !isMpegTs(packet.payload)) {
        counts.refused++;
        return [];
      }
      const before: Uint8Array[] = [];
      if (packet.ssrc !== ssrc) {
        if (ssrc !== undefined && now - heardAt < silenceMs) {
          counts.refused++;
          return [];
        }
        before.push(...all());
        begin(packet);
      }
      const payloads = place(packet, now);
      if (payloads === undefined) {
        if (jump?.wanted !== packet.sequence) {
          jump = { wanted: (packet.sequence + 1) % modulus, packet: { ...packet, payload: packet.payload.slice() } };
          counts.refused++;
          return before;
        }
        // The sender has begun anew, with the packet before this one.
        const { packet: first } = jump;
        before.push(...all());
        begin(first);
        counts.refused--;
        counts.received += 2;
        heardAt = now;
        return [...before, ...(place(first, now) ?? []), ...(place(packet, now) ?? [])];
      }
      jump = undefined;
      counts.received++;
      heardAt = now;
      return [...before, ...payloads];
    },
    get dueAt() {
      if (waiting.size === 0) return undefined;
      let oldest = Number.POSITIVE_INFINITY;
      for (const { since } of waiting.values()) oldest = Math.min(oldest, since);
      return oldest + delayMs;
    },
    expire(now) {
      const payloads: Uint8Array[] = [];
      for (let due = this.dueAt; due !== undefined && due <= now; due = this.dueAt) payloads.push(...skip());
      return payloads;
    },
    flush: all,
  };
}
