import { Code, type PeerContact, type ScanTree, type TicketedPeer } from "../core/message.js";
import type { PathContext } from "./context.js";
import { MAX_SCAN_HOPS, MAX_SCAN_RESULTS, MAX_SCANS, MAX_SCANS_PER_SECOND } from "./limits.js";
import { contactOf, type Path } from "./path.js";
import { createRate } from "./rate.js";

/** SCAN_TREE [facts b.10] as originator, on the way, and as leaf. Only the originator remembers anything. */
export interface TreeScan {
  scan(): number;
  received(path: Path, message: ScanTree): void;
  stop(): void;
}

interface Scan {
  results: number;
  stop: () => void;
}

export function createTreeScan(ctx: PathContext): TreeScan {
  const { host, timers, table, settings } = ctx;
  const scans = new Map<number, Scan>();
  let lastCseq = 0;
  const rate = createRate(() => host.now(), MAX_SCANS_PER_SECOND);

  function end(cseq: number): void {
    const scan = scans.get(cseq);
    if (scan === undefined) return;
    scan.stop();
    scans.delete(cseq);
    host.news({ kind: "scan-ended", cseq });
  }

  /** Nobody says how many leaves there are: the scan ends when none has answered for a while. */
  function wait(cseq: number, ms: number): void {
    const scan = scans.get(cseq);
    if (scan === undefined) return;
    scan.stop();
    scan.stop = timers.after(ms, () => end(cseq));
  }

  /** 9: a leaf answers, everybody else hands on. */
  function asked(path: Path, message: ScanTree): void {
    const { self } = ctx.membership;
    if (message.peer.peerId === self.peerId) return;
    if (message.via.length === 0 || message.via.length > MAX_SCAN_HOPS) {
      ctx.refused(path.peerId, "SCAN_TREE with a way back that cannot be");
      return;
    }
    // Each goes through the whole tree.
    if (!rate.take()) {
      ctx.refused(path.peerId, "too many SCAN_TREEs");
      return;
    }
    const others = table.primaries.filter((one) => one !== path);
    if (others.length === 0) {
      path.link.send({ ...message, code: Code.scanTreeLeaf, path: [self] });
      return;
    }
    path.link.send({ ...message, code: Code.scanTreeNode });
    const onward: ScanTree = { ...message, via: [contactOf(self), ...message.via] };
    for (const { link } of others) link.send(onward);
  }

  /** 9200, on its way back. */
  function answered(path: Path, message: ScanTree): void {
    const { self } = ctx.membership;
    const [mine, ...via] = message.via;
    const way = message.path;
    if (mine?.peerId !== self.peerId || way === null || way.length === 0) return;
    if (via.length > MAX_SCAN_HOPS || way.length > MAX_SCAN_HOPS) {
      ctx.refused(path.peerId, "SCAN_TREE with a way that cannot be");
      return;
    }
    const [next] = via;
    if (next !== undefined) {
      const back = table.get(next.peerId);
      if (back !== undefined && back !== path && table.primaries.includes(back))
        back.link.send({ ...message, via, path: [self, ...way] });
      return;
    }
    const scan = scans.get(message.cseq);
    if (scan === undefined || message.peer.peerId !== self.peerId || scan.results >= MAX_SCAN_RESULTS) return;
    scan.results += 1;
    host.news({ kind: "scan", cseq: message.cseq, path: way satisfies readonly TicketedPeer[] });
    wait(message.cseq, settings.answerMs);
  }

  return {
    scan() {
      const { self, overlayId } = ctx.membership;
      lastCseq =
        lastCseq === 0 ? 1 + (new DataView(host.random.bytes(4).slice().buffer).getUint32(0) >>> 2) : lastCseq + 1;
      const cseq = lastCseq;
      const [oldest] = scans.keys();
      if (scans.size >= MAX_SCANS && oldest !== undefined) end(oldest);
      scans.set(cseq, { results: 0, stop: () => {} });
      wait(cseq, table.primaries.length === 0 ? 0 : settings.answerMs);
      const via: readonly PeerContact[] = [contactOf(self)];
      for (const { link } of table.primaries)
        link.send({ code: Code.scanTree, cseq, overlayId, via, path: null, peer: self });
      return cseq;
    },
    received(path, message) {
      if (message.code === Code.scanTreeNode || !table.primaries.includes(path)) return;
      if (message.overlayId !== ctx.membership.overlayId) ctx.refused(path.peerId, "SCAN_TREE of another overlay");
      else if (message.code === Code.scanTree) asked(path, message);
      else answered(path, message);
    },
    stop() {
      for (const cseq of [...scans.keys()]) end(cseq);
    },
  };
}
