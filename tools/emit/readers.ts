/** readers.ts: one function per schema that brings what errata let a receiver accept to the declared form (`x-accept`). */
import type { Member, ObjectType, Protocol, Schema, Type } from "../model/model.js";
import { citation } from "../print/describe.js";
import { camelCase } from "../print/names.js";
import { memberAccess, type Printer } from "../print/printer.js";
import type { EmitContext, OpenApiEmitter } from "./emitter.js";
import { sourceOf } from "./source.js";
import { activeSchemas, erratumIds, hasTolerance, referencesOf, toleratesMember } from "./tolerance.js";
import { pointer } from "./validator-parts.js";

const READINGS = "../runtime/readings.js";

export const readersEmitter: OpenApiEmitter = {
  name: "readers",
  emit(protocol, context) {
    const p = context.printer(sourceOf(protocol));
    // Readers are for the bodies of operations; other messages are read by hand, or not tolerantly.
    if (protocol.messagesOnly) return [];
    const emitter = new ReaderPrinter(p, protocol, context);
    for (const schema of protocol.schemas) emitter.print(schema);
    return [{ path: `${protocol.name}/readers.ts`, content: p.toString() }];
  },
};

class ReaderPrinter {
  private readonly p: Printer;
  private readonly protocol: Protocol;
  private readonly context: EmitContext;
  private readonly schemas: ReadonlyMap<string, Schema>;
  /** Schemas with something to read tolerantly in them or below them. */
  private readonly active: ReadonlySet<string>;

  constructor(p: Printer, protocol: Protocol, context: EmitContext) {
    this.p = p;
    this.protocol = protocol;
    this.context = context;
    this.schemas = new Map(protocol.schemas.map((schema) => [schema.name, schema]));
    this.active = activeSchemas(protocol);
  }

  print(schema: Schema): void {
    const { p } = this;
    const reader = p.import("Reader", "../runtime/validation.js", { type: true });
    if (!this.active.has(schema.name)) {
      p.print(`export const read${schema.name}: ${reader} = ${this.helper("asIs")};`, "");
      return;
    }
    const object = this.objectOf(schema.type);
    const body = object === undefined ? [] : this.objectStatements(schema, object);
    const errata = [...new Set(object === undefined ? [] : erratumIds(object))].sort();
    const because = errata.length === 0 ? "what lies in its members" : errata.join(", ");
    const usesContext = body.some((line) => line.includes("context"));
    p.jsDoc({
      text: `Reads a ${schema.name} tolerantly: ${because}.`,
      clause: this.clause(schema),
    });
    p.block(
      `export const read${schema.name}: ${reader} = (${object?.accept.unwrapped === true ? "received" : "value"}${usesContext ? ", context" : ""}) => {`,
      () => {
        if (object === undefined) this.printDelegate(schema.type);
        else p.print(...withResult(body));
      },
      "};",
    );
    p.print("");
  }

  /** An alias of, or a union around, something active. */
  private printDelegate(type: Type): void {
    const names = referencesOf(type).filter((name) => this.active.has(name));
    const call = names.reduce((value, name) => `read${name}(${value}, context)`, "value");
    if (type.kind === "array")
      this.p.print(`${this.helper("eachItem")}(value, read${names[0]}, context);`, "return value;");
    else this.p.print(`return ${call};`);
  }

  private objectStatements(schema: Schema, type: ObjectType): string[] {
    const { p } = this;
    const { accept, members } = type;
    const lines: string[] = [];
    if (accept.unwrapped) lines.push(...this.unwrapStatements(schema, type));
    else lines.push(`if (!${this.checks("isObject")}(value)) return value;`);
    const spellings = this.spellingStatements(schema, type, "value");
    if (!accept.unwrapped) lines.push(...spellings);
    for (const place of accept.places) {
      const places = place.from.map((from) =>
        "parameter" in from
          ? this.parameterText(from.parameter, this.typeAt(type, place.member))
          : `${this.helper("at")}(value, ${p.string(from.member)})`,
      );
      lines.push(`${this.helper("fromPlaces")}(value, ${p.string(place.member)}, [${places.join(", ")}]);`);
    }
    for (const member of members) lines.push(...this.memberStatements(schema, member));
    return lines;
  }

  /** Blanks, case and other names, on the object called `value`. */
  private spellingStatements(schema: Schema, type: ObjectType, value: string): string[] {
    const { p } = this;
    const lines: string[] = [];
    if (type.accept.trimNames) {
      const names = type.members.flatMap((member) => [member.name, ...member.accept.names]);
      lines.push(`${this.helper("trimNames")}(${value}, ${this.nameSet(schema, "Names", names)});`);
    }
    for (const name of type.accept.ignoreCase) {
      const call = `${this.helper("findIgnoringCase")}(${value}, ${p.string(name)}, ${p.string(name.toLowerCase())});`;
      lines.push(when(`${value}${memberAccess(name)} === undefined`, [call]));
    }
    for (const { name, accept, clause } of type.members) {
      for (const other of accept.names) {
        const args = `${value}, ${p.string(other)}, ${p.string(name)}`;
        const cited = citation(schema.document, clause);
        const call = accept.refuseConflict
          ? `${this.helper("renameOrRefuse")}(${args}, ${p.string(pointer(name))}, ${p.string(cited)}, context);`
          : `${this.helper("rename")}(${args});`;
        lines.push(when(`${value}${memberAccess(other)} !== undefined`, [call]));
      }
    }
    return lines;
  }

  /** Spellings of the wrapper first, so that an alias of it counts; then the wrapping. */
  private unwrapStatements(schema: Schema, type: ObjectType): string[] {
    const { p } = this;
    const candidates = type.members.length === 1 ? type.members : type.members.filter(({ required }) => required);
    const [wrapper] = candidates;
    if (wrapper === undefined || candidates.length > 1) {
      const message = `unwrapped: ${schema.name} has no single wrapper member. Let exactly one member be required, or remove unwrapped.`;
      this.context.problem(schema.position, message);
      return ["const value = received;"];
    }
    const inner = this.resolve(wrapper.type);
    const names =
      inner?.kind === "object" ? inner.members.flatMap((member) => [member.name, ...member.accept.names]) : undefined;
    if (names === undefined && inner?.kind !== "array") {
      this.context.problem(
        wrapper.position,
        `unwrapped: ${wrapper.name} is neither an object nor an array. Remove unwrapped.`,
      );
    }
    const spellings = this.spellingStatements(schema, type, "received");
    const isObject = this.checks("isObject");
    return [
      ...(spellings.length > 0 ? [when(`${isObject}(received)`, spellings)] : []),
      `const value = ${this.helper("unwrapped")}(received, ${p.string(wrapper.name)}, ${names === undefined ? "undefined" : this.nameSet(schema, "Inner", names)});`,
      `if (!${isObject}(value)) return value;`,
    ];
  }

  private memberStatements(schema: Schema, member: Member): string[] {
    const { p } = this;
    const { accept, name, type } = member;
    const place = `value${memberAccess(name)}`;
    const at = p.string(pointer(name));
    const steps: string[] = [];
    if (accept.nested) steps.push(`${place} = ${this.helper("unnested")}(${place}, ${p.string(name)});`);
    if (accept.wrappedItems) steps.push(`${this.helper("unwrappedItems")}(${place}, ${p.string(name)});`);
    const target = this.resolve(type);
    const items = target?.kind === "array" ? this.resolve(target.items) : undefined;
    const kind = (items ?? target)?.kind ?? "unknown";
    const conversions = [...this.conversions(member, kind), ...(accept.roundUp ? [this.helper("roundUp")] : [])];
    for (const conversion of conversions) {
      steps.push(
        target?.kind === "array"
          ? `${this.helper("eachItem")}(${place}, ${conversion}, context);`
          : `${place} = ${conversion}(${place}, context);`,
      );
    }
    const own = type.kind === "array" ? type.items : type;
    for (const reference of referencesOf(own).filter((one) => this.active.has(one))) {
      const read = `read${reference}`;
      const call = type.kind === "array" ? this.helper("readItems") : `${place} = ${this.helper("readMember")}`;
      steps.push(`${call}(${place}, ${at}, ${read}, context);`);
    }
    const inherited = [name, ...accept.names].find((one) => one in {});
    if (inherited !== undefined && toleratesMember(member)) {
      const message = `${inherited} is a name that every object has: it cannot be read tolerantly. Remove x-accept.`;
      this.context.problem(member.position, message);
    }
    const lines: string[] = [];
    if (accept.nullAbsent) lines.push(when(`${place} === null`, [`delete ${place};`]));
    if (steps.length > 0) lines.push(when(`${place} !== undefined`, steps));
    if (this.objectOf(own) !== undefined && own.kind !== "ref" && hasTolerance(own)) {
      const message = `${schema.name}.${name} is described in place and has x-accept below it. Move it to a file of its own.`;
      this.context.problem(member.position, message);
    }
    return lines;
  }

  private conversions(member: Member, kind: Type["kind"]): string[] {
    const { accept } = member;
    return accept.types.flatMap((from) => {
      const name = conversionName(from === "integer" ? "number" : from, kind === "integer" ? "number" : kind);
      if (from === "object" && accept.member !== undefined) return [this.readerOfMember(accept.member)];
      if (name !== undefined) return [this.helper(name)];
      const message = `types: [${from}] has no conversion to ${kind}. Remove it; known: ${Object.keys(CONVERSIONS).join(", ")}.`;
      this.context.problem(member.position, message);
      return [];
    });
  }

  private parameterText(parameter: string, type: Type | undefined): string {
    const text = `context.query?.${/^[A-Za-z_]\w*$/.test(parameter) ? parameter : ""}${/^[A-Za-z_]\w*$/.test(parameter) ? "" : `[${this.p.string(parameter)}]`}?.[0]`;
    const kind = type?.kind === "integer" ? "number" : type?.kind;
    const name = kind === undefined ? undefined : conversionName("string", kind);
    return name === undefined ? text : `${this.helper(name)}(${text}, context)`;
  }

  private readonly constants = new Set<string>();

  private readerOfMember(member: string): string {
    const name = `${camelCase(member)}Of`;
    if (!this.constants.has(name))
      this.p.print(`const ${name} = ${this.helper("memberOf")}(${this.p.string(member)});`, "");
    this.constants.add(name);
    return name;
  }

  private nameSet(schema: Schema, suffix: string, names: readonly string[]): string {
    const name = camelCase(schema.name) + suffix;
    if (!this.constants.has(name))
      this.p.print(`const ${name}: ReadonlySet<string> = new Set(${this.p.string([...new Set(names)])});`, "");
    this.constants.add(name);
    return name;
  }

  private typeAt(type: Type, path: readonly string[]): Type | undefined {
    const resolved = this.resolve(type);
    const [step, ...rest] = path;
    if (step === undefined) return resolved;
    const member = resolved?.kind === "object" ? resolved.members.find(({ name }) => name === step) : undefined;
    return member === undefined ? undefined : this.typeAt(member.type, rest);
  }

  /** References followed; the first part of a narrowed reference. */
  private resolve(type: Type): Type | undefined {
    if (type.kind === "ref") {
      const schema = this.schemas.get(type.name);
      return schema === undefined ? undefined : this.resolve(schema.type);
    }
    return type.kind === "all" && type.parts[0] !== undefined ? this.resolve(type.parts[0]) : type;
  }

  private objectOf(type: Type): ObjectType | undefined {
    return type.kind === "object" ? type : undefined;
  }

  private clause(schema: Schema): string {
    return citation(schema.document === "" ? this.protocol.document : schema.document, schema.clause);
  }

  private helper(name: string): string {
    return this.p.import(name, READINGS);
  }

  private checks(name: string): string {
    return this.p.import(name, "../runtime/checks.js");
  }
}

/** Ends a reader's body; a value that nothing more is done to is returned where it is made. */
function withResult(body: readonly string[]): string[] {
  const last = body.at(-1) ?? "";
  if (!last.startsWith("if (!isObject(value)) return value;")) return [...body, "return value;"];
  const made = /^const value = (.*)$/.exec(body.at(-2) ?? "")?.[1];
  return made === undefined ? [...body.slice(0, -1), "return value;"] : [...body.slice(0, -2), `return ${made}`];
}

/** One line where it fits, a block where not. */
function when(condition: string, statements: readonly string[]): string {
  const [only = ""] = statements;
  const line = `if (${condition}) ${only}`;
  if (statements.length === 1 && line.length <= 114 && !only.startsWith("if (")) return line;
  return [`if (${condition}) {`, ...statements, "}"].join("\n");
}

const CONVERSIONS: Readonly<Record<string, string>> = {
  "number to string": "numberToString",
  "string to number": "stringToNumber",
  "string to boolean": "stringToBoolean",
  "number to boolean": "numberToBoolean",
  "boolean to string": "booleanToString",
};

function conversionName(from: string, to: string): string | undefined {
  return CONVERSIONS[`${from} to ${to}`];
}
