import type { DeclarationInput, DeclarationShape } from "../engine/declaration.js";
import { printfOctets } from "../engine/shell.js";
import type { Veil } from "./codec.js";

/** A shorter word stands in too many places by chance. */
const SHORTEST = 4;

/**
 * Hides the credentials of a declaration. Each is replaced, wherever it stands, by letters that say nothing: as long in octets, with the same
 * punctuation, and always the same, so that lengths, comparisons and encodings (percent, base64, JSON) come out as they did, and a run
 * can be judged again.
 */
export class Redactor implements Veil {
  /** What is replaced by what, the longest first. */
  readonly #pairs: readonly (readonly [Buffer, Buffer])[];
  /** Credentials too short to be told from other text; a bundle with one cannot be written. */
  readonly tooShort: readonly string[];

  constructor(shape: DeclarationShape, declaration: DeclarationInput, url?: string) {
    const values = declaration.values ?? {};
    const words = new Set<string>();
    const tooShort: string[] = [];
    for (const [name, item] of Object.entries(shape.values)) {
      const given = values[name];
      if (!item.secret || given === undefined) continue;
      for (const line of Array.isArray(given) ? (given as readonly string[]) : [String(given)]) {
        const found = secretsIn(line, Array.isArray(given));
        if (found.some((word) => word.length < SHORTEST)) tooShort.push(name);
        for (const word of found) if (word.length >= SHORTEST) words.add(word);
      }
    }
    // Such as http://user:password@host, which goes out as Basic credentials.
    const { username = "", password = "" } = url !== undefined && URL.canParse(url) ? new URL(url) : {};
    if (password !== "") {
      if (password.length < SHORTEST) tooShort.push("the password in the address");
      else
        for (const word of [decodeURIComponent(password), decodeURIComponent(`${username}:${password}`)])
          words.add(word);
    }
    this.tooShort = [...new Set(tooShort)];
    const pairs = new Map<string, string>();
    for (const [index, word] of [...words].sort((a, b) => b.length - a.length).entries()) {
      const mask = masked(word, index + 1);
      for (const form of forms) if (!pairs.has(form(word))) pairs.set(form(word), form(mask));
    }
    this.#pairs = [...pairs].map(([word, mask]) => [Buffer.from(word), Buffer.from(mask)]);
  }

  text(text: string): string {
    return this.#pairs.reduce((so, [word, mask]) => so.replaceAll(word.toString(), mask.toString()), text);
  }

  octets(octets: Uint8Array): Uint8Array {
    let copy: Buffer | undefined;
    for (const [word, mask] of this.#pairs) {
      const seen: Buffer = copy ?? Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
      for (let at = seen.indexOf(word); at >= 0; at = (copy ?? seen).indexOf(word, at + word.length)) {
        copy ??= Buffer.from(seen);
        mask.copy(copy, at);
      }
    }
    return copy ?? octets;
  }

  /** What stands for the credentials. */
  get masks(): string[] {
    return this.#pairs.map(([, mask]) => mask.toString());
  }

  /** Any JSON value with every credential hidden. */
  json<Value>(value: Value): Value {
    return this.#pairs.length === 0 ? value : (JSON.parse(this.text(JSON.stringify(value))) as Value);
  }
}

/** How one text is written in others. */
const forms: readonly ((word: string) => string)[] = [
  (word) => word,
  encodeURIComponent,
  (word) => JSON.stringify(word).slice(1, -1),
  (word) => Buffer.from(word).toString("base64"),
  // As lines for a shell and transcripts show octets.
  (word) => printfOctets(Buffer.from(word)).slice(1, -1),
  (word) => JSON.stringify(printfOctets(Buffer.from(word))).slice(2, -2),
  (word) => Buffer.from(word).toString("hex"),
];

/** The secret parts of a value: of a header line, the credentials without name and scheme; a password in a Basic one apart too. */
function secretsIn(line: string, header: boolean): string[] {
  if (!header) return line === "" ? [] : [line];
  const value = line.slice(line.indexOf(":") + 1).trim();
  const words = value.split(/[\s;,]+/).filter((word) => word !== "");
  const parts = (words.length > 1 && /^[A-Za-z]+$/.test(words[0] ?? "") ? words.slice(1) : words).map((word) =>
    word.replace(/^[\w-]+="?([^"]*)"?$/, (whole, rest: string) => (/^=*$/.test(rest) ? whole : rest)),
  );
  const basic = /^basic$/i.test(words[0] ?? "") ? Buffer.from(parts[0] ?? "", "base64").toString("utf8") : "";
  const password = basic.slice(basic.indexOf(":") + 1);
  return [...new Set([...parts, ...(password.length >= SHORTEST ? [password] : [])])];
}

const LETTERS = "redacted";

/** Letters and digits give way to letters that count the credential; other ASCII stays, and any other character keeps its size. */
function masked(word: string, number: number): string {
  let at = 0;
  const letters = `x${number}x${LETTERS}`;
  return Array.from(word, (character) => {
    if (/^[A-Za-z0-9]$/.test(character)) return letters[at++] ?? LETTERS[at % LETTERS.length] ?? "x";
    const size = Buffer.byteLength(character);
    return size === 1 ? character : (["ø", "は", "🙈"][size - 2] ?? character);
  }).join("");
}
