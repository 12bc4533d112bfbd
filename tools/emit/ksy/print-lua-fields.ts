import { octetsOfField } from "./integers.js";
import type { IntegerField, KsyCited, KsyEnum, KsyInstance, KsyModel } from "./ksy-model.js";
import { type LuaWriter, luaField, luaString } from "./lua.js";
import { fieldsOf, integersOf, valueEnums } from "./typescript-names.js";

/** One table of names per enum. */
export function luaTypes(lua: LuaWriter, model: KsyModel): void {
  for (const type of valueEnums(model)) {
    lua.block(
      `local ${type.id}_names = {`,
      () => {
        for (const { value, original } of type.values) lua.print(`[${value}] = ${luaString(original)},`);
      },
      "}",
    );
  }
}

/** Fields and parts of fields, as they are called in display filters. */
export function luaFields(lua: LuaWriter, model: KsyModel): void {
  lua.print(`local fields = ${model.id}.fields`);
  for (const field of fieldsOf(model)) {
    if (field.kind === "integer") {
      const { enum: type, width, packed } = field;
      const octets = octetsOfField(field).length;
      const mask = packed ? bitMask(field, octets) : undefined;
      lua.print(
        `${luaField(field.id)} = ${protoField(model, field, octets * 8, baseOf(width, type, packed), type, mask)}`,
      );
      continue;
    }
    const name = luaString(`${model.id}.${field.id}`);
    lua.print(
      `${luaField(field.id)} = ProtoField.bytes(${name}, ${label(field)}, base.NONE, ${describe(model, field)})`,
    );
    if (field.text !== undefined) {
      const text = luaString(`${model.id}.${field.id}_text`);
      const shown = luaString(`${field.original} as text`);
      lua.print(
        `${luaField(`${field.id}_text`)} = ProtoField.string(${text}, ${shown}, base.UNICODE, ${describe(model, field)})`,
      );
    }
  }
  for (const [instance, field] of partsOf(model)) {
    const octets = octetsOfField(field).length;
    lua.print(
      `${luaField(instance.id)} = ${protoField(model, instance, octets * 8, "DEC", instance.enum, maskOf(instance, field))}`,
    );
  }
  lua.print(
    `local wrong = ProtoExpert.new("${model.id}.wrong", "Not as specified", expert.group.MALFORMED, expert.severity.ERROR)`,
    `local trailing = ProtoExpert.new("${model.id}.trailing", "Octets behind the message", expert.group.PROTOCOL, expert.severity.WARN)`,
    `${model.id}.experts = { wrong, trailing }`,
    "",
  );
}

/** Instances that are some bits of one field of whole octets. */
export function partsOf(model: KsyModel): [KsyInstance, IntegerField][] {
  return model.instances.flatMap((instance): [KsyInstance, IntegerField][] => {
    const field = integersOf(model).find(({ id, packed }) => id === instance.bits?.field && !packed);
    return field === undefined ? [] : [[instance, field]];
  });
}

function maskOf({ bits }: KsyInstance, { max }: IntegerField): number {
  return ((bits?.mask ?? max) & max) >>> 0;
}

function baseOf(width: number, type: KsyEnum | undefined, packed: boolean): string {
  return type !== undefined && !packed && width >= 8 ? "HEX" : "DEC";
}

function protoField(
  model: KsyModel,
  cited: KsyCited,
  width: number,
  base: string,
  type: KsyEnum | undefined,
  mask: number | undefined,
): string {
  const names = type === undefined ? "nil" : `${type.id}_names`;
  const bits = mask === undefined ? "nil" : `0x${mask.toString(16)}`;
  const name = luaString(`${model.id}.${cited.id}`);
  return `ProtoField.uint${width}(${name}, ${label(cited)}, base.${base}, ${names}, ${bits}, ${describe(model, cited)})`;
}

/** What the tree shows: the name as printed, or the id spelled out. */
function label({ id, original }: KsyCited): string {
  const words = id.replaceAll("_", " ");
  const spelled = words.charAt(0).toUpperCase() + words.slice(1);
  return luaString(original.length > 1 && original !== id ? original : spelled);
}

function describe(model: KsyModel, { doc, clause }: KsyCited): string {
  return luaString(`${doc} [${model.document} ${clause}]`);
}

function bitMask({ bit, width }: IntegerField, octets: number): number {
  const below = octets * 8 - (bit % 8) - width;
  return ((2 ** width - 1) * 2 ** below) >>> 0;
}
