import { describe, expect, test } from "vitest";
import type { CaseResult, RunResult } from "../../engine/result.js";
import { atOnce, believable } from "./at-once.js";

interface Named {
  readonly what: string;
  readonly by: string;
}

/** Cases that are neither kept nor beside the point, but for those that a busy machine cannot measure. */
const rest = ({ cases }: RunResult): CaseResult[] =>
  cases.filter(({ verdict, reason }) => verdict !== "pass" && verdict !== "n/a" && !reason.includes("was held up for"));

/** No variant may cost a failure, nor leave anything unjudged. */
export function testVariants<V extends Named>(
  title: string,
  variants: readonly V[],
  many: number,
  judge: (variant: V) => Promise<RunResult>,
): void {
  const judged = atOnce(variants, many, judge);
  describe(title, () => {
    test.each(variants.map((one) => [one.what, one.by, one] as const))(
      "%s (%s)",
      { timeout: 120_000 },
      async (_, __, variant) => {
        const run = await believable(
          judged(variant),
          (result) => rest(result).length === 0,
          () => judge(variant),
        );
        expect(rest(run).map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([]);
        expect(run.review.filter(({ breaks }) => breaks)).toEqual([]);
      },
    );
  });
}
