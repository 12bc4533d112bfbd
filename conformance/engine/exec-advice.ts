import type { Test } from "./test.js";

/**
 * What became of the command of `--exec` where the product did not show itself: it could not be started, or ended by itself, with the last it
 * printed. Undefined where it still runs.
 */
export function execAdvice(t: Test): string | undefined {
  const lines = t.transcript.entries.filter(({ kind }) => kind === "process");
  const end = lines.findLast(({ summary }) => /process ended|could not be started/.test(summary));
  if (end === undefined) return undefined;
  const printed = lines.flatMap(({ text = "" }) => text.trim().split("\n")).filter((line) => line !== "");
  const said =
    printed.length > 0 ? `; it printed: ${printed.slice(-2).join(" / ").slice(0, 300)}` : "; it printed nothing";
  return `the command of --exec did not stay: ${end.summary}${said}. Try it by hand: it has to run until it is stopped, and to take the suite's address at {url}`;
}

/** The same where the shell did not find the command, or may not run it: then no other advice helps. */
export function commandMissing(t: Test): string | undefined {
  const lines = t.transcript.entries.filter(({ kind }) => kind === "process");
  if (!lines.some(({ summary }) => /ended.*\b12[67]\b/.test(summary))) return undefined;
  const printed = lines
    .flatMap(({ text = "" }) => text.trim().split("\n"))
    .find((line) => /not found|denied|no such/i.test(line));
  return `the command of --exec or --adapter cannot be run${printed === undefined ? "" : ` (${printed})`}: check its name and path, and try it by hand`;
}
