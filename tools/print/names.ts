/** Names as the generated code writes them. */

/** `PAMP_OVERLAY_NW_REG`, `HybridOverlayJoin`, `peer-info` → `PampOverlayNwReg`, `HybridOverlayJoin`, `PeerInfo`. */
export function pascalCase(name: string): string {
  return words(name)
    .map((word) => word[0]?.toUpperCase() + (word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1)))
    .join("");
}

/** `PEER_INFO` → `peerInfo`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

function words(name: string): string[] {
  return name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
}

/** Words that cannot name a variable in a strict module. */
const RESERVED = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if " +
    "implements import in instanceof interface let new null package private protected public return static super switch this " +
    "throw true try typeof var void while with yield await arguments eval async of undefined"
  ).split(" "),
);

export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

/** Types that generated code uses by these names, so that no schema may take them. */
const TAKEN = new Set(
  (
    "Array Boolean Check Date Error Express Extract Function Issues JSON Listener Map Math Number Object OctetSource OctetStream Omit Partial Pick Promise " +
    "QueryValues Reader Readonly ReadonlySet Record Reflect RegExp Router Server ServerOptions Set String Symbol URL " +
    "ValidationIssue Validator"
  ).split(" "),
);

export function isTakenType(name: string): boolean {
  return TAKEN.has(name);
}
