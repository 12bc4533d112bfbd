import { type BroadcastData, Code } from "../../core/message.js";
import type { DataPath, Link, Paths } from "../../core/ports.js";
import { defaultCoreSettings } from "../../core/settings.js";
import { createDataManagement } from "../data-management.js";
import { membershipOf } from "./network.js";

/**
 * What data management costs for one received 1 KiB broadcast: compare, cache, relay to two links, deliver; the links cost nothing.
 * node --import ./tools/test/run-typescript.mjs impl/hybrid-peer/data/test/speed.ts
 */
const path = (id: number): DataPath => {
  const link: Link = { id, incoming: true, remote: "", queued: 0, send: () => true, close: () => undefined };
  return { peerId: `peer-${id}`, link };
};

function measure(order: "arrival" | "source", cacheMessages: number, sources: number): number {
  const from = path(1);
  const primaries = [from, path(2), path(3)];
  const paths: Paths = {
    primaries,
    parent: from,
    outgoingCandidates: [],
    incomingCandidates: [],
    drop: () => undefined,
  };
  let delivered = 0;
  const host = {
    now: () => performance.now(),
    deliver: () => {
      delivered += 1;
    },
    news: () => undefined,
  };
  const timers = { after: () => () => undefined };
  const data = createDataManagement({ paths, host, timers, settings: { ...defaultCoreSettings, order } });
  data.start(membershipOf("self", { cacheMessages }));
  const count = 400_000;
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    // Sixty frames in what one read brought, and strings that were just read, as off a socket.
    const messages: BroadcastData[] = [];
    let chunk = new ArrayBuffer(0);
    for (let i = 0; i < count / 5; i++) {
      if (i % 60 === 0) chunk = new ArrayBuffer(60 * 1224);
      const octets = new Uint8Array(chunk, (i % 60) * 1224, 1224);
      const payload = new Uint8Array(octets.buffer, octets.byteOffset + 200, 1024);
      const sequence = 1 + Math.floor((run * (count / 5) + i) / sources);
      const source = JSON.parse(`"a source of data ${i % sources}"`) as string;
      messages.push({
        code: Code.broadcastData,
        ack: false,
        candidatePath: false,
        data: { source, sequence, payloadType: "text/plain", appId: "", payload },
        frame: { octets, profile: "p23" },
      });
    }
    // Of the processor, not of the clock: other work on the machine does not count, collecting garbage does.
    const start = process.cpuUsage();
    for (const message of messages) data.received(from, message);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / messages.length);
  }
  if (delivered !== count) throw new Error(`${delivered} of ${count} delivered`);
  return best;
}

for (const [order, cache, sources] of [
  ["arrival", 0, 1],
  ["arrival", 1000, 1],
  ["arrival", 1000, 100],
  ["source", 1000, 1],
] as const) {
  const us = measure(order, cache, sources);
  console.log(`order ${order}, mN_Cache ${cache}, ${sources} sources: ${us.toFixed(2)} µs`);
}
