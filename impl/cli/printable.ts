/** Control characters, line separators, what turns the direction of writing, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text of somebody else's as one line for a terminal: what would steer the terminal, or begin a line of its own, is shown as its code. */
export function printable(text: string): string {
  return text.replace(unprintable, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of several lines of this program's own. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

const longestName = 200;

/** A name of a file made of anybody's text, on any file system: nothing of it leads elsewhere, hides, or is too long by octets. */
export function fileNameOf(text: string): string {
  const letters = [...text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, "_").replace(/^[.\s]+/, "_")];
  let octets = 0;
  const fits = letters.findIndex((letter) => {
    octets += Buffer.byteLength(letter);
    return octets > longestName;
  });
  const name = letters.slice(0, fits === -1 ? letters.length : fits).join("");
  return name === "" ? "content" : name;
}
