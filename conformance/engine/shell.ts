/** A word that a POSIX shell reads as exactly this text. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A `printf` argument that writes exactly these octets. */
export function printfOctets(octets: Uint8Array): string {
  return `'${[...octets].map((octet) => `\\${octet.toString(8).padStart(3, "0")}`).join("")}'`;
}
