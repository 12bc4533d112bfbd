import { HybridPeerError } from "../../errors.js";

/** What values a setting takes. */
export type SettingKind =
  | { readonly kind: "integer" | "number"; readonly least: number; readonly most: number; readonly unit?: string }
  | { readonly kind: "text"; readonly pattern?: RegExp; readonly example?: string; readonly longest?: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "list"; readonly most: number }
  /** From a first to a last value, both included. */
  | { readonly kind: "span"; readonly least: number; readonly most: number; readonly unit?: string };

/** One member of the configuration [Q.4100 7.2.1.1]. */
export interface Setting {
  /** With a dot where it is a member of a member: `paths.maxPrimary`. */
  readonly name: string;
  readonly type: SettingKind;
  /** Undefined: none, or found out when the peer starts. */
  readonly default?: unknown;
  readonly about: string;
  /** Never shown. */
  readonly secret?: true;
}

export type SettingValue = string | number | boolean | readonly string[] | readonly number[];

/** What would be right, for people. */
export function wantedOf(type: SettingKind): string {
  switch (type.kind) {
    case "integer":
    case "number": {
      const what = type.kind === "integer" ? "a whole number" : "a number";
      return `${what} from ${type.least} to ${type.most}${type.unit === undefined ? "" : ` ${type.unit}`}`;
    }
    case "text":
      return type.example === undefined ? "a text" : `a text such as ${type.example}`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${type.choices.join(", ")}`;
    case "list":
      return `a list of at most ${type.most} texts`;
    case "span":
      return `two numbers from ${type.least} to ${type.most}${type.unit === undefined ? "" : ` ${type.unit}`}, the smaller one first`;
  }
}

/** @throws HybridPeerError ERR_CONFIGURATION, naming the setting and what it takes */
export function check({ name, type, secret }: Setting, value: unknown): SettingValue {
  if (isFit(type, value)) return value;
  const shown = secret === true ? "what is given" : brief(value);
  throw new HybridPeerError("ERR_CONFIGURATION", `${name}: ${wantedOf(type)} is wanted, not ${shown}`);
}

function isFit(type: SettingKind, value: unknown): value is SettingValue {
  switch (type.kind) {
    case "integer":
      return Number.isSafeInteger(value) && isWithin(value, type);
    case "number":
      return isWithin(value, type);
    case "text":
      return (
        typeof value === "string" &&
        value !== "" &&
        value.length <= (type.longest ?? 1024) &&
        (type.pattern?.test(value) ?? true)
      );
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && type.choices.includes(value);
    case "list":
      return Array.isArray(value) && value.length <= type.most && value.every((one) => typeof one === "string");
    case "span":
      return (
        Array.isArray(value) &&
        value.length === 2 &&
        value.every((one) => isWithin(one, type)) &&
        Number(value[0]) <= Number(value[1])
      );
  }
}

const isWithin = (value: unknown, { least, most }: { least: number; most: number }): boolean =>
  typeof value === "number" && value >= least && value <= most;

/** From a command line, where everything is text. What cannot be meant stays text, and is refused by `check`. */
export function fromText({ type }: Setting, text: string): unknown {
  switch (type.kind) {
    case "integer":
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "list":
      return listOf(text);
    case "span":
      return listOf(text).map(Number);
    default:
      return text;
  }
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
