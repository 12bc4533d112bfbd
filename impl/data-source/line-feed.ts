import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Feed, FeedContext } from "./feed.js";
import { splitText } from "./split-text.js";

export interface LineFeedOptions {
  /** Name of the item that a GET gives: the latest line. Default `line`. */
  name?: string;
  /** Lines per second at most: faster input waits, since nobody says so when datagrams are lost. Default 1000. */
  rate?: number;
  /** Called when the input has ended and its last line is posted. */
  onEnd?(): void;
}

/** Lines posted between two pauses, so that a pause is long enough for a timer. */
const burst = 20;

/** Posts every line of a stream, such as standard input, as it is. Lines wait while there is no registration. */
export function createLineFeed(input: Readable, options: LineFeedOptions = {}): Feed {
  const { name = "line", rate = 1000 } = options;
  let latest: string | undefined;

  const pass = async ({ post, registered, maxPost, signal }: FeedContext): Promise<void> => {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal });
    let posted = 0;
    for await (const line of lines) {
      if (signal.aborted) return;
      latest = line;
      for (const part of splitText(line, maxPost)) {
        while (!post(part)) await registered();
        if (++posted % burst === 0) await sleep((burst * 1000) / rate, undefined, { signal });
      }
    }
    if (!signal.aborted) options.onEnd?.();
  };

  return {
    items: [
      {
        name,
        read() {
          if (latest === undefined) throw new Error("no line has been read");
          return latest;
        },
      },
    ],
    start(context) {
      pass(context).catch((error: unknown) => {
        // Closing ends the wait for a registration or a pause.
        if (!context.signal.aborted) context.logger.error({ err: error }, "the input cannot be read further");
      });
    },
    stop() {
      input.destroy();
    },
  };
}
