import { createHash } from "node:crypto";
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { JsonValue, SourcePosition, SpecFile } from "./model.js";
import { compareText, type Problem } from "./problem.js";

/** How a syntax error begins. */
export const NOT_YAML = "not YAML:";

/**
 * Parses one YAML file of spec/, keeping the positions of everything in it.
 *
 * @param path how people know the file; @param absolute where it is on this machine
 */
export function parseSpecFile(path: string, absolute: string, text: string, problems: Problem[]): SpecFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const position = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file: path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const error of document.errors) {
    const what = (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
    problems.push({ position: position(error.pos[0]), message: `${NOT_YAML} ${what}. Correct the syntax here.` });
  }
  const value = document.errors.length === 0 ? (document.toJS({ maxAliasCount: 100 }) as JsonValue) : null;
  return {
    path,
    name: baseName(path),
    absolute,
    text,
    value,
    hash: contentHash([value]),
    at: (keys) => position(offsetOf(document, keys)),
  };
}

/** Offset of the key (in a map) or of the item (in a list) that the path leads to, or as far as it leads. */
function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(key)];
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range?.[0];
}

function baseName(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.(ya?ml|ksy|json)$/, "");
}

/** The same for files that say the same: keys sorted, layout and comments left out. */
export function contentHash(values: readonly JsonValue[]): string {
  const hash = createHash("sha256");
  for (const value of values) hash.update(canonicalJson(value)).update("\n");
  return hash.digest("hex").slice(0, 12);
}

export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value as Record<string, JsonValue>)
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}
