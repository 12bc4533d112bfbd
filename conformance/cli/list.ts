import type { CaseDefinition } from "../engine/case.js";
import { clauseOf } from "../engine/catalogue.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { Declaration } from "../engine/declaration.js";
import type { EntityUnderTest, Target } from "../engine/entity.js";
import { entities } from "../entities.js";
import { parseTable } from "./arguments.js";
import type { Output } from "./output.js";

/** `mp2p conformance list [ENTITY …] [--json]` */
export function list(argv: readonly string[], output: Output): number {
  const { entities: named, json } = parseTable(argv);
  const ids = named.length > 0 ? named : (Object.keys(entities) as (keyof typeof entities)[]);
  if (json) {
    const rows = ids.flatMap((id) => entities[id].cases.map((one) => plain(one, entities[id])));
    output.out(`${JSON.stringify(rows, null, 2)}\n`);
  } else {
    listCases(
      ids.flatMap((id) => entities[id].cases),
      output,
    );
  }
  return 0;
}

function plain(definition: CaseDefinition, { declaration }: EntityUnderTest) {
  const { id, title, group, security, requirements, errata = [] } = definition;
  const needs = needsOf(definition, declaration);
  return {
    id,
    title,
    group,
    ...(security ? { security } : {}),
    requirements,
    errata,
    ...(needs.length > 0 ? { needs } : {}),
  };
}

/** Items of the declaration that decide whether a case is applicable: `options.releases`, `readings.E-HOMP-30`; `target` for how it is reached. */
function needsOf({ needs }: CaseDefinition, shape: DeclarationShape): string[] {
  if (needs === undefined) return [];
  if (typeof needs !== "function") return needs.map((name) => `options.${name}`);
  const asked = new Set<string>();
  const noted = <Value>(item: string, value: Value): Value => {
    asked.add(item);
    return value;
  };
  // A rule is asked twice, as it may look at less where the first item decides already.
  for (const answer of [true, false]) {
    const asking = new Declaration(shape);
    asking.option = (name) => noted(`options.${name}`, answer);
    asking.reading = (name) => noted(`readings.${name}`, answer ? "A" : "any");
    const value = asking.value.bind(asking);
    asking.value = (name) => noted(`values.${name}`, value(name));
    const target: Target = new Proxy({}, { get: () => noted("target", answer ? "{url}" : undefined) });
    needs(asking, target);
  }
  return [...asked];
}

export function listCases(cases: readonly CaseDefinition[], output: Output): void {
  const width = Math.max(0, ...cases.map(({ id }) => id.length));
  for (const { id, title, requirements } of cases) {
    output.out(`${id.padEnd(width)}  ${title} [${[...new Set(requirements.map(clauseOf))].join("; ")}]\n`);
  }
  output.out(`${cases.length} cases\n`);
}
