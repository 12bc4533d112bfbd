import type { CoreNews, HybridPeerNews } from "../../hybrid-peer/index.js";

/** What happened to a hybrid peer, as a line of progress; undefined where nobody needs to know. */
export function sentence(news: HybridPeerNews): string | undefined {
  switch (news.kind) {
    case "network":
      return pathSentence(news.news);
    case "joined": {
      // Asking the HOMS for peers to connect to goes on as long as paths are wanting; what comes of it is told as paths.
      if (news.recovery) return undefined;
      const how = news.again ? "joined again" : "joined";
      return `${how} ${news.overlayId} for ${news.expires} s, ${news.entryPeers.length} peers to connect to${news.ticketId === undefined ? "" : `, ticket ${news.ticketId}`}`;
    }
    case "refreshed":
      return `stays in ${news.overlayId} for another ${news.expires} s`;
    case "reported":
      return undefined;
    case "report-refused":
      return `the report was refused: ${news.reason}`;
    case "unavailable":
    case "retry":
      return `${news.reason}; next attempt in ${(news.retryMs / 1000).toFixed(1)} s`;
    case "lost":
      return `no longer in ${news.overlayId}: ${news.reason}; joining again`;
    case "refused":
    case "gone":
      return `not in ${news.overlayId}: ${news.reason}`;
    case "left":
      return `left ${news.overlayId}`;
    case "created":
      return `created ${news.overlay.overlayId}${news.again ? " anew" : ""} for ${news.expires} s`;
    case "modified":
      return `modified ${news.overlayId}`;
    case "removed":
      return `removed ${news.overlayId}`;
    case "abandoned":
      return `no longer owner of ${news.overlayId}: ${news.reason}`;
  }
}

function pathSentence(news: CoreNews): string | undefined {
  switch (news.kind) {
    case "path": {
      const sign = news.change === "up" ? "+" : "-";
      return `${sign} ${news.path} ${news.peerId}${news.reason === undefined ? "" : `: ${news.reason}`}`;
    }
    case "orphaned":
      return `lost its parent ${news.peerId}: ${news.reason}; looking for another`;
    case "attached":
      return `has a parent, ${news.peerId}, by ${news.by}, after ${(news.afterMs / 1000).toFixed(2)} s`;
    case "root":
      return "is the root of the tree";
    case "refused":
      // A wish for a parent is handed down to all children; those who are older pass it over.
      return /^HELLO from a peer that is not younger/.test(news.reason)
        ? undefined
        : `refused ${news.from}: ${news.reason}`;
    case "entry-failed":
      return `did not get in at ${news.peerId}: ${news.reason}`;
    case "data-lost":
      return `lost for good: ${news.source} ${news.from}${news.to === news.from ? "" : ` to ${news.to}`}`;
    case "recovered":
      return `recovered ${news.count} of ${news.source}`;
    case "scan":
    case "scan-ended":
      return undefined;
  }
}
