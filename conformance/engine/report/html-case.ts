import { clauseOf, isMandatory, requirement } from "../catalogue.js";
import { breaksConformance } from "../execute.js";
import type { Failure } from "../outcome.js";
import type { CaseResult } from "../result.js";
import type { Entry } from "../transcript.js";
import { html, tag } from "./html-text.js";

const ARROWS: Readonly<Partial<Record<Entry["kind"], string>>> = {
  "http-request": "→",
  "http-response": "←",
  "ldmp-sent": "→",
  "ldmp-received": "←",
  silence: "…",
};

/** One case as a foldable card. `anchor` is unique on the page. */
export function caseCard(one: CaseResult, anchor: string): string {
  const soft = one.verdict === "fail" && !breaksConformance(one);
  const words = [one.id, one.title, ...one.clauses, ...one.requirements, one.reason, one.verdict]
    .join(" ")
    .toLowerCase();
  const notes =
    one.warnings.length > 0
      ? ` ${tag("note", `${one.warnings.length} note${one.warnings.length > 1 ? "s" : ""}`)}`
      : "";
  const open = one.verdict === "fail" && !soft ? " open" : "";
  return `<details class="case" id="${html(anchor)}" data-verdict="${one.verdict}" data-level="${one.level}" data-words="${html(words)}"${open}>
<summary><span>${tag(one.verdict, soft ? (one.security ? "secret shown" : "not followed") : one.verdict)}</span><span><span class="title">${html(one.title)}${notes}</span><span class="mono">${html(one.id)}</span></span><span class="dim">${tag("level", one.security ? "security" : one.level)} ${duration(one.milliseconds)}</span></summary>
<div class="body">${reason(one)}${one.failures.map(failureBox).join("")}${warnings(one)}${statements(one)}
<h3>Run this case again</h3>${copyLine(one.repeat)}
${wire(one)}</div></details>`;
}

function reason({ verdict, reason }: CaseResult): string {
  return verdict === "pass" || verdict === "fail"
    ? ""
    : `<div class="reason ${verdict.replace("/", "-")}">${html(reason)}</div>`;
}

function failureBox(failure: Failure): string {
  const rows: [string, string][] = [
    ["judges", html(failure.what)],
    [
      "clause",
      `${html(failure.clauses.join("; "))} <span class="dim">${html(failure.requirements.join(", "))}, ${failure.level}</span>`,
    ],
    ["permitted", failure.permitted.map((one) => `<code>${html(one)}</code>`).join(" or ")],
    ["actual", `<b><code>${html(failure.actual)}</code></b>`],
    ["reproduce", copyLine(failure.reproduce)],
  ];
  const body = rows.map(([name, value]) => `<tr><th>${name}</th><td>${value}</td></tr>`).join("");
  return `<div class="failure${isMandatory(failure.level) ? "" : " soft"}"><table class="rows">${body}</table></div>`;
}

function warnings({ warnings }: CaseResult): string {
  if (warnings.length === 0) return "";
  return `<h3>Notes</h3><ul>${warnings.map(({ text, requirements }) => `<li>${html(text)} <span class="dim">${html(requirements.join(", "))}</span></li>`).join("")}</ul>`;
}

function statements({ judged }: CaseResult): string {
  const rows = judged.map(
    ({ requirement: id, verdict }) =>
      `<tr><td>${tag(verdict, verdict)}</td><td class="mono id">${html(id)}</td><td>${html(requirement(id).statement)} <span class="dim">[${html(clauseOf(id))}]</span></td></tr>`,
  );
  return `<h3>Statements judged</h3><table class="statements">${rows.join("")}</table>`;
}

function wire({ transcript, failures }: CaseResult): string {
  if (transcript.length === 0) return "";
  const judged = new Set(failures.map(({ entry }) => entry));
  return `<h3>Exchange</h3><ol class="wire">${transcript.map((entry, index) => line(entry, judged.has(index))).join("")}</ol>`;
}

/** Characters of one message that the page shows. */
const SHOWN = 2000;

function shortened(text: string): string {
  return text.length <= SHOWN
    ? text
    : `${text.slice(0, SHOWN)}\n… ${text.length - SHOWN} more characters: the JSON report has them`;
}

function line(entry: Entry, judged: boolean): string {
  const head = `<span class="at">${entry.at.toFixed(1)} ms</span><span class="arrow">${ARROWS[entry.kind] ?? ""}</span><span class="in-${entry.phase} ${entry.kind}">${html(entry.summary)}</span>${entry.phase === "body" ? "" : ` <span class="dim">${entry.phase === "setup" ? "set-up" : "clean-up"}</span>`}`;
  const parts = [
    ...(entry.decoded ? [`<pre>${html(entry.decoded.join("\n"))}</pre>`] : []),
    ...(entry.text ? [`<pre>${html(shortened(entry.text))}</pre>`] : []),
    ...(entry.hex ? [`<pre>${html(entry.hex.replace(/(..)(?=.)/g, "$1 "))}</pre>`] : []),
    ...(entry.octets === undefined
      ? []
      : [`<pre class="dim">${entry.octets} octets in all; the first are shown</pre>`]),
    ...(entry.reproduce ? [copyLine(entry.reproduce)] : []),
  ];
  const inner =
    parts.length > 0 ? `<details${judged ? " open" : ""}><summary>${head}</summary>${parts.join("")}</details>` : head;
  return `<li${judged ? ' class="judged"' : ""}>${inner}</li>`;
}

export function copyLine(text: string): string {
  return `<div class="line"><code>${html(text)}</code><button class="copy" type="button">copy</button></div>`;
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
