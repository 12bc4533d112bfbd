import type { Finding } from "../../declare/finding.js";
import { isMandatory, levels } from "../catalogue.js";
import { breaksConformance } from "../execute.js";
import type { RunResult } from "../result.js";
import type { CaseVerdict } from "../verdict.js";
import { duration, html, sign, tag } from "./html-text.js";
import { describeNetwork } from "./network.js";
import { entityTitle, findingWords } from "./words.js";

/** The order in which verdicts are told: what needs somebody's attention first. */
export const verdicts: readonly CaseVerdict[] = ["fail", "error", "inconclusive", "pass", "n/a"];

/** What one run came to, and under which conditions. */
export function runHeader(run: RunResult): string {
  const facts: [string, string][] = [
    ["product", run.product || "not named"],
    ["reached at", run.target],
    ["judged", `${run.started.replace("T", " ").replace(/\..*/, " UTC")}, in ${duration(run.milliseconds)}`],
    ["seed", run.seed],
    ["suite", run.suite],
    ...network(run),
    ...ended(run),
    ...edition(run),
  ];
  const missing = run.preflight.filter(({ holds }) => !holds);
  return `<section class="run ${run.conclusion.replace(" ", "-")}">
<p class="dim">${html(entityTitle(run.entity))}</p>
<h1><span class="stamp">${html(run.conclusion)}</span> <span>${html(verdictSentence(run))}</span></h1>
${missing.map(({ what, hint }) => `<div class="reason inconclusive"><b>Missing: ${html(what)}.</b> ${html(hint)}</div>`).join("")}
<div class="columns"><div class="grades">${totals(run)}</div><dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${html(value)}</dd></div>`).join("")}</dl></div>
${review(run)}${baseline(run)}${declaration(run)}
</section>`;
}

function ended({ ended }: RunResult): [string, string][] {
  if (ended === undefined) return [];
  const also = ended.others.length === 0 ? "" : `, with messages of ${ended.others.join(", ")}`;
  return [["stopped answering", `during ${ended.case}${also}; ${ended.unjudged} cases could not be judged`]];
}

function network({ network }: RunResult): [string, string][] {
  return network ? [["network", describeNetwork(network).replace("network: ", "")]] : [];
}

/** What the conclusion rests on. */
export function verdictSentence(run: RunResult): string {
  const { cases, conclusion, selection } = run;
  const count = (test: (one: RunResult["cases"][number]) => boolean): number => cases.filter(test).length;
  const part =
    selection !== undefined && cases.length < selection.of
      ? ` (${cases.length} of ${selection.of} cases were selected)`
      : "";
  const failing = count(breaksConformance);
  const open = count(({ verdict }) => verdict === "inconclusive");
  switch (conclusion) {
    case "fails":
      return failing === 0
        ? `the declaration breaks a rule${part}`
        : `${failing} case${failing === 1 ? " finds a statement" : "s find statements"} broken that must be kept${part}`;
    case "conforms":
      return `${count(({ verdict }) => verdict !== "n/a")} applicable cases, and no statement broken that must be kept${part}`;
    case "suite error":
      return `the suite broke down in ${count(({ verdict }) => verdict === "error")} cases: its fault, not the product's${part}`;
    default:
      return run.preflight.some(({ holds }) => !holds)
        ? "a precondition is missing: nothing was judged"
        : `${open} case${open === 1 ? "" : "s"} could not be judged${part}`;
  }
}

function edition(run: RunResult): [string, string][] {
  const titles = (run.edition ?? []).map(({ title }) => title);
  return titles.length === 0 ? [] : [["edition", titles.join(", ")]];
}

function totals({ totals, security }: RunResult): string {
  const graded = [...levels.map((level) => [level, totals[level]] as const), ["security", security] as const];
  const rows = graded.filter(([, counts]) => Object.values(counts).some((count) => count > 0));
  const columns = verdicts.filter((verdict) => rows.some(([, counts]) => counts[verdict] > 0));
  const body = rows.map(([name, counts]) => {
    const soft = name === "security" || !isMandatory(name);
    const cell = (verdict: CaseVerdict): string =>
      counts[verdict] === 0
        ? '<td class="zero">·</td>'
        : `<td>${tag(verdict === "fail" && soft ? "soft" : verdict, String(counts[verdict]))}</td>`;
    return `<tr><th scope="row">${name}${soft ? ' <span class="dim">apart</span>' : ""}</th>${columns.map(cell).join("")}</tr>`;
  });
  return `<table class="totals"><thead><tr><td></td>${columns.map((verdict) => `<th scope="col">${verdict}</th>`).join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

/** What the review of the declaration found; what was only inferred stays folded. */
function review(run: RunResult): string {
  const findings = run.review ?? [];
  const loud = findings.filter(({ kind }) => kind !== "inferred").sort((a, b) => Number(b.breaks) - Number(a.breaks));
  const quiet = findings.filter(({ kind }) => kind === "inferred");
  return `${findingsFold("Review of the declaration", loud, true)}${findingsFold("Inferred, because it was not declared", quiet, false)}`;
}

function findingsFold(title: string, findings: readonly Finding[], open: boolean): string {
  if (findings.length === 0) return "";
  const rows = findings.map(
    ({ kind, item, text, clause, breaks }) =>
      `<li>${sign(breaks ? "fail" : "inconclusive", !breaks)}<span><b>${findingWords[kind]}</b> <span class="mono">${html(item)}</span><br>${html(text)}${clause === undefined ? "" : ` <span class="dim">[${html(clause)}]</span>`}</span></li>`,
  );
  const count = `${findings.length} finding${findings.length === 1 ? "" : "s"}`;
  return `<details class="fold"${open ? " open" : ""}><summary>${title} <span class="dim">${count}</span></summary><ul class="statements">${rows.join("")}</ul></details>`;
}

function baseline({ baseline }: RunResult): string {
  if (baseline === undefined) return "";
  const { file, known, stale } = baseline;
  const rows = [
    ...stale.map(
      (one) =>
        `<li>${sign("inconclusive")}<span><b>stale</b> <span class="mono">${html(one.case)}</span><br>${html(one.why)}</span></li>`,
    ),
    ...known.map(
      (one) =>
        `<li>${sign("fail", true)}<span><b>known</b> <a class="mono" href="#${html(one.case)}">${html(one.case)}</a>${one.expires === undefined ? "" : ` <span class="dim">until ${html(one.expires)}</span>`}<br>${html(one.reason)}</span></li>`,
    ),
  ];
  return `<details class="fold"${stale.length > 0 ? " open" : ""}><summary>Known failures <span class="dim">${known.length} known, ${stale.length} stale, by ${html(file)}</span></summary><ul class="statements">${rows.join("")}</ul></details>`;
}

function declaration({ declaration }: RunResult): string {
  const rows = Object.entries({ ...declaration.options, ...declaration.readings, ...declaration.values }).map(
    ([name, value]) =>
      `<tr><th scope="row" class="mono">${html(name)}</th><td class="mono">${html(JSON.stringify(value))}</td></tr>`,
  );
  if (rows.length === 0) return "";
  return `<details class="fold"><summary>What was declared <span class="dim">defaults included</span></summary><table class="declared">${rows.join("")}</table></details>`;
}
