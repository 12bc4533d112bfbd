import { Code, type PeerContact, type PrimaryAccepted } from "../core/message.js";
import type { PathContext } from "./context.js";
import type { Path } from "./path.js";
import type { PathTable } from "./path-table.js";

/** Primary paths up to the root, if that is known: not while a parent is being looked for. */
export function ownDepth({ mesh, table, search }: PathContext): number | undefined {
  if (mesh) return undefined;
  if (table.parent !== undefined) return table.parent.depth === undefined ? undefined : table.parent.depth + 1;
  return search.isRoot ? 0 : undefined;
}

/** What an answer to PRIMARY says of the answering peer's own place. */
export function ownPlace(ctx: PathContext): Pick<PrimaryAccepted, "parentPeer" | "depth"> {
  const depth = ownDepth(ctx);
  const parentPeer = parentContact(ctx);
  return { ...(parentPeer !== undefined && { parentPeer }), ...(depth !== undefined && { depth }) };
}

function parentContact({ table: { parent }, membership, addressOf }: PathContext): PeerContact | undefined {
  if (parent === undefined) return undefined;
  const { peerId } = parent;
  // Over WebRTC all peers have one address, the signalling server's.
  const shared = membership.self.address.startsWith("ws") ? membership.self.address : undefined;
  const address = parent.address ?? addressOf(peerId) ?? shared;
  return address === undefined ? undefined : { peerId, address };
}

/** The child with the highest ticket: the first to make way. */
export function youngestChild({ children }: PathTable): Path | undefined {
  let youngest: Path | undefined;
  for (const child of children) if (youngest === undefined || child.ticketId > youngest.ticketId) youngest = child;
  return youngest;
}

/** Tells the children that understand it where they are now. */
export function tellPlace(ctx: PathContext): void {
  for (const { wantsNews, link } of ctx.table.children)
    if (wantsNews) link.send({ code: Code.primaryAccepted, ...ownPlace(ctx) });
}
