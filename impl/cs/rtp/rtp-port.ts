import type { Clock } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { openUdp } from "../../net/udp.js";
import { createReorder, type ReorderCounts, type ReorderOptions } from "./reorder.js";

export interface RtpPortOptions extends Partial<ReorderOptions> {
  readonly host: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Octets of MPEG-TS, in order. */
  onPayload(octets: Uint8Array): void;
}

/** A UDP port that takes one stream of MPEG-TS by RTP [RFC 2250, RFC 3550]. */
export interface RtpPort {
  readonly address: string;
  readonly port: number;
  readonly counts: ReorderCounts;
  /** Hands over what still waits for missing packets. */
  flush(): void;
  close(): Promise<void>;
}

/** Rejects with the system's error when no port can be had. */
export async function openRtpPort({ host, clock, logger, onPayload, ...options }: RtpPortOptions): Promise<RtpPort> {
  const reorder = createReorder(options);
  let timer: NodeJS.Timeout | undefined;
  const look = (payloads: readonly Uint8Array[]): void => {
    for (const payload of payloads) onPayload(payload);
    clearTimeout(timer);
    const { dueAt } = reorder;
    if (dueAt === undefined) return;
    timer = setTimeout(() => look(reorder.expire(clock.now())), Math.max(1, dueAt - clock.now()));
  };
  const udp = await openUdp({ host, logger, onDatagram: (datagram) => look(reorder.push(datagram, clock.now())) });
  return {
    address: udp.address,
    port: udp.port,
    counts: reorder.counts,
    flush: () => look(reorder.flush()),
    async close() {
      await udp.close();
      clearTimeout(timer);
    },
  };
}
