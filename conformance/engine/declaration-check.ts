import type { DeclarationShape, ValueItem } from "./declaration.js";
import { isObject, show } from "./matchers.js";

/** Every mistake in a PICS/PIXIT file, in words that say what to write instead; empty when it is sound. A member `$…` is a remark. */
export function checkDeclaration(shape: DeclarationShape, input: unknown): string[] {
  if (!isObject(input)) return ["the file holds no object; write members such as options, readings, values"];
  const mistakes: string[] = [];
  for (const name of Object.keys(input)) {
    if (!name.startsWith("$") && !["product", "options", "readings", "values"].includes(name)) {
      mistakes.push(`${name}: unknown member; known are product, options, readings, values`);
    }
  }
  if (!["undefined", "string"].includes(typeof (input.product ?? undefined))) mistakes.push("product: write a string");
  section(shape.options, "options", (name, given) => {
    if (typeof given !== "boolean") mistakes.push(`options.${name}: write true or false, not ${show(given)}`);
  });
  section(shape.readings, "readings", (name, given, item) => {
    const permitted = item ? [...new Set([...item.letters, item.default])] : [];
    if (typeof given !== "string" || !permitted.includes(given)) {
      mistakes.push(`readings.${name}: write one of ${permitted.join(", ")}, not ${show(given)}`);
    }
  });
  section(shape.values, "values", (name, given, item) => {
    const wanted = wantedOf(item);
    if (!fits(item, given)) mistakes.push(`values.${name}: write ${wanted}, not ${show(given)}`);
  });
  return mistakes;

  function section<Item>(
    known: { readonly [name: string]: Item },
    member: "options" | "readings" | "values",
    check: (name: string, given: unknown, item: Item) => void,
  ): void {
    const given = isObject(input) ? (input[member] ?? undefined) : undefined;
    if (given === undefined) return;
    if (!isObject(given)) {
      mistakes.push(`${member}: write an object`);
      return;
    }
    for (const [name, value] of Object.entries(given)) {
      const item = known[name];
      if (item === undefined) {
        mistakes.push(`${member}.${name}: unknown; known are ${Object.keys(known).join(", ") || "none"}`);
      } else {
        check(name, value, item);
      }
    }
  }
}

function fits(item: ValueItem, given: unknown): boolean {
  const { default: usual, min = 0, max = Number.MAX_VALUE, whole } = item;
  if (Array.isArray(usual)) return Array.isArray(given) && given.every((one) => isText(item, one));
  if (typeof usual === "string") return isText(item, given);
  return typeof given === "number" && given >= min && given <= max && (!whole || Number.isInteger(given));
}

function isText({ oneOf, form }: ValueItem, given: unknown): boolean {
  if (typeof given !== "string") return false;
  return (oneOf?.includes(given) ?? true) && (given === "" || (form?.pattern.test(given) ?? true));
}

/** `a whole number from 0 to 65535`, to be read after "write". */
export function wantedOf({ default: usual, min = 0, max, whole, oneOf, form }: ValueItem): string {
  const text = oneOf ? `one of ${oneOf.join(", ")}` : form ? `a string such as ${show(form.example)}` : "a string";
  if (Array.isArray(usual)) return oneOf || form ? `a list, each entry ${text}` : "a list of strings";
  if (typeof usual === "string") return text;
  return `a ${whole ? "whole " : ""}number ${max === undefined ? `not below ${min}` : `from ${min} to ${max}`}`;
}
