import type { CaseDefinition } from "./case.js";
import { clauseOf } from "./catalogue.js";

/** The cases that any of the selectors names; all of them without a selector. */
export function select<Case extends CaseDefinition>(cases: readonly Case[], selectors: readonly string[]): Case[] {
  if (selectors.length === 0) return [...cases];
  return cases.filter((one) => selectors.some((selector) => selects(selector, one)));
}

/**
 * A selector is a case id or the beginning of one (`homs/creation`), a pattern with `*`, a requirement or the beginning of one
 * (`HOMP-6.2.1`), or a clause with or without its document (`Q.4103 6.2.1`, `6.2.1`), which takes its subclauses along.
 */
export function selects(selector: string, { id, requirements }: CaseDefinition): boolean {
  if (selector.includes("*")) {
    const pattern = new RegExp(`^${selector.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    return pattern.test(id) || requirements.some((one) => pattern.test(one));
  }
  if (id === selector || id.startsWith(selector.endsWith("/") ? selector : `${selector}/`)) return true;
  if (requirements.some((one) => one === selector || one.startsWith(`${selector}-`) || one.startsWith(`${selector}.`)))
    return true;
  return requirements
    .map(clauseOf)
    .some((clause) => within(clause, selector) || within(clause.slice(clause.indexOf(" ") + 1), selector));
}

/** `6.2.1 Table 6-9` is within `6.2.1` and `6.2`, not within `6.2.10`. */
function within(clause: string, outer: string): boolean {
  return clause === outer || (clause.startsWith(outer) && /^[ .,]/.test(clause.slice(outer.length)));
}
