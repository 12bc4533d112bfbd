import { describe, expect, test } from "vitest";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { RunResult } from "../engine/result.js";
import { atOnce, believable } from "./ldmp/at-once.js";
import { judgeSourcePeer } from "./ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "./ldmp/source-peer-mutants.js";

type Mutant = (typeof sourcePeerMutants)[number];
const judge = ({ breaks, quirks }: Mutant): Promise<RunResult> => judgeSourcePeer(quirks(), { only: [breaks] });
const judged = atOnce(sourcePeerMutants, 16, judge);

const citing = ({ cases }: RunResult, id: RequirementId): readonly unknown[] =>
  cases.flatMap(({ failures }) => failures).filter(({ requirements }) => requirements.includes(id));

/** Every defect has to be found by a case that claims the statement it breaks, and by a failure that cites it. */
describe("a source peer with one defect fails on the statement that it breaks", () => {
  test.each(sourcePeerMutants.map((one) => [one.breaks, one.what, one] as const))(
    "%s: %s",
    async (breaks, _, mutant) => {
      const run = await believable(
        judged(mutant),
        (result) => citing(result, breaks).length > 0,
        () => judge(mutant),
      );
      expect(
        citing(run, breaks),
        JSON.stringify(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason])),
      ).not.toEqual([]);
      expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
    },
  );
});
