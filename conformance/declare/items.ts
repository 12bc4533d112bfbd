import type { ErratumId } from "../../generated/catalogue/errata.js";
import { errata } from "../../generated/catalogue/errata.js";
import type { CaseDefinition } from "../engine/case.js";
import { clauseOf } from "../engine/catalogue.js";
import type { DeclarationShape, ReadingItem, Status, ValueItem } from "../engine/declaration.js";
import { wantedOf } from "../engine/declaration-check.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { statusInWords, statusOf } from "./status.js";

export interface DescribedOption {
  readonly name: string;
  readonly title: string;
  readonly clause: string;
  readonly status: Status;
  readonly statusInWords: string;
  readonly requirement: string | undefined;
  readonly default: boolean;
  /** Cases that do not apply without it. */
  readonly cases: readonly string[];
}

export interface DescribedReading {
  readonly name: ErratumId;
  readonly title: string;
  /** The places of the text that disagree. */
  readonly where: string;
  readonly problem: string;
  readonly letters: readonly { readonly letter: string; readonly text: string }[];
  readonly default: string;
  readonly undeclared: string;
}

export type ValueKind = "address" | "identifier" | "timer" | "credential" | "stimulus" | "other";

export interface DescribedValue {
  readonly name: string;
  readonly title: string;
  readonly kind: ValueKind;
  readonly unit: string | undefined;
  readonly default: ValueItem["default"];
  /** `a whole number from 0 to 65535` */
  readonly wanted: string;
  readonly placeholders: readonly string[];
}

/** Everything that can be declared of an entity, with what its readers need to know: for templates and proformas. */
export interface Described {
  readonly options: readonly DescribedOption[];
  readonly readings: readonly DescribedReading[];
  readonly values: readonly DescribedValue[];
  readonly conditions: readonly { readonly status: string; readonly text: string }[];
}

export function describeItems({ declaration, cases, probes = [] }: EntityUnderTest): Described {
  return {
    options: Object.entries(declaration.options).map(([name, item]) => ({
      name,
      title: item.title,
      clause: item.requirement === undefined ? item.clause : clauseOf(item.requirement),
      status: statusOf(item),
      statusInWords: statusInWords(statusOf(item), declaration),
      requirement: item.requirement,
      default: item.default,
      cases: needing(cases, name),
    })),
    readings: Object.entries(declaration.readings).map(([name, item]) =>
      describeReading(
        name as ErratumId,
        item,
        probes.some((one) => one.item === `readings.${name}` && one.adopt === true),
      ),
    ),
    values: Object.entries(declaration.values).map(([name, item]) => ({
      name,
      title: item.title,
      kind: kindOf(name, item),
      unit: item.unit,
      default: item.default,
      wanted: wantedOf(item),
      placeholders: item.placeholders ?? [],
    })),
    conditions: Object.entries(conditionsOf(declaration)).map(([status, { text }]) => ({ status, text })),
  };
}

function conditionsOf({ conditions = {} }: DeclarationShape) {
  return conditions as Readonly<Record<string, { readonly text: string }>>;
}

function needing(cases: readonly CaseDefinition[], option: string): string[] {
  return cases
    .filter(({ needs, options = [] }) => (Array.isArray(needs) ? needs : options).includes(option))
    .map(({ id }) => id);
}

function describeReading(name: ErratumId, item: ReadingItem, adopted: boolean): DescribedReading {
  const erratum = errata.find(({ id }) => id === name);
  return {
    name,
    title: item.title,
    where: erratum?.where ?? "",
    problem: erratum?.problem ?? "",
    letters: item.letters.map((letter) => ({
      letter,
      text: (erratum?.readings.find((one) => one.startsWith(letter)) ?? "").replace(/^[A-Z]:? ?/, ""),
    })),
    default: item.default,
    undeclared: undeclared(item, adopted),
  };
}

/** What holds where nothing is said. */
function undeclared({ default: usual, letters }: ReadingItem, adopted: boolean): string {
  if (adopted) return `${usual} holds, unless the product shows plainly that it has another one`;
  if (letters.includes(usual)) return `${usual} holds`;
  return usual === "inferred"
    ? "inferred: the product's own messages show it, and it is then held to that"
    : `${usual}: each of them is taken, and where they differ nothing is judged`;
}

/** Names speak: whatever is a secret is a credential, whatever has a unit of time is a timer. */
export function kindOf(name: string, { secret, unit, default: usual, placeholders }: ValueItem): ValueKind {
  if (secret || /header|token|credential|password/.test(name)) return "credential";
  if (unit === "s" || unit === "ms" || /retransmissions/.test(name)) return "timer";
  if (typeof usual === "number" && /(^|-)id$/.test(name)) return "identifier";
  if (placeholders !== undefined || /stimulus|hook/.test(name)) return "stimulus";
  return /url|address|transport/.test(name) ? "address" : "other";
}
