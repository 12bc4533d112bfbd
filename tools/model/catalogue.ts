import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** One normative statement, as spec/requirements/requirements.schema.json describes it. */
export interface RequirementEntry {
  id: string;
  doc: string;
  clause: string;
  level: string;
  actor: string;
  also_judged?: string[];
  statement: string;
  observable: string;
  how_to_test: string;
  depends_on_errata: string[];
}

/** One contradiction or gap, as spec/errata.schema.json describes it. */
export interface ErratumEntry {
  id: string;
  doc: string;
  where: string;
  impact: string;
  problem: string;
  readings: string[];
  recommended: { send: string; accept: string };
  suite: { policy: string; detail: string };
  field_evidence?: string;
}

/** A catalogue file with the line each entry begins on, so that a mistake can be pointed at. */
export interface CatalogueFile<Entry> {
  /** Path below the spec folder. */
  path: string;
  entries: Entry[];
  /** 1-based; the same index as `entries`. */
  lines: number[];
  /** Syntax errors; `entries` is empty if there are any. */
  errors: { line: number; message: string }[];
}

export interface Catalogue {
  requirements: CatalogueFile<RequirementEntry>[];
  errata: CatalogueFile<ErratumEntry>;
}

/** Reads spec/requirements and spec/errata.yaml; undefined where a spec folder has no catalogue (a third party's need not). */
export function readCatalogue(specDir: string): Catalogue | undefined {
  const folder = join(specDir, "requirements");
  if (!existsSync(folder) || !existsSync(join(specDir, "errata.yaml"))) return undefined;
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  return {
    requirements: names.map((name) => readList<RequirementEntry>(specDir, `requirements/${name}`)),
    errata: readList<ErratumEntry>(specDir, "errata.yaml"),
  };
}

function readList<Entry>(specDir: string, path: string): CatalogueFile<Entry> {
  const counter = new LineCounter();
  const document = parseDocument(readFileSync(join(specDir, path), "utf8"), { lineCounter: counter });
  const errors = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    message: error.message.split("\n")[0] ?? error.message,
  }));
  if (errors.length > 0) return { path, entries: [], lines: [], errors };
  if (!isSeq(document.contents)) {
    return { path, entries: [], lines: [], errors: [{ line: 1, message: "is no list; write one entry per `- id:`" }] };
  }
  const lines = document.contents.items.map((item) => {
    const key = isMap(item) ? item.items[0]?.key : item;
    const range = isScalar(key) ? key.range : undefined;
    return range ? counter.linePos(range[0]).line : 1;
  });
  return { path, entries: document.toJS() as Entry[], lines, errors };
}
