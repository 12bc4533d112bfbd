import { Cursor, isObject, sourced } from "../../../model/cursor.js";
import type { KsySpec } from "../../../model/model.js";
import type { Problem } from "../../../model/problem.js";
import { checkWords } from "../../../model/vocabulary.js";
import { camelCase, pascalCase } from "../../../print/names.js";
import { words } from "../vocabulary.js";
import { loadFields } from "./load-fields.js";
import type { Choice, Cited, Compound, Enum, EnumValue, Struct } from "./model.js";
import { compoundWords } from "./words.js";

/** Whether this emitter's part is the file, or that of messages of one type. */
export function isCompound({ ksy }: KsySpec): boolean {
  return isObject(ksy.value) && Object.hasOwn(ksy.value, "types");
}

/** What is known while a file is read. */
export interface Scope {
  readonly document: string;
  readonly enums: ReadonlyMap<string, Enum>;
  /** The type with this id, read when it is first asked for; undefined, with a problem at the cursor, where there is none. */
  type(id: string, cursor: Cursor): Struct | undefined;
}

/** Reads a .ksy with `types`, reporting everything outside the subset; undefined if there was any such thing. */
export function loadCompound(spec: KsySpec, problems: Problem[]): Compound | undefined {
  const before = problems.length;
  const root = new Cursor(spec.ksy, [], spec.ksy.value, problems);
  checkWords(root, compoundWords.root, "key");
  const meta = root.get("meta");
  checkWords(meta, words.meta, "key");
  if (meta.get("endian").value !== "be") meta.problem("only endian: be is supported where there are types. Write it.");
  const document = meta.get("-document").text();
  if (document === "") meta.problem("no document to which the clauses belong. Add -document: X.609.10, or the like.");

  const enums = new Map(
    root
      .get("enums")
      .entries()
      .map(([id, cursor]) => [id, loadEnum(id, cursor, document)]),
  );
  const ready = new Map<string, Struct>();
  const begun = new Set<string>();
  const scope: Scope = {
    document,
    enums,
    type(id, cursor) {
      const known = ready.get(id);
      if (known !== undefined) return known;
      const place = root.get("types").get(id);
      if (place.value === undefined) {
        cursor.problem(`no type ${id} in this file. Add it below types, or correct the name.`);
        return undefined;
      }
      if (begun.has(id)) {
        cursor.problem(`${id} is made of itself. Messages have an end: use a list of octets.`);
        return undefined;
      }
      begun.add(id);
      checkWords(place, compoundWords.type, "key");
      const type: Struct = {
        ...cited(place, id, camelCase(id), document),
        typeName: pascalCase(id),
        fields: loadFields(place.get("seq"), scope, false),
      };
      ready.set(id, type);
      return type;
    },
  };
  for (const [id, cursor] of root.get("types").entries()) scope.type(id, cursor);
  const id = meta.get("id").text();
  const whole = cited(root, id, camelCase(id), document);
  const top: Struct = { ...whole, typeName: `${spec.prefix}Message`, fields: loadFields(root.get("seq"), scope, true) };
  if (top.fields.length === 0) root.get("seq").problem("a message without a field. Add one.");
  const choice = top.fields.find((field): field is Choice => field.kind === "choice");
  checkNames(root, [...ready.values(), top], [...enums.values()]);
  if (problems.length > before) return undefined;
  return {
    ...whole,
    prefix: spec.prefix,
    title: meta.get("title").text(),
    document,
    root: top,
    types: [...ready.values()],
    enums: [...enums.values()],
    choice,
  };
}

/** Types and enums are exported side by side. */
function checkNames(root: Cursor, types: readonly Struct[], enums: readonly Enum[]): void {
  const seen = new Set<string>();
  for (const name of [...types.map(({ typeName }) => typeName), ...enums.map(({ name }) => name)]) {
    if (seen.has(name)) root.problem(`two types or enums are called ${name} in generated code. Rename one.`);
    seen.add(name);
  }
}

export function cited(cursor: Cursor, id: string, name: string, document: string): Cited {
  const own = cursor.get("-clause").text();
  if (own === "") cursor.problem(`${id} has no clause. Add -clause: "8.9", or the like.`);
  const doc = cursor.get("doc").text().trim();
  if (doc === "") cursor.problem(`${id} has no doc. Say in your own words what it is.`);
  const other = cursor.get("-document").text();
  const clause = sourced(own, cursor.get("-source").text());
  return {
    id,
    name,
    doc: doc.replaceAll(/\s*\n\s*/g, " "),
    citation: [`${other || document} ${clause}`, ...[...cursor.get("-errata").texts()].sort()].join(", "),
    clause: other === "" || other === document ? own : "",
    original: cursor.get("-orig-id").text() || id,
    position: cursor.position,
  };
}

function loadEnum(id: string, cursor: Cursor, document: string): Enum {
  const values = cursor.entries().map(([key, entry]): EnumValue => {
    checkWords(entry, compoundWords.enumValue, "key");
    const value = Number(key);
    if (!Number.isInteger(value) || value < 0)
      entry.problem(`enum value ${key} is no whole number. Write 0, 1 or 0x8f.`);
    const valueId = entry.get("id").text();
    if (valueId === "") entry.problem("an enum value without an id. Write { id: …, doc: … } instead of a bare name.");
    return { ...cited(entry, valueId, camelCase(valueId), document), value };
  });
  return { id, name: pascalCase(id), values: values.sort((a, b) => a.value - b.value) };
}
