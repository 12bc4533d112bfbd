import type { IncomingMessage, ServerResponse } from "node:http";
import type { DataListener, PostedData } from "./data-feed.js";

/** Server-sent events for any number of readers. */
export interface EventStreams {
  /** Answers the request with events until it ends; of one data source when `sourceId` is given. */
  open(request: IncomingMessage, response: ServerResponse, sourceId: number | undefined): void;
  close(): void;
}

/** Octets that wait for a slow reader; events beyond are left out for it, and it is told how many. */
const backlogLimit = 1024 * 1024;
/** Comments keep proxies and readers sure that the stream is alive. */
const commentMs = 15_000;

export function createEventStreams(
  onData: (listener: DataListener) => () => void,
  encode: (data: PostedData) => string,
): EventStreams {
  const ends = new Set<() => void>();
  return {
    open(request, response, sourceId) {
      let left = 0;
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(": posted data follow\n\n");
      const unlisten = onData((data) => {
        if (sourceId !== undefined && data.sourceId !== sourceId) return;
        if (response.writableLength > backlogLimit) {
          left++;
          return;
        }
        if (left > 0) response.write(`event: lost\ndata: {"count":${left}}\n\n`);
        left = 0;
        response.write(encode(data));
      });
      const comment = setInterval(() => response.write(": alive\n\n"), commentMs);
      const end = (): void => {
        clearInterval(comment);
        unlisten();
        ends.delete(end);
        response.end();
      };
      ends.add(end);
      request.on("close", end);
      response.on("close", end);
    },
    close() {
      for (const end of [...ends]) end();
    },
  };
}
