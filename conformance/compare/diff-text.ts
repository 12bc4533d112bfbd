import type { ChangeKind, Diff } from "./diff.js";
import { changeKinds } from "./diff.js";

const HEADINGS: Readonly<Record<ChangeKind, string>> = {
  regression: "Regressions: did not fail before, fail now",
  lost: "Verdicts lost: could be judged before, cannot now",
  "new failure": "New cases that fail",
  "changed failure": "Still failing, for another reason",
  "still failing": "Still failing",
  fix: "Fixed",
  found: "Judged now, and passing",
  other: "Other changes",
  new: "New cases",
  gone: "Gone",
};

/** What changed, in words; without a change one line that says so. */
export function renderDiff({ entity, conditions, changes }: Diff): string {
  const lines = conditions.length > 0 ? ["The runs differ in", ...conditions.map((one) => `  ${one}`), ""] : [];
  for (const kind of changeKinds) {
    const of = changes.filter((one) => one.kind === kind);
    if (of.length === 0) continue;
    lines.push(`${HEADINGS[kind]} (${of.length})`);
    for (const { case: id, clauses, level, words } of of) {
      lines.push(`  ${id}  [${clauses.join("; ")}; ${level}]`, `      ${words}`);
    }
    lines.push("");
  }
  return [...lines, summary(entity, changes)].join("\n");
}

function summary(entity: string, changes: Diff["changes"]): string {
  const count = (...kinds: ChangeKind[]): number => changes.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    plural(count("regression"), "regression"),
    `${count("lost")} no longer judged`,
    `${count("fix")} fixed`,
    `${count("still failing", "changed failure")} still failing`,
    `${count("new", "new failure")} new`,
    `${count("gone")} gone`,
  ];
  return `${entity}: ${parts.join(", ")}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
