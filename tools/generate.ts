/** `npm run generate`: spec/ → generated/. `--help` tells the rest. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareFacts, formatChanges, type SpecChange } from "./diff/compare.js";
import { type Facts, factsOf } from "./diff/facts.js";
import { DIGEST } from "./emit/digest.js";
import type { CaseEntry } from "./emit/reference/evidence.js";
import { referenceEmitter } from "./emit/reference/reference.js";
import { registry } from "./emit/registry.js";
import { runEmitters } from "./emit/run.js";
import { runtimeEmitter } from "./emit/runtime.js";
import { loadSpec } from "./model/load.js";
import { formatProblems, placedBelow, SpecError } from "./model/problem.js";
import { applyChanges, type Change, compareOutput } from "./output/output-folder.js";
import { staleReport } from "./output/report.js";
import { formatFiles, type Layout } from "./print/format.js";

const HELP = `Usage: npm run generate [-- options]

Reads the machine-readable specs and writes the code that follows from them.

Options:
  --check      Write nothing; say what is stale and exit with 1 if anything is.
  --spec DIR   Read this spec folder instead of the package's own (spec/).
  --out DIR    Write here instead of the package's own folder (generated/).
  --help       This text.

A spec folder has one folder per protocol:
  DIR/<name>/openapi.yaml        OpenAPI 3.1  → <name>/{types,validators,readers,operations,client,server,express,index}.ts
  DIR/<name>/protocol.yaml       messages without operations → <name>/{types,validators,index}.ts
  DIR/<name>/schemas/<Type>.yaml JSON Schema  → one exported type, validator and reader each; the file's name is the type's
  DIR/<name>/<name>.ksy          Kaitai Struct → <name>/{codec,index}.ts and a Wireshark dissector; another name: <name>/<file>/…
  DIR/requirements, errata.yaml  catalogue    → catalogue/*.ts (optional)
The hand-written runtime is copied to <out>/runtime, so the output stands alone.

Examples:
  npm run generate                                    after a change in spec/
  npm run generate -- --check                         in CI
  npm run generate -- --spec ../my/spec --out ../my/src/generated

Exit codes: 0 done, or nothing stale; 1 the spec has mistakes (file:line:column: what, and what to do) or output is stale; 2 wrong usage.`;

/** Written by `npm run reference`: `mp2p conformance list --json`. */
const CASES = "conformance/cases.json";

export interface GenerateOptions {
  readonly spec: string;
  readonly out: string;
  readonly check: boolean;
  /** Where biome.json, package.json and tools/runtime are. */
  readonly packageRoot: string;
}

export interface Generated {
  /** What differs from disk; written there unless `check`. */
  readonly changes: readonly Change[];
  /** What changed in the spec since the output on disk was made; undefined if that is not known. */
  readonly specChanges: readonly SpecChange[] | undefined;
}

export async function generate(options: GenerateOptions): Promise<Generated> {
  const { name, version } = readJson(join(options.packageRoot, "package.json")) as { name: string; version: string };
  const layout = readJson(join(options.packageRoot, "biome.json")) as Layout;
  const spec = await loadSpec(options.spec);
  const runtime = runtimeEmitter(join(options.packageRoot, "tools/runtime"));
  const reference = referenceEmitter(readCases(join(options.packageRoot, CASES)));
  const emitters = { ...registry, spec: [...registry.spec, runtime, reference] };
  const files = await runEmitters(spec, emitters, { tool: `${name}@${version}` });
  const changes = compareOutput(options.out, await formatFiles(files, layout));
  const before = readDigest(options.out);
  if (!options.check) applyChanges(options.out, changes);
  return { changes, specChanges: before === undefined ? undefined : compareFacts(before, factsOf(spec)) };
}

async function main(): Promise<number> {
  const packageRoot = packageFolder(dirname(fileURLToPath(import.meta.url)));
  let values: { check?: boolean; spec?: string; out?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        check: { type: "boolean" },
        spec: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nTry: npm run generate -- --help`);
    return 2;
  }
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  if (values.spec !== undefined && values.out === undefined) {
    console.error("--spec DIR needs --out DIR too: another spec's output must not replace this package's own.");
    return 2;
  }
  // npm runs scripts in the package's folder; paths are meant from where the user stands.
  const here = process.env.npm_lifecycle_event === "generate" ? (process.env.INIT_CWD ?? ".") : ".";
  const extra = [
    ...(values.spec === undefined ? [] : ["--spec", values.spec]),
    ...(values.out === undefined ? [] : ["--out", values.out]),
  ];
  const outLabel = values.out ?? "generated";
  const command = ["npm run generate", ...(extra.length > 0 ? ["--", ...extra] : [])].join(" ");
  const started = performance.now();
  try {
    const { changes, specChanges } = await generate({
      spec: values.spec === undefined ? join(packageRoot, "spec") : resolve(here, values.spec),
      out: values.out === undefined ? join(packageRoot, "generated") : resolve(here, values.out),
      check: values.check === true,
      packageRoot,
    });
    if (specChanges !== undefined && specChanges.length > 0) {
      console.log(`The spec changed since ${outLabel}/ was written:\n${formatChanges(specChanges)}\n`);
    }
    if (values.check === true && changes.length > 0) {
      console.error(staleReport(changes, outLabel, command));
      return 1;
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    for (const { path, kind } of changes)
      console.log(`${kind === "obsolete" ? "removed" : "wrote"} ${outLabel}/${path}`);
    console.log(`${outLabel}/ is up to date (${seconds} s)`);
    return 0;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const { spec } = values;
    const { problems } = error;
    const text = formatProblems(
      spec === undefined ? problems : placedBelow(spec, basename(resolve(here, spec)), problems),
    );
    console.error(text);
    const count = text.split("\n").length;
    console.error(`\n${count === 1 ? "1 mistake" : `${count} mistakes`} in the spec; nothing was written.`);
    return 1;
  }
}

/** The nearest folder upwards that has the package's package.json and tools/. */
function packageFolder(from: string): string {
  let folder = from;
  while (true) {
    try {
      readFileSync(join(folder, "package.json"));
      return folder;
    } catch {
      if (dirname(folder) === folder) throw new Error(`no package.json above ${from}`);
      folder = dirname(folder);
    }
  }
}

/** The facts that the output on disk was made from; undefined if there is none, or it is not one of ours. */
function readDigest(out: string): Facts | undefined {
  try {
    const { facts } = readJson(join(out, DIGEST)) as { facts?: unknown };
    return typeof facts === "object" && facts !== null ? (facts as Facts) : undefined;
  } catch {
    return undefined;
  }
}

/** The suite's own list of its cases, for the reference pages; they do without where it is not there. */
function readCases(path: string): CaseEntry[] {
  return existsSync(path) ? (readJson(path) as CaseEntry[]) : [];
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main();
}
