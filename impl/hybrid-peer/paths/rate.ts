/** How often something may happen in each second. */
export interface Rate {
  /** @param weight of this one @returns false: once too often */
  take(weight?: number): boolean;
}

export function createRate(now: () => number, mostPerSecond: number): Rate {
  let began = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return {
    take(weight = 1) {
      const time = now();
      if (time - began >= 1000) {
        began = time;
        taken = 0;
      }
      taken += weight;
      return taken <= mostPerSecond;
    },
  };
}
