import type { ErratumId } from "../../generated/catalogue/errata.js";
import { errata } from "../../generated/catalogue/errata.js";
import type { CaseDefinition } from "../engine/case.js";
import { requirement } from "../engine/catalogue.js";
import type { EntityUnderTest, RunContext } from "../engine/entity.js";
import { execute } from "../engine/execute.js";
import { inLanes } from "../engine/lanes.js";
import type { CaseResult } from "../engine/result.js";

/** A product that fails everything is not helped by trying everything again. */
const MOST_TRIALS = 40;

interface Trial {
  readonly definition: CaseDefinition;
  readonly erratum: ErratumId;
  readonly letter: string;
}

/**
 * Tries a failed case again by each other reading of its errata that nobody declared; where it does not fail then, the maker is told which
 * declaration would settle it. The verdict stays: what is not declared is judged by the reading that this project takes.
 */
export async function hintReadings(
  entity: EntityUnderTest,
  run: RunContext,
  results: readonly CaseResult[],
): Promise<CaseResult[]> {
  const hints = new Map<string, string[]>();
  const trials = results.flatMap((result) => trialsOf(entity, run, result)).slice(0, MOST_TRIALS);
  for (const same of groups(trials)) {
    const { erratum, letter } = same[0] as Trial;
    await run.declared.trying(erratum, letter, () =>
      inLanes(Math.min(8, entity.parallel(run)), same, async ({ definition }) => {
        const id = `${definition.id}.${erratum.toLowerCase()}-${letter.toLowerCase()}`;
        const { verdict } = await execute(entity, { ...definition, id }, run);
        if (verdict !== "pass" && verdict !== "n/a") return;
        const where = errata.find((one) => one.id === erratum)?.where ?? erratum;
        const hint = `declare readings.${erratum}: ${letter} if that is how you read ${where}; this case does not fail then`;
        hints.set(definition.id, [...(hints.get(definition.id) ?? []), hint]);
      }),
    );
  }
  return results.map((result) => {
    const found = hints.get(result.id);
    return found ? { ...result, hint: found.join("; or ") } : result;
  });
}

function trialsOf(entity: EntityUnderTest, { declared }: RunContext, result: CaseResult): Trial[] {
  const definition = entity.cases.find(({ id }) => id === result.id);
  if (result.verdict !== "fail" || !definition) return [];
  const cited = result.failures.flatMap(({ requirements }) => requirements.flatMap((id) => requirement(id).errata));
  return [...new Set([...(definition.errata ?? []), ...cited])].flatMap((erratum) => {
    const item = entity.declaration.readings[erratum];
    // A word in place of a letter takes every reading already.
    if (!item?.letters.includes(item.default) || declared.explicit("readings", erratum)) return [];
    const current = declared.reading(erratum as never);
    return item.letters.filter((letter) => letter !== current).map((letter) => ({ definition, erratum, letter }));
  });
}

/** Trials by the same reading run side by side. */
function groups(trials: readonly Trial[]): Trial[][] {
  const found = new Map<string, Trial[]>();
  for (const one of trials) {
    const key = `${one.erratum} ${one.letter}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}
