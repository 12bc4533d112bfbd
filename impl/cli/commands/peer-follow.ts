import type { IndexFile, IndexQuery, Peer, Session } from "../../peer/index.js";
import { PeerError } from "../../peer/index.js";

/** How often the IXS is asked, and how long nothing may come before it is, in ms. */
const [askMs, idleMs] = [3_000, 15_000];

/**
 * Resolves with the index file of the session that took the place of this one: an OMS that lost an overlay network, or a source peer that
 * crashed, leaves peers in one that leads nowhere. Looked for when the overlay network is gone, or nothing has come for a while. The key of
 * the source peer must be the same, since a title is anybody's.
 */
export async function successorOf(peer: Peer, session: Session, signal: AbortSignal): Promise<IndexFile> {
  let [gone, heardAt] = [false, performance.now()];
  let look: () => void = () => undefined;
  const off = session.onNews(({ kind }) => {
    if (kind === "fragment") heardAt = performance.now();
    if (kind === "rejoined") gone = false;
    if (kind !== "ended") return;
    gone = true;
    look();
  });
  const stopped = (): void => look();
  signal.addEventListener("abort", stopped, { once: true });
  try {
    for (;;) {
      const { complete, links } = session.state;
      const idle = performance.now() - heardAt > idleMs;
      // Of a file, whoever is linked still gives what it has: there is nothing to hurry for.
      const due = idle || (gone && (session.indexFile.content_type === "STREAM" || links.length === 0));
      const found = due && !complete ? await newerOf(peer, session) : undefined;
      if (found !== undefined) return found;
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, askMs);
        look = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener("abort", stopped);
    off();
  }
}

/** @returns undefined where the IXS has none, or does not answer */
async function newerOf(peer: Peer, { indexFile, overlayId }: Session): Promise<IndexFile | undefined> {
  const { title, data_source_id: dataSourceId, data_id: dataId } = indexFile;
  const query: IndexQuery = { title, dataSourceId, dataId };
  const found = await peer.find(query).catch((error: unknown) => {
    if (error instanceof PeerError) return undefined;
    throw error;
  });
  if (found === undefined || found.overlay_network_id === overlayId) return undefined;
  const same = found.source_public_key === indexFile.source_public_key && found.content_type === indexFile.content_type;
  // Another content under the same name is no reason to begin anew with that.
  const alike = indexFile.content_type === "STREAM" || found.content_digest === indexFile.content_digest;
  return same && alike ? found : undefined;
}
