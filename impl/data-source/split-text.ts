/** Cuts a text into parts of at most `octets` octets of UTF-8 each, between characters (E-LDMP-30). */
export function splitText(text: string, octets: number): string[] {
  if (text.length * 3 <= octets) return [text];
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const character of text) {
    const length = Buffer.byteLength(character);
    if (size + length > octets && part !== "") {
      parts.push(part);
      part = "";
      size = 0;
    }
    part += character;
    size += length;
  }
  parts.push(part);
  return parts;
}
