import { lineDiff } from "./line-diff.js";
import type { Change } from "./output-folder.js";

const FILES_SHOWN = 8;

/** What a stale check prints: which files differ and how, and what to do. */
export function staleReport(changes: readonly Change[], folder: string, command: string): string {
  const lines: string[] = [];
  for (const change of changes.slice(0, FILES_SHOWN)) {
    lines.push(`${folder}/${change.path}: ${words[change.kind]}`);
    if (change.kind === "changed")
      lines.push(...lineDiff(change.before, change.after, 24).map((line) => `    ${line}`));
  }
  if (changes.length > FILES_SHOWN) lines.push(`… and ${changes.length - FILES_SHOWN} more files`);
  const files = changes.length === 1 ? "1 generated file is stale" : `${changes.length} generated files are stale`;
  lines.push("", `${files}. Run \`${command}\` and commit the result.`);
  return lines.join("\n");
}

const words: Readonly<Record<Change["kind"], string>> = {
  new: "missing",
  changed: "differs (- on disk, + from the spec)",
  obsolete: "no longer generated",
};
