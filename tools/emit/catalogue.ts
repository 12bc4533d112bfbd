import type { Catalogue } from "../model/catalogue.js";
import { literal } from "../print/printer.js";

/**
 * The catalogue as typed data, keyed by path below the output folder: a case that cites an unknown id does not compile.
 * @param banner head of each file, comment marks and line end included
 */
export function emitCatalogue(catalogue: Catalogue, banner: string): Record<string, string> {
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
    "catalogue/requirements.ts": `${banner}
import type { ErratumId } from "./errata.js";

${ids("RequirementId", requirements)}
${values("Document", requirements, "doc")}
${values("Level", requirements, "level")}
${values("Actor", requirements, "actor")}
${values("Observable", requirements, "observable")}

/** A normative statement of a Recommendation, in this project's words. */
export interface Requirement {
  readonly id: RequirementId;
  readonly doc: Document;
  /** Clause number, then what narrows it down inside the clause: \`9.2.1.2 Table 2\`. */
  readonly clause: string;
  readonly level: Level;
  /** Whom it binds; any: both ends of the exchange. */
  readonly actor: Actor;
  /** Further entities whose reaction the statement fixes. */
  readonly alsoJudged?: readonly Actor[];
  readonly statement: string;
  readonly observable: Observable;
  readonly howToTest: string;
  /** What in the text makes the statement doubtful, and how that is settled. */
  readonly errata: readonly ErratumId[];
}

export const requirements: readonly Requirement[] = ${list(requirements)};
`,
    "catalogue/errata.ts": `${banner}
${ids("ErratumId", errata)}
${values("Impact", errata, "impact")}
${values("Policy", errata, "policy")}

/** A contradiction or gap of the Recommendations: its readings, what this project sends and accepts, how the suite judges it. */
export interface Erratum {
  readonly id: ErratumId;
  readonly doc: string;
  /** The places that disagree. */
  readonly where: string;
  /** The effect on two implementations written independently. */
  readonly impact: Impact;
  readonly problem: string;
  /** Each begins with its letter: A, B, C. */
  readonly readings: readonly string[];
  /** What this project sends. */
  readonly send: string;
  /** What it also understands. */
  readonly accept: string;
  /** How the conformance suite judges it, in a word and in a sentence. */
  readonly policy: Policy;
  readonly detail: string;
}

export const errata: readonly Erratum[] = ${list(errata)};
`,
    "catalogue/index.ts": `${banner}
export * from "./errata.js";
export * from "./requirements.js";
`,
  };
}

function ids(name: string, entries: readonly { id: string }[]): string {
  return `export type ${name} = ${entries.map(({ id }) => literal(id)).join(" | ")};\n`;
}

function values<Key extends string>(name: string, entries: readonly Record<Key, string>[], key: Key): string {
  const all = [...new Set(entries.map((entry) => entry[key]))].sort().map(literal);
  return `export type ${name} = ${all.join(" | ")};`;
}

/** One entry a line, for error messages that cite lines; the formatter does the rest. */
function list(entries: readonly unknown[]): string {
  return `[\n${entries.map((entry) => literal(entry)).join(",\n")},\n]`;
}
