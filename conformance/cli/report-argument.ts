import { rejudge } from "../bundle/judge.js";
import { BundleError, isBundle } from "../bundle/reader.js";
import { NoReport, readReport } from "../compare/report-file.js";
import type { RunResult } from "../engine/result.js";
import { entities } from "../entities.js";
import { entityNamed, UsageError } from "./arguments.js";
import { bundleAt } from "./judge-bundle.js";

/** The report that an argument names. */
export function reportAt(path: string): RunResult {
  try {
    return readReport(path);
  } catch (error) {
    throw error instanceof NoReport ? new UsageError(error.message) : error;
  }
}

/** The report that an argument names, or what a bundle comes to when it is judged again. */
export async function resultAt(path: string): Promise<RunResult> {
  if (!isBundle(path)) return reportAt(path);
  const bundle = bundleAt(path);
  try {
    return (await rejudge(entities[entityNamed(bundle.header.entity)], bundle)).result;
  } catch (error) {
    // A bundle that is damaged, or of an edition that this version does not have.
    if (error instanceof BundleError || error instanceof RangeError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}
