import type { OptionItem, ValueItem } from "../engine/declaration.js";
import { headerLine } from "../engine/http-declaration.js";

/** Whether the product speaks this project's profile on the reference points named: nothing can be judged by another (E-X-04). */
export function profileOption(points: string): OptionItem {
  return {
    title: `Speaks this project's profile on ${points}, for which the Recommendation defines no messages`,
    clause: "X.609.10 8",
    requirement: "DS-8-01",
    status: "o",
    default: true,
  };
}

/** Header lines of whoever may administer, or call at all. */
export function headersValue(title: string): Omit<ValueItem, "default"> & { readonly default: readonly string[] } {
  return { title, default: [], secret: true, form: headerLine };
}
