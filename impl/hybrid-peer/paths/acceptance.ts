import { Code, type Estab } from "../core/message.js";
import type { Link } from "../core/ports.js";
import type { PathContext } from "./context.js";
import { MAX_PEER_ID } from "./limits.js";
import { isFresh, type Liveness } from "./liveness.js";
import type { Offers } from "./offers.js";
import { isTicket } from "./path.js";

/** ESTAB on a link that another peer opened: takes the offered path, or not [facts b.6]. */
export function answerEstab(ctx: PathContext, offers: Offers, liveness: Liveness, link: Link, estab: Estab): void {
  const { table, membership, sessions } = ctx;
  const { peerId, ticketId, address } = estab.peer;
  const refuse = (reason?: string): void => {
    if (reason !== undefined) ctx.refused(peerId, reason);
    link.send({ code: Code.estabRefused });
    link.close();
  };

  // 1. Who may offer a path at all: in a tree only an older peer [facts b.7].
  const fault = faultOf(ctx, estab) ?? (sessions.hasRoom(link) ? undefined : "too many links");
  if (fault !== undefined) {
    refuse(fault);
    return;
  }
  // 2. One path per peer: the one there is stays, unless nothing is heard on it any more.
  const before = table.get(peerId);
  if (before !== undefined && isFresh(before, ctx)) {
    liveness.ask(before);
    refuse();
    return;
  }
  // 3. In a mesh both may offer at the same time: both let the offer of the lower peer-id stand.
  if (before === undefined && offers.isPending(peerId)) {
    if (membership.self.peerId < peerId) {
      refuse();
      return;
    }
    offers.withdraw(peerId);
  }
  if (before !== undefined) ctx.end(before, "replaced by a new link", "release");
  // 4. Whether one more is wanted.
  if (!ctx.candidates.wants(estab)) {
    refuse();
    return;
  }
  const { proofs } = membership;
  link.send({
    code: Code.estabAccepted,
    ...(proofs !== undefined && { proof: proofs.mine(estab.proof?.nonce, peerId) }),
  });
  const path = ctx.open(link, {
    peerId,
    ticketId,
    kind: "outgoing-candidate",
    address: address ?? ctx.addressOf(peerId),
    depth: estab.depth,
    allowsPrimary: estab.allowPrimaryRequest,
  });
  ctx.candidates.opened(path);
  ctx.search.offered();
}

function faultOf(ctx: PathContext, estab: Estab): string | undefined {
  const { overlayId, self } = ctx.membership;
  const { peerId, ticketId } = estab.peer;
  if (estab.overlayId !== overlayId) return "ESTAB for another overlay";
  if (peerId === self.peerId || peerId === "" || peerId.length > MAX_PEER_ID)
    return "ESTAB with a peer-id that cannot be";
  if (!isTicket(ticketId)) return "ESTAB with a ticket-id that cannot be";
  if (!ctx.mesh && ticketId >= self.ticketId) return "ESTAB from a peer that is not older";
  return ctx.hello.faultOf(estab);
}
