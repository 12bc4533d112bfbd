import { Cursor, isObject, sourced } from "../../model/cursor.js";
import type { KsySpec } from "../../model/model.js";
import type { Problem } from "../../model/problem.js";
import { checkWords } from "../../model/vocabulary.js";
import { camelCase, pascalCase } from "../../print/names.js";
import { type Expression, namesIn, parseExpression } from "./expression.js";
import type { IntegerField, KsyCited, KsyEnum, KsyEnumValue, KsyInstance, KsyModel, KsyParam } from "./ksy-model.js";
import { loadSequence } from "./load-sequence.js";
import { words } from "./vocabulary.js";

/** Reads a .ksy, reporting everything outside the subset; undefined if there was any such thing. */
export function loadKsy(spec: KsySpec, problems: Problem[]): KsyModel | undefined {
  const before = problems.length;
  const root = new Cursor(spec.ksy, [], spec.ksy.value, problems);
  checkWords(root, words.root, "key");
  const meta = root.get("meta");
  checkWords(meta, words.meta, "key");
  checkMeta(meta);
  const enums = new Map(
    root
      .get("enums")
      .entries()
      .map(([id, cursor]) => [id, loadEnum(id, cursor)]),
  );
  const params = root
    .get("params")
    .items()
    .map((cursor) => loadParam(cursor, enums));
  const instances = root
    .get("instances")
    .entries()
    .map(([id, cursor]) => loadInstance(id, cursor, enums));
  const known = params.filter((param) => param !== undefined);
  const scope: Scope = { enums, params: known, instances, ...loadEndian(meta.get("endian"), known) };
  const segments = loadSequence(root.get("seq"), scope);
  checkInstances(
    root.get("instances"),
    scope,
    segments.flatMap((part) => (part.kind === "run" ? part.fields : [])).map(({ id }) => id),
  );
  if (problems.length > before) return undefined;
  const id = meta.get("id").text();
  return {
    ...cited(root, id, pascalCase(id)),
    prefix: spec.prefix,
    title: meta.get("title").text(),
    document: meta.get("-document").text(),
    params: scope.params,
    segments,
    instances,
    enums: [...enums.values()],
  };
}

/** What expressions and fields may refer to. */
export interface Scope {
  readonly enums: ReadonlyMap<string, KsyEnum>;
  readonly params: readonly KsyParam[];
  readonly instances: readonly KsyInstance[];
  readonly bigEndian: boolean;
  readonly switched: IntegerField["switched"];
}

/** `be`, `le`, or `switch-on` a parameter. */
function loadEndian(endian: Cursor, params: readonly KsyParam[]): Pick<Scope, "bigEndian" | "switched"> {
  if (!isObject(endian.value)) {
    if (endian.value !== undefined && endian.value !== "be" && endian.value !== "le") {
      endian.problem("endian is neither be nor le. Write endian: be.");
    }
    return { bigEndian: endian.value !== "le", switched: undefined };
  }
  checkWords(endian, words.endian, "key");
  const param = params.find(({ id }) => id === endian.get("switch-on").value);
  const cases = endian.get("cases");
  const little = param?.enum.values.filter(({ id }) => cases.get(`${param.enum.id}::${id}`).value === "le") ?? [];
  const big = param?.enum.values.filter(({ id }) => cases.get(`${param.enum.id}::${id}`).value === "be") ?? [];
  const [value] = little;
  if (param === undefined || value === undefined || little.length > 1 || big.length !== param.enum.values.length - 1) {
    endian.problem("endian switches on no parameter of which one value is le and all others are be. Correct it.");
    return { bigEndian: true, switched: undefined };
  }
  return { bigEndian: true, switched: { param, little: value } };
}

function checkMeta(meta: Cursor): void {
  const bits = meta.get("bit-endian");
  if (bits.value !== undefined && bits.value !== "be") {
    bits.problem("only bit-endian: be is supported. Name the bit fields from the most significant bit on.");
  }
  if (meta.get("-document").value === undefined) {
    meta.problem("no document to which the clauses belong. Add -document: X.609.8, or the like.");
  }
}

export function cited(cursor: Cursor, id: string, name: string): KsyCited {
  const clause = cursor.get("-clause").text();
  if (clause === "") cursor.problem(`${id} has no clause. Add -clause: "8.1", or the like.`);
  const doc = cursor.get("doc").text().trim();
  if (doc === "") cursor.problem(`${id} has no doc. Say in your own words what it is.`);
  return {
    id,
    name,
    doc: doc.replaceAll(/\s*\n\s*/g, " "),
    clause: sourced(clause, cursor.get("-source").text()),
    errata: [...cursor.get("-errata").texts()].sort(),
    original: cursor.get("-orig-id").text() || id,
    position: cursor.position,
  };
}

function loadEnum(id: string, cursor: Cursor): KsyEnum {
  const values = cursor.entries().map(([key, entry]): KsyEnumValue => {
    checkWords(entry, words.enumValue, "key");
    const value = Number(key);
    if (!Number.isInteger(value) || value < 0)
      entry.problem(`enum value ${key} is no whole number. Write 0, 1 or 0x8f.`);
    const valueId = entry.get("id").text();
    if (valueId === "") entry.problem("an enum value without an id. Write { id: …, doc: … } instead of a bare name.");
    return { ...cited(entry, valueId, camelCase(valueId)), value };
  });
  return { id, name: pascalCase(id), values: values.sort((a, b) => a.value - b.value) };
}

function loadParam(cursor: Cursor, enums: ReadonlyMap<string, KsyEnum>): KsyParam | undefined {
  checkWords(cursor, words.param, "key");
  const id = cursor.get("id").text();
  const type = enums.get(cursor.get("enum").text());
  if (type === undefined) {
    cursor.problem(`parameter ${id} has no enum of this file. Parameters choose among the values of one: add enum.`);
    return undefined;
  }
  const chosen = type.values.find((value) => value.id === cursor.get("-default").value);
  if (chosen === undefined) {
    const known = type.values.map((value) => value.id).join(", ");
    cursor.get("-default").problem(`parameter ${id} has no default. Add -default with one of: ${known}.`);
    return undefined;
  }
  return { ...cited(cursor, id, camelCase(id)), enum: type, default: chosen };
}

function loadInstance(id: string, cursor: Cursor, enums: ReadonlyMap<string, KsyEnum>): KsyInstance {
  checkWords(cursor, words.instance, "key");
  const expression = expressionAt(cursor.get("value")) ?? { kind: "boolean", value: false };
  const enumId = cursor.get("enum").text();
  if (enumId !== "" && !enums.has(enumId))
    cursor.get("enum").problem(`no enum ${enumId} in this file. Add it, or correct the name.`);
  return {
    ...cited(cursor, id, camelCase(id)),
    expression,
    type: isBoolean(expression) ? "boolean" : "integer",
    enum: enums.get(enumId),
    bits: bitsOf(expression),
  };
}

/** The expression written here; undefined, with a problem, if it is none. */
export function expressionAt(cursor: Cursor): Expression | undefined {
  const { value } = cursor;
  if (typeof value === "number" || typeof value === "boolean") return parseExpression(String(value));
  if (typeof value !== "string" || isObject(value)) {
    cursor.problem("an expression is meant here. Write it as text.");
    return undefined;
  }
  try {
    return parseExpression(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    cursor.problem(`${error.message}. Write an expression of the supported kind (tools/emit/ksy/README.md).`);
    return undefined;
  }
}

function isBoolean(expression: Expression): boolean {
  if (expression.kind === "boolean" || expression.kind === "not") return true;
  return expression.kind === "binary" && ["or", "and", "==", "!=", "<", "<=", ">", ">="].includes(expression.operator);
}

/** `code >> 5`, `code & 0x1f`, `(code >> 2) & 3`: bits of one field. */
function bitsOf(expression: Expression): KsyInstance["bits"] {
  if (expression.kind === "name") return { field: expression.id, shift: 0, mask: 0xffffffff };
  if (expression.kind !== "binary" || expression.right.kind !== "integer") return undefined;
  const inner = bitsOf(expression.left);
  if (inner === undefined) return undefined;
  const operand = expression.right.value;
  if (expression.operator === ">>") {
    return { field: inner.field, shift: inner.shift + operand, mask: ((inner.mask >>> operand) << operand) >>> 0 };
  }
  if (expression.operator === "&") {
    return { ...inner, mask: (inner.mask & ((operand << inner.shift) >>> 0)) >>> 0 };
  }
  return undefined;
}

function checkInstances(cursor: Cursor, scope: Scope, fieldIds: readonly string[]): void {
  const known = [...fieldIds, ...scope.params.map(({ id }) => id), ...scope.instances.map(({ id }) => id)];
  for (const { id, expression } of scope.instances) checkNames(cursor.get(id).get("value"), expression, known, scope);
}

/** Every name and enum value must be known where the expression stands. */
export function checkNames(cursor: Cursor, expression: Expression, known: readonly string[], scope: Scope): void {
  for (const name of namesIn(expression)) {
    if (!known.includes(name)) {
      cursor.problem(
        `${name} is not known here. Use an integer before this one that is always there, a parameter or an instance.`,
      );
    }
  }
  for (const { enumId, valueId } of enumValuesIn(expression)) {
    if (enumValue(scope.enums, enumId, valueId) === undefined) {
      cursor.problem(`${enumId}::${valueId} is not an enum value of this file. Add it, or correct the name.`);
    }
  }
}

export function enumValue(
  enums: ReadonlyMap<string, KsyEnum>,
  enumId: string,
  valueId: string,
): KsyEnumValue | undefined {
  return enums.get(enumId)?.values.find(({ id }) => id === valueId);
}

function enumValuesIn(expression: Expression): { enumId: string; valueId: string }[] {
  switch (expression.kind) {
    case "enum":
      return [expression];
    case "not":
      return enumValuesIn(expression.operand);
    case "binary":
      return [...enumValuesIn(expression.left), ...enumValuesIn(expression.right)];
    default:
      return [];
  }
}
