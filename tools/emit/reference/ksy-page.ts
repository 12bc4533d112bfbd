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
  const cited = [
    root,
    ...root.get("params").items(),
    ...fields,
    ...enums.flatMap(([, one]) => [one, ...one.entries().map(([, value]) => value)]),
  ];
  const clauses = [...new Set(cited.map((one) => word(one.get("-clause"))).filter((clause) => clause !== ""))];
  return [
    `# ${plain(word(meta.get("title")))}`,
    "",
    plain(word(root.get("doc"))),
    "",
    `Clauses are those of ${document}. ${endianness(meta.get("endian"))}`,
    "",
    ...heading(2, "Fields", "fields"),
    ...table(
      ["field", "printed as", "type", "present if", "values", "meaning", "clause", "errata"],
      fields.map(fieldRow),
    ),
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

function fieldRow(field: Cursor): string[] {
  const [type, size] = [word(field.get("type")), word(field.get("size"))];
  return [
    code(word(field.get("id"))),
    word(field.get("-orig-id")),
    code(type !== "" ? type : size === "" ? "the rest" : `${size} octets`),
    field.has("if") ? code(word(field.get("if"))) : "",
    field.has("enum") ? `[${word(field.get("enum"))}](#${word(field.get("enum"))})` : constraint(field.get("valid")),
    plain(word(field.get("doc"))),
    clauseOf(field),
    errataOf(field).join(", "),
  ];
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

function clauseOf(cursor: Cursor): string {
  return sourced(word(cursor.get("-clause")), word(cursor.get("-source")));
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
