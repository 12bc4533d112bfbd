import type { TicketedPeer } from "../core/message.js";
import type { CoreNews } from "../core/ports.js";

type Leaf = readonly TicketedPeer[];

/** Gathers what answers SCAN_TREE, scan by scan. */
export interface Scans {
  /** @param ask asks the tree and gives the number of the scan; news of it may come before it returns */
  run(ask: () => number, timeoutMs: number): Promise<readonly Leaf[]>;
  news(news: CoreNews): void;
  /** Ends all with what has come. */
  stop(): void;
}

interface Scan {
  readonly leaves: Leaf[];
  readonly end: () => void;
}

export function createScans(): Scans {
  const running = new Map<number, Scan>();
  let early: CoreNews[] | undefined;

  const news = (one: CoreNews): void => {
    if (one.kind !== "scan" && one.kind !== "scan-ended") return;
    early?.push(one);
    const scan = running.get(one.cseq);
    if (one.kind === "scan") scan?.leaves.push(one.path);
    else scan?.end();
  };
  return {
    run: (ask, timeoutMs) =>
      new Promise((resolve, reject) => {
        const leaves: Leaf[] = [];
        early = [];
        try {
          const cseq = ask();
          const timer = setTimeout(() => scan.end(), timeoutMs);
          const scan: Scan = {
            leaves,
            end() {
              clearTimeout(timer);
              running.delete(cseq);
              resolve(leaves);
            },
          };
          running.set(cseq, scan);
          const before = early;
          early = undefined;
          for (const one of before) news(one);
        } catch (error) {
          early = undefined;
          reject(error);
        }
      }),
    news,
    stop() {
      for (const scan of [...running.values()]) scan.end();
    },
  };
}
