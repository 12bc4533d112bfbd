import type { ErratumId } from "../../generated/catalogue/errata.js";
import { isObject, show } from "./matchers.js";

/** One thing that a product may or may not have (PICS). Undeclared, it takes the default. */
export interface OptionItem {
  readonly title: string;
  /** Document and clause: `X.609.1 9.2.6`. */
  readonly clause: string;
  readonly default: boolean;
}

/** An erratum whose reading the product declares. */
export interface ReadingItem {
  readonly title: string;
  /** Letters of spec/errata.yaml that may be declared. */
  readonly letters: readonly string[];
  readonly default: string;
}

/** How to reach and drive the product (PIXIT): timers, identifiers, credentials, stimuli. */
export interface ValueItem {
  readonly title: string;
  readonly default: string | number | readonly string[];
  /** `s`, `ms`, … shown in lists. */
  readonly unit?: string;
  /** Left out of reports. */
  readonly secret?: true;
}

/** Everything that can be declared of one entity; written by its `declaration.ts`. */
export interface DeclarationShape {
  readonly options: { readonly [name: string]: OptionItem };
  readonly readings: { readonly [erratum in ErratumId]?: ReadingItem };
  readonly values: { readonly [name: string]: ValueItem };
}

type Widened<Value> = Value extends string ? string : Value extends number ? number : readonly string[];

/** The declaration of one product: what it declared, and the defaults for what it did not. */
export class Declaration<D extends DeclarationShape = DeclarationShape> {
  readonly product: string;
  readonly #shape: D;
  readonly #given: DeclarationInput;

  constructor(shape: D, given: DeclarationInput = {}) {
    this.product = given.product ?? "";
    this.#shape = shape;
    this.#given = given;
  }

  option(name: keyof D["options"] & string): boolean {
    const item = this.#shape.options[name];
    if (!item) throw new RangeError(`no option ${name} can be declared; add it to the entity's declaration.ts`);
    return this.#given.options?.[name] ?? item.default;
  }

  /** The letter of the reading: `A`, `B` … */
  reading(erratum: keyof D["readings"] & ErratumId): string {
    const item = this.#shape.readings[erratum];
    if (!item) throw new RangeError(`no reading of ${erratum} can be declared; add it to the entity's declaration.ts`);
    return this.#given.readings?.[erratum] ?? item.default;
  }

  value<Name extends keyof D["values"] & string>(name: Name): Widened<D["values"][Name]["default"]> {
    const item = this.#shape.values[name];
    if (!item) throw new RangeError(`no value ${name} can be declared; add it to the entity's declaration.ts`);
    return (this.#given.values?.[name] ?? item.default) as Widened<D["values"][Name]["default"]>;
  }

  /** Everything with its effective value, for the report. */
  effective(): { options: Record<string, boolean>; readings: Record<string, string>; values: Record<string, unknown> } {
    const { options, readings, values } = this.#shape;
    return {
      options: fill(options, (name, item) => this.#given.options?.[name] ?? item.default),
      readings: fill(readings, (name, item) => this.#given.readings?.[name] ?? item?.default ?? ""),
      values: fill(values, (name, item) =>
        item.secret && this.#given.values?.[name] !== undefined
          ? "(not shown)"
          : (this.#given.values?.[name] ?? item.default),
      ),
    };
  }
}

/** What a PICS/PIXIT file holds; every member may be left out. */
export interface DeclarationInput {
  /** Name and version of the product, for the report. */
  readonly product?: string;
  readonly options?: { readonly [name: string]: boolean };
  readonly readings?: { readonly [erratum: string]: string };
  readonly values?: { readonly [name: string]: string | number | readonly string[] };
}

function fill<Item, Value>(items: { readonly [name: string]: Item }, value: (name: string, item: Item) => Value) {
  return Object.fromEntries(Object.entries(items).map(([name, item]) => [name, value(name, item)]));
}

/** Every mistake in a PICS/PIXIT file, in words that say what to write instead; empty when it is sound. */
export function checkDeclaration(shape: DeclarationShape, input: unknown): string[] {
  if (!isObject(input)) return ["the file holds no object; write members such as options, readings, values"];
  const mistakes: string[] = [];
  for (const name of Object.keys(input)) {
    if (!["$schema", "product", "options", "readings", "values"].includes(name)) {
      mistakes.push(`${name}: unknown member; known are product, options, readings, values`);
    }
  }
  if (input.product !== undefined && typeof input.product !== "string") mistakes.push("product: write a string");
  section(shape.options, "options", (name, given) => {
    if (typeof given !== "boolean") mistakes.push(`options.${name}: write true or false, not ${show(given)}`);
  });
  section(shape.readings, "readings", (name, given, item) => {
    if (item && (typeof given !== "string" || !item.letters.includes(given))) {
      mistakes.push(`readings.${name}: write one of ${item.letters.join(", ")}, not ${show(given)}`);
    }
  });
  section(shape.values, "values", (name, given, item) => {
    const wanted = Array.isArray(item.default) ? "a list of strings" : `a ${typeof item.default}`;
    const fits = Array.isArray(item.default)
      ? Array.isArray(given) && given.every((one) => typeof one === "string")
      : typeof given === typeof item.default;
    if (!fits) mistakes.push(`values.${name}: write ${wanted}, not ${show(given)}`);
  });
  return mistakes;

  function section<Item>(
    known: { readonly [name: string]: Item },
    member: "options" | "readings" | "values",
    check: (name: string, given: unknown, item: Item) => void,
  ): void {
    const given = isObject(input) ? input[member] : undefined;
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
