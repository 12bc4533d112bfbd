import { heldUp } from "../../engine/lag.js";

/** Starts the work on all items, so many at once, and hands each result to whoever asks for it: runs wait more than they work. */
export function atOnce<Item, Result>(
  items: readonly Item[],
  many: number,
  work: (item: Item) => Promise<Result>,
): (item: Item) => Promise<Result> {
  const results = new Map<Item, Promise<Result>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  const slot = async (): Promise<void> => {
    if (running >= many) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
  };
  const run = async (item: Item): Promise<Result> => {
    await slot();
    try {
      return await work(item);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
  return (item) => {
    if (results.size === 0) {
      for (const one of items) {
        const result = run(one);
        result.catch(() => {});
        results.set(one, result);
      }
    }
    return results.get(item) as Promise<Result>;
  };
}

/** The result; where it is not as wanted made again by itself, once, and more often while this machine is too busy to believe it. */
export async function believable<Result>(
  first: Promise<Result>,
  wanted: (result: Result) => boolean,
  again: () => Promise<Result>,
): Promise<Result> {
  let result = await first;
  for (let more = 3; more > 0 && !wanted(result) && (more === 3 || heldUp(60_000) >= 50); more--)
    result = await again();
  return result;
}
