import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Document, Requirement } from "../../generated/catalogue/requirements.js";

/** Level and digest of a statement; null where it was withdrawn. */
export type Frozen = readonly [level: string, digest: string];

/** The statements of one edition of a Recommendation, as they were frozen, and what was changed in them since. */
export interface Edition {
  /** `x.609.1-2016` */
  readonly id: string;
  readonly document: Document;
  /** The Recommendation's own number of it. */
  readonly edition: string;
  /** As on its cover: `06/2016`. */
  readonly month: string;
  /** ISO 8601. */
  readonly approved: string;
  readonly statements: Readonly<Record<string, Frozen>>;
  /** In order; a statement that is changed twice stands there twice. */
  readonly changes: readonly { readonly id: string; readonly is: Frozen | null; readonly why: string }[];
}

/** What a report says about an edition. */
export interface EditionName {
  readonly id: string;
  /** `X.609.1 (06/2016)` */
  readonly title: string;
  /** Of the set with its changes: two runs with the same one were judged by the same statements. */
  readonly digest: string;
}

/** The statements that hold now, the changes applied. */
export function currentOf({ statements, changes }: Pick<Edition, "statements" | "changes">): Map<string, Frozen> {
  const current = new Map(Object.entries(statements));
  for (const { id, is } of changes) {
    if (is === null) current.delete(id);
    else current.set(id, is);
  }
  return current;
}

/** What a statement means, in twelve digits; tools/freeze-edition.ts does the same. */
export function digestOf({ clause, actor, alsoJudged = [], statement }: Requirement): string {
  return short(JSON.stringify([clause, actor, alsoJudged, statement]));
}

export function nameOf(edition: Edition): EditionName {
  const { id, document, month } = edition;
  return { id, title: `${document} (${month})`, digest: short(JSON.stringify([...currentOf(edition)].sort())) };
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

let known: readonly Edition[] | undefined;

/** Every edition frozen in this package, by document and date. */
export function readEditions(): readonly Edition[] {
  known ??= read();
  return known;
}

function read(): Edition[] {
  const here = new URL("./", import.meta.url);
  // Compiled, this file stands in dist/conformance/editions, and the sets beside the sources.
  const folder = readdirSync(here).some((name) => name.endsWith(".json")) ? here : new URL(ABOVE_DIST, import.meta.url);
  if (!existsSync(folder)) throw new Error(`the requirement sets are missing: ${folder.pathname}`);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Edition)
    .sort((a, b) =>
      a.document === b.document ? (a.approved < b.approved ? -1 : 1) : a.document < b.document ? -1 : 1,
    );
}

const ABOVE_DIST = "../../../conformance/editions/";
