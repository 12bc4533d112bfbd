/** Rules on what every construct says about itself: clause, description, errata. */
import type { Cursor } from "../model/cursor.js";
import { walk } from "./spec-tree.js";

/** A clause with a number in it (`9.2.1.1 Table 1`), and a sentence for people. */
export function checkCited(cursor: Cursor, what: string): void {
  const clause = cursor.get("x-clause");
  if (clause.value === undefined) {
    cursor.problem(`${what} has no x-clause. Say where the Recommendation defines it: x-clause: "9.1.2".`);
  } else if (typeof clause.value !== "string" || !/\d/.test(clause.value)) {
    clause.problem(`the x-clause of ${what} is no clause. Write its number as a string: "9.1.2", "6.2.1 Table 6-9".`);
  }
  const description = cursor.get("description");
  if (typeof description.value !== "string" || description.value.trim() === "") {
    cursor.problem(`${what} has no description. Say in your own words what it is.`);
  }
}

/**
 * Every erratum that is cited exists, and every tolerance cites one.
 *
 * @param known ids of errata.yaml, or undefined while there is no such file
 */
export function checkErrata(root: Cursor, known: ReadonlySet<string> | undefined): void {
  for (const cursor of walk(root)) {
    const accept = cursor.get("x-accept");
    if (accept.value !== undefined && !accept.has("erratum")) {
      accept.problem(
        "x-accept names no erratum. Say which entry of errata.yaml asks for this tolerance: erratum: E-….",
      );
    }
    const fallbacks = cursor.get("x-fallback");
    for (const fallback of fallbacks.items()) {
      if (!fallback.has("erratum")) fallback.problem("x-fallback names no erratum. Add erratum: E-….");
    }
    if (known === undefined) continue;
    const cited = [cursor.get("x-errata"), cursor.get("-errata"), accept.get("erratum")];
    for (const list of [...cited, ...fallbacks.items().map((fallback) => fallback.get("erratum"))]) {
      for (const id of typeof list.value === "string" ? [list] : list.items()) {
        if (typeof id.value !== "string" || !known.has(id.value)) {
          id.problem(`errata.yaml has no entry ${String(id.value)}. Correct the id, or add the erratum.`);
        }
      }
    }
  }
}

/**
 * Every requirement that an operation or a message says it carries is in the catalogue.
 *
 * @param known ids of requirements/, or undefined while there is no such folder
 */
export function checkRequirements(root: Cursor, known: ReadonlySet<string> | undefined): void {
  for (const list of carried(root)) {
    if (!Array.isArray(list.value)) {
      list.problem("a list of requirement ids is meant here: [DS-8.6-a, DS-8.6-a-i].");
      continue;
    }
    for (const id of list.items()) {
      if (known !== undefined && (typeof id.value !== "string" || !known.has(id.value))) {
        id.problem(`requirements/ has no entry ${String(id.value)}. Correct the id, or add the requirement.`);
      }
    }
  }
}

/** The lists of requirements in a file: `x-requirements` of operations, `-requirements` in a .ksy. */
export function carried(root: Cursor): Cursor[] {
  const all: Cursor[] = [];
  for (const cursor of walk(root)) {
    for (const key of ["x-requirements", "-requirements"]) if (cursor.has(key)) all.push(cursor.get(key));
  }
  return all;
}
