import { levels } from "../engine/catalogue.js";
import { breaksConformance } from "../engine/execute.js";
import type { CaseResult, Conclusion, RunResult } from "../engine/result.js";
import type { CaseVerdict } from "../engine/verdict.js";
import { code, form, table } from "./markdown.js";

const verdicts: readonly CaseVerdict[] = ["pass", "fail", "inconclusive", "error", "n/a"];

const conclusions: Readonly<Record<Conclusion, string>> = {
  conforms:
    "No non-conformity was found: every test case that was selected and run has the verdict pass, or a verdict that does not decide.",
  fails: "The implementation does not conform: see the failures below.",
  inconclusive: "Nothing can be concluded: at least one test case could not be judged.",
  "suite error": "Nothing can be concluded: the means of testing were at fault.",
};

/** The protocol conformance test report of one run (X.290, X.294). */
export function pctr(run: RunResult, title = "Protocol conformance test report"): string {
  return [`# ${title}: ${run.entity}`, "", ...body(run, 2)].join("\n");
}

/** The system conformance test report of a product: a summary over the reports of its protocols, which follow (X.290, X.294). */
export function sctr(runs: readonly RunResult[]): string {
  const products = [...new Set(runs.map(({ product }) => product).filter((one) => one !== ""))];
  return [
    "# System conformance test report",
    "",
    "## 1 Identification",
    "",
    ...table(
      ["", ""],
      [
        ["System under test", products.join("; ") || "not named"],
        ["Protocols tested", String(runs.length)],
      ],
    ),
    ...form(["Report number", "Client", "Laboratory", "Date", "Signature"]),
    "## 2 Summary",
    "",
    ...table(
      ["entity", "product", "editions", "static review", "cases run", "failures that decide", "conclusion"],
      runs.map((run) => [
        code(run.entity),
        run.product || "not named",
        editionsOf(run),
        staticSummary(run),
        String(run.cases.filter(wasRun).length),
        String(run.cases.filter(breaksConformance).length),
        run.conclusion,
      ]),
    ),
    overall(runs),
    "",
    ...runs.flatMap((run, index) => [
      `## ${index + 3} Protocol conformance test report: ${run.entity}`,
      "",
      ...body(run, 3),
    ]),
  ].join("\n");
}

function overall(runs: readonly RunResult[]): string {
  const worst = (["fails", "suite error", "inconclusive", "conforms"] as const).find((one) =>
    runs.some(({ conclusion }) => conclusion === one),
  );
  return `Taken together: **${worst ?? "inconclusive"}**.`;
}

function body(run: RunResult, depth: number): string[] {
  const heading = (text: string): string => `${"#".repeat(depth)} ${text}`;
  const failures = run.cases.filter(({ verdict }) => verdict === "fail");
  return [
    heading("Identification"),
    "",
    ...table(
      ["", ""],
      [
        ["Implementation under test", run.product || "not named"],
        ["Address or command", code(run.target)],
        ["Entity", code(run.entity)],
        ["Editions", editionsOf(run)],
        ["Means of testing", run.suite],
        ["Date", run.started],
        ["Seed", code(run.seed)],
      ],
    ),
    heading("Static conformance summary"),
    "",
    `${run.declaration.explicit.length} items were declared. ${staticSummary(run)}.`,
    "",
    ...table(
      ["finding", "item", "text", "reference", "decides"],
      run.review.map(({ kind, item, text, clause = "", requirement, breaks }) => [
        kind,
        code(item),
        text,
        `${clause}${requirement === undefined ? "" : ` ${code(requirement)}`}`,
        breaks ? "yes" : "no",
      ]),
    ),
    heading("Dynamic conformance summary"),
    "",
    ...table(
      ["level", ...verdicts],
      [
        ...levels.map((level) => [level, ...verdicts.map((verdict) => String(run.totals[level][verdict]))]),
        ["secrecy (graded apart)", ...verdicts.map((verdict) => String(run.security[verdict]))],
      ],
    ),
    `**${conclusions[run.conclusion]}** Only statements that are required, or that define something, decide.`,
    "",
    ...(failures.length === 0 ? [] : [heading("Failures"), "", ...failures.flatMap(explained)]),
    heading("Test campaign"),
    "",
    ...table(
      ["test case", "selected", "run", "verdict", "observations"],
      [...run.cases].sort((a, b) => (a.id < b.id ? -1 : 1)).map(campaignRow),
    ),
  ];
}

function editionsOf({ edition = [] }: { readonly edition?: RunResult["edition"] }): string {
  return edition.map(({ title, digest }) => `${title}, set ${digest}`).join("; ") || "not named";
}

function staticSummary({ review }: RunResult): string {
  const broken = review.filter(({ breaks }) => breaks).length;
  if (broken > 0) return `${broken} ${broken === 1 ? "finding decides" : "findings decide"} against it`;
  return "nothing decides against it";
}

function wasRun({ verdict }: CaseResult): boolean {
  return verdict !== "n/a";
}

function explained({ id, failures }: CaseResult): string[] {
  return failures.flatMap(({ requirements, clauses, level, what, permitted, actual }) =>
    table(
      [code(id), `${level}: ${clauses.join("; ")} (${requirements.join(", ")})`],
      [
        ["judged", what],
        ["permitted", permitted.join(" or ")],
        ["observed", actual],
      ],
    ),
  );
}

function campaignRow(one: CaseResult): string[] {
  const { id, verdict, reason, warnings, hint } = one;
  const selected = wasRun(one);
  const observations = [reason.split("\n")[0] ?? "", ...warnings.map(({ text }) => text), hint ?? ""];
  return [
    code(id),
    selected ? "yes" : "no",
    // Without its preconditions a case is selected, but not run.
    one.transcript.length > 0 ? "yes" : "no",
    verdict,
    observations.filter((text) => text !== "").join("; "),
  ];
}
