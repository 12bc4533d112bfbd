/** types.ts: one exported type per schema, and the words of each enumeration as values. */
import type { Member, Protocol, Schema, Type } from "../model/model.js";
import { citation, memberText, schemaText } from "../print/describe.js";
import { pascalCase } from "../print/names.js";
import { type Printer, propertyName } from "../print/printer.js";
import type { OpenApiEmitter } from "./emitter.js";
import { type TypeText, typeTexts } from "./openapi-typescript.js";
import { sourceOf } from "./source.js";

export const typesEmitter: OpenApiEmitter = {
  name: "types",
  async emit(protocol, context) {
    const texts = await typeTexts(protocol.schemas);
    const p = context.printer(sourceOf(protocol));
    for (const schema of protocol.schemas) {
      const text = texts.get(schema.name);
      if (text === undefined) continue;
      printSchema(p, schema, text);
    }
    for (const [name, enumeration] of enumerations(protocol)) {
      const { doc, clause, words } = enumeration;
      p.jsDoc({ text: doc, clause });
      p.block(
        `export const ${name} = {`,
        () => p.print(...words.map((word) => `${propertyName(word)}: ${p.string(word)},`)),
        "} as const;",
      );
      if (!enumeration.named) p.print(`export type ${name} = (typeof ${name})[keyof typeof ${name}];`);
      p.print("");
    }
    return [{ path: `${protocol.name}/types.ts`, content: p.toString() }];
  },
};

function printSchema(p: Printer, schema: Schema, text: TypeText): void {
  p.jsDoc({ text: schemaText(schema), clause: citation(schema.document, schema.clause) });
  if (text.kind === "alias") {
    p.print(`export type ${schema.name} = ${text.text};`, "");
    return;
  }
  const members = membersOf(schema.type);
  p.block(`export interface ${schema.name}`, () => {
    for (const [name, { optional, text: type }] of text.members) {
      const member = members.find((one) => one.name === name);
      if (member !== undefined) {
        p.jsDoc({
          text: memberText(member),
          clause: member.clause,
          tags: member.examples.map((value) => `@example ${JSON.stringify(value)}`),
        });
      }
      p.print(`${propertyName(name)}${optional ? "?" : ""}: ${type};`);
    }
  });
  p.print("");
}

interface Enumeration {
  readonly doc: string;
  readonly clause: string;
  readonly words: readonly string[];
  /** The type of this name is printed already: the schema itself is the enumeration. */
  readonly named: boolean;
}

/** By name: schemas that are enumerations, and members that list their words in place (`CrPolicyRecoveryBy`). */
export function enumerations(protocol: Protocol): Map<string, Enumeration> {
  const found = new Map<string, Enumeration>();
  const names = new Set(protocol.schemas.map(({ name }) => name));
  for (const schema of protocol.schemas) {
    const clause = citation(schema.document, schema.clause);
    if (schema.type.kind === "string" && schema.type.enum !== undefined) {
      found.set(schema.name, {
        doc: `The words of {@link ${schema.name}}.`,
        clause,
        words: schema.type.enum,
        named: true,
      });
    }
    for (const member of membersOf(schema.type)) {
      const words = member.type.kind === "string" ? member.type.enum : undefined;
      const name = schema.name + pascalCase(member.name);
      if (words === undefined || words.length < 2 || names.has(name)) continue;
      const doc = `The words of ${member.name} in {@link ${schema.name}}.`;
      found.set(name, { doc, clause: citation(schema.document, member.clause), words, named: false });
    }
  }
  return found;
}

function membersOf(type: Type): readonly Member[] {
  return type.kind === "object" ? type.members : [];
}
