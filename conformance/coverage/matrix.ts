import type { Document } from "../../generated/catalogue/requirements.js";
import { levels } from "../engine/catalogue.js";
import type { CoverageRow, CoverageState } from "./coverage.js";

/** Documents with a wire format come first. */
const documents: readonly Document[] = ["X.609.1", "Q.4103", "X.609.8", "X.609.10", "Q.4100"];

export const states: readonly CoverageState[] = ["judged", "static", "not observable", "ambiguous", "unclassified"];

/** The product's name: that of the entity which judges it, else the Recommendations' own. */
export function shown({ entity, product }: CoverageRow): string {
  return entity ?? `(${product})`;
}

/** The cases, or why there are none, in a line. */
export function answerTo({ state, cases, why }: CoverageRow): string {
  if (cases.length > 0) return cases.join(", ");
  switch (why?.state) {
    case "static":
      return `static, ${why.review}: ${why.reason}`;
    case "not observable":
      return `not observable, ${why.hidden}: ${why.reason}`;
    case "ambiguous":
      return `ambiguous, ${why.erratum}: ${why.reason}`;
    default:
      return `${state}: neither a case nor a reason, a fault of the suite`;
  }
}

/** Required statements that no case judges. */
export function unjudged(rows: readonly CoverageRow[]): CoverageRow[] {
  return rows.filter(({ requirement, state }) => requirement.level === "required" && state !== "judged");
}

/** A head, one line for each document, product and level that occur together with a column for each state, and the totals. Zeros are dots. */
export function matrixOf(rows: readonly CoverageRow[]): string[][] {
  const body = documents.flatMap((doc) => {
    const ofDoc = rows.filter(({ requirement }) => requirement.doc === doc);
    return [...new Set(ofDoc.map(shown))].sort(judgedFirst).flatMap((product) =>
      levels.flatMap((level) => {
        const of = ofDoc.filter((row) => shown(row) === product && row.requirement.level === level);
        return of.length > 0 ? [[doc, product, level, ...counts(of)]] : [];
      }),
    );
  });
  const totals = levels.map((level) => [
    "total",
    "",
    level,
    ...counts(rows.filter(({ requirement }) => requirement.level === level)),
  ]);
  return [
    ["document", "product", "level", "statements", ...states],
    ...body,
    ...totals,
    ["total", "", "", ...counts(rows)],
  ];
}

function judgedFirst(a: string, b: string): number {
  return Number(a.startsWith("(")) - Number(b.startsWith("("));
}

function counts(rows: readonly CoverageRow[]): string[] {
  const figures = [rows.length, ...states.map((state) => rows.filter((row) => row.state === state).length)];
  return figures.map((figure) => (figure === 0 ? "·" : String(figure)));
}
