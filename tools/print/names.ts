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
