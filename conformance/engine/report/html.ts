import { levels } from "../catalogue.js";
import { breaksConformance } from "../execute.js";
import type { CaseResult, RunResult } from "../result.js";
import { byClause } from "./clauses.js";
import { caseCard } from "./html-case.js";
import { page } from "./html-page.js";
import { runHeader, verdicts } from "./html-run.js";
import { script } from "./html-script.js";
import { style } from "./html-style.js";
import { html, sign } from "./html-text.js";
import { entityName } from "./words.js";

/** More failures than these stay folded, so that the page can be overlooked. */
const OPENED = 12;

/** A run with what tells it from the others on the page. */
interface Placed {
  readonly run: RunResult;
  /** Put behind the ids of its cases; empty for the first run of an entity. */
  readonly mark: string;
  readonly groups: ReadonlyMap<string, readonly CaseResult[]>;
}

/** One or more runs as one page that needs nothing else: no network, no second file. */
export function toHtml(runs: readonly RunResult[]): string {
  const placed = runs.map((run, index): Placed => {
    const before = runs.slice(0, index).filter(({ entity }) => entity === run.entity).length;
    return { run, mark: before === 0 ? "" : `@${before + 1}`, groups: byClause(run.cases) };
  });
  const cases = runs.flatMap((run) => run.cases);
  const title = runs.map(({ entity, conclusion }) => `${entityName(entity)} ${conclusion}`).join(", ");
  const worst = (["fails", "suite error", "inconclusive"] as const).find((one) =>
    runs.some(({ conclusion }) => conclusion === one),
  );
  const icons = { fails: "fail", "suite error": "error", inconclusive: "inconclusive" } as const;
  return page({
    title: `${title} (mp2p conformance)`,
    icon: worst === undefined ? "pass" : icons[worst],
    style,
    script,
    body: `<main>
<div class="top"><b>mp2p conformance</b><span><button class="button" type="button" id="keys">keys</button> <button class="button" type="button" id="theme">light / dark</button></span></div>
${runs.map(runHeader).join("\n")}
${filters(placed, cases)}
<div class="layout"><details class="tree" open><summary>Clauses</summary><nav aria-label="Clauses">${placed.map((one) => tree(one, runs.length > 1)).join("")}</nav></details><div class="cases">
${placed.map((one) => sections(one, runs.length > 1, cases.filter(breaksConformance).length <= OPENED)).join("\n")}
<p class="none hidden">No case fits the filters.</p>
</div></div>
</main>
${keysDialog}`,
  });
}

function filters(placed: readonly Placed[], cases: readonly CaseResult[]): string {
  const pill = (of: string, value: string, count: number): string =>
    count === 0
      ? ""
      : `<button class="button pill" type="button" aria-pressed="false" data-of="${of}" data-value="${value}">${of === "verdict" ? sign(value as CaseResult["verdict"]) : ""}${value} <span class="dim">${count}</span></button>`;
  const level = (one: CaseResult): string => (one.security ? "security" : one.level);
  const clauses = [...new Set(placed.flatMap(({ groups }) => [...groups.keys()]))];
  const options = (all: string, values: readonly string[]): string =>
    `<option value="">${all}</option>${values.map((one) => `<option>${html(one)}</option>`).join("")}`;
  return `<div class="bar" role="search">
<div class="pills">${verdicts.map((one) => pill("verdict", one, cases.filter(({ verdict }) => verdict === one).length)).join("")}<span class="gap"></span>${[...levels, "security"].map((one) => pill("level", one, cases.filter((each) => level(each) === one).length)).join("")}</div>
<div class="fields"><input type="search" id="search" placeholder="case, clause, requirement, words" aria-label="Search"><label class="check"><input type="checkbox" id="deep"> in exchanges</label><select id="clause" aria-label="Clause">${options("every clause", clauses)}</select><select id="group" aria-label="Group">${options("every group", ["basic", "capability", "behaviour"])}</select><button class="button" type="button" id="all">open all</button><button class="button" type="button" id="reset">reset</button><span id="count" class="dim" aria-live="polite">${cases.length} cases</span></div></div>`;
}

function tree({ run, mark, groups }: Placed, several: boolean): string {
  let document = "";
  const lines = [...groups].map(([clause, cases]) => {
    const [doc = "", number = ""] = clause.split(" ");
    const head = doc === document ? "" : `<p class="doc">${html(doc)}</p>`;
    document = doc;
    const bad = cases.filter((one) => one.verdict === "error" || breaksConformance(one)).length;
    const open = cases.filter(({ verdict }) => verdict === "inconclusive").length;
    const idle = cases.every(({ verdict }) => verdict === "n/a");
    const verdict = bad > 0 ? "fail" : open > 0 ? "inconclusive" : idle ? "n/a" : "pass";
    const figure = bad > 0 ? `${bad} of ${cases.length}` : open > 0 ? `${open} of ${cases.length}` : `${cases.length}`;
    const depth = Math.min(4, number.split(".").length);
    return `${head}<a class="d${depth}" href="#${anchor(run, mark, clause)}">${sign(verdict)}<span>${html(number || clause)}</span><span class="dim">${figure}</span></a>`;
  });
  return `${several ? `<p class="entity">${html(entityName(run.entity))}${html(mark)}</p>` : ""}${lines.join("")}`;
}

function sections({ run, mark, groups }: Placed, several: boolean, opens: boolean): string {
  const known = new Map(run.baseline?.known.map((one) => [one.case, one.reason]));
  return [...groups]
    .map(([clause, cases]) => {
      const passed = cases.filter(({ verdict }) => verdict === "pass").length;
      const cards = cases.map((one) =>
        caseCard(one, {
          anchor: `${one.id}${mark}`,
          clause,
          open: opens && breaksConformance(one) && !known.has(one.id),
          known: known.get(one.id),
        }),
      );
      return `<section class="clause" id="${anchor(run, mark, clause)}"><h2>${html(clause)} <span class="dim">${several ? `${html(entityName(run.entity))}${html(mark)}, ` : ""}${passed} of ${cases.length} pass</span></h2>${cards.join("\n")}</section>`;
    })
    .join("\n");
}

function anchor(run: RunResult, mark: string, clause: string): string {
  return html(`${run.entity}${mark}-${clause.replace(/[^\w.]+/g, "-")}`);
}

const keys: readonly (readonly [string, string])[] = [
  ["/", "search"],
  ["j, k", "next and previous case"],
  ["n", "next failure"],
  ["Enter", "open or close the case"],
  ["o", "open or close the exchange of the case"],
  ["Escape", "clear the filters"],
];

const keysDialog = `<dialog id="help"><h2>Keys</h2><table>${keys.map(([key, what]) => `<tr><th><kbd>${key}</kbd></th><td>${what}</td></tr>`).join("")}</table><form method="dialog"><button class="button">close</button></form></dialog>`;
