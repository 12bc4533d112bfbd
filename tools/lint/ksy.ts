/** Rules on .ksy files: doc and -clause on every attribute, instance, parameter and enum value. */
import { type Cursor, isObject } from "../model/cursor.js";
import { nameOf } from "./spec-tree.js";

export function checkKsy(root: Cursor): void {
  if (typeof root.get("meta").get("-document").value !== "string") {
    root.problem("meta has no -document. Name the Recommendation that every -clause refers to: -document: X.609.8.");
  }
  checkType(root, root.file.name);
}

function checkType(type: Cursor, what: string): void {
  checkCited(type, what);
  for (const list of ["params", "seq"]) {
    for (const item of type.get(list).items())
      checkCited(item, `${what}.${String(item.get("id").value ?? nameOf(item))}`);
  }
  for (const [name, instance] of type.get("instances").entries()) checkCited(instance, `${what}.${name}`);
  for (const [name, values] of type.get("enums").entries()) {
    for (const [number, value] of values.entries()) {
      const word = `${name}::${String(value.get("id").value ?? number)}`;
      if (isObject(value.value)) checkCited(value, word);
      else value.problem(`${word} is a bare name. Write { id: …, doc: …, -clause: "…" }.`);
    }
  }
  for (const [name, inner] of type.get("types").entries()) checkType(inner, name);
}

function checkCited(cursor: Cursor, what: string): void {
  for (const key of ["doc", "-clause"]) {
    const { value } = cursor.get(key);
    if (typeof value === "string" && value.trim() !== "") continue;
    cursor.problem(
      key === "doc"
        ? `${what} has no doc. Say in your own words what it is.`
        : `${what} has no -clause. Say where the Recommendation defines it: -clause: "8.1".`,
    );
  }
}
