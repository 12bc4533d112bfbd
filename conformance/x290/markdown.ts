/** A cell may hold anything; a bar or a line break would end it, and an angle bracket could begin a tag. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/\s*\n\s*/g, " ");
}

/** A Markdown table; empty where it would have no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line), ""];
}

/** Lines to be filled in by hand: a name and an empty column. */
export function form(names: readonly string[]): string[] {
  return table(
    ["", "to be filled in"],
    names.map((name) => [name, ""]),
  );
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `[ ] yes [ ] no` */
export function boxes(words: readonly string[]): string {
  return words.map((one) => `[ ] ${one}`).join(" ");
}
