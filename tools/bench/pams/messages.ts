import type { PeerQueryCondition, PeerStatus } from "../../../impl/pams/types.js";

/** The n-th report, of this peer. */
export function reportOf(peer: number, n: number): PeerStatus {
  const held = (n * 7919) % 1_000;
  return {
    dynamic_status: {
      overlay_event: peer % 10 === 0 ? "COMPLETED" : "STARTED",
      uploaded: `${(n * 31_337) % 100_003}`,
      downloaded: `${(n * 977) % 50_021}`,
      left: `${n % 1000}`,
      fragment_range: { start_fragment_id: 0, end_fragment_id: held },
      num_upload_connection: n % 7,
    },
    static_status: { max_up_bw: 1_000 + (peer % 97) * 100, max_dn_bw: 10_000 },
  };
}

/** What an OMS asks, by name: the n-th time. */
export const queries: Record<string, (n: number) => PeerQueryCondition> = {
  "best 50 by upload": () => ({ ordering: "UPLOADED", max_peer_num: 50 }),
  "50 in turns": () => ({ max_peer_num: 50 }),
  "50 helpers": (n) => ({ requesting_peer: `peer-${(n * 7919) % 1_000}`, max_peer_num: 50 }),
  "50 that hold a range": (n) => ({
    max_peer_num: 50,
    fragment_range: { start_fragment_id: n % 500, end_fragment_id: (n % 500) + 400 },
  }),
};
