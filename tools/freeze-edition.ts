/** Freezes the requirement sets of the Recommendations' editions: spec/requirements → conformance/editions. `--help` tells the rest. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { RequirementEntry } from "./model/catalogue.js";
import { readCatalogue } from "./model/catalogue.js";

const HELP = `Usage: node --import ./tools/test/run-typescript.mjs tools/freeze-edition.ts [--why TEXT | --anew] [EDITION …]

Compares spec/requirements with the sets frozen in conformance/editions, and writes what is to be written there:
  (nothing)    freezes an edition that is not frozen yet; says what has changed in the others, and fails if anything has
  --why TEXT   records every change in the edition's change record, with this reason
  --anew       freezes from the start, and drops the change record: only before the set was ever published
`;

interface Named {
  readonly id: string;
  readonly document: string;
  readonly edition: string;
  readonly month: string;
  readonly approved: string;
  /** Statements of the document that this edition does not have: those that another one replaced, or that another one brought. */
  readonly lacks?: readonly string[];
}

/** By the history table of each Recommendation. */
const editions: readonly Named[] = [
  { id: "q.4100-2020", document: "Q.4100", edition: "1.0", month: "09/2020", approved: "2020-09-29" },
  { id: "q.4103-2022", document: "Q.4103", edition: "1.0", month: "02/2022", approved: "2022-02-13" },
  { id: "x.609.1-2016", document: "X.609.1", edition: "1.0", month: "06/2016", approved: "2016-06-13" },
  { id: "x.609.8-2019", document: "X.609.8", edition: "1.0", month: "12/2019", approved: "2019-12-14" },
  { id: "x.609.10-2020", document: "X.609.10", edition: "1.0", month: "09/2020", approved: "2020-09-29" },
];

type Frozen = readonly [level: string, digest: string];
interface Change {
  readonly id: string;
  readonly is: Frozen | null;
  readonly why: string;
}
interface Set {
  readonly statements: Readonly<Record<string, Frozen>>;
  readonly changes: readonly Change[];
}

/** What a statement means, in twelve digits; conformance/editions/edition.ts does the same. */
function digestOf({ clause, actor, also_judged = [], statement }: RequirementEntry): string {
  const meaning = JSON.stringify([clause, actor, also_judged, statement]);
  return createHash("sha256").update(meaning).digest("hex").slice(0, 12);
}

function main(): number {
  const { values, positionals } = parseArgs({
    options: { why: { type: "string" }, anew: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const folder = resolve("conformance/editions");
  const entries = (readCatalogue(resolve("spec"))?.requirements ?? []).flatMap((file) => file.entries);
  let open = 0;
  for (const { lacks = [], ...edition } of editions.filter(
    ({ id }) => positionals.length === 0 || positionals.includes(id),
  )) {
    const path = join(folder, `${edition.id}.json`);
    const now = Object.fromEntries(
      entries
        .filter(({ doc, id }) => doc === edition.document && !lacks.includes(id))
        .map((one) => [one.id, [one.level, digestOf(one)] as const]),
    );
    const before = values.anew || !existsSync(path) ? undefined : (JSON.parse(readFileSync(path, "utf8")) as Set);
    const changes = before ? changesOf(before, now, values.why ?? "") : [];
    if (changes.length > 0 && values.why === undefined) {
      open += changes.length;
      for (const { id, is } of changes) process.stdout.write(`${edition.id}: ${id} ${is ? "changed" : "is gone"}\n`);
      continue;
    }
    const set: Set = before
      ? { ...before, changes: [...before.changes, ...changes] }
      : { statements: now, changes: [] };
    writeFileSync(path, print({ ...edition, ...set }));
  }
  return open > 0 ? 1 : 0;
}

function changesOf({ statements, changes }: Set, now: Set["statements"], why: string): Change[] {
  const current = new Map<string, Frozen | null>(Object.entries(statements));
  for (const { id, is } of changes) current.set(id, is);
  const ids = [...new Set([...current.keys(), ...Object.keys(now)])].sort();
  return ids.flatMap((id) => {
    const is = now[id] ?? null;
    return JSON.stringify(is) === JSON.stringify(current.get(id) ?? null) ? [] : [{ id, is, why }];
  });
}

/** A statement a line, so that a change is a line. */
function print({ statements, changes, ...edition }: Set & Readonly<Record<string, unknown>>): string {
  const members = Object.entries(edition).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const list = Object.entries(statements).map(
    ([id, [level, digest]]) => `    ${JSON.stringify(id)}: [${JSON.stringify(level)}, ${JSON.stringify(digest)}]`,
  );
  const record = changes.map(({ id, is, why }) => {
    const frozen = is === null ? "null" : `[${is.map((one) => JSON.stringify(one)).join(", ")}]`;
    return `    {\n      "id": ${JSON.stringify(id)},\n      "is": ${frozen},\n      "why": ${JSON.stringify(why)}\n    }`;
  });
  return `{\n${[...members, `  "statements": {\n${list.join(",\n")}\n  }`].join(",\n")},\n  "changes": [${
    record.length > 0 ? `\n${record.join(",\n")}\n  ` : ""
  }]\n}\n`;
}

process.exitCode = main();
