import type { CoverageRow } from "../coverage/coverage.js";
import { coverageOf } from "../coverage/coverage.js";
import { coverageMarkdown } from "../coverage/markdown.js";
import { answerTo, matrixOf, shown, unjudged } from "../coverage/matrix.js";
import { select } from "../engine/select.js";
import { entities } from "../entities.js";
import { parseCoverage } from "./arguments.js";
import type { Output } from "./output.js";

const legend = `A statement counts once for each product that it binds. judged: by at least one case; static: from the declaration or the product's
documents; not observable: for the reason given; ambiguous: the text leaves open what is right; unclassified: a fault of the suite.`;

/** `mp2p conformance coverage [ENTITY …] [--only CLAUSE|REQUIREMENT] [--json | --markdown] [--quiet]` */
export function coverage(argv: readonly string[], output: Output): number {
  const given = parseCoverage(argv);
  const every = coverageOf(entities);
  const kept = new Set(namedBy(given.only ?? [], every));
  const rows = every.filter(
    ({ requirement, entity, cases }) =>
      kept.has(requirement.id) &&
      (given.entities.length === 0 ||
        (entity !== undefined && given.entities.includes(entity)) ||
        cases.some((id) => given.entities.some((one) => id.startsWith(`${one}/`)))),
  );
  if (given.json) output.out(`${JSON.stringify(rows.map(plain), null, 2)}\n`);
  else if (given.markdown) output.out(coverageMarkdown(rows));
  else {
    if (!given.quiet) output.out(`${listing(rows)}\n\n`);
    output.out(`${table(rows)}\n\n${legend}\n\n${left(rows)}\n`);
  }
  return 0;
}

function namedBy(only: readonly string[], rows: readonly CoverageRow[]): readonly string[] {
  const cases = rows.map(({ requirement }) => ({
    id: "coverage/of/one",
    title: "",
    group: "basic" as const,
    requirements: [requirement.id],
    run: async () => {},
  }));
  return select(cases, only).flatMap(({ requirements }) => requirements);
}

function plain({ requirement, product, entity, state, cases, why }: CoverageRow) {
  const { id, doc, clause, level, statement } = requirement;
  const { state: _, ...because } = why ?? { state };
  return { id, doc, clause, level, statement, product, entity: entity ?? null, state, cases, ...because };
}

/** Each statement once, with an arrow for each product it binds. */
function listing(rows: readonly CoverageRow[]): string {
  const lines: string[] = [];
  let last: CoverageRow | undefined;
  for (const row of rows) {
    const { id, doc, clause, level, statement } = row.requirement;
    if (row.requirement !== last?.requirement) {
      lines.push(`${last ? "\n" : ""}${id}  ${doc} ${clause}  ${level}`, `    ${statement}`);
    }
    // The id of a case begins with its entity already.
    lines.push(`    → ${row.cases.length > 0 ? "" : `${row.entity ?? row.product}  `}${answerTo(row)}`);
    last = row;
  }
  return lines.join("\n");
}

function table(rows: readonly CoverageRow[]): string {
  const lines = matrixOf(rows);
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return blankRepeats(lines)
    .map((line) =>
      line
        .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** A document or product stands on the first of its lines only. */
function blankRepeats(lines: readonly (readonly string[])[]): string[][] {
  return lines.map((line, index) => {
    const above = lines[index - 1];
    const [doc = "", product = "", ...rest] = line;
    const sameDoc = above?.[0] === doc;
    return [sameDoc ? "" : doc, sameDoc && above?.[1] === product ? "" : product, ...rest];
  });
}

/** What a product that passes every case may still lack, as far as it is required. */
function left(rows: readonly CoverageRow[]): string {
  const required = unjudged(rows);
  if (required.length === 0) return "Every required statement here is judged by a case.";
  const lines = required.map((row) => `  ${row.requirement.id}  ${shown(row)}\n      ${answerTo(row)}`);
  return `Required, and judged by no case:\n${lines.join("\n")}`;
}
