import type { MutantFigures, MutantResult } from "./mutants.js";

/** The figures, for each entity and for all, and what is wrong, for a terminal. */
export function renderMutants(figures: MutantFigures): string {
  const { mutants, killed, killedByClaim, equivalent, results, milliseconds } = figures;
  const share = mutants === 0 ? 0 : (100 * killedByClaim) / mutants;
  const suspects = results.filter(({ mutant, fate }) => (fate === "claimed") === (mutant.equivalent !== undefined));
  return [
    ...suspects.map(renderResult),
    ...[...new Set(results.map(({ mutant }) => mutant.entity))].map((entity) => renderEntity(entity, results)),
    `${killed} of ${mutants} mutants killed, ${killedByClaim} (${share.toFixed(1)} %) by a case that claims the statement broken;`,
    `${equivalent} equivalent; ${(milliseconds / 1000).toFixed(0)} s`,
  ].join("\n");
}

function renderEntity(entity: string, results: readonly MutantResult[]): string {
  const own = results.filter(({ mutant }) => mutant.entity === entity);
  const real = own.filter(({ mutant }) => mutant.equivalent === undefined);
  const fated = (...fates: readonly string[]): number => real.filter(({ fate }) => fates.includes(fate)).length;
  const statements = new Set(real.flatMap(({ mutant }) => mutant.breaks)).size;
  return [
    entity.padEnd(18),
    `${real.length} mutants of ${statements} statements, ${fated("claimed")} killed by claim, ${fated("other")} by others,`,
    `${fated("survived")} alive, ${fated("not run")} not run, ${own.length - real.length} equivalent`,
  ].join(" ");
}

export function renderResult({ mutant, fate, missed, failed, unjudged, trouble, milliseconds }: MutantResult): string {
  const equivalent = mutant.equivalent === undefined ? "" : " (equivalent)";
  return [
    `${fate}${equivalent} ${mutant.id} [${mutant.breaks.join(", ")}] ${milliseconds} ms: ${mutant.what}`,
    ...(missed.length > 0 && fate === "other" ? [`  not cited: ${missed.join(", ")}`] : []),
    ...(fate === "claimed" ? [] : failed.slice(0, 6).map(({ id, cites }) => `  failed: ${id} (${cites.join(", ")})`)),
    ...(fate === "claimed"
      ? []
      : [...new Set(unjudged)].slice(0, 3).map((one) => `  inconclusive: ${one.slice(0, 400)}`)),
    ...trouble.slice(0, 3).map((one) => `  trouble: ${one.slice(0, 400)}`),
  ].join("\n");
}

/** The kill matrix as plain data. */
export function mutantsJson({ results, ...figures }: MutantFigures): object {
  return {
    format: "mp2p-mutants/1",
    ...figures,
    results: results.map(({ mutant: { id, entity, breaks, what, file, equivalent }, ...result }) => ({
      id,
      entity,
      breaks,
      what,
      file,
      ...(equivalent === undefined ? {} : { equivalent }),
      ...result,
    })),
  };
}
