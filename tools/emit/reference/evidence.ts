/** Requirements, errata and conformance cases, as the reference pages cite them. */
import type { ErratumEntry, RequirementEntry } from "../../model/catalogue.js";
import { compareClauses } from "../../model/clause.js";
import type { Spec } from "../../model/model.js";
import { compareText } from "../../model/problem.js";
import { code, plain, table } from "./markdown.js";

/** One case of the conformance suite, as `mp2p conformance list --json` gives it. */
export interface CaseEntry {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** X.290: basic interconnection, capability, behaviour. */
  readonly group?: string;
  /** Judges secrecy: reported apart. */
  readonly security?: boolean;
  readonly errata?: readonly string[];
  /** Items of the declaration that decide whether it is applicable. */
  readonly needs?: readonly string[];
}

/** Where a case stands in the catalogue, from any other page. */
export function caseLink(id: string): string {
  return `[${code(id)}](${catalogueOf(id)}.md#${id})`;
}

/** The page of an entity's cases, without its ending. */
export function catalogueOf(id: string): string {
  return `cases-${id.split("/")[0]}`;
}

export class Evidence {
  private readonly requirements: readonly RequirementEntry[];
  private readonly byId: ReadonlyMap<string, RequirementEntry>;
  private readonly errata: ReadonlyMap<string, ErratumEntry>;
  private readonly cases = new Map<string, string[]>();

  constructor(spec: Spec, cases: readonly CaseEntry[]) {
    this.requirements = spec.catalogue.requirements.flatMap(({ value }) => entries<RequirementEntry>(value));
    this.byId = new Map(this.requirements.map((entry) => [entry.id, entry]));
    this.errata = new Map(entries<ErratumEntry>(spec.catalogue.errata?.value).map((entry) => [entry.id, entry]));
    for (const { id, requirements } of cases) {
      for (const requirement of requirements) this.cases.set(requirement, [...(this.cases.get(requirement) ?? []), id]);
    }
  }

  /** The statements of these clauses, or of clauses below them, with the cases that judge each. */
  statements(document: string, clauses: readonly string[]): string[] {
    return this.rows(({ doc, clause }) => doc === document && clauses.some((one) => covers(one, clause)));
  }

  /** The statements with these ids that {@link statements} would not have. */
  carried(ids: readonly string[], document: string, clauses: readonly string[]): string[] {
    return this.rows(
      ({ id, doc, clause }) => ids.includes(id) && !(doc === document && clauses.some((one) => covers(one, clause))),
    );
  }

  /** All other statements of a document. */
  otherStatements(document: string, clauses: readonly string[]): string[] {
    return this.rows(({ doc, clause }) => doc === document && !clauses.some((one) => covers(one, clause)));
  }

  private rows(wanted: (requirement: RequirementEntry) => boolean): string[] {
    const found = this.requirements
      .filter(wanted)
      .sort((a, b) => compareClauses(a.clause, b.clause) || compareText(a.id, b.id));
    const rows = found.map(({ id, clause, level, actor, statement, observable }) => [
      code(id),
      clause,
      level,
      actor,
      plain(statement),
      this.casesOf(id, observable),
    ]);
    return table(["statement", "clause", "level", "binds", "in our words", "judged by"], rows);
  }

  private casesOf(id: string, observable: string): string {
    const cases = [...new Set(this.cases.get(id))].sort(compareText);
    if (cases.length > 0) return cases.map(caseLink).join("<br>");
    return observable === "over-the-wire" ? "" : `not observable (${observable})`;
  }

  /** A statement by its id; undefined where the catalogue has none. */
  requirement(id: string): RequirementEntry | undefined {
    return this.byId.get(id);
  }

  /** Each erratum with its problem and what this project sends and accepts. */
  contradictions(ids: readonly string[]): string[] {
    const known = [...new Set(ids)].sort(compareText).flatMap((id) => this.errata.get(id) ?? []);
    const rows = known.map(({ id, impact, problem, recommended }) => [
      code(id),
      impact,
      plain(problem),
      plain(recommended.send),
      plain(recommended.accept),
    ]);
    return table(["erratum", "impact", "what is contradictory or open", "sent", "accepted"], rows);
  }
}

/** `9.2.1` covers `9.2.1`, `9.2.1 Table 1` and `9.2.1.2`, not `9.2.10`. */
export function covers(clause: string, other: string): boolean {
  return other === clause || other.startsWith(`${clause} `) || other.startsWith(`${clause}.`);
}

function entries<Entry>(value: unknown): Entry[] {
  return Array.isArray(value) ? (value as Entry[]) : [];
}
