import type { SourcePosition } from "./model.js";

/** One thing wrong with the spec, said so that its author can act on it. */
export interface Problem {
  readonly position: SourcePosition;
  /** What is wrong, and what to do: one sentence each. */
  readonly message: string;
}

/** Ends a run with all problems found; the only error of the generator that is the spec author's to mend. */
export class SpecError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = "SpecError";
    this.problems = problems;
  }
}

/** `file:line:column: message`, sorted by place, duplicates removed. */
export function formatProblems(problems: readonly Problem[]): string {
  const sorted = [...problems].sort(
    (a, b) =>
      compareText(a.position.file, b.position.file) ||
      a.position.line - b.position.line ||
      a.position.column - b.position.column,
  );
  const lines = sorted.map(
    ({ position, message }) => `${position.file}:${position.line}:${position.column}: ${message}`,
  );
  return [...new Set(lines)].join("\n");
}

/** The same problems with files below the folder `label` placed below `folder`: as its user named it, for an editor to open. */
export function placedBelow(folder: string, label: string, problems: readonly Problem[]): Problem[] {
  return problems.map(({ position, message }) => {
    const { file } = position;
    const named = file.startsWith(`${label}/`) ? `${folder.replace(/\/+$/, "")}${file.slice(label.length)}` : file;
    return { position: { ...position, file: named }, message };
  });
}

/** Order by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
