import { page } from "../engine/report/html-page.js";
import { html, sign, tag } from "../engine/report/html-text.js";
import { entityTitle } from "../engine/report/words.js";
import type { Cell, Column, EntityMatrix } from "./matrix.js";
import { matrixScript } from "./matrix-script.js";
import { matrixStyle } from "./matrix-style.js";

/** One page that needs nothing else: clauses by implementations, a table for each kind of product. */
export function matrixHtml(matrices: readonly EntityMatrix[]): string {
  const products = matrices.reduce((sum, { columns }) => sum + columns.length, 0);
  return page({
    title: `${products} implementations (mp2p conformance matrix)`,
    icon: matrices.some(({ columns }) => columns.some(({ conclusion }) => conclusion === "fails")) ? "fail" : "pass",
    style: matrixStyle,
    script: matrixScript,
    body: `<main>
<div class="top"><h1>mp2p conformance: clauses by implementations</h1><button class="button" type="button" id="theme">light / dark</button></div>
<p class="dim legend">${(["pass", "fail", "error", "inconclusive", "n/a"] as const).map((one) => `<span>${sign(one)} ${one}</span>`).join("")}<span>blank: no case ran</span><span>Each cell shows the worst verdict; press it for its cases.</span></p>
<div class="bar" role="search"><input type="search" id="search" placeholder="clause or case" aria-label="Search"><select id="entity" aria-label="Kind of product"><option value="">every kind of product</option>${matrices.map(({ entity }) => `<option value="${html(entity)}">${html(entityTitle(entity))}</option>`).join("")}</select><button class="button pill" type="button" id="bad" aria-pressed="false">with failures</button><button class="button pill" type="button" id="differs" aria-pressed="false">where they differ</button><span id="count" class="dim" aria-live="polite"></span></div>
${matrices.map(section).join("\n")}
<p class="none hidden">No clause fits the filters.</p>
</main>`,
  });
}

function section({ entity, columns, rows }: EntityMatrix): string {
  const head = columns.map(
    (column, index) =>
      `<th scope="col"><a href="#${html(entity)}-${index}">${html(column.name)}</a><br>${tag(column.conclusion, column.conclusion)}</th>`,
  );
  const body = rows.map(({ clause, cells, differs }) => {
    const bad = cells.some((cell) => cell?.worst === "fail" || cell?.worst === "error");
    const words = [clause, ...cells.flatMap((cell) => cell?.cases.map(({ id }) => id) ?? [])].join(" ").toLowerCase();
    return `<tr data-words="${html(words)}"${differs ? ' data-differs=""' : ""}${bad ? ' data-bad=""' : ""}><th scope="row">${html(clause)}</th>${cells.map((cell, index) => cellOf(cell, clause, columns[index])).join("")}</tr>`;
  });
  return `<section data-entity="${html(entity)}"><h2>${html(entityTitle(entity))}</h2>
<div class="scroll"><table class="matrix"><thead><tr><td></td>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>
<dl class="columns">${columns.map((column, index) => about(column, `${entity}-${index}`)).join("")}</dl></section>`;
}

function cellOf(cell: Cell | undefined, clause: string, column: Column | undefined): string {
  if (cell === undefined) return "<td></td>";
  const passed = cell.cases.filter(({ verdict }) => verdict === "pass").length;
  const says = `${column?.name ?? ""}, ${clause}: ${passed} of ${cell.cases.length} pass`;
  const cases = cell.cases.map(
    ({ id, verdict, says: why }) =>
      `<li>${sign(verdict)}<span><span class="mono">${html(id)}</span><br>${html(why)}</span></li>`,
  );
  return `<td><button type="button" class="cell" title="${html(says)}">${sign(cell.worst)}<small class="dim">${passed}/${cell.cases.length}</small></button><script type="text/plain"><h3>${html(says)}</h3><ul class="statements">${cases.join("")}</ul></script></td>`;
}

function about({ name, target, started, suite }: Column, anchor: string): string {
  return `<div id="${html(anchor)}"><dt>${html(name)}</dt><dd>${html(target)}, judged ${html(started.slice(0, 16).replace("T", " "))} UTC by ${html(suite)}</dd></div>`;
}
