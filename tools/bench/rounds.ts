/**
 * These machines are shared and their clocks drift, so a figure alone says little. Every bench measures its contenders
 * round by round (A B C, A B C, …) and reports ratios of the same round.
 */

/** One contender's cost in one round, in any unit where less is better. */
export type Cost = number;

export interface Contender {
  readonly name: string;
  /** Runs one round and gives its cost. */
  round(): Promise<Cost> | Cost;
}

export interface Ranking {
  readonly name: string;
  /** Over all rounds, in the unit of the contenders. */
  readonly least: Cost;
  readonly median: Cost;
  readonly most: Cost;
  /** Median over rounds of (this contender's cost / the reference's cost in that round). */
  readonly ratio: number;
}

/** Runs all contenders `rounds` times, interleaved; ratios are to the contender named `reference`. */
export async function compare(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly reference: string; readonly onRound?: (round: number) => void },
): Promise<readonly Ranking[]> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    options.onRound?.(round);
    // The order turns with each round, so that no contender always runs on the heels of the same other.
    for (let offset = 0; offset < contenders.length; offset++) {
      const contender = contenders[(round + offset) % contenders.length];
      if (contender !== undefined) costs.get(contender.name)?.push(await contender.round());
    }
  }
  const reference = costs.get(options.reference);
  if (reference === undefined) throw new RangeError(`no contender is named ${options.reference}`);
  return contenders.map(({ name }) => {
    const own = costs.get(name) ?? [];
    return {
      name,
      least: Math.min(...own),
      median: median(own),
      most: Math.max(...own),
      ratio: median(own.map((cost, round) => cost / (reference[round] ?? Number.NaN))),
    };
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A goal of the project, and whether this run met it. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: number;
  readonly met: boolean;
}

/** Prints goals as a table; `x` marks one that was missed. */
export function printGoals(goals: readonly Goal[]): void {
  for (const { what, wanted, measured, met } of goals) {
    console.log(`  ${met ? "✓" : "✗"} ${what}: ${measured.toFixed(2)} (wanted ${wanted})`);
  }
}

/** Prints a ranking as a table in Markdown, ready for the README. */
export function printRanking(title: string, unit: string, ranking: readonly Ranking[]): void {
  console.log(`\n### ${title}\n\n| contender | ${unit}, least / median / most | ratio |\n|---|---|---|`);
  for (const { name, least, median: middle, most, ratio } of ranking) {
    const figures = [least, middle, most].map((cost) => (cost >= 100 ? cost.toFixed(0) : cost.toFixed(2))).join(" / ");
    console.log(`| ${name} | ${figures} | ${ratio.toFixed(2)} |`);
  }
  console.log("");
}
