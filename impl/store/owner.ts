/** Entities by the beginning of the names of their tables. */
const owners: ReadonlyMap<string, string> = new Map([
  ["pams", "a PAMS"],
  ["homs", "a HOMS"],
  ["oms", "an OMS"],
  ["ixs", "an IXS"],
  ["unis", "a UNIS"],
  ["ums", "a UMS"],
  ["cs", "a cache server"],
  ["ldmp", "a source peer"],
  ["source", "a source peer"],
]);

/** Whose table this is; undefined where it is nobody's in particular. */
export function ownerOf(table: string): string | undefined {
  return owners.get(table.split("_", 1)[0] ?? "");
}
