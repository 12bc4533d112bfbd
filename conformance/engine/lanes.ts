/** Does something with each item, so many at a time. */
export async function inLanes<Item>(
  count: number,
  items: Iterable<Item>,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    // One iterator for all lanes: each item is taken once.
    for (let next = waiting.next(); !next.done; next = waiting.next()) await action(next.value);
  };
  await Promise.all(Array.from({ length: Math.max(1, count) }, lane));
}
