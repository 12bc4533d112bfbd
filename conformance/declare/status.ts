import { isMandatory, requirement } from "../engine/catalogue.js";
import type { Declaration, DeclarationShape, OptionItem, Status } from "../engine/declaration.js";

/** The status in a PICS proforma: what the item says, else what the level of its statement makes it. */
export function statusOf({ status, requirement: id }: OptionItem): Status {
  if (status !== undefined) return status;
  return id !== undefined && isMandatory(requirement(id).level) ? "m" : "o";
}

/** What a status means, in words: for templates and proformas. */
export function statusInWords(status: Status, shape: DeclarationShape): string {
  if (status === "m") return "mandatory: it may not be declared absent";
  if (status === "o") return "optional";
  if (status === "n/a") return "not applicable";
  if (status.startsWith("o.")) {
    return `at least one of ${groupOf(status, shape).join(", ")}`;
  }
  return shape.conditions?.[status as `c.${number}`]?.text ?? "as its condition says";
}

/** The options of one choice `o.n`. */
export function groupOf(status: Status, { options }: DeclarationShape): string[] {
  return Object.entries(options)
    .filter(([, item]) => statusOf(item) === status)
    .map(([name]) => name);
}

/** `m`, `o` or `n/a`: the status once the conditions are decided. A choice counts as optional here. */
export function effectiveStatus(item: OptionItem, declared: Declaration): "m" | "o" | "n/a" {
  const status = statusOf(item);
  if (status === "m" || status === "o" || status === "n/a") return status;
  return declared.shape.conditions?.[status as `c.${number}`]?.status(declared) ?? "o";
}
