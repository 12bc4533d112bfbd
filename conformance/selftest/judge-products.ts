import type { RunResult } from "../engine/result.js";
import type { Product } from "./products.js";

/** How many products of an entity are judged at a time, where each run waits more than it works. */
const LANES = 3;

export interface ProductResult {
  readonly product: Product;
  /** A legal product is blamed for nothing; a defect is found, by a failure that cites the statement it breaks. */
  readonly sound: boolean;
  /** `fail homs/join/x: …` of cases that blame a legal product, or that keep a defect from being found. */
  readonly blemishes: readonly string[];
  /** Faults of the suite itself. */
  readonly errors: readonly string[];
  /** Messages that the suite sent, all of them held to the spec unless wrong on purpose. */
  readonly sent: number;
  readonly milliseconds: number;
}

/** Judges all of them, those of different kinds side by side. */
export async function judgeProducts(
  products: readonly Product[],
  onResult: (result: ProductResult) => void = () => {},
): Promise<ProductResult[]> {
  const results: ProductResult[] = [];
  const next = [...products][Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const product of next) {
      const result = await judge(product);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function judge(product: Product): Promise<ProductResult> {
  const begun = performance.now();
  const run = await product.judge();
  const described = (verdicts: readonly string[]): string[] =>
    run.cases
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`);
  const blemishes = described(["fail", "inconclusive", "error"]);
  const { breaks } = product;
  const found =
    breaks !== undefined && run.cases.some(({ failures }) => failures.some((one) => one.requirements.includes(breaks)));
  return {
    product,
    sound: breaks === undefined ? blemishes.length === 0 : found,
    blemishes: breaks !== undefined && found ? [] : blemishes,
    errors: described(["error"]),
    sent: sentIn(run),
    milliseconds: Math.round(performance.now() - begun),
  };
}

/** Messages of the suite's own in a run's transcripts. */
export function sentIn({ cases }: RunResult): number {
  return cases.reduce(
    (sum, { transcript }) =>
      sum + transcript.filter(({ kind }) => kind === "http-request" || kind === "ldmp-sent").length,
    0,
  );
}
