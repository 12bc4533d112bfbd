import { clauseOf, isRequirement } from "../engine/catalogue.js";
import { compareClauses, heading } from "../engine/report/clauses.js";
import type { CaseResult, RunResult } from "../engine/result.js";
import type { CaseVerdict } from "../engine/verdict.js";

/** One judged product: a column. */
export interface Column {
  readonly name: string;
  /** Two runs of one product are told apart by it. */
  readonly started: string;
  readonly target: string;
  readonly conclusion: string;
  readonly suite: string;
}

/** What the cases of one clause came to for one product; undefined where none ran. */
export interface Cell {
  readonly worst: CaseVerdict;
  readonly cases: readonly { readonly id: string; readonly verdict: CaseVerdict; readonly says: string }[];
}

export interface EntityMatrix {
  readonly entity: string;
  readonly columns: readonly Column[];
  readonly rows: readonly {
    readonly clause: string;
    /** One for each column. */
    readonly cells: readonly (Cell | undefined)[];
    /** The products are not all alike. */
    readonly differs: boolean;
  }[];
}

/** The worst first. A broken recommendation is shown as the failure it is; the report has its grade. */
const ORDER: readonly CaseVerdict[] = ["fail", "error", "inconclusive", "pass", "n/a"];

/** Clauses by implementations, one table for each kind of product. */
export function matrixOf(runs: readonly RunResult[]): EntityMatrix[] {
  const kinds = [...new Set(runs.map(({ entity }) => entity))];
  return kinds.map((entity) => {
    const columns = runs
      .filter((run) => run.entity === entity)
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b)) || a.started.localeCompare(b.started));
    const cells = columns.map(cellsOf);
    const clauses = [...new Set(cells.flatMap((column) => [...column.keys()]))].sort(compareClauses);
    const rows = clauses.map((clause) => {
      const row = cells.map((column) => column.get(clause));
      return { clause, cells: row, differs: new Set(row.map((cell) => cell?.worst)).size > 1 };
    });
    return { entity, columns: columns.map(columnOf), rows };
  });
}

function columnOf(run: RunResult): Column {
  const { started, target, conclusion, suite } = run;
  return { name: nameOf(run), started, target, conclusion, suite };
}

function nameOf({ product, target }: RunResult): string {
  return product === "" ? target : product;
}

/** A case stands under the clause of each statement that it judged, with what came of that statement. */
function cellsOf({ cases }: RunResult): Map<string, Cell> {
  const found = new Map<string, Map<string, { verdict: CaseVerdict; one: CaseResult }>>();
  for (const one of cases) {
    for (const { requirement, verdict } of one.judged) {
      const clause = heading(isRequirement(requirement) ? clauseOf(requirement) : (one.clauses[0] ?? ""));
      const under = found.get(clause) ?? new Map<string, { verdict: CaseVerdict; one: CaseResult }>();
      const before = under.get(one.id)?.verdict;
      under.set(one.id, { verdict: before === undefined ? verdict : worse(before, verdict), one });
      found.set(clause, under);
    }
  }
  return new Map(
    [...found].map(([clause, under]) => {
      const listed = [...under].map(([id, { verdict, one }]) => ({ id, verdict, says: sentence(one, verdict) }));
      listed.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
      return [clause, { worst: listed.map(({ verdict }) => verdict).reduce(worse), cases: listed }];
    }),
  );
}

function worse(a: CaseVerdict, b: CaseVerdict): CaseVerdict {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b;
}

function sentence({ title, reason, failures: [failure], security, level }: CaseResult, verdict: CaseVerdict): string {
  if (verdict === "pass") return title;
  const grade = security
    ? "security: "
    : verdict === "fail" && level !== "required" && level !== "definition"
      ? `${level}: `
      : "";
  const why =
    failure && verdict === "fail"
      ? `${failure.what}: permitted ${failure.permitted.join(" or ")}, came ${failure.actual}`
      : reason;
  const [line = ""] = why.split("\n");
  return `${grade}${line.length > 240 ? `${line.slice(0, 240)}…` : line}`;
}
