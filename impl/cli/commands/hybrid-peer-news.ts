import type { HybridPeerNews } from "../../hybrid-peer/index.js";

/** What happened to a hybrid peer, as a line of progress. */
export function sentence(news: HybridPeerNews): string {
  switch (news.kind) {
    case "joined": {
      const how = news.recovery ? "found back into" : news.again ? "joined again" : "joined";
      return `${how} ${news.overlayId} for ${news.expires} s, ${news.entryPeers.length} peers to connect to${news.ticketId === undefined ? "" : `, ticket ${news.ticketId}`}`;
    }
    case "refreshed":
      return `stays in ${news.overlayId} for another ${news.expires} s`;
    case "reported":
      return `reported its paths in ${news.overlayId}`;
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
