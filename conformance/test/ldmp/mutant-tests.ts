import { describe, expect, test } from "vitest";
import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { RunResult } from "../../engine/result.js";
import { atOnce, believable } from "./at-once.js";

interface Broken {
  readonly breaks: RequirementId;
  readonly what: string;
}

const citing = ({ cases }: RunResult, id: RequirementId): readonly unknown[] =>
  cases.flatMap(({ failures }) => failures).filter(({ requirements }) => requirements.includes(id));

/** Every defect has to be found by a case that claims the statement it breaks, and by a failure that cites it. */
export function testMutants<M extends Broken>(
  title: string,
  mutants: readonly M[],
  many: number,
  judge: (mutant: M) => Promise<RunResult>,
): void {
  const judged = atOnce(mutants, many, judge);
  describe(title, () => {
    test.each(mutants.map((one) => [one.breaks, one.what, one] as const))(
      "%s: %s",
      { timeout: 120_000 },
      async (breaks, _, mutant) => {
        const wanted = (result: RunResult): boolean => citing(result, breaks).length > 0;
        const run = await believable(judged(mutant), wanted, () => judge(mutant));
        const seen = JSON.stringify(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason]));
        expect(citing(run, breaks), seen).not.toEqual([]);
        expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
      },
    );
  });
}
