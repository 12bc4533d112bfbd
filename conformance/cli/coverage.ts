import type { Document } from "../../generated/catalogue/requirements.js";
import type { CoverageRow, CoverageState } from "../coverage/coverage.js";
import { coverageOf } from "../coverage/coverage.js";
import { levels } from "../engine/catalogue.js";
import { select } from "../engine/select.js";
import { entities } from "../entities.js";
import { parseTable } from "./arguments.js";
import type { Output } from "./output.js";

const states: readonly CoverageState[] = ["judged", "open", "no case", "not observable", "unclassified"];

/** Documents with a protocol that is judged come first, in the order of their protocols' entities. */
const documents: readonly Document[] = ["X.609.1", "Q.4103", "X.609.8", "X.609.10", "Q.4100"];

const legend = `A statement counts once for each product it concerns. judged: by at least one case; open: by none yet, for the reason
written with it; not observable: it shows inside the product or in its documents only; unclassified: a fault of the suite.`;

/** `mp2p conformance coverage [ENTITY …] [--only CLAUSE|REQUIREMENT] [--json] [--quiet]` */
export function coverage(argv: readonly string[], output: Output): number {
  const given = parseTable(argv);
  const every = coverageOf(entities);
  const kept = new Set(namedBy(given.only ?? [], every));
  const rows = every.filter(
    ({ requirement, entity }) =>
      kept.has(requirement.id) &&
      (given.entities.length === 0 || (entity !== undefined && given.entities.includes(entity))),
  );
  if (given.json) {
    const plain = rows.map(
      ({ requirement: { id, doc, clause, level, actor, statement }, entity, state, cases, reason }) => ({
        id,
        doc,
        clause,
        level,
        actor,
        statement,
        entity: entity ?? null,
        state,
        cases,
        reason,
      }),
    );
    output.out(`${JSON.stringify(plain, null, 2)}\n`);
    return 0;
  }
  if (!given.quiet) output.out(`${listing(rows)}\n\n`);
  output.out(`${table(rows)}\n\n${legend}\n`);
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

/** Each statement once, with an arrow for each product it concerns. */
function listing(rows: readonly CoverageRow[]): string {
  const lines: string[] = [];
  let last: CoverageRow | undefined;
  for (const row of rows) {
    const { id, doc, clause, level, statement } = row.requirement;
    if (row.requirement !== last?.requirement) {
      lines.push(`${last ? "\n" : ""}${id}  ${doc} ${clause}  ${level}`, `    ${statement}`);
    }
    const answer = row.cases.length > 0 ? row.cases.join(", ") : `${row.state}: ${row.reason}`;
    // The id of a case begins with its entity already.
    const whose = row.entity === undefined || row.cases.length > 0 ? "" : `${row.entity}  `;
    lines.push(`    → ${whose}${answer}`);
    last = row;
  }
  return lines.join("\n");
}

/** One line for each document, product and level that occur together, one column for each state. */
function table(rows: readonly CoverageRow[]): string {
  const head = ["document", "judged product", "level", "statements", ...states];
  const products = [...(Object.keys(entities) as (keyof typeof entities)[]), undefined];
  const body = documents.flatMap((doc) =>
    products.flatMap((product) =>
      levels.flatMap((level) => {
        const of = rows.filter(
          ({ requirement, entity }) => requirement.doc === doc && requirement.level === level && entity === product,
        );
        return of.length > 0 ? [[doc, product ?? "(none yet)", level, ...counts(of)]] : [];
      }),
    ),
  );
  const all = [head, ...blankRepeats(body), ["total", "", "", ...counts(rows)]];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** A document or product stands on the first of its lines only. */
function blankRepeats(body: readonly (readonly string[])[]): string[][] {
  return body.map((row, index) => {
    const above = body[index - 1];
    const [doc = "", product = "", ...rest] = row;
    const sameDoc = above?.[0] === doc;
    return [sameDoc ? "" : doc, sameDoc && above?.[1] === product ? "" : product, ...rest];
  });
}

/** Zeros as dots, so that the figures stand out. */
function counts(rows: readonly CoverageRow[]): string[] {
  const figures = [rows.length, ...states.map((state) => rows.filter((row) => row.state === state).length)];
  return figures.map((figure) => (figure === 0 ? "·" : String(figure)));
}
