import { clauseOf } from "../catalogue.js";
import type { CaseResult } from "../result.js";

/** Cases under the clause of their first requirement, clauses in the order of the text. */
export function byClause(cases: readonly CaseResult[]): Map<string, CaseResult[]> {
  const groups = new Map<string, CaseResult[]>();
  for (const one of cases) {
    const clause = firstClause(one);
    const group = groups.get(clause);
    if (group) group.push(one);
    else groups.set(clause, [one]);
  }
  return new Map([...groups].sort(([a], [b]) => compareClauses(a, b)));
}

/** A report of another release may cite statements that this one does not know: then its own words hold. */
function firstClause({ requirements: [first], clauses }: CaseResult): string {
  try {
    return heading(first === undefined ? "" : clauseOf(first));
  } catch {
    return heading(clauses[0] ?? "");
  }
}

/** `Q.4103 6.2.1 Table 6-10` stands under `Q.4103 6.2.1`. */
export function heading(clause: string): string {
  return /^\S+ [A-Z]?[\d.]*\d/.exec(clause)?.[0] ?? clause;
}

/** 9.2 before 9.10, `6.2` before `6.2.1`. */
export function compareClauses(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
