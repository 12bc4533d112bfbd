/**
 * validators.ts: one function per schema, printed from the model.
 *
 * Printed here rather than compiled by ajv: ajv's standalone code is not strict TypeScript, imports helpers by `require`, and
 * knows neither clauses nor messages for people. ajv is the oracle in the tests instead (validators.test.ts).
 */
import type {
  ArrayType,
  NumberType,
  ObjectType,
  Protocol,
  Schema,
  StringType,
  Type,
  UnionType,
} from "../model/model.js";
import { citation } from "../print/describe.js";
import { camelCase, pascalCase } from "../print/names.js";
import type { Printer } from "../print/printer.js";
import type { OpenApiEmitter } from "./emitter.js";
import { sourceOf } from "./source.js";
import { access, arrayBounds, count, localName, numberBounds, pointer, stringBounds } from "./validator-parts.js";

const CHECKS = "../runtime/checks.js";

export const validatorsEmitter: OpenApiEmitter = {
  name: "validators",
  emit(protocol, context) {
    const p = context.printer(sourceOf(protocol));
    p.import("ValidationIssue", "../runtime/validation.js", { type: true });
    for (const schema of protocol.schemas) new SchemaValidator(p, schema, protocol).print();
    return [{ path: `${protocol.name}/validators.ts`, content: p.toString() }];
  },
};

/** Where a check stands: what it reads, the pointer it reports under, and the clause it cites. */
interface Site {
  /** Expression of the value: `value`, `peerId`, `fragment[i]`. */
  readonly value: string;
  /** JSON Pointer from the function's value: `/peer_id`, or "" for that value itself. */
  readonly member: string;
  readonly clause: string;
  /** Name for functions hoisted out of this place. */
  readonly name: string;
}

class SchemaValidator {
  private readonly p: Printer;
  private readonly schema: Schema;
  private readonly document: string;
  /** Functions and constants that the schema's own function needs, printed before it. */
  private readonly hoisted: (() => void)[] = [];
  private readonly locals = new Set<string>();

  constructor(p: Printer, schema: Schema, protocol: Protocol) {
    this.p = p;
    this.schema = schema;
    this.document = schema.document === "" ? protocol.document : schema.document;
  }

  print(): void {
    const { p, schema } = this;
    const { name } = schema;
    const type = p.import(name, "./types.js", { type: true });
    const clause = citation(this.document, schema.clause);
    this.printFunction(
      `export function validate${name}(value: unknown): ValidationIssue[] | undefined`,
      schema.type,
      { value: "value", member: "", clause, name },
      `Checks {@link ${name}}: undefined when it conforms, else what is wrong.`,
    );
    p.block(`export function is${name}(value: unknown): value is ${type}`, () =>
      p.print(`return validate${name}(value) === undefined;`),
    );
    p.print("");
  }

  /** A function over one type; what it needs is printed first, so statements are gathered before the head. */
  private printFunction(head: string, type: Type, site: Site, doc?: string): void {
    const statements = this.gather(() => this.check(type, site));
    while (this.hoisted.length > 0) this.hoisted.shift()?.();
    if (doc !== undefined) this.p.jsDoc({ text: doc, clause: site.clause });
    this.p.block(statements.length === 0 ? head.replace("(value:", "(_value:") : head, () => {
      const assignments = statements.join("\n").match(/\bissues = /g)?.length ?? 0;
      const single = /^issues = (\w+)\(issues, (.*)\);$/.exec(statements.at(-1) ?? "");
      if (statements.length === 0) {
        this.p.print("return undefined;");
      } else if (single !== null && assignments === 1) {
        // Nothing was found before the only check there is.
        const [, helper = "", rest = ""] = single;
        const inner = /^"", (.*)$/.exec(rest)?.[1];
        const result = helper === "within" && inner !== undefined ? inner : `${helper}(undefined, ${rest})`;
        this.p.print(...statements.slice(0, -1), `return ${result};`);
      } else {
        this.p.print(
          `let issues: ${this.p.import("Issues", CHECKS, { type: true })};`,
          ...statements,
          "return issues;",
        );
      }
    });
    this.p.print("");
  }

  private lines: string[] = [];

  private gather(body: () => void): string[] {
    const outer = this.lines;
    const locals = new Set(this.locals);
    this.lines = [];
    this.locals.clear();
    body();
    const gathered = this.lines;
    this.lines = outer;
    this.locals.clear();
    for (const local of locals) this.locals.add(local);
    return gathered;
  }

  private put(...lines: string[]): void {
    this.lines.push(...lines);
  }

  private helper(name: string): string {
    return this.p.import(name, CHECKS);
  }

  /** Prints statements that put into `issues` whatever is wrong with the value of a site. */
  private check(type: Type, site: Site): void {
    switch (type.kind) {
      case "ref":
        this.put(
          `issues = ${this.helper("within")}(issues, ${this.p.string(site.member)}, validate${type.name}(${site.value}));`,
        );
        return;
      case "object":
        this.checkObject(type, site);
        return;
      case "array":
        this.checkArray(type, site);
        return;
      case "string":
        this.checkString(type, site);
        return;
      case "number":
      case "integer":
        this.checkNumber(type, site);
        return;
      case "boolean":
        if (type.const !== undefined) this.refuse(site, `${site.value} !== ${type.const}`, `must be ${type.const}`);
        else this.typed(site, `typeof ${site.value} !== "boolean"`, "true or false", []);
        return;
      case "null":
        this.typed(site, `${site.value} !== null`, "null", []);
        return;
      case "union":
        this.checkUnion(type, site);
        return;
      case "all":
        for (const part of type.parts) this.check(part, site);
        return;
      case "unknown":
        return;
    }
  }

  /** `if (…) {…} else if (…) {…}`: the first that applies. */
  private chain(branches: readonly (readonly [condition: string, statement: string])[]): void {
    const text = branches.map(([condition, statement]) => `if (${condition}) {\n${statement}\n}`).join(" else ");
    if (text !== "") this.put(text);
  }

  private refuse(site: Site, condition: string, message: string): void {
    this.chain([[condition, this.refusal(site, message)]]);
  }

  private refusal(site: Site, message: string): string {
    const { p } = this;
    return `issues = ${this.helper("add")}(issues, ${p.string(site.member)}, ${p.string(site.clause)}, ${p.string(message)});`;
  }

  private absence(site: Site): string {
    const { p } = this;
    return `issues = ${this.helper("missing")}(issues, ${p.string(site.member)}, ${p.string(site.clause)});`;
  }

  private access(object: string, name: string): string {
    return access(object, name, () => this.helper("own"));
  }

  private mismatch(site: Site, expected: string): string {
    const { p } = this;
    return `issues = ${this.helper("wrongType")}(issues, ${p.string(site.member)}, ${p.string(site.clause)}, ${p.string(expected)}, ${site.value});`;
  }

  /** Wrong type, then the bounds; a loose type lets other types pass. */
  private typed(site: Site, wrong: string, expected: string, bounds: readonly [string, string][], loose = false): void {
    const rest = bounds.map(([condition, message]) => [condition, this.refusal(site, message)] as const);
    if (!loose) this.chain([[wrong, this.mismatch(site, expected)], ...rest]);
    else this.chain(rest.map(([condition, statement]) => [`!(${wrong}) && ${condition}`, statement]));
  }

  private checkString(type: StringType, site: Site): void {
    if (type.enum !== undefined) {
      this.checkEnum(type.enum, site);
      return;
    }
    const bounds = stringBounds(type, site.value, (name) => this.helper(name));
    if (type.pattern !== undefined) {
      const constant = this.hoistConstant(site, "Pattern", new RegExp(type.pattern, "u").toString());
      bounds.push([`!${constant}.test(${site.value})`, `must match ${type.pattern}`]);
    }
    this.typed(site, `typeof ${site.value} !== "string"`, "a string", bounds, type.loose);
  }

  private checkNumber(type: NumberType, site: Site): void {
    if (type.enum !== undefined) {
      this.checkEnum(type.enum, site);
      return;
    }
    const form = type.kind === "integer" ? "isInteger" : "isFinite";
    const expected = type.kind === "integer" ? "an integer" : "a number";
    // `typeof` is for the compiler, which does not narrow by Number.isInteger.
    const wrong = `typeof ${site.value} !== "number" || !Number.${form}(${site.value})`;
    this.typed(site, wrong, expected, numberBounds(type, site.value), type.loose);
  }

  private checkEnum(words: readonly (string | number)[], site: Site): void {
    const message = words.length === 1 ? `must be ${words[0]}` : `must be one of ${words.join(", ")}`;
    if (words.length <= 6) {
      this.refuse(site, words.map((word) => `${site.value} !== ${this.p.string(word)}`).join(" && "), message);
      return;
    }
    const constant = this.hoistConstant(site, "Words", `new Set<unknown>(${this.p.string(words)})`);
    this.refuse(site, `!${constant}.has(${site.value})`, message);
  }

  private checkArray(type: ArrayType, site: Site): void {
    const { value, member } = site;
    const bounds = arrayBounds(type, value, (name) => this.helper(name));
    const branches = bounds.map(([condition, message]) => [condition, this.refusal(site, message)] as const);
    const check = this.checkFunction(type.items, { ...site, name: `${site.name}Item` });
    const array = `Array.isArray(${value})`;
    this.chain([[`!${array}`, type.loose ? "" : this.mismatch(site, "an array")], ...branches]);
    if (check === undefined) return;
    // A list that is refused as such is not walked.
    this.put(
      `else {`,
      `for (let i = 0; i < ${value}.length && !${this.helper("full")}(issues); i++) {`,
      `issues = ${this.helper("withinItem")}(issues, ${this.p.string(member)}, i, ${check}(${value}[i]));`,
      "}",
      "}",
    );
  }

  private checkObject(type: ObjectType, site: Site): void {
    if (site.value !== "value") {
      const check = this.hoistFunction(type, site);
      this.put(`issues = ${this.helper("within")}(issues, ${this.p.string(site.member)}, ${check}(${site.value}));`);
      return;
    }
    const isObject = `${this.helper("isObject")}(${site.value})`;
    const body = this.gather(() => this.checkMembers(type, site));
    if (type.loose) this.put(`if (${isObject}) {`, ...body, "}");
    else if (body.length === 0) this.put(`if (!${isObject}) ${this.mismatch(site, "an object")}`);
    else
      this.put(
        `if (!${isObject}) return ${this.mismatch(site, "an object").replace("issues = ", "").replace("(issues,", "(undefined,")}`,
        ...body,
      );
  }

  private checkMembers(type: ObjectType, site: Site): void {
    const { p } = this;
    for (const name of type.alsoRequired) {
      this.put(
        `if (${access(site.value, name, () => this.helper("own"))} === undefined) issues = ${this.helper("missing")}(issues, ${p.string(pointer(name))}, ${p.string(site.clause)});`,
      );
    }
    for (const member of type.members) {
      const local = this.local(member.name);
      const clause = citation(this.document, member.clause === "" ? this.schema.clause : member.clause);
      const inner: Site = {
        value: local,
        member: pointer(member.name),
        clause,
        name: site.name + pascalCase(member.name),
      };
      const body = this.gather(() => this.check(member.type, inner));
      if (!member.required && body.length === 0) continue;
      this.put(`const ${local} = ${this.access(site.value, member.name)};`);
      if (!member.required) {
        this.put(`if (${local} !== undefined) {`, ...body, "}");
        continue;
      }
      this.chain([[`${local} === undefined`, this.absence(inner)]]);
      if (body.length > 0)
        this.put("else", ...(body.length === 1 && body[0]?.startsWith("if (") === true ? body : ["{", ...body, "}"]));
    }
    if (type.additional !== true) {
      const declared = this.hoistConstant(
        site,
        "Members",
        `new Set(${p.string(type.members.map(({ name }) => name))})`,
        "ReadonlySet<string>",
      );
      if (type.additional === false) {
        this.put(`issues = ${this.helper("noOthers")}(issues, ${site.value}, ${declared}, ${p.string(site.clause)});`);
      } else {
        const check = this.checkFunction(type.additional, { ...site, name: `${site.name}Other` });
        if (check !== undefined)
          this.put(`issues = ${this.helper("withinOthers")}(issues, ${site.value}, ${declared}, ${check});`);
      }
    }
    for (const [key, limit, words] of [
      ["<", type.minProperties, "at least"],
      [">", type.maxProperties, "at most"],
    ] as const) {
      if (limit === undefined) continue;
      this.refuse(
        site,
        `Object.keys(${site.value}).length ${key} ${limit}`,
        `must have ${words} ${count(limit, "member")}`,
      );
    }
  }

  private checkUnion(type: UnionType, site: Site): void {
    const { p } = this;
    const alternatives = type.options.map((option) =>
      option.kind === "object" && option.loose && option.members.length === 0 ? option.alsoRequired : [],
    );
    if (type.mode === "anyOf" && alternatives.every((names) => names.length === 1)) {
      // `anyOf: [{ required: [a] }, { required: [b] }]`: said in one sentence.
      const names = alternatives.flat();
      const isObject = `${this.helper("isObject")}(${site.value})`;
      const none = names.map((name) => `${this.access(site.value, name)} === undefined`);
      this.refuse(site, [isObject, ...none].join(" && "), `must have ${names.join(" or ")}`);
      return;
    }
    const checks = type.options.map(
      (option, index) =>
        this.checkFunction(option, { ...site, name: `${site.name}Form${index + 1}` }) ?? this.anything(site),
    );
    const list = this.hoistConstant(
      site,
      "Forms",
      `[${checks.join(", ")}]`,
      `readonly ${p.import("Check", CHECKS, { type: true })}[]`,
    );
    const call =
      type.mode === "anyOf"
        ? `${this.helper("anyOf")}(${site.value}, ${list})`
        : `${this.helper("oneOf")}(${site.value}, ${list}, ${p.string(site.clause)})`;
    this.put(`issues = ${this.helper("within")}(issues, ${p.string(site.member)}, ${call});`);
  }

  private anything(site: Site): string {
    return this.hoistFunction({ kind: "unknown" }, { ...site, name: `${site.name}Any` });
  }

  /** The name of a function that checks one value of the type; undefined if any value will do. */
  private checkFunction(type: Type, site: Site): string | undefined {
    if (type.kind === "unknown") return undefined;
    return type.kind === "ref" ? `validate${type.name}` : this.hoistFunction(type, site);
  }

  private hoistFunction(type: Type, site: Site): string {
    const name = `check${site.name}`;
    const issues = this.p.import("Issues", CHECKS, { type: true });
    this.hoisted.push(() =>
      this.printFunction(`function ${name}(value: unknown): ${issues}`, type, { ...site, value: "value", member: "" }),
    );
    return name;
  }

  private hoistConstant(site: Site, suffix: string, text: string, type?: string): string {
    const name = camelCase(site.name + suffix);
    this.hoisted.push(() => this.p.print(`const ${name}${type === undefined ? "" : `: ${type}`} = ${text};`, ""));
    return name;
  }

  /** A local name for a member, unlike any other in the function. */
  private local(member: string): string {
    let name = localName(member);
    while (this.locals.has(name)) name += "_";
    this.locals.add(name);
    return name;
  }
}
