import type { CoverageRow, CoverageState } from "../coverage/coverage.js";
import { coverageOf } from "../coverage/coverage.js";
import { levels } from "../engine/catalogue.js";
import { select } from "../engine/select.js";
import { entities } from "../entities.js";
import { parseTable } from "./arguments.js";
import type { Output } from "./output.js";

const states: readonly CoverageState[] = ["judged", "open", "no case", "not observable", "unclassified"];

/** `mp2p conformance coverage [ENTITY …] [--only CLAUSE|REQUIREMENT] [--json] [--quiet]` */
export function coverage(argv: readonly string[], output: Output): number {
  const given = parseTable(argv);
  const actors = given.entities.map((id) => entities[id].actor);
  const documents = given.entities.flatMap((id) => entities[id].documents);
  const rows = chosen(coverageOf(entities), given.only ?? []).filter(
    ({ requirement: { doc, actor, alsoJudged = [] } }) => {
      if (actors.length === 0) return true;
      return documents.includes(doc) && [actor, ...alsoJudged].some((one) => one === "any" || actors.includes(one));
    },
  );
  if (given.json) {
    const plain = rows.map(({ requirement: { id, doc, clause, level, actor, statement }, state, cases, reason }) => ({
      id,
      doc,
      clause,
      level,
      actor,
      statement,
      state,
      cases,
      reason,
    }));
    output.out(`${JSON.stringify(plain, null, 2)}\n`);
    return 0;
  }
  if (!given.quiet) output.out(`${rows.map(line).join("\n")}\n\n`);
  output.out(`${table(rows)}\n`);
  return 0;
}

function chosen(rows: readonly CoverageRow[], only: readonly string[]): readonly CoverageRow[] {
  const cases = rows.map(({ requirement }) => ({
    id: "coverage/of/one",
    title: "",
    group: "basic" as const,
    requirements: [requirement.id],
    run: async () => {},
  }));
  const kept = new Set(select(cases, only).flatMap(({ requirements }) => requirements));
  return rows.filter(({ requirement }) => kept.has(requirement.id));
}

function line({ requirement: { id, doc, clause, level, statement }, state, cases, reason }: CoverageRow): string {
  const answer = cases.length > 0 ? cases.join(", ") : `${state}: ${reason}`;
  return `${id}  ${doc} ${clause}  ${level}\n    ${statement}\n    → ${answer}`;
}

/** One row per document and level, one column per state. */
function table(rows: readonly CoverageRow[]): string {
  const head = ["document", "level", "statements", ...states];
  const documents = [...new Set(rows.map(({ requirement }) => requirement.doc))];
  const body = documents.flatMap((doc) =>
    levels.flatMap((level) => {
      const of = rows.filter(({ requirement }) => requirement.doc === doc && requirement.level === level);
      return of.length > 0 ? [[doc, level, ...counts(of)]] : [];
    }),
  );
  const total = ["total", "", ...counts(rows)];
  const all = [head, ...body, total];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

function counts(rows: readonly CoverageRow[]): string[] {
  return [String(rows.length), ...states.map((state) => String(rows.filter((row) => row.state === state).length))];
}
