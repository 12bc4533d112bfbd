import { architectureMutants } from "./architecture-mutants.js";
import type { Mutant } from "./defects.js";
import { after, answers, overlayOf, QUERY } from "./defects.js";
import { overlayMutants } from "./overlay-mutants.js";
import { peerMutants } from "./peer-mutants.js";
import type { Json } from "./tiny-homs.js";

/** Defects of a HOMS, one statement each. */
export const mutants: readonly Mutant[] = [...overlayMutants, ...peerMutants, ...architectureMutants];

/** Leaks: the case fails, and the product conforms all the same. */
export const leaks: readonly Mutant[] = [
  answers("a query shows the whole of auth", "HOMP-6.2.2-14", QUERY, (overlay, _, homs) => {
    overlay.auth = homs.overlays.get(String(overlay["overlay-id"]))?.info.auth;
  }),
  answers("a query lists peers with their passwords", "HOMP-6.2.2-12", QUERY, (overlay, _, homs) => {
    const members = homs.overlays.get(String(overlay["overlay-id"]))?.members.values() ?? [];
    const list = [...members].map(({ peer }) => peer);
    overlay.status = { num_peers: list.length, status: "active", peer_info_list: list };
  }),
  after("a refusal names the right key", "HOMP-6.2.5-17", (exchange, reply, homs) => {
    const right = (overlayOf(exchange, homs)?.info.auth as Json | undefined)?.access_key;
    return reply.status === 403 ? { status: 403, body: { error: `expected ${String(right)}` } } : undefined;
  }),
];
