/** Markdown, as far as the reference pages need it. */

/** A table; columns that are empty in every row are left out. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = titles.map((_, column) => column).filter((column) => rows.some((row) => (row[column] ?? "") !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${shown.map((column) => cell(cells[column] ?? "")).join(" | ")} |`;
  return [line(titles), `|${shown.map(() => "---").join("|")}|`, ...rows.map(line), ""];
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Plain text: what Markdown or HTML would take for markup is escaped. */
export function plain(text: string): string {
  return text.replaceAll(/[\\<>*]/g, (mark) => `\\${mark}`).trim();
}

/** A heading with an anchor of its own, since renderers derive theirs differently. */
export function heading(level: number, text: string, anchor: string): string[] {
  return [`<a id="${anchor}"></a>`, "", `${"#".repeat(level)} ${text}`, ""];
}

export function link(text: string, anchor: string): string {
  return `[${text}](#${anchor})`;
}
