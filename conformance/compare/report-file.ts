import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../engine/matchers.js";
import type { RunResult } from "../engine/result.js";

/** A file that is no report. */
export class NoReport extends Error {
  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.name = "NoReport";
  }
}

/**
 * Reads a report that `--json FILE` wrote.
 *
 * @throws NoReport where the file cannot be read or holds something else
 */
export function readReport(path: string): RunResult {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new NoReport(path, error instanceof Error ? error.message : String(error));
  }
  const mistake = mistakeOf(value);
  if (mistake !== undefined) throw new NoReport(path, mistake);
  return value as RunResult;
}

function mistakeOf(value: unknown): string | undefined {
  if (!isObject(value) || typeof value.format !== "string" || !value.format.startsWith("mp2p-conformance-report/"))
    return "no report of mp2p conformance; write one with --json FILE";
  if (value.format !== "mp2p-conformance-report/1")
    return `a report of another format (${value.format}) than this release reads (mp2p-conformance-report/1)`;
  const { cases } = value;
  const sound =
    Array.isArray(cases) &&
    cases.every(
      (one: unknown) =>
        isObject(one) &&
        typeof one.id === "string" &&
        typeof one.verdict === "string" &&
        ["clauses", "failures", "judged"].every((name) => Array.isArray(one[name])),
    );
  return sound ? undefined : "a report without its cases: the file was cut or edited";
}

/** All reports below a folder, in the order of their paths; files that hold something else are left out. */
export function readReports(folder: string): { readonly path: string; readonly run: RunResult }[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .sort();
  return paths.flatMap((path) => {
    const full = join(folder, path);
    if (!statSync(full).isFile()) return [];
    try {
      return [{ path: full, run: readReport(full) }];
    } catch (error) {
      if (error instanceof NoReport) return [];
      throw error;
    }
  });
}
