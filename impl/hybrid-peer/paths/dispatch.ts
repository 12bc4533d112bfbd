import { Code, type Message } from "../core/message.js";
import type { PathContext } from "./context.js";
import type { Liveness } from "./liveness.js";
import type { Offers } from "./offers.js";
import type { Path } from "./path.js";
import { answerPrimary } from "./primary.js";
import type { TreeScan } from "./scan-tree.js";

/** What becomes of a message on an established path, by its code. Application data does not come here: it takes a shorter way. */
export function createDispatch(
  ctx: PathContext,
  { offers, liveness, treeScan }: { offers: Offers; liveness: Liveness; treeScan: TreeScan },
): (path: Path, message: Message) => void {
  return (path, message) => {
    switch (message.code) {
      case Code.hello:
        offers.helloOnPath(path, message);
        return;
      case Code.estab:
        ctx.refused(path.peerId, "ESTAB on a path");
        path.link.send({ code: Code.estabRefused });
        return;
      case Code.probe:
        path.link.send({ code: Code.probeAnswer, time: message.time });
        return;
      case Code.probeAnswer:
        ctx.search.probed(path);
        return;
      case Code.primary:
        answerPrimary(ctx, path, message);
        return;
      case Code.primaryAccepted:
        ctx.search.accepted(path, message);
        return;
      case Code.primaryRefused:
        ctx.search.refused(path);
        return;
      case Code.candidate:
        path.link.send({ code: Code.candidateAccepted });
        return;
      case Code.release:
        if (message.ack) path.link.send({ code: Code.releaseAccepted });
        ctx.end(path, "RELEASE", "released");
        return;
      case Code.heartbeat:
        path.link.send({ code: Code.heartbeatAnswer });
        return;
      case Code.heartbeatAnswer:
        liveness.answered(path);
        return;
      case Code.scanTree:
      case Code.scanTreeNode:
      case Code.scanTreeLeaf:
        treeScan.received(path, message);
        return;
      case Code.broadcastAccepted:
      case Code.bufferMap:
      case Code.bufferMapAnswer:
      case Code.getData:
      case Code.getDataAnswer:
      case Code.getDataAbsent:
        ctx.data.received(path, message);
        return;
      default:
        // Answers that nobody waits for.
        return;
    }
  };
}
