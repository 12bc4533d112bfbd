import { clauseOf, isMandatory, isRequirement, requirement } from "../catalogue.js";
import { breaksConformance } from "../execute.js";
import type { Failure } from "../outcome.js";
import type { CaseResult } from "../result.js";
import { excerpt, exchange } from "./html-exchange.js";
import { copyLine, duration, html, sign, tag } from "./html-text.js";
import { placeOf } from "./terminal-case.js";

/** One case as a foldable card. `anchor` is unique on the page. */
export function caseCard(
  one: CaseResult,
  { anchor, clause, open, known }: { anchor: string; clause: string; open: boolean; known: string | undefined },
): string {
  const soft = one.verdict === "fail" && !breaksConformance(one);
  const words = [one.id, one.title, ...one.clauses, ...one.requirements, one.reason, one.verdict, one.group]
    .join(" ")
    .toLowerCase();
  const level = one.security ? "security" : one.level;
  const notes =
    one.warnings.length > 0 ? tag("note", `${one.warnings.length} note${one.warnings.length > 1 ? "s" : ""}`) : "";
  const aside = [
    soft ? tag("soft", one.security ? "secret shown" : "not followed") : "",
    known === undefined ? "" : tag("note", "known"),
    notes,
    tag("level", level),
    `<span class="dim took">${one.verdict === "n/a" ? "" : duration(one.milliseconds)}</span>`,
  ];
  return `<details class="case ${soft ? "soft" : one.verdict.replace("/", "-")}" id="${html(anchor)}" data-verdict="${one.verdict}" data-level="${level}" data-group="${one.group}" data-clause="${html(clause)}" data-words="${html(words)}"${open ? " open" : ""}>
<summary>${sign(one.verdict, soft)}<span class="name"><span class="title">${html(one.title)}</span><span class="mono">${html(one.id)}</span></span><span class="aside">${aside.join("")}</span></summary>
<div class="body">${known === undefined ? "" : `<div class="reason">Known: ${html(known)}</div>`}${reason(one)}${one.failures.map((failure) => failureBox(failure, one)).join("")}${warnings(one)}${statements(one)}
<h3>Run this case again <a class="dim" href="#${html(anchor)}">link to it</a></h3>${copyLine(one.repeat)}
${exchange(one)}</div></details>`;
}

function reason(one: CaseResult): string {
  const { verdict, reason, hint: advice } = one;
  const hint = advice === undefined ? "" : `<div class="reason">${html(advice)}</div>`;
  const why =
    verdict === "pass" || verdict === "fail"
      ? ""
      : `<div class="reason ${verdict.replace("/", "-")}">${html(reason)}</div>`;
  return `${why}${hint}`;
}

function failureBox(failure: Failure, one: CaseResult): string {
  const { offset } = failure;
  const place = placeOf(failure);
  const cited = failure.requirements
    .map(
      (id) =>
        `<p class="cited"><span class="mono">${html(id)}</span> <span class="dim">${html(clauseText(id))}, ${failure.level}</span> ${html(statementOf(id))}</p>`,
    )
    .join("");
  return `<div class="failure${isMandatory(failure.level) && !one.security ? "" : " soft"}">
<p class="judges">${html(failure.what)}${offset === undefined ? "" : ` <span class="dim">at octet ${offset}</span>`}</p>
<div class="sides"><div><span class="dim">permitted</span>${failure.permitted.map((each) => `<code>${html(each)}</code>`).join('<span class="dim">or</span>')}</div><div><span class="dim">came instead</span><code class="came">${html(failure.actual)}</code></div></div>
${place === undefined ? "" : `<p class="dim">${html(place)}</p>`}${cited}${excerpt(one, failure)}<p class="dim">Repeat it:</p>${copyLine(failure.reproduce)}</div>`;
}

function warnings({ warnings }: CaseResult): string {
  if (warnings.length === 0) return "";
  return `<h3>Notes</h3><ul>${warnings.map(({ text, requirements }) => `<li>${html(text)} <span class="dim">${html(requirements.join(", "))}</span></li>`).join("")}</ul>`;
}

function statements({ judged }: CaseResult): string {
  const rows = judged.map(
    ({ requirement: id, verdict }) =>
      `<li>${sign(verdict)}<span><span class="mono">${html(id)}</span> <span class="dim">${html(clauseText(id))}</span><br>${html(statementOf(id))}</span></li>`,
  );
  return `<h3>Statements judged</h3><ul class="statements">${rows.join("")}</ul>`;
}

/** A report may be of a release that knew other statements. */
function statementOf(id: string): string {
  return isRequirement(id) ? requirement(id).statement : "";
}

function clauseText(id: string): string {
  return isRequirement(id) ? clauseOf(id) : "";
}
