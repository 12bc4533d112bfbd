import { NoReport, readReport } from "../compare/report-file.js";
import type { RunResult } from "../engine/result.js";
import { UsageError } from "./arguments.js";

/** The report that an argument names. */
export function reportAt(path: string): RunResult {
  try {
    return readReport(path);
  } catch (error) {
    if (error instanceof NoReport) throw new UsageError(error.message);
    throw error;
  }
}
