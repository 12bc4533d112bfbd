import type { Catalogue } from "../model/catalogue.js";

const BANNER =
  "// Written by tools/emit/catalogue.ts from spec/requirements/*.yaml and spec/errata.yaml. Do not edit.\n\n";
const WIDTH = 120;

/** The catalogue as typed data, keyed by path below the output folder: a case that cites an unknown id does not compile. */
export function emitCatalogue(catalogue: Catalogue): Record<string, string> {
  const requirements = catalogue.requirements
    .flatMap((file) => file.entries)
    .map((entry) => ({
      id: entry.id,
      doc: entry.doc,
      clause: entry.clause,
      level: entry.level,
      actor: entry.actor,
      ...(entry.also_judged ? { alsoJudged: entry.also_judged } : {}),
      statement: entry.statement,
      observable: entry.observable,
      howToTest: entry.how_to_test,
      errata: entry.depends_on_errata,
    }));
  const errata = catalogue.errata.entries.map((entry) => ({
    id: entry.id,
    doc: entry.doc,
    where: entry.where,
    impact: entry.impact,
    problem: entry.problem,
    readings: entry.readings,
    send: entry.recommended.send,
    accept: entry.recommended.accept,
    policy: entry.suite.policy,
    detail: entry.suite.detail,
  }));
  return {
    "catalogue/requirements.ts": `${BANNER}import type { ErratumId } from "./errata.js";

${union("RequirementId", requirements)}
${values("Document", requirements, "doc")}
${values("Level", requirements, "level")}
${values("Actor", requirements, "actor")}
${values("Observable", requirements, "observable")}
/** A normative statement of a Recommendation, in this project's words. */
export interface Requirement {
  readonly id: RequirementId;
  readonly doc: Document;
  readonly clause: string;
  readonly level: Level;
  readonly actor: Actor;
  readonly alsoJudged?: readonly Actor[];
  readonly statement: string;
  readonly observable: Observable;
  readonly howToTest: string;
  readonly errata: readonly ErratumId[];
}

export const requirements: readonly Requirement[] = ${literal(requirements, "", 0)};
`,
    "catalogue/errata.ts": `${BANNER}${union("ErratumId", errata)}
${values("Impact", errata, "impact")}
${values("Policy", errata, "policy")}
/** A contradiction or gap of the Recommendations: its readings, what this project sends and accepts, how the suite judges it. */
export interface Erratum {
  readonly id: ErratumId;
  readonly doc: string;
  readonly where: string;
  readonly impact: Impact;
  readonly problem: string;
  readonly readings: readonly string[];
  readonly send: string;
  readonly accept: string;
  readonly policy: Policy;
  readonly detail: string;
}

export const errata: readonly Erratum[] = ${literal(errata, "", 0)};
`,
    "catalogue/index.ts": `${BANNER}export * from "./errata.js";
export * from "./requirements.js";
`,
  };
}

function union(name: string, entries: readonly { id: string }[]): string {
  return `export type ${name} =\n${entries.map(({ id }) => `  | ${quote(id)}`).join("\n")};\n`;
}

function values<Key extends string>(name: string, entries: readonly Record<Key, string>[], key: Key): string {
  const all = [...new Set(entries.map((entry) => entry[key]))].sort().map(quote);
  const line = `export type ${name} = ${all.join(" | ")};`;
  return line.length <= WIDTH ? `${line}\n` : `export type ${name} =\n${all.map((one) => `  | ${one}`).join("\n")};\n`;
}

/** Prints data the way the formatter would: `column` is where the value begins on its line. */
function literal(value: unknown, indent: string, column: number): string {
  if (typeof value === "string") return quote(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = `[${value.map((one) => (typeof one === "string" ? quote(one) : "{")).join(", ")}]`;
    if (value.every((one) => typeof one === "string") && column + flat.length + 1 <= WIDTH) return flat;
    return `[\n${value.map((one) => `${inner}${literal(one, inner, inner.length)},\n`).join("")}${indent}]`;
  }
  const members = Object.entries(value as Record<string, unknown>).map(([key, member]) => {
    const head = `${inner}${key}: `;
    const text = literal(member, inner, head.length);
    // The formatter never breaks after a key this short.
    const fits = typeof member !== "string" || key.length < 5 || head.length + text.length + 1 <= WIDTH;
    return fits ? `${head}${text},\n` : `${inner}${key}:\n${inner}  ${text},\n`;
  });
  return `{\n${members.join("")}${indent}}`;
}

/** Double quotes unless the other kind needs fewer escapes. */
function quote(text: string): string {
  const double = text.split('"').length;
  if (double <= text.split("'").length) return JSON.stringify(text);
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
