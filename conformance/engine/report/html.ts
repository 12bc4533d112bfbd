import type { Finding } from "../../declare/finding.js";
import { isMandatory, levels } from "../catalogue.js";
import { breaksConformance } from "../execute.js";
import type { CaseResult, RunResult } from "../result.js";
import type { CaseVerdict } from "../verdict.js";
import { caseCard, duration } from "./html-case.js";
import { script } from "./html-script.js";
import { style } from "./html-style.js";
import { html, tag } from "./html-text.js";
import { byClause } from "./terminal.js";

const verdicts: readonly CaseVerdict[] = ["fail", "error", "inconclusive", "pass", "n/a"];

/** One or more runs as one page that needs nothing else: no network, no second file. */
export function toHtml(runs: readonly RunResult[]): string {
  const title = runs.map(({ entity, conclusion }) => `${entity}: ${conclusion}`).join(", ");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)} (mp2p conformance)</title><style>${style}</style></head>
<body><main>
${runs.map(runHeader).join("\n")}
${filters(runs.flatMap(({ cases }) => cases))}
<div class="layout"><aside>${runs.map(sidebar).join("")}</aside><div>
${runs.map((run) => clauses(run, runs.length > 1)).join("\n")}
<p class="none hidden">No case fits the filters.</p>
</div></div>
</main><script>${script}</script></body></html>
`;
}

function runHeader(run: RunResult): string {
  const facts: [string, string][] = [
    ["target", run.target],
    ["product", run.product || "not named"],
    ["when", run.started.replace("T", " ").replace(/\..*/, " UTC")],
    ["took", duration(run.milliseconds)],
    ["seed", run.seed],
    ["suite", run.suite],
  ];
  const missing = run.preflight.filter(({ holds }) => !holds);
  return `<header class="run ${run.conclusion.replace(" ", "-")}">
<h1>${html(run.entity)} ${tag(run.conclusion, run.conclusion)}</h1>
<div class="facts">${facts.map(([name, value]) => `<span>${name} <b>${html(value)}</b></span>`).join("")}</div>
${missing.map(({ what, hint }) => `<div class="reason"><b>Missing: ${html(what)}.</b> ${html(hint)}</div>`).join("")}
${totals(run)}
${reviewList(run)}
${declaration(run)}
</header>`;
}

/** What is to be said about the declaration; what was only learnt stays folded. */
function reviewList({ review }: RunResult): string {
  const item = ({ kind, item, text, clause = "", breaks }: Finding): string =>
    `<li>${tag(breaks ? "fail" : "note", kind)} <span class="mono">${html(item)}</span> ${html(text)} <span class="dim">${html(clause)}</span></li>`;
  const [learnt, others] = [
    review.filter(({ kind }) => kind === "inferred"),
    review.filter(({ kind }) => kind !== "inferred"),
  ];
  const list = (of: readonly Finding[]): string => `<ul>${of.map(item).join("")}</ul>`;
  const folded = `<details><summary class="dim">What was learnt from the product: ${learnt.length}</summary>${list(learnt)}</details>`;
  return `${others.length > 0 ? list(others) : ""}${learnt.length > 0 ? folded : ""}`;
}

function totals({ totals, security }: RunResult): string {
  const graded = [...levels.map((level) => [level, totals[level]] as const), ["security", security] as const];
  const rows = graded.filter(([, counts]) => Object.values(counts).some((count) => count > 0));
  const body = rows.map(([name, counts]) => {
    const soft = name === "security" || !isMandatory(name);
    const cell = (verdict: CaseVerdict): string =>
      counts[verdict] === 0
        ? '<td class="zero">0</td>'
        : `<td>${tag(verdict === "fail" && soft ? "note" : verdict, String(counts[verdict]))}</td>`;
    return `<tr><td>${name}</td>${verdicts.map(cell).join("")}</tr>`;
  });
  return `<table class="totals"><tr><th>level</th>${verdicts.map((verdict) => `<th>${verdict}</th>`).join("")}</tr>${body.join("")}</table>`;
}

function declaration({ declaration }: RunResult): string {
  const rows = Object.entries({ ...declaration.options, ...declaration.readings, ...declaration.values }).map(
    ([name, value]) =>
      `<tr><td class="mono">${html(name)}</td><td class="mono">${html(JSON.stringify(value))}</td></tr>`,
  );
  if (rows.length === 0) return "";
  return `<details><summary class="dim">What was declared, defaults included</summary><table class="statements">${rows.join("")}</table></details>`;
}

function filters(cases: readonly CaseResult[]): string {
  const box = (of: "verdict" | "level", value: string): string => {
    const count = cases.filter((one) => one[of] === value).length;
    if (count === 0) return "";
    return `<label><input type="checkbox" data-of="${of}" value="${value}" checked>${tag(of === "level" ? "level" : value, `${value} ${count}`)}</label>`;
  };
  return `<nav class="bar">${verdicts.map((one) => box("verdict", one)).join("")} ${levels.map((one) => box("level", one)).join("")}
<input type="search" placeholder="case, clause, requirement, words" aria-label="Search"><button type="button" data-open="yes">open all</button><button type="button" data-open="no">close all</button></nav>`;
}

function sidebar(run: RunResult): string {
  const links = [...byClause(run.cases)].map(([clause, cases]) => {
    const bad = cases.filter((one) => one.verdict === "error" || breaksConformance(one)).length;
    const unsure = cases.filter(({ verdict }) => verdict === "inconclusive").length;
    const sign =
      bad > 0
        ? `<span class="bad">✗ ${bad}</span>`
        : unsure > 0
          ? `<span class="unsure">? ${unsure}</span>`
          : `<span class="good">✓</span>`;
    const depth = Math.min(4, clause.slice(clause.indexOf(" ")).split(".").length + 1);
    return `<a class="d${Math.max(1, depth - 1)}" href="#${anchor(run, clause)}"><span>${html(clause)}</span>${sign}</a>`;
  });
  return `<p><b>${html(run.entity)}</b></p>${links.join("")}`;
}

function clauses(run: RunResult, several: boolean): string {
  const sections = [...byClause(run.cases)].map(([clause, cases]) => {
    const passed = cases.filter(({ verdict }) => verdict === "pass").length;
    const cards = cases.map((one) => caseCard(one, one.id)).join("\n");
    return `<section class="clause" id="${anchor(run, clause)}"><h2>${html(clause)} <small>${several ? `${html(run.entity)}, ` : ""}${passed} of ${cases.length} pass</small></h2>${cards}</section>`;
  });
  return sections.join("\n");
}

function anchor(run: RunResult, clause: string): string {
  return `${run.entity}-${clause.replace(/[^\w.]+/g, "-")}`;
}
