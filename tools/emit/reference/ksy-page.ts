/** The reference page of one binary message. */
import { Cursor, sourced } from "../../model/cursor.js";
import type { KsySpec } from "../../model/model.js";
import type { Evidence } from "./evidence.js";
import { code, heading, plain, table } from "./markdown.js";

export function ksyPage({ ksy }: KsySpec, evidence: Evidence): string[] {
  const root = new Cursor(ksy, [], ksy.value, []);
  const meta = root.get("meta");
  const document = word(meta.get("-document"));
  const fields = root.get("seq").items();
  const enums = root.get("enums").entries();
  const types = root.get("types").entries();
  const cited = [
    root,
    ...root.get("params").items(),
    ...fields,
    ...types.flatMap(([, type]) => [type, ...type.get("seq").items()]),
    ...enums.flatMap(([, one]) => [one, ...one.entries().map(([, value]) => value)]),
  ];
  const own = cited.filter((one) => one === root || !one.has("-document"));
  const clauses = [...new Set(own.map((one) => word(one.get("-clause"))).filter((clause) => clause !== ""))];
  return [
    `# ${plain(word(meta.get("title")))}`,
    "",
    plain(word(root.get("doc"))),
    "",
    `Clauses are those of ${document}. ${endianness(meta.get("endian"))}`,
    "",
    ...heading(2, "Fields", "fields"),
    ...table(columns, fields.map(fieldRow)),
    ...types.flatMap(([name, type]) => typeSection(name, type)),
    ...enums.flatMap(([name, values]) => [
      ...heading(2, `Values of ${name}`, name),
      ...table(
        ["value", "name", "meaning", "clause", "errata"],
        values.entries().map(([value, one]) => valueRow(value, one)),
      ),
    ]),
    ...heading(2, `What ${document} states about it`, "statements"),
    ...evidence.statements(document, top(clauses)),
    ...heading(2, "Errata", "errata"),
    ...evidence.contradictions(cited.flatMap((one) => errataOf(one))),
  ];
}

const columns = ["field", "printed as", "type", "present if", "values", "meaning", "clause", "errata"];

/** One of the types that a message, or a part of it, may be of. */
function typeSection(name: string, type: Cursor): string[] {
  const fields = type.get("seq").items();
  const carried = type.get("-requirements").texts();
  return [
    ...heading(2, name, name),
    `${plain(word(type.get("doc")))} [${clauseOf(type)}]`,
    "",
    ...(carried.length === 0 ? [] : [`Carries ${carried.join(", ")}.`, ""]),
    ...(fields.length === 0 ? ["No fields.", ""] : table(columns, fields.map(fieldRow))),
  ];
}

function fieldRow(field: Cursor): string[] {
  const [type, size] = [word(field.get("type")), word(field.get("size"))];
  return [
    code(word(field.get("id"))),
    word(field.get("-orig-id")),
    typeOf(field, type, size),
    field.has("if") ? code(word(field.get("if"))) : "",
    field.has("enum") ? `[${word(field.get("enum"))}](#${word(field.get("enum"))})` : constraint(field.get("valid")),
    plain(word(field.get("doc"))),
    clauseOf(field),
    errataOf(field).join(", "),
  ];
}

function typeOf(field: Cursor, type: string, size: string): string {
  if (field.get("type").has("switch-on")) return `by ${code(word(field.get("type").get("switch-on")))}`;
  const repeated = field.has("repeat") ? `, ${word(field.get("repeat-expr")) || "up to the end"} times` : "";
  const octets = size === "" ? "the rest" : `${size} octets`;
  if (type === "str") return `text, ${code(octets)}`;
  if (isType(field, type)) return `[${type}](#${type})${repeated}`;
  return code(type !== "" ? type : octets);
}

/** One of the file's own. */
function isType(field: Cursor, type: string): boolean {
  return type !== "" && new Cursor(field.file, [], field.file.value, []).get("types").has(type);
}

function valueRow(value: string, entry: Cursor): string[] {
  const number = Number(value);
  const name = typeof entry.value === "string" ? entry.value : word(entry.get("id"));
  return [
    Number.isInteger(number) ? code(`0x${number.toString(16).padStart(2, "0")}`) : value,
    code(name),
    plain(word(entry.get("doc"))),
    clauseOf(entry),
    errataOf(entry).join(", "),
  ];
}

function constraint(valid: Cursor): string {
  if (valid.value === undefined) return "";
  if (valid.has("expr")) return code(word(valid.get("expr")));
  return code(typeof valid.value === "object" ? JSON.stringify(valid.value) : String(valid.value));
}

function endianness(endian: Cursor): string {
  if (endian.has("switch-on"))
    return `The order of octets in numbers is chosen by ${code(word(endian.get("switch-on")))}.`;
  return `Numbers are ${word(endian) === "le" ? "little" : "big"}-endian.`;
}

/** With its document, where that is not the page's. */
function clauseOf(cursor: Cursor): string {
  const clause = sourced(word(cursor.get("-clause")), word(cursor.get("-source")));
  return cursor.has("-document") ? `${word(cursor.get("-document"))} ${clause}` : clause;
}

function errataOf(cursor: Cursor): string[] {
  return cursor.get("-errata").texts();
}

function word(cursor: Cursor): string {
  const { value } = cursor;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The chapters of the clauses cited: a message is bound by all that its chapter says. */
function top(clauses: readonly string[]): string[] {
  return [...new Set(clauses.map((clause) => clause.split(".")[0] ?? clause))];
}
