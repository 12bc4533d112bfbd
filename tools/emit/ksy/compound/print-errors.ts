import type { Printer } from "../../../print/printer.js";
import { propertyName } from "../../../print/printer.js";
import type { Compound, Field, NumberField, Size, Struct } from "./model.js";

/** The codec's error class, and what its messages say about each field. */
export function printErrors(model: Compound, printer: Printer, runtime: string): void {
  printer.import("CodecError", `${runtime}codec.js`);
  printer.import("createFaults", `${runtime}codec.js`);
  printer.import("NumberInfo", `${runtime}compound.js`, { type: true });
  const name = `${model.prefix}Error`;
  printer.jsDoc(
    `Octets that are no ${model.original.replaceAll("_", " ")}, or a message that cannot be encoded: \`code\`, \`field\`, \`offset\` and \`clause\` say why.`,
  );
  printer.block(`export class ${name} extends CodecError`, () => {
    printer.print(`override name = ${printer.string(name)};`);
  });
  printer.print("", `export const faults = createFaults(${name});`, "");
  printer.block(
    "export const fields = {",
    () => {
      for (const type of [model.root, ...model.types]) {
        printer.block(
          `${propertyName(keyOf(model, type))}: {`,
          () => {
            for (const field of type.fields) {
              printer.print(`${propertyName(field.name)}: ${printer.string(infoOf(model, type, field))},`);
            }
          },
          "},",
        );
      }
    },
    "} as const satisfies Record<string, Record<string, NumberInfo>>;",
  );
}

/** Where a type's fields stand among `fields`. */
export function keyOf(model: Compound, type: Struct): string {
  return type === model.root ? "root" : type.name;
}

/** `fields.hello.peerId` */
export function infoName(model: Compound, type: Struct, field: Field): string {
  return `fields.${keyOf(model, type)}.${field.name}`;
}

function infoOf(model: Compound, type: Struct, field: Field): object {
  const name = type === model.root ? field.name : `${type.name}.${field.name}`;
  const base = { name, clause: field.citation };
  if (field.kind !== "number") return { ...base, max: mostOctets(field) };
  const { max, least, most, values, errorCode, fatal } = field;
  const allowed = allowedText(field);
  return {
    ...base,
    max,
    ...(least > 0 ? { least } : {}),
    ...(most < max ? { most } : {}),
    ...(values === undefined ? {} : { values }),
    ...(errorCode === undefined ? {} : { error: errorCode }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(fatal ? { fatal } : {}),
  };
}

function mostOctets(field: Exclude<Field, NumberField>): number {
  if (field.kind === "list") return field.count === "rest" ? 0xffffffff : field.count.most;
  if (field.kind === "struct") return 0xffffffff;
  const size: Size = field.size;
  if (typeof size === "number") return size;
  return size === "rest" ? 0xffffffff : size.field.most + size.plus;
}

function allowedText({ least, most, max, values }: NumberField): string | undefined {
  if (values !== undefined) return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  if (least === most) return String(least);
  return least === 0 && most === max ? undefined : `${least} to ${most}`;
}
