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
  /** No RTP, no MPEG-TS, or of another sender, or of one on probation. */
  readonly refused: number;
}

/** Brings the packets of one sender of RTP back into order; without I/O. Tolerates jitter up to the delay, and counts what is lost. */
export interface Reorder {
  /** @param from the address it came from @returns payloads that are in order now */
  push(datagram: Uint8Array, now: number, from?: string): Uint8Array[];
  /** Counts a datagram that is none of the sender's. */
  refuse(): void;
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
/** How far apart the two packets may be that a sender shows itself by [RFC 3550 A.1]. */
const maxMisorder = 100;
/** Senders on probation at a time. */
const maxCandidates = 16;

export function createReorder(options: Partial<ReorderOptions> = {}): Reorder {
  const { delayMs, maxWaiting, silenceMs } = { ...defaultReorder, ...options };
  const counts = { received: 0, lost: 0, duplicates: 0, refused: 0 };
  /** By sequence number, continued beyond 16 bits. */
  const waiting = new Map<number, { readonly payload: Uint8Array; readonly since: number }>();
  /** Its source identifier and address: packets of the same one from elsewhere are somebody else's [RFC 3550 8.2]. */
  let sender: string | undefined;
  /** Senders of whom one packet came: a stray one is no stream, and holds no other up. */
  const candidates = new Map<string, { readonly packet: RtpPacket; readonly at: number }>();
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
    next = packet.sequence;
    jump = undefined;
  };
  /** Two packets that belong together make a sender: those two in their order; otherwise it is on probation, from this packet on. */
  const believed = (who: string, packet: RtpPacket, now: number): readonly RtpPacket[] | undefined => {
    const known = candidates.get(who);
    candidates.delete(who);
    if (known !== undefined && now - known.at < silenceMs) {
      const apart = (packet.sequence - known.packet.sequence + modulus) % modulus;
      if (apart > 0 && apart <= maxMisorder) return [known.packet, packet];
      if (apart >= modulus - maxMisorder) return [packet, known.packet];
    }
    candidates.set(who, { packet: { ...packet, payload: packet.payload.slice() }, at: now });
    for (const oldest of candidates.keys()) {
      if (candidates.size <= maxCandidates) break;
      candidates.delete(oldest);
    }
    return undefined;
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
    refuse() {
      counts.refused++;
    },
    push(datagram, now, from = "") {
      const packet = decodeRtp(datagram);
      if (packet === undefined || packet.payloadType !== mpegTs || !isMpegTs(packet.payload)) {
        counts.refused++;
        return [];
      }
      const who = `${packet.ssrc} ${from}`;
      if (who !== sender) {
        const first = sender !== undefined && now - heardAt < silenceMs ? undefined : believed(who, packet, now);
        const [earlier] = first ?? [];
        if (first === undefined || earlier === undefined) {
          counts.refused++;
          return [];
        }
        // The one before counted as refused.
        counts.refused--;
        counts.received += 2;
        const before = all();
        candidates.clear();
        sender = who;
        heardAt = now;
        begin(earlier);
        return [...before, ...first.flatMap((one) => place(one, now) ?? [])];
      }
      const payloads = place(packet, now);
      if (payloads === undefined) {
        if (jump?.wanted !== packet.sequence) {
          jump = { wanted: (packet.sequence + 1) % modulus, packet: { ...packet, payload: packet.payload.slice() } };
          counts.refused++;
          return [];
        }
        // The sender has begun anew, with the packet before this one.
        const { packet: first } = jump;
        const before = all();
        begin(first);
        counts.refused--;
        counts.received += 2;
        heardAt = now;
        return [...before, ...(place(first, now) ?? []), ...(place(packet, now) ?? [])];
      }
      jump = undefined;
      counts.received++;
      heardAt = now;
      return payloads;
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
