/** Rules on <protocol>/examples/: each example is there twice, and its read form is valid against the message schema. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Cursor, isObject } from "../model/cursor.js";
import { nameOf, type SpecTree } from "./spec-tree.js";

/** Base of the identifiers that schemas get for the check, so that their relative references meet. */
const BASE = "file:///";

export function checkExamples(index: Cursor, protocol: string, tree: SpecTree): void {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  for (const [path, file] of tree.files) {
    if (!/\/(schemas|messages)\//.test(path) || !isObject(file.value)) continue;
    ajv.addSchema({ ...(structuredClone(file.value) as AnySchemaObject), $id: `${BASE}${path}` });
  }
  for (const example of index.items()) {
    const what = String(example.get("id").value ?? nameOf(example));
    if (!/\d/.test(String(example.get("clause").value))) {
      example.problem(`${what} has no clause. Say where the example is printed: clause: "9.2.1.1".`);
    }
    const read = textOf(example.get("read"), what);
    const printed = textOf(example.get("printed"), what);
    if (printed !== undefined) checkPrinted(example.get("printed").get("file"), printed, what);
    const body = read === undefined ? undefined : parse(read);
    if (read !== undefined && body === undefined) {
      example.get("read").problem(`the read form of ${what} is no JSON. Mend it: reading is what makes it JSON.`);
    }
    if (body !== undefined) checkBody(example, protocol, what, body, ajv);
  }
}

function checkPrinted(file: Cursor, text: string, what: string): void {
  const json = parse(text) !== undefined;
  if (json !== String(file.value).endsWith(".json")) {
    file.problem(
      `what is printed for ${what} is ${json ? "JSON: end its name in .json" : "no JSON: end its name in .txt"}.`,
    );
  }
}

function checkBody(example: Cursor, protocol: string, what: string, body: unknown, ajv: Ajv2020): void {
  const operation = String(example.get("operation").value);
  const type = `${pascal(operation)}${pascal(String(example.get("direction").value))}`;
  const validate = ajv.getSchema(`${BASE}${protocol}/messages/${type}.yaml`);
  if (validate === undefined) {
    example.problem(`${what}: there is no message ${type}. Correct operation or direction (request, response).`);
    return;
  }
  if (validate(body) === true) return;
  for (const { instancePath, message } of validate.errors ?? []) {
    const place = instancePath === "" ? "the body" : instancePath;
    example
      .get("read")
      .problem(
        `the read form of ${what} is no ${type}: ${place} ${message ?? "is wrong"}. Correct the example or the schema.`,
      );
  }
}

function textOf(form: Cursor, what: string): string | undefined {
  const file = form.get("file");
  const path = join(dirname(form.file.absolute), String(file.value ?? ""));
  if (typeof file.value === "string" && existsSync(path)) return readFileSync(path, "utf8");
  form.problem(`${what} has no ${nameOf(form)} form. Add the file, and name it under file.`);
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `PAMP_PEER_REG` → `PampPeerReg`, `request` → `Request`; what is mixed case already stays. */
function pascal(name: string): string {
  return name
    .split("_")
    .map((word) => {
      const rest = word.slice(1);
      return word.charAt(0).toUpperCase() + (rest === rest.toUpperCase() ? rest.toLowerCase() : rest);
    })
    .join("");
}
