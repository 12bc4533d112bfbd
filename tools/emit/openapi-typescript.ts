/**
 * The one file that knows openapi-typescript: named schemas in, the text of a TypeScript type for each out.
 * Replacing the tool means replacing this file.
 */
import openapiTS from "openapi-typescript";
import ts from "typescript";
import type { JsonValue, Schema, Type } from "../model/model.js";

/** The TypeScript of one schema. */
export type TypeText =
  | {
      readonly kind: "interface";
      readonly members: ReadonlyMap<string, { readonly optional: boolean; readonly text: string }>;
    }
  | { readonly kind: "alias"; readonly text: string };

type SchemaObject = { [keyword: string]: JsonValue };

export async function typeTexts(schemas: readonly Schema[]): Promise<Map<string, TypeText>> {
  const nodes = await openapiTS(
    {
      openapi: "3.1.0",
      info: { title: "", version: "" },
      paths: {},
      components: { schemas: Object.fromEntries(schemas.map(({ name, type }) => [name, toSchema(type)])) },
    } as Parameters<typeof openapiTS>[0] & object,
    { silent: true },
  );
  const file = ts.createSourceFile("types.ts", "", ts.ScriptTarget.ES2022);
  const printer = ts.createPrinter({ removeComments: true });
  const text = (node: ts.Node): string =>
    printer
      .printNode(ts.EmitHint.Unspecified, node, file)
      .replace(/components\["schemas"\]\["([A-Za-z0-9]+)"\]/g, "$1");

  const texts = new Map<string, TypeText>();
  for (const { name, type } of properties(schemasNode(nodes))) {
    if (ts.isTypeLiteralNode(type) && type.members.every(ts.isPropertySignature)) {
      const members = properties(type).map(
        (member) => [member.name, { optional: member.optional, text: text(member.type) }] as const,
      );
      texts.set(name, { kind: "interface", members: new Map(members) });
    } else {
      texts.set(name, { kind: "alias", text: text(type) });
    }
  }
  return texts;
}

/** `components.schemas` of what openapi-typescript returns. */
function schemasNode(nodes: readonly ts.Node[]): ts.Node | undefined {
  const components = nodes.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === "components",
  );
  const member = components?.members.find(
    (one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === "schemas",
  );
  return member !== undefined && ts.isPropertySignature(member) ? member.type : undefined;
}

function properties(node: ts.Node | undefined): { name: string; optional: boolean; type: ts.TypeNode }[] {
  if (node === undefined || !ts.isTypeLiteralNode(node)) return [];
  return node.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return [];
    const name = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "";
    return [{ name, optional: member.questionToken !== undefined, type: member.type }];
  });
}

/**
 * The model's type as JSON Schema with references by name. Narrowings beside a `$ref` are left to the validators: as types
 * they would only blur the name.
 */
function toSchema(type: Type): SchemaObject {
  switch (type.kind) {
    case "ref":
      return { $ref: `#/components/schemas/${type.name}` };
    case "object":
      return {
        type: "object",
        required: type.members.filter(({ required }) => required).map(({ name }) => name),
        properties: Object.fromEntries(type.members.map((member) => [member.name, toSchema(member.type)])),
        ...(typeof type.additional === "object"
          ? { additionalProperties: toSchema(type.additional) }
          : type.members.length === 0
            ? { additionalProperties: type.additional }
            : {}),
      };
    case "array":
      return { type: "array", items: toSchema(type.items) };
    case "string":
    case "number":
    case "integer":
      return { type: type.kind, ...(type.enum === undefined ? {} : { enum: [...type.enum] }) };
    case "boolean":
      return type.const === undefined ? { type: "boolean" } : { type: "boolean", const: type.const };
    case "null":
      return { type: "null" };
    case "union":
      return { [type.mode]: type.options.map(toSchema) };
    case "all": {
      const parts = type.parts.filter(binding);
      const [only] = parts;
      return only !== undefined && parts.length === 1 ? toSchema(only) : { allOf: parts.map(toSchema) };
    }
    case "unknown":
      return {};
  }
}

function binding(type: Type): boolean {
  if (type.kind === "union") return type.options.every(binding);
  return !("loose" in type && type.loose);
}
