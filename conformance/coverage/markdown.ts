import type { CoverageRow } from "./coverage.js";
import { answerTo, matrixOf, shown, unjudged } from "./matrix.js";
import { reviews } from "./reviews.js";

/** The matrix, what is required and not judged, the questions of the static review, and every statement with its answer. */
export function coverageMarkdown(rows: readonly CoverageRow[]): string {
  const [head = [], ...body] = matrixOf(rows);
  const required = unjudged(rows);
  return [
    "# Coverage",
    "Every normative statement of the five Recommendations, once for each product that it binds: judged by cases of the suite; static, that is,",
    "from the declaration or the product's documents; not observable, for the reason given; or ambiguous, by an erratum.",
    "",
    ...grid(
      head,
      body,
      head.map((_, column) => column > 2),
    ),
    "",
    "## Required, and judged by no case",
    "",
    ...(required.length === 0
      ? ["None."]
      : grid(
          ["statement", "clause", "product", "why"],
          required.map((row) => [row.requirement.id, clause(row), shown(row), answerTo(row)]),
        )),
    "",
    "## Questions of the static review",
    "",
    ...grid(
      ["review", "question", "statements"],
      Object.entries(reviews).flatMap(([id, question]) => {
        const asked = rows.filter(({ why }) => why?.state === "static" && why.review === id);
        return asked.length > 0
          ? [[id, question, [...new Set(asked.map(({ requirement }) => requirement.id))].join(", ")]]
          : [];
      }),
    ),
    ...[...new Set(rows.map(({ requirement }) => requirement.doc))].flatMap((doc) => [
      "",
      `## ${doc}`,
      "",
      ...grid(
        ["statement", "clause", "level", "product", "in our words", "answer"],
        rows
          .filter(({ requirement }) => requirement.doc === doc)
          .map((row) => [
            row.requirement.id,
            row.requirement.clause,
            row.requirement.level,
            shown(row),
            row.requirement.statement,
            answerTo(row),
          ]),
      ),
    ]),
    "",
  ].join("\n");
}

function clause({ requirement: { doc, clause } }: CoverageRow): string {
  return `${doc} ${clause}`;
}

function grid(
  head: readonly string[],
  body: readonly (readonly string[])[],
  figures: readonly boolean[] = [],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (figures[column] ? "--:" : "---"))), ...body.map(line)];
}
