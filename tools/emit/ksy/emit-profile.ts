import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import { isObject } from "../../model/cursor.js";
import type { JsonValue, KsySpec, SpecFile } from "../../model/model.js";
import { camelCase } from "../../print/names.js";
import { memberAccess, type Printer, propertyName } from "../../print/printer.js";
import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { isCompound } from "./compound/load.js";
import { folderOf, modelOf } from "./generated-file.js";
import type { KsyModel } from "./ksy-model.js";

/** What profile.schema.json lets through; only what is treated by name here is spelled out. */
interface Profile {
  readonly title: string;
  readonly document: string;
  readonly readings: readonly Reading[];
  readonly requests: Readonly<Record<string, Request>>;
  readonly payloads: Readonly<Record<string, Entry>>;
  readonly refusals: Readonly<Record<string, Entry & { readonly code: string }>>;
  readonly identifiers: Entry & { readonly "accept-unassigned-on": readonly string[] };
  readonly transports: Readonly<Record<string, Entry>>;
  readonly variables: Readonly<Record<string, Entry>>;
  readonly limits: Readonly<Record<string, Entry>>;
}

interface Entry {
  readonly doc?: string;
  readonly clause: string;
  readonly errata?: readonly string[];
  readonly [key: string]: JsonValue | undefined;
}

interface Reading extends Entry {
  readonly id: string;
  readonly erratum: string;
  readonly default: string;
  readonly options: Readonly<Record<string, string>>;
}

interface Request extends Entry {
  readonly success: string;
  readonly payload: string;
  readonly "answer-payload": string;
  readonly refusals: readonly string[];
}

/** spec/<name>/profile.yaml, the decisions that a Recommendation leaves open, as one typed constant. */
export const profileEmitter: KsyEmitter = {
  name: "ksy-profile",
  emit(spec, context): GeneratedFile[] {
    const file = spec.data.get("profile");
    if (file !== undefined && isCompound(spec)) return isValid(file, context) ? [printPlain(file, spec, context)] : [];
    const model = file === undefined ? undefined : modelOf(spec, context);
    if (file === undefined || model === undefined || !isValid(file, context)) return [];
    if (!isObject(file.value) || !("readings" in file.value)) return [printPlain(file, spec, context)];
    const profile = file.value as unknown as Profile;
    if (!isConsistent(profile, file, model, context)) return [];
    const printer = context.printer({ source: file.path, hash: file.hash, clauses: profile.document });
    printProfile(profile, model, printer);
    return [{ path: `${folderOf(spec)}/profile.ts`, content: printer.toString() }];
  },
};

/** A profile without readings and requests: its values as they are, names aside. */
function printPlain(file: SpecFile, spec: KsySpec, context: EmitContext): GeneratedFile {
  const { document, title, ...values } = file.value as Readonly<Record<string, JsonValue>>;
  const printer = context.printer({ source: file.path, hash: file.hash, clauses: String(document ?? "") });
  printer.jsDoc(`${String(title ?? "The profile")}: ${file.path}.`);
  printer.block(
    "export const profile = {",
    () => {
      for (const [name, value] of Object.entries(values)) {
        printer.print(`${propertyName(camelCase(name))}: ${printer.string(camelCased(value))},`);
      }
    },
    "} as const;",
  );
  return { path: `${folderOf(spec)}/profile.ts`, content: printer.toString() };
}

function camelCased(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camelCase(name), camelCased(inner)]));
}

/** True when the folder's profile.schema.json has nothing to say. */
function isValid(file: SpecFile, context: EmitContext): boolean {
  const path = join(dirname(file.absolute), "profile.schema.json");
  if (!existsSync(path)) {
    context.problem(file.at([]), "a profile without its schema. Put profile.schema.json beside it; spec/ldmp has one.");
    return false;
  }
  const schema = JSON.parse(readFileSync(path, "utf8")) as AnySchema;
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  if (validate(file.value)) return true;
  for (const { instancePath, message, params } of validate.errors ?? []) {
    const keys = instancePath.split("/").slice(1).map(unescapePointer);
    context.problem(
      file.at(keys),
      `${keys.at(-1) ?? "the profile"} ${message}${detail(params)}. See profile.schema.json.`,
    );
  }
  return false;
}

function unescapePointer(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function detail(params: Record<string, unknown>): string {
  const values = Object.values(params).filter((value) => typeof value === "string" || Array.isArray(value));
  return values.length === 0 ? "" : ` (${values.map(String).join(", ")})`;
}

/** Every name has to be one that is defined, here or in the .ksy. */
function isConsistent(profile: Profile, file: SpecFile, model: KsyModel, context: EmitContext): boolean {
  let consistent = true;
  const expect = (known: boolean, path: (string | number)[], message: string): void => {
    if (known) return;
    consistent = false;
    context.problem(file.at(path), message);
  };
  const code = (id: string, ...path: (string | number)[]): void =>
    expect(
      codeName(model, id) !== undefined,
      path,
      `${id} is no code of ${model.id}.ksy. Add it there, or correct the name.`,
    );
  const payload = (id: string, ...path: string[]): void =>
    expect(
      Object.hasOwn(profile.payloads, id),
      path,
      `${id} is no payload. Add it under payloads, or correct the name.`,
    );
  for (const [id, request] of Object.entries(profile.requests)) {
    code(id, "requests", id);
    code(request.success, "requests", id, "success");
    payload(request.payload, "requests", id, "payload");
    payload(request["answer-payload"], "requests", id, "answer-payload");
    request.refusals.forEach((refusal, i) => {
      const known = Object.hasOwn(profile.refusals, refusal);
      expect(
        known,
        ["requests", id, "refusals", i],
        `${refusal} is no refusal. Add it under refusals, or correct the name.`,
      );
    });
  }
  for (const [id, refusal] of Object.entries(profile.refusals)) code(refusal.code, "refusals", id, "code");
  profile.identifiers["accept-unassigned-on"].forEach((id, i) => {
    code(id, "identifiers", "accept-unassigned-on", i);
  });
  profile.readings.forEach((reading, i) => {
    const known = Object.hasOwn(reading.options, reading.default);
    expect(known, ["readings", i, "default"], `${reading.default} is none of the options. Choose one of them.`);
  });
  return consistent;
}

function codeName(model: KsyModel, id: string): string | undefined {
  return model.enums.find((type) => type.id === "code")?.values.find((value) => value.id === id)?.name;
}

function printProfile(profile: Profile, model: KsyModel, printer: Printer): void {
  printer.import("Code", "./types.js");
  const code = (id: string): string => `Code${memberAccess(codeName(model, id) ?? "")}`;
  const cite = ({ clause, errata = [] }: Pick<Entry, "clause" | "errata">): string =>
    [`${profile.document} ${clause}`, ...errata].join(", ");
  const table = (
    name: string,
    entries: Readonly<Record<string, Entry>>,
    print: (id: string, entry: Entry) => void,
  ): void => {
    printer.block(
      `${name}: {`,
      () => {
        for (const [id, entry] of Object.entries(entries)) {
          printer.jsDoc({ text: entry.doc, clause: cite(entry) });
          print(id, entry);
        }
      },
      "},",
    );
  };
  const plain = (id: string, entry: Entry): void => {
    const members = Object.entries(entry).filter(([key]) => !["doc", "clause", "errata"].includes(key));
    const value = Object.fromEntries(members.map(([key, member]) => [camelCase(key), member]));
    printer.print(`${propertyName(camelCase(id))}: ${printer.string(value)},`);
  };

  printer.jsDoc(
    `What ${profile.document} leaves open, decided once for this project. spec/${model.id}/profile.yaml says why.`,
  );
  printer.block(
    `export const profile = {`,
    () => {
      table("transports", profile.transports, plain);
      printReadings(profile, printer);
      printer.jsDoc({ text: profile.identifiers.doc, clause: cite(profile.identifiers) });
      const { unassigned, least, most } = profile.identifiers;
      const accepted = profile.identifiers["accept-unassigned-on"].map(code).join(", ");
      const numbers = printer.string({ unassigned, least, most }).slice(1, -1).trim();
      printer.print(`identifiers: { ${numbers}, acceptUnassignedOn: [${accepted}] },`);
      table("variables", profile.variables, plain);
      table("limits", profile.limits, plain);
      table("payloads", profile.payloads, plain);
      table("requests", profile.requests, (id) => {
        const request = profile.requests[id] as Request;
        const refusals = request.refusals.map((one) => `${camelCase(one)}: ${code(profile.refusals[one]?.code ?? "")}`);
        const members = [
          `code: ${code(id)}`,
          `from: ${printer.string(request.from)}`,
          `answered: ${request.answered}`,
          `repeated: ${request.repeated}`,
          `payload: ${printer.string(camelCase(request.payload))}`,
          `success: ${code(request.success)}`,
          `answerPayload: ${printer.string(camelCase(request["answer-payload"]))}`,
          `refusals: { ${refusals.join(", ")} }`,
        ];
        printer.print(`${propertyName(codeName(model, id) ?? id)}: { ${members.join(", ")} },`);
      });
      table("refusals", profile.refusals, (id, { code: name }) => {
        printer.print(`${propertyName(camelCase(id))}: ${code(String(name))},`);
      });
    },
    "} as const;",
  );
  printer.print("");
  const type = `${model.prefix}Readings`;
  printer.jsDoc("A choice among the readings: every letter is one of those that the profile lists for it.");
  printer.print(`export type ${type} = {`);
  printer.print(
    `  readonly [Id in keyof typeof profile.readings]: keyof (typeof profile.readings)[Id]["options"];`,
    "};",
    "",
  );
  printer.jsDoc("The readings that this project follows unless told otherwise.");
  const defaults = Object.fromEntries(profile.readings.map((reading) => [camelCase(reading.id), reading.default]));
  printer.print(`export const defaultReadings: ${type} = ${printer.string(defaults)};`);
}

function printReadings(profile: Profile, printer: Printer): void {
  printer.block(
    "readings: {",
    () => {
      for (const reading of profile.readings) {
        printer.jsDoc({ text: reading.doc, clause: `${profile.document} ${reading.clause}, ${reading.erratum}` });
        const value = { erratum: reading.erratum, default: reading.default, options: reading.options };
        printer.print(`${propertyName(camelCase(reading.id))}: ${printer.string(value)},`);
      }
    },
    "},",
  );
}
