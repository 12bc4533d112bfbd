import type { Delivery } from "../core/ports.js";
import type { PeerNetwork } from "./network.js";

/** What of the data that arrives is handed over, and in what form. */
export interface HandOverOptions {
  /** These applications' data only. Default: all. */
  readonly appIds?: readonly string[];
  /** What is sent for a delivery; undefined: nothing. Default: the same payload, payload type and app-id. */
  readonly map?: (
    delivery: Delivery,
  ) => { readonly appId?: string; readonly payloadType?: string; readonly payload: Uint8Array | string } | undefined;
  /** What could not be handed over, and why; the bridge goes on. */
  readonly onError?: (error: Error, delivery: Delivery) => void;
}

export interface HandOver {
  /** Messages handed over so far. */
  readonly count: number;
  readonly failed: number;
  stop(): void;
}

/**
 * Hands the data that this peer receives in one overlay network on to another, at the level of the application: from the core tree to a
 * SubTree or SubMesh whose source this peer is [Q.4100 6, 8.3, E-HP2P-11]. Data lost on the way in is not handed over.
 */
export function handOver(from: PeerNetwork, to: PeerNetwork, options: HandOverOptions = {}): HandOver {
  const wanted = options.appIds && new Set(options.appIds);
  let count = 0;
  let failed = 0;
  const stop = from.onData((delivery) => {
    if (wanted !== undefined && !wanted.has(delivery.appId)) return;
    try {
      const { appId, payloadType, payload } = delivery;
      const mapped = options.map === undefined ? { appId, payloadType, payload } : options.map(delivery);
      if (mapped === undefined) return;
      to.application(mapped.appId ?? appId).send(mapped.payload, { payloadType: mapped.payloadType ?? payloadType });
      count += 1;
    } catch (error) {
      failed += 1;
      options.onError?.(error instanceof Error ? error : new Error(String(error)), delivery);
    }
  });
  return {
    get count() {
      return count;
    },
    get failed() {
      return failed;
    },
    stop,
  };
}
