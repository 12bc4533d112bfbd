import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Declaration } from "../engine/declaration.js";

/** One rule of static conformance review: what a declaration has to keep before anything is sent. */
export interface Rule {
  /** The item that a finding is about: `values.heartbeat-time`. */
  readonly item: string;
  /** The statement it comes from; its level decides whether a breach makes the product non-conforming. */
  readonly requirement?: RequirementId;
  /** Where no statement stands behind it. */
  readonly clause?: string;
  /** What is wrong, in a sentence that says what to write; undefined where nothing is. */
  broken(declared: Declaration): string | undefined;
}

/** Name of an item without its section. */
export function nameOf(item: string): string {
  return item.slice(item.indexOf(".") + 1);
}

export function textOf(declared: Declaration, name: string): string {
  return String(declared.value(name)).trim();
}

export function numberOf(declared: Declaration, name: string): number {
  return Number(declared.value(name));
}

/** Where a value is of use only beside another one, and that one is missing. */
export function pointless(name: string, needed: string, clause: string, why: string): Rule {
  return {
    item: `values.${name}`,
    clause,
    broken: (declared) => {
      const given = declared.value(name);
      const empty = declared.value(needed);
      const missing = typeof empty === "object" ? empty.length === 0 : String(empty).trim() === "";
      return declared.explicit("values", name) && String(given).trim() !== "" && missing
        ? `${name} is declared, but ${needed} is not: ${why}`
        : undefined;
    },
  };
}

/** A value that is of use only with an option which is declared, or left, absent. */
export function withOption(name: string, option: string, clause: string): Rule {
  return {
    item: `values.${name}`,
    clause,
    broken: (declared) =>
      declared.explicit("values", name) && !declared.option(option)
        ? `${name} is declared, but ${option} is not: with options.${option}: true its cases are judged`
        : undefined,
  };
}
