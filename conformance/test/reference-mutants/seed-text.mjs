/** The text of a module with a defect in it; says in the file MP2P_DEFECT_SEEN, where one is named, that the defect is in force. */
export function seed(text, id, edits) {
  let seeded = text;
  for (const { find, replace } of edits) {
    const at = seeded.indexOf(find);
    if (at < 0 || seeded.indexOf(find, at + 1) >= 0)
      throw new Error(`defect ${id}: "${find}" is not there exactly once`);
    seeded = `${seeded.slice(0, at)}${replace}${seeded.slice(at + find.length)}`;
  }
  const tell = `(await import("node:fs")).appendFileSync(process.env.MP2P_DEFECT_SEEN, "${id}\\n")`;
  return `${seeded}\nif (process.env.MP2P_DEFECT_SEEN) ${tell};\n`;
}
