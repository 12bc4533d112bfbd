import { BlockList, isIP } from "node:net";
import type { Clock } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { openUdp } from "../../net/udp.js";
import { createReorder, type ReorderCounts, type ReorderOptions } from "./reorder.js";

export interface RtpPortOptions extends Partial<ReorderOptions> {
  readonly host: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The only IP address that packets are taken of. Default: any; then it is the first that sends two packets of a stream. */
  readonly sender?: string;
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
export async function openRtpPort({
  host,
  clock,
  logger,
  sender,
  onPayload,
  ...options
}: RtpPortOptions): Promise<RtpPort> {
  const reorder = createReorder(options);
  let timer: NodeJS.Timeout | undefined;
  const look = (payloads: readonly Uint8Array[]): void => {
    for (const payload of payloads) onPayload(payload);
    clearTimeout(timer);
    const { dueAt } = reorder;
    if (dueAt === undefined) return;
    timer = setTimeout(() => look(reorder.expire(clock.now())), Math.max(1, dueAt - clock.now()));
  };
  const announced = new BlockList();
  if (sender !== undefined) announced.addAddress(sender, isIP(sender) === 6 ? "ipv6" : "ipv4");
  const udp = await openUdp({
    host,
    logger,
    onDatagram(datagram, { address, port, family }) {
      if (sender !== undefined && !announced.check(address, family === "IPv6" ? "ipv6" : "ipv4")) reorder.refuse();
      else look(reorder.push(datagram, clock.now(), `${address} ${port}`));
    },
  });
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
