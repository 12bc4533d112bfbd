import { open, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Feed, FeedContext } from "./feed.js";
import { secondsParameter } from "./parameters.js";
import { splitText } from "./split-text.js";

export interface FileFeedOptions {
  /** `tail` posts each line that is added; `whole` posts the whole file whenever it has changed. Default `tail`. */
  mode?: "tail" | "whole";
  /** Seconds between two looks at the file; the parameter `period`. Default 0.5. */
  period?: number;
  /** Whether `tail` begins with what the file already holds. Default `end`: with what comes after. */
  from?: "start" | "end";
}

/** Octets read at a time. */
const chunkSize = 65_536;
/** Octets of a file that is posted or answered whole. */
const wholeLimit = 1024 * 1024;

/** Posts what a file holds, as it changes. A file that does not exist yet is waited for. GET gives the whole file. */
export function createFileFeed(path: string, options: FileFeedOptions = {}): Feed {
  const { mode = "tail", period: initial = 0.5, from = "end" } = options;
  let period = initial;
  let timer: NodeJS.Timeout | undefined;
  let context: FeedContext | undefined;
  /** Where `tail` reads on; undefined before the first look. */
  let offset: number | undefined;
  let inode: number | undefined;
  /** The line that has no end yet. */
  let rest = "";
  let decoder = new TextDecoder();
  let seen: string | undefined;

  const deliver = async ({ post, registered, maxPost }: FeedContext, line: string): Promise<void> => {
    for (const part of splitText(line, maxPost)) {
      while (!post(part)) await registered();
    }
  };
  const tail = async (to: FeedContext): Promise<void> => {
    const file = await open(path, "r");
    try {
      const { size, ino } = await file.stat();
      offset ??= from === "start" ? 0 : size;
      // Cut short, or another file under the same name: it begins anew.
      if (size < offset || (inode !== undefined && inode !== ino)) {
        offset = 0;
        rest = "";
        decoder = new TextDecoder();
      }
      inode = ino;
      const chunk = new Uint8Array(chunkSize);
      while (offset < size && !to.signal.aborted) {
        const { bytesRead } = await file.read(chunk, 0, chunkSize, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
        const lines = (rest + decoder.decode(chunk.subarray(0, bytesRead), { stream: true })).split(/\r?\n/);
        rest = lines.pop() ?? "";
        // A line that never ends must not fill the memory: it is posted in parts.
        if (rest.length > chunkSize) lines.push(rest);
        if (rest.length > chunkSize) rest = "";
        for (const line of lines) await deliver(to, line);
      }
    } finally {
      await file.close();
    }
  };
  const whole = async (to: FeedContext): Promise<void> => {
    const { mtimeMs, size, ino } = await stat(path);
    const state = `${mtimeMs}/${size}/${ino}`;
    if (state === seen) return;
    const content = await readWhole(path);
    // Binary files go as they are when they fit; text may go in parts.
    const text = decodeText(content);
    if (text !== undefined) await deliver(to, text);
    else if (content.length <= 65_535) while (!to.post(content)) await to.registered();
    seen = state;
  };
  const schedule = (delay: number): void => {
    clearTimeout(timer);
    const to = context;
    if (to === undefined || to.signal.aborted) return;
    timer = setTimeout(() => {
      const look = mode === "tail" ? tail : whole;
      // What cannot be read now is looked for again: it may not exist yet, or be on its way to another name.
      look(to)
        .catch((error: unknown) => to.logger.debug({ err: error, path }, "the file cannot be read now"))
        .then(() => schedule(period));
    }, delay * 1000);
  };

  return {
    items: [
      {
        name: basename(path),
        async read() {
          const content = await readWhole(path);
          return decodeText(content) ?? content;
        },
      },
    ],
    parameters: [
      secondsParameter("period", initial, (seconds) => {
        period = seconds;
      }),
    ],
    start(given) {
      context = given;
      schedule(0);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

async function readWhole(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > wholeLimit) throw new RangeError(`${path} has more than ${wholeLimit} octets`);
  return readFile(path);
}

function decodeText(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}
