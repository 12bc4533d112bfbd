import { Code, type Primary } from "../core/message.js";
import type { PathContext } from "./context.js";
import type { Path } from "./path.js";
import { ownPlace, youngestChild } from "./place.js";

/**
 * PRIMARY, at the peer that is asked to become a parent [Q.4100 7.2.2.1; facts b.5, step 9].
 * A parent has a lower ticket than its child, always: no loop can form, whatever happens at the same time elsewhere.
 */
export function answerPrimary(ctx: PathContext, path: Path, { bufferMap }: Primary): void {
  const { table, settings, data, membership } = ctx;
  // 1. A child asks again where it is.
  if (path.kind === "child") {
    path.wantsNews = true;
    path.link.send({ code: Code.primaryAccepted, ...ownPlace(ctx) });
    return;
  }
  // 2. The order of the tickets. Paths that this peer asked for lead to older peers.
  if (ctx.mesh || path.kind !== "incoming-candidate" || path.ticketId <= membership.self.ticketId) {
    ctx.refused(path.peerId, ctx.mesh ? "PRIMARY in a mesh" : "PRIMARY from a peer that is not younger");
    path.link.send({ code: Code.primaryRefused });
    return;
  }
  // 3. Room, or a child that is younger than the one that asks. Each displacement puts an older peer in a younger one's place, so they end.
  if (table.primaries.length >= settings.maxPrimary) {
    const youngest = youngestChild(table);
    if (youngest === undefined || youngest.ticketId <= path.ticketId) {
      path.link.send({ code: Code.primaryRefused });
      ctx.candidates.limit(path);
      return;
    }
    ctx.end(youngest, "displaced by an older peer", "release");
  }
  if (!table.has(path)) return;
  const own = data.bufferMap();
  path.link.send({ code: Code.primaryAccepted, ...(own !== undefined && { bufferMap: own }), ...ownPlace(ctx) });
  table.change(path, "child");
  path.announced = true;
  ctx.host.news({ kind: "path", peerId: path.peerId, path: "child", change: "up" });
  data.primaryUp(path, bufferMap);
}

/** A parent that was found counts among the primary paths: the youngest child makes way where there are too many now. */
export function makeRoomForParent(ctx: PathContext): void {
  const { table, settings } = ctx;
  while (table.primaries.length > settings.maxPrimary) {
    const youngest = youngestChild(table);
    if (youngest === undefined) return;
    ctx.end(youngest, "displaced by the parent", "release");
  }
}
