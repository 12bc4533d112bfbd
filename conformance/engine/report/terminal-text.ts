/** How a terminal shows text. */
export interface TerminalStyle {
  /** ANSI colours: only where a person looks at a terminal. */
  readonly colour: boolean;
  /** Its width in characters; 100 where it is not known. Used from 80 to 120. */
  readonly columns?: number | undefined;
}

export type Paint = (text: string, code: number) => string;

export const GREEN = 32;
export const YELLOW = 33;
export const RED = 31;
export const DIM = 90;
export const BOLD = 1;

export function painter({ colour }: TerminalStyle): Paint {
  return (text, code) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
}

export function widthOf({ columns = 100 }: TerminalStyle): number {
  return Math.min(120, Math.max(80, columns));
}

/** The text in lines of at most `width` characters, broken at blanks and behind commas, and inside of words that are longer. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const blank = Math.max(rest.lastIndexOf(" ", width), rest.lastIndexOf(",", width - 1) + 1);
      const cut = blank > width / 3 ? blank : width;
      lines.push(rest.slice(0, cut));
      rest = rest.slice(cut).trimStart();
    }
    return [...lines, rest];
  });
}

/** The text in one line of at most `width` characters. */
export function clip(text: string, width: number): string {
  const line = text.replace(/\s*\n\s*/g, " ");
  return line.length <= width ? line : `${line.slice(0, Math.max(1, width - 1))}…`;
}

/** Both ends of a long text: a command's name and its last option say most. */
export function clipMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}
