import { SIGNS } from "../engine/report/signs.js";
import { entityTitle } from "../engine/report/words.js";
import type { EntityMatrix } from "./matrix.js";

/** Tables for a terminal: a letter for each product, clauses down, the worst verdict in each cell. */
export function renderMatrix(matrices: readonly EntityMatrix[]): string {
  return [...matrices.map(table), legend].join("\n\n");
}

const legend = `${Object.entries(SIGNS)
  .map(([verdict, sign]) => `${sign} ${verdict}`)
  .join("  ")}  (blank: no case ran)  * the products differ`;

function table({ entity, columns, rows }: EntityMatrix): string {
  const width = Math.max(0, ...rows.map(({ clause }) => clause.length));
  const keys = columns.map((_, index) => letter(index));
  return [
    entityTitle(entity),
    ...columns.map(
      ({ name, conclusion, started }, index) =>
        `  ${keys[index]}  ${conclusion.padEnd(12)} ${name}  ${started.slice(0, 16).replace("T", " ")}`,
    ),
    "",
    `${" ".repeat(width)}  ${keys.join(" ")}`,
    ...rows.map(({ clause, cells, differs }) =>
      `${clause.padEnd(width)}  ${cells.map((cell, index) => (cell ? SIGNS[cell.worst] : " ").padEnd(keys[index]?.length ?? 1)).join(" ")}${differs ? "  *" : ""}`.trimEnd(),
    ),
  ].join("\n");
}

/** A … Z, AA … */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
