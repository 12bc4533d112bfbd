import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { toHtml } from "../engine/report/html.js";
import { toJunit } from "../engine/report/junit.js";
import { renderPreflight, renderQuietly, renderRun } from "../engine/report/terminal.js";
import type { PreflightResult, RunResult } from "../engine/result.js";
import { UsageError } from "./arguments.js";
import type { Output } from "./output.js";

/** How a run is reported: the options that all commands with a result have. */
export interface ReportOptions {
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly quiet?: boolean;
}

/** A run is not made for a report that cannot be kept. */
export function checkWritable(paths: readonly (string | undefined)[]): void {
  for (const path of paths) {
    if (path === undefined || path === "-") continue;
    try {
      mkdirSync(dirname(path), { recursive: true });
      closeSync(openSync(path, "a"));
    } catch (error) {
      throw new UsageError(
        `cannot write the report ${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** One precondition, as soon as it is known. */
export function reportPreflight(step: PreflightResult, { json, quiet }: ReportOptions, output: Output): void {
  if (json !== "-" && !(quiet && step.holds))
    output.out(`${renderPreflight(step, { colour: output.terminal, columns: output.columns })}\n`);
}

/** Prints a result, and writes the files that were asked for. */
export function report(result: RunResult, { json, junit, html, quiet }: ReportOptions, output: Output): void {
  const style = { colour: output.terminal, columns: output.columns };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (json === "-") output.out(text);
  else output.out(`${quiet ? renderQuietly(result, style) : `\n${renderRun(result, style)}`}\n`);
  if (json !== undefined && json !== "-") writeFileSync(json, text);
  if (junit !== undefined) writeFileSync(junit, toJunit(result));
  if (html !== undefined) writeFileSync(html, toHtml([result]));
}
