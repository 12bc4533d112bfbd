import { compareText } from "./problem.js";

/** Clauses in the document's order: `9.2.1 Table 2` before `9.2.10`. */
export function compareClauses(a: string, b: string): number {
  const left = tokens(a);
  const right = tokens(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const x = left[index] ?? "";
    const y = right[index] ?? "";
    if (x === y) continue;
    const numeric = /^\d+$/.test(x) && /^\d+$/.test(y);
    const order = numeric ? Number(x) - Number(y) : compareText(x, y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function tokens(clause: string): string[] {
  return clause.match(/\d+|[A-Za-z]+/g) ?? [];
}

/** `9.1.1-9.2.7`: first and last, without tables and figures; one clause alone stands alone. */
export function clauseRange(clauses: readonly string[]): string {
  const plain = [...new Set(clauses.map((clause) => clause.split(" ")[0] ?? "").filter((clause) => clause !== ""))];
  plain.sort(compareClauses);
  const [first, last] = [plain[0], plain.at(-1)];
  if (first === undefined || last === undefined) return "";
  return first === last ? first : `${first}-${last}`;
}
