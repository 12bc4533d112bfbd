import type { CaseDefinition } from "../engine/case.js";
import { clauseOf } from "../engine/catalogue.js";
import { entities } from "../entities.js";
import { parseTable } from "./arguments.js";
import type { Output } from "./output.js";

/** `mp2p conformance list [ENTITY …] [--json]` */
export function list(argv: readonly string[], output: Output): number {
  const { entities: named, json } = parseTable(argv);
  const ids = named.length > 0 ? named : (Object.keys(entities) as (keyof typeof entities)[]);
  const cases = ids.flatMap((id) => entities[id].cases);
  if (json) {
    const rows = cases.map(({ id, title, group, requirements, errata = [] }) => ({
      id,
      title,
      group,
      requirements,
      errata,
    }));
    output.out(`${JSON.stringify(rows, null, 2)}\n`);
  } else {
    listCases(cases, output);
  }
  return 0;
}

export function listCases(cases: readonly CaseDefinition[], output: Output): void {
  const width = Math.max(0, ...cases.map(({ id }) => id.length));
  for (const { id, title, requirements } of cases) {
    output.out(`${id.padEnd(width)}  ${title} [${[...new Set(requirements.map(clauseOf))].join("; ")}]\n`);
  }
  output.out(`${cases.length} cases\n`);
}
