/** The text of a module with a defect in it; says in the file MP2P_DEFECT_SEEN, where one is named, that the defect is in force. */
export function seed(text, { id, find, replace }) {
  const at = text.indexOf(find);
  if (at < 0 || text.indexOf(find, at + 1) >= 0) throw new Error(`defect ${id}: its text does not occur exactly once`);
  const told = `if (process.env.MP2P_DEFECT_SEEN) (await import("node:fs")).appendFileSync(process.env.MP2P_DEFECT_SEEN, "${id}\\n");`;
  return `${text.slice(0, at)}${replace}${text.slice(at + find.length)}\n${told}\n`;
}
