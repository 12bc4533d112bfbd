/**
 * The printer that every TypeScript emitter uses: six verbs, no syntax tree.
 * Layout is Biome's business (see format.ts); the printer keeps to lines, imports and escaping.
 */
import { compareText } from "../model/problem.js";

export interface JsDoc {
  readonly text?: string | undefined;
  /** Rendered in square brackets, as the house cites: `[X.609.1 9.2.6]`. */
  readonly clause?: string | undefined;
  /** Tag lines in order: `["@throws Mp2pError …"]`. */
  readonly tags?: readonly string[] | undefined;
}

export interface Printer {
  /** Lines at the current indentation; multi-line strings keep their own inner indentation. */
  print(...lines: string[]): void;
  /** `head {` … `}`; the body prints one level deeper. `tail` closes it. */
  block(head: string, body: () => void, tail?: string): void;
  /** Registers an import and gives back the local name. `{ type: true }` for types, `as` to rename. */
  import(name: string, from: string, options?: { readonly type?: boolean; readonly as?: string }): string;
  /** Re-export: `export * from`, `export { a, b } from` or `export type { a } from`. */
  export(names: readonly string[] | "*", from: string, options?: { readonly type?: boolean }): void;
  /** A doc comment; nothing when it would be empty. */
  jsDoc(doc: JsDoc | string): void;
  /** A value as a JavaScript literal. */
  string(value: unknown): string;
  /** The finished file: banner, imports, body. */
  toString(): string;
}

/** @param banner lines for the head of the file, without comment marks */
export function createPrinter(banner: readonly string[]): Printer {
  const body: string[] = [];
  const imports = new Map<string, Map<string, { local: string; type: boolean }>>();
  const exports: string[] = [];
  let depth = 0;

  const print = (...lines: string[]): void => {
    for (const line of lines.flatMap((text) => text.split("\n"))) {
      body.push(line === "" ? "" : "  ".repeat(depth) + line);
    }
  };

  return {
    print,
    block(head, inner, tail = "}") {
      print(/[[({]$/.test(head) ? head : `${head} {`);
      depth++;
      inner();
      depth--;
      print(tail);
    },
    import(name, from, options = {}) {
      const names = imports.get(from) ?? new Map<string, { local: string; type: boolean }>();
      imports.set(from, names);
      const local = options.as ?? name;
      const known = names.get(`${name} as ${local}`);
      const type = options.type === true && (known === undefined || known.type);
      names.set(`${name} as ${local}`, { local, type });
      return local;
    },
    export(names, from, options = {}) {
      const what = names === "*" ? "*" : `{ ${[...names].sort(compareText).join(", ")} }`;
      exports.push(`export ${options.type === true ? "type " : ""}${what} from ${literal(from)};`);
    },
    jsDoc(doc) {
      const lines = jsDocLines(typeof doc === "string" ? { text: doc } : doc);
      if (lines.length === 1) print(`/** ${lines[0]} */`);
      else if (lines.length > 1) print("/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */");
    },
    string: literal,
    toString() {
      const head = banner.map((line) => (line === "" ? "//" : `// ${line}`));
      const importLines = [...imports]
        .sort(([a], [b]) => compareText(a, b))
        .map(([from, names]) => importLine(from, names));
      const parts = [head, importLines, exports, body].filter((part) => part.length > 0);
      return `${parts.map((part) => part.join("\n").trimEnd()).join("\n\n")}\n`;
    },
  };
}

function importLine(from: string, names: ReadonlyMap<string, { local: string; type: boolean }>): string {
  const allTypes = [...names.values()].every(({ type }) => type);
  const parts = [...names]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, { local, type }]) => {
      const name = key.slice(0, key.length - ` as ${local}`.length);
      return `${type && !allTypes ? "type " : ""}${name === local ? name : `${name} as ${local}`}`;
    });
  return `import ${allTypes ? "type " : ""}{ ${parts.join(", ")} } from ${literal(from)};`;
}

function jsDocLines({ text, clause, tags = [] }: JsDoc): string[] {
  const cited = [text?.trim(), clause === undefined || clause.trim() === "" ? undefined : `[${clause.trim()}]`]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
  const lines = cited === "" ? [] : cited.split("\n").flatMap((line) => wrap(line.trimEnd(), 110));
  return [...lines, ...tags].map((line) => line.replaceAll("*/", "*\\/"));
}

/** Greedy wrap at blanks; words longer than the width stay whole. */
export function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  lines.push(current);
  return lines;
}

/** JSON is a subset of ECMAScript expressions since ES2019; keys that are identifiers go unquoted. */
export function literal(value: unknown): string {
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${propertyName(name)}: ${literal(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return JSON.stringify(value);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A member name as it may stand in an object literal or an interface. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) && name !== "__proto__" ? name : JSON.stringify(name);
}

/** Access of a member: `.name` or `["peer-id"]`. */
export function memberAccess(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
