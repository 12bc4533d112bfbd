import type { Printer } from "../../print/printer.js";
import { memberAccess } from "../../print/printer.js";
import type { Dialect, Expression, Operator } from "./expression.js";
import { namesIn } from "./expression.js";
import type { IntegerField, KsyCited, KsyEnum, KsyInstance, KsyModel, OctetsField, Valid } from "./ksy-model.js";

/** Names that generated functions use themselves, and words that cannot name a variable. */
const TAKEN = new Set(
  "bytes start end at size target message options exact faults fields allocate read write measure needed check fault decode encode class default function return new delete in this typeof void with case switch if else for while do try catch throw var let const enum export import super null true false await yield static".split(
    " ",
  ),
);

/** A variable that holds a field, parameter or instance. */
export function localName({ name }: { readonly name: string }): string {
  return TAKEN.has(name) ? `${name}Value` : name;
}

/** `{ type, size: sizeValue }` for destructuring a message. */
export function bindingOf(field: { readonly name: string }): string {
  const local = localName(field);
  return local === field.name ? local : `${field.name}: ${local}`;
}

export function citation(model: KsyModel, cited: Pick<KsyCited, "clause" | "errata">): string {
  return [`${model.document} ${cited.clause}`, ...cited.errata].join(", ");
}

export function integersOf(model: KsyModel): IntegerField[] {
  return model.segments.flatMap((segment) => (segment.kind === "run" ? segment.fields : []));
}

/** Every field, in the order of the octets. */
export function fieldsOf(model: KsyModel): (IntegerField | OctetsField)[] {
  return model.segments.flatMap<IntegerField | OctetsField>((part) =>
    part.kind === "run" ? part.fields : [part.field],
  );
}

/** Members of the message: all fields but the computed lengths. */
export function membersOf(model: KsyModel): (IntegerField | OctetsField)[] {
  return fieldsOf(model).filter((field) => field.kind === "octets" || field.lengthOf === undefined);
}

export function lastFieldOf(model: KsyModel): string {
  return fieldsOf(model).at(-1)?.name ?? "";
}

/** Is the enum one of a parameter, whose values are written as text? */
function isParamEnum(model: KsyModel, type: KsyEnum): boolean {
  return model.params.some((param) => param.enum === type);
}

/** Enum types that appear in messages, in the file's order. */
export function valueEnums(model: KsyModel): KsyEnum[] {
  return model.enums.filter((type) => !isParamEnum(model, type));
}

/** Expressions as TypeScript over local variables; imports the enums it names. */
export function typescriptDialect(model: KsyModel, printer: Printer): Dialect {
  const named: readonly KsyCited[] = [...model.params, ...integersOf(model), ...model.instances];
  const operators: Partial<Record<Operator, string>> = { or: "||", and: "&&", "==": "===", "!=": "!==", ">>": ">>>" };
  return {
    name: (id) => localName(named.find((one) => one.id === id) ?? { name: id }),
    enumValue: (enumId, valueId) => {
      const type = model.enums.find(({ id }) => id === enumId);
      const value = type?.values.find(({ id }) => id === valueId);
      if (type === undefined || value === undefined) throw new Error(`${enumId}::${valueId} was not checked`);
      if (isParamEnum(model, type)) return printer.string(value.original);
      return `${printer.import(type.name, "./types.js")}${memberAccess(value.name)}`;
    },
    not: (operand) => `!${operand}`,
    binary: (operator, left, right) => `${left} ${operators[operator] ?? operator} ${right}`,
  };
}

/** A condition that holds for the values the field does not take, among those that fit it; undefined if it takes all. */
export function refusal(
  field: IntegerField,
  local: string,
  print: (expression: Expression, self: string) => string,
): string | undefined {
  // A length that counts more than the octets it announces cannot be shorter than that.
  const least = Math.max(0, -(field.lengthOf?.plus ?? 0));
  const parts = [least > 0 ? `${local} < ${least}` : undefined, invalid(field, local, print)];
  const wrong = parts.filter((part) => part !== undefined);
  return wrong.length === 0 ? undefined : wrong.join(" || ");
}

function invalid(
  field: IntegerField,
  local: string,
  print: (expression: Expression, self: string) => string,
): string | undefined {
  const { valid } = field;
  switch (valid?.kind) {
    case undefined:
      return undefined;
    case "any-of": {
      const others = field.width <= 3 ? excluded(field, valid.values) : undefined;
      if (others !== undefined && others.length < valid.values.length) {
        return others.map((value) => `${local} === ${value}`).join(" || ");
      }
      return valid.values.map((value) => `${local} !== ${value}`).join(" && ");
    }
    case "range":
      return `!(${local} >= ${valid.min} && ${local} <= ${Math.min(valid.max, field.max)})`;
    case "expression":
      return `!(${print(valid.expression, local)})`;
  }
}

function excluded(field: IntegerField, allowed: readonly number[]): number[] {
  return Array.from({ length: field.max + 1 }, (_, value) => value).filter((value) => !allowed.includes(value));
}

/** `0, 2 or 3` */
export function allowedText(valid: Valid | undefined): string | undefined {
  if (valid?.kind === "range") return `${valid.min} to ${valid.max}`;
  if (valid?.kind !== "any-of") return undefined;
  const last = valid.values.at(-1);
  const rest = valid.values.slice(0, -1);
  return rest.length === 0 ? String(last) : `${rest.join(", ")} or ${last}`;
}

/** Instances that an expression needs, inner ones first. */
export function instancesIn(model: KsyModel, expression: Expression | undefined): KsyInstance[] {
  if (expression === undefined) return [];
  return namesIn(expression).flatMap((name) => {
    const instance = model.instances.find(({ id }) => id === name);
    return instance === undefined ? [] : [...instancesIn(model, instance.expression), instance];
  });
}

/** The expression with instances that are no variables yet written out. */
export function writtenOut(model: KsyModel, expression: Expression, known: ReadonlySet<string>): Expression {
  switch (expression.kind) {
    case "name": {
      const instance = known.has(expression.id) ? undefined : model.instances.find(({ id }) => id === expression.id);
      return instance === undefined ? expression : writtenOut(model, instance.expression, known);
    }
    case "not":
      return { ...expression, operand: writtenOut(model, expression.operand, known) };
    case "binary":
      return {
        ...expression,
        left: writtenOut(model, expression.left, known),
        right: writtenOut(model, expression.right, known),
      };
    default:
      return expression;
  }
}

/** Integer fields that an expression reads, directly or through instances. */
export function fieldsIn(model: KsyModel, expression: Expression | undefined): IntegerField[] {
  if (expression === undefined) return [];
  return namesIn(expression).flatMap((name) => {
    const instance = model.instances.find(({ id }) => id === name);
    if (instance !== undefined) return fieldsIn(model, instance.expression);
    return integersOf(model).filter(({ id }) => id === name);
  });
}

/** Does every value that a decoded message can have in this enum's fields have a name? */
export function isClosed(model: KsyModel, type: KsyEnum): boolean {
  return integersOf(model)
    .filter((field) => field.enum === type)
    .every(({ max, valid }) => {
      if (valid?.kind !== "any-of") return type.values.length === max + 1;
      return valid.values.every((value) => type.values.some((named) => named.value === value));
    });
}
