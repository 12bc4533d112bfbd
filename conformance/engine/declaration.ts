import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";

/**
 * Status of an item as in a PICS proforma (X.290): mandatory, optional, not applicable, one at least of the options with the same number
 * (`o.1`), or as the condition with that number says (`c.1`).
 */
export type Status = "m" | "o" | "n/a" | `o.${number}` | `c.${number}`;

/** One thing that a product may or may not have (PICS). Undeclared, it takes the default. */
export interface OptionItem {
  readonly title: string;
  /** Document and clause: `X.609.1 9.2.6`. */
  readonly clause: string;
  readonly default: boolean;
  /** The statement that the status comes from, by its level, unless `status` says more. */
  readonly requirement?: RequirementId;
  readonly status?: Status;
}

/** What decides the status of the options that bear its number. */
export interface Condition {
  /** `if the product takes several source peers then m, else o` */
  readonly text: string;
  status(declared: Declaration): "m" | "o" | "n/a";
}

/** An erratum whose reading the product declares. */
export interface ReadingItem {
  readonly title: string;
  /** Letters of spec/errata.yaml that may be declared. */
  readonly letters: readonly string[];
  /** A letter, or a word that stands for none: `any` (every reading is taken) or `inferred` (the product's own messages tell). */
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
  /** Bounds of a number beyond which the declaration makes no sense at all; zero unless given, and no upper one. */
  readonly min?: number;
  readonly max?: number;
  /** A whole number. */
  readonly whole?: true;
  /** The only texts that make sense; of a list, its entries. */
  readonly oneOf?: readonly string[];
  /** What a text, or each entry of a list, has to look like where it is not empty, and an example of it. */
  readonly form?: { readonly pattern: RegExp; readonly example: string };
  /** What may stand in it to be filled in: `{source}`. */
  readonly placeholders?: readonly string[];
}

/** Everything that can be declared of one entity; written by its `declaration.ts`. */
export interface DeclarationShape {
  readonly options: { readonly [name: string]: OptionItem };
  readonly readings: { readonly [erratum in ErratumId]?: ReadingItem };
  readonly values: { readonly [name: string]: ValueItem };
  /** By the status that refers to them: `c.1`. */
  readonly conditions?: { readonly [status: `c.${number}`]: Condition };
}

type Widened<Value> = Value extends string ? string : Value extends number ? number : readonly string[];

/** The declaration of one product: what it declared, what it showed, and the defaults for the rest. */
export class Declaration<D extends DeclarationShape = DeclarationShape> {
  readonly product: string;
  readonly shape: D;
  readonly #given: DeclarationInput;
  readonly #shown = new Map<string, string>();

  constructor(shape: D, given: DeclarationInput = {}) {
    this.product = given.product ?? "";
    this.shape = shape;
    this.#given = given;
  }

  option(name: keyof D["options"] & string): boolean {
    const item = this.shape.options[name];
    if (!item) throw new RangeError(`no option ${name} can be declared; add it to the entity's declaration.ts`);
    return this.#given.options?.[name] ?? item.default;
  }

  /** The letter of the reading: `A`, `B` … */
  reading(erratum: keyof D["readings"] & ErratumId): string {
    const item = this.shape.readings[erratum];
    if (!item) throw new RangeError(`no reading of ${erratum} can be declared; add it to the entity's declaration.ts`);
    return this.#shown.get(erratum) ?? this.#given.readings?.[erratum] ?? item.default;
  }

  value<Name extends keyof D["values"] & string>(name: Name): Widened<D["values"][Name]["default"]> {
    const item = this.shape.values[name];
    if (!item) throw new RangeError(`no value ${name} can be declared; add it to the entity's declaration.ts`);
    return (this.#given.values?.[name] ?? item.default) as Widened<D["values"][Name]["default"]>;
  }

  /** Whether the maker said it: a default is no claim, and nobody can be held to it. A word that stands for no reading is none either. */
  explicit(section: "options" | "readings" | "values", name: string): boolean {
    const given = this.#given[section]?.[name];
    if (section !== "readings") return given !== undefined;
    return given !== undefined && this.shape.readings[name as ErratumId]?.letters.includes(String(given)) === true;
  }

  /** Takes the reading that the product shows, for as long as nothing else is said; what is declared stays. */
  adopt(erratum: string, letter: string): void {
    if (!this.explicit("readings", erratum)) this.#shown.set(erratum, letter);
  }

  /** Reads by another letter while something is tried. */
  async trying<R>(erratum: string, letter: string, action: () => Promise<R>): Promise<R> {
    const before = this.#shown.get(erratum);
    this.#shown.set(erratum, letter);
    try {
      return await action();
    } finally {
      if (before === undefined) this.#shown.delete(erratum);
      else this.#shown.set(erratum, before);
    }
  }

  /** Everything with its effective value, for the report. */
  effective(): EffectiveDeclaration {
    const { options, readings, values } = this.shape;
    const said = (section: "options" | "readings" | "values") =>
      Object.keys(this.shape[section])
        .filter((name) => this.explicit(section, name))
        .map((name) => `${section}.${name}`);
    return {
      options: fill(options, (name, item) => this.#given.options?.[name] ?? item.default),
      readings: fill(readings, (name, item) => this.#shown.get(name) ?? this.#given.readings?.[name] ?? item.default),
      values: fill(values, (name, item) =>
        item.secret && this.#given.values?.[name] !== undefined
          ? "(not shown)"
          : (this.#given.values?.[name] ?? item.default),
      ),
      explicit: [...said("options"), ...said("readings"), ...said("values")],
    };
  }
}

/** A declaration with every default filled in. */
export interface EffectiveDeclaration {
  readonly options: Readonly<Record<string, boolean>>;
  readonly readings: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** What the maker said, as against defaults and what the product showed: `options.releases`, `readings.E-LDMP-01`. */
  readonly explicit: readonly string[];
}

/** What a PICS/PIXIT file holds; every member may be left out, or be empty. */
export interface DeclarationInput {
  /** Name and version of the product, for the report. */
  readonly product?: string | null;
  readonly options?: { readonly [name: string]: boolean } | null;
  readonly readings?: { readonly [erratum: string]: string } | null;
  readonly values?: { readonly [name: string]: string | number | readonly string[] } | null;
}

function fill<Item, Value>(
  items: { readonly [name: string]: Item | undefined },
  value: (name: string, item: Item) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(items).flatMap(([name, item]) => (item === undefined ? [] : [[name, value(name, item)]])),
  );
}
