import { isTakenType } from "../print/names.js";
import { Cursor } from "./cursor.js";
import { readType } from "./json-schema.js";
import type { Schema, SpecFile, Type } from "./model.js";
import { compareText, type Problem } from "./problem.js";
import type { References } from "./references.js";

const TYPE_NAME = /^[A-Z][A-Za-z0-9]*$/;

/** The named schemas of one protocol: a file of its own or an entry of `components.schemas` gives a type its name. */
export class SchemaTable {
  private readonly references: References;
  private readonly document: string;
  /** Where a name is defined: `file#pointer`. */
  private readonly homes = new Map<string, string>();
  private readonly found = new Map<string, Schema>();

  constructor(references: References, document: string) {
    this.references = references;
    this.document = document;
  }

  /** An entry of `components.schemas`: a bare `$ref` is another way to reach a file, anything else a schema. */
  addComponent(name: string, cursor: Cursor): void {
    if (cursor.has("$ref")) {
      const target = this.nameOf(cursor.get("$ref"));
      if (target !== undefined && target !== name) {
        cursor.problem(`component ${name} refers to a schema named ${target}. Name it ${target} too.`);
      }
    } else {
      this.add(name, cursor);
    }
  }

  addFile(file: SpecFile, problems: Problem[]): void {
    this.add(file.name, new Cursor(file, [], file.value, problems));
  }

  /** The type name of the schema a `$ref` leads to. */
  readonly nameOf = (ref: Cursor): string | undefined => {
    const target = this.references.follow(ref);
    if (target === undefined) return undefined;
    if (target.path.length === 0) return this.add(target.file.name, target);
    const [parent, name] = [target.path.slice(0, -1).join("/"), String(target.path.at(-1))];
    if (parent !== "components/schemas" && parent !== "$defs") {
      ref.problem(`$ref ${String(ref.value)} leads to a schema without a name. Move that schema to a file of its own.`);
      return undefined;
    }
    return target.has("$ref") ? this.throughAlias(name, target) : this.add(name, target);
  };

  private readonly trail = new Set<string>();

  /** `components.schemas.X: { $ref: … }`: the name is that of what it leads to. */
  private throughAlias(name: string, alias: Cursor): string | undefined {
    const home = `${alias.file.path}#${name}`;
    if (this.trail.has(home)) {
      alias.problem(`${name} is defined by nothing but itself. Give it a type.`);
      return undefined;
    }
    this.trail.add(home);
    const target = this.nameOf(alias.get("$ref"));
    this.trail.delete(home);
    return target;
  }

  /** Registers the schema here under its name, reading it at its first mention. */
  private add(name: string, cursor: Cursor): string {
    const home = `${cursor.file.path}#${cursor.path.join("/")}`;
    const known = this.homes.get(name);
    if (known !== undefined) {
      if (known !== home) {
        cursor.problem(
          `two schemas are named ${name}: this one and ${known.replace(/#$/, "")}. Rename one of the files.`,
        );
      }
      return name;
    }
    this.homes.set(name, home);
    if (!TYPE_NAME.test(name)) {
      cursor.problem(`${name} is no type name. Name the file in PascalCase, such as PeerInformation.yaml.`);
    }
    if (isTakenType(name)) {
      cursor.problem(`${name} is the name of a type that generated code uses. Choose another, such as ${name}Element.`);
    }
    const type = readType(cursor, this.nameOf);
    const { file } = cursor;
    this.found.set(name, {
      ...cursor.cited(),
      name,
      title: cursor.get("title").text(),
      role: file.path.includes("/messages/") ? "message" : "element",
      document: cursor.get("x-document").text() || this.document,
      element: cursor.get("x-element").text() || undefined,
      source: file.path,
      type,
      json: cursor.value ?? true,
    });
    return name;
  }

  /** All of them in order; reports what only shows once all are known. */
  schemas(problems: Problem[]): Schema[] {
    const all = [...this.found.values()];
    const known = new Set(all.map(({ name }) => name));
    for (const schema of all) {
      if (schema.element !== undefined && !known.has(schema.element)) {
        const message = `x-element ${schema.element} is no schema here. Name one of the files in schemas/.`;
        problems.push({ position: schema.position, message });
      }
    }
    for (const schema of all) {
      const trail = new Set<string>();
      let target: Schema | undefined = schema;
      while (target?.type.kind === "ref" && !trail.has(target.name)) {
        trail.add(target.name);
        target = this.found.get(target.type.name);
      }
      if (target?.name === schema.name && schema.type.kind === "ref") {
        problems.push({
          position: schema.position,
          message: `${schema.name} is defined by nothing but itself. Give it a type.`,
        });
      }
    }
    return all.sort((a, b) => compareText(a.role, b.role) || compareText(a.name, b.name));
  }

  /** The type at a member path, references resolved; undefined if there is no such member. */
  typeAt(type: Type, path: readonly string[]): Type | undefined {
    const resolved = this.resolve(type);
    const [step, ...rest] = path;
    if (step === undefined) return resolved;
    if (resolved?.kind === "all") {
      return resolved.parts.map((part) => this.typeAt(part, path)).find((part) => part !== undefined);
    }
    const member = resolved?.kind === "object" ? resolved.members.find(({ name }) => name === step) : undefined;
    return member === undefined ? undefined : this.typeAt(member.type, rest);
  }

  private resolve(type: Type): Type | undefined {
    return type.kind === "ref" ? this.resolve(this.found.get(type.name)?.type ?? { kind: "unknown" }) : type;
  }
}
