import type {
  HybridOverlayJoinResponse,
  HybridOverlayQueryResponse,
  HybridOverlayRefreshResponse,
} from "../../../generated/homp/types.js";
import type { FieldDialect } from "./dialect.js";

/** What an overlay without cr-policy has instead, for peers that crash where it is missing (E-HOMP-77 B). */
const noPolicy = { mN_Cache: 0, mD_Cache: 0, "recovery-by": "pull" } as const;

/** The query answer that the field's peers read, whatever their generation: an array (E-HOMP-17 C). */
export const queryAnswer = ({ overlay }: HybridOverlayQueryResponse): object[] =>
  overlay.map((one) => ({ overlay: { "cr-policy": noPolicy, ...one } }));

/**
 * The join answer with its numbers as numbers: what is text where these peers expect a number counts as 0 for them. V22 looks for
 * ticket and lifetime in overlay, the others in peer, so both places have both.
 */
export function joinAnswer({ overlay, peer }: HybridOverlayJoinResponse, dialect: FieldDialect): object {
  const ticket = Number(overlay["ticket-id"]);
  const instances = dialect === "v23a";
  const { status } = overlay;
  return {
    overlay: {
      ...overlay,
      "ticket-id": ticket,
      ...(instances && status !== undefined
        ? { status: { ...status, peer_info_list: status.peer_info_list?.map(withInstance) } }
        : {}),
    },
    peer: { ...(instances ? withInstance(peer ?? {}) : peer), "ticket-id": ticket },
  };
}

/** V23 looks for the lifetime in peer. */
export function refreshAnswer({ overlay, peer }: HybridOverlayRefreshResponse, dialect: FieldDialect): object {
  const { expires } = overlay;
  return { overlay, peer: { ...(dialect === "v23a" ? withInstance(peer ?? {}) : peer), expires } };
}

/** The pair that V23a knows a peer by. */
function withInstance(peer: { "peer-id"?: string }): object {
  const [, id, digits] = /^(.+);(\d{1,15})$/.exec(peer["peer-id"] ?? "") ?? [];
  return id === undefined ? peer : { ...peer, "peer-id": id, "instance-id": Number(digits) };
}
