import { type Expression, printExpression } from "./expression.js";
import { octetsOfField } from "./integers.js";
import type { IntegerField, KsyModel, OctetsField, Run, Segment } from "./ksy-model.js";
import { type LuaWriter, luaDialect, luaField, luaName } from "./lua.js";
import { partsOf } from "./print-lua-fields.js";
import { hasJson, printLuaJson } from "./print-lua-json.js";
import { fieldsIn, instancesIn, integersOf } from "./typescript-names.js";

/** needed, refusal, listed, dissect_message, dissect_stream. */
export function printLuaDissect(lua: LuaWriter, model: KsyModel): void {
  printLuaJson(lua, model);
  printNeeded(lua, model);
  printRefusal(lua, model);
  printListed(lua, model);
  printMessage(lua, model);
  printStream(lua);
}

/** Walks the segments; instances become variables where their fields are there. */
function walk(
  lua: LuaWriter,
  model: KsyModel,
  visit: (segment: Segment, text: (e: Expression) => string) => void,
): void {
  const dialect = luaDialect(model);
  const text = (expression: Expression): string => printExpression(expression, dialect);
  const known = new Set<string>();
  for (const segment of model.segments) {
    for (const instance of instancesIn(model, segment.condition)) {
      if (known.has(instance.id)) continue;
      known.add(instance.id);
      lua.print(`local ${luaName(instance.id)} = ${text(instance.expression)}`);
    }
    if (segment.condition === undefined) visit(segment, text);
    else lua.block(`if ${text(segment.condition)} then`, () => visit(segment, text));
  }
}

/** Variables that outlive the `if` in which they are read. */
function declareLengths(lua: LuaWriter, model: KsyModel): void {
  for (const field of integersOf(model)) if (field.lengthOf !== undefined) lua.print(`local ${luaName(field.id)} = 0`);
}

function isNeeded(model: KsyModel, field: IntegerField): boolean {
  return (
    field.lengthOf !== undefined || model.segments.some(({ condition }) => fieldsIn(model, condition).includes(field))
  );
}

function printNeeded(lua: LuaWriter, model: KsyModel): void {
  lua.print("-- Octets that the message at offset takes at least; exact once that many are there.");
  lua.block("local function needed(buffer, offset)", () => {
    lua.print("local at = offset");
    declareLengths(lua, model);
    walk(lua, model, (segment) => {
      if (segment.kind === "blob") {
        const { rest } = segment.field.size;
        if (rest === undefined) lua.print(`at = at + math.max(0, ${octetCount(segment.field)})`);
        else {
          lua.print("if buffer:len() < at then return at - offset end");
          lua.print(`at = at + announced_size(buffer(at - ${octetCount(rest.in)}, ${octetCount(rest.in)}):string())`);
        }
        return;
      }
      lua.print(`if buffer:len() - at < ${segment.size} then return at + ${segment.size} - offset end`);
      for (const field of segment.fields) if (isNeeded(model, field)) readField(lua, model, field, "at");
      lua.print(`at = at + ${segment.size}`);
    });
    lua.print("return at - offset");
  });
}

function isLittle(model: KsyModel, { param, little }: NonNullable<IntegerField["switched"]>): string {
  return `${model.id}.prefs.${param.id} == ${little.value}`;
}

function readField(lua: LuaWriter, model: KsyModel, field: IntegerField, base: string): void {
  const declared = field.lengthOf !== undefined ? "" : "local ";
  lua.print(`${declared}${luaName(field.id)} = ${readLua(model, field, base)}`);
}

function readLua(model: KsyModel, field: IntegerField, base: string): string {
  const touched = octetsOfField(field);
  const range = rangeOf(field, base);
  const { switched } = field;
  if (switched !== undefined) {
    return `(${isLittle(model, switched)} and buffer(${range}):le_uint() or buffer(${range}):uint())`;
  }
  if (field.packed) return `buffer(${range}):bitfield(${field.bit - (touched[0] ?? 0) * 8}, ${field.width})`;
  return `buffer(${range}):${field.littleEndian ? "le_uint" : "uint"}()`;
}

function rangeOf(field: IntegerField, base: string): string {
  const touched = octetsOfField(field);
  const first = touched[0] ?? 0;
  const start = base === "0" ? String(first) : first === 0 ? base : `${base} + ${first}`;
  return `${start}, ${touched.length}`;
}

function octetCount(field: OctetsField): string {
  const { field: length, plus, rest } = field.size;
  if (rest !== undefined) return "math.max(0, size - at)";
  if (length === undefined) return String(plus);
  return plus === 0 ? luaName(length.id) : `${luaName(length.id)} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
}

/** Values of the first run that are not allowed. */
function printRefusal(lua: LuaWriter, model: KsyModel): void {
  const head = model.segments[0];
  if (head?.kind !== "run") return;
  lua.print("-- The first field of the header whose value is not allowed, and whether the rest means nothing then.");
  lua.block("local function refusal(buffer)", () => {
    for (const field of head.fields) {
      const wrong = luaRefusal(field);
      if (wrong === undefined) continue;
      lua.print(`local ${luaName(field.id)} = ${readLua(model, field, "0")}`);
      lua.print(`if ${wrong} then return "${field.id}", ${field.fatal} end`);
    }
    lua.print("return nil");
  });
}

function luaRefusal(field: IntegerField): string | undefined {
  const name = luaName(field.id);
  if (field.valid?.kind === "any-of") return field.valid.values.map((value) => `${name} ~= ${value}`).join(" and ");
  if (field.valid?.kind === "range") return `${name} < ${field.valid.min} or ${name} > ${field.valid.max}`;
  return undefined;
}

function printListed(lua: LuaWriter, model: KsyModel): void {
  const head = model.segments[0] as Run;
  const tests = head.fields
    .filter((field) => field.enum !== undefined)
    .map((field) => `${field.enum?.id}_names[${readLua(model, field, "0")}] ~= nil`);
  lua.print("-- Do the enumerated fields of the header have values with names?");
  lua.block("local function listed(buffer)", () =>
    lua.print(`return ${tests.length === 0 ? "true" : tests.join(" and ")}`),
  );
}

function printMessage(lua: LuaWriter, model: KsyModel): void {
  const head = model.segments[0] as Run;
  lua.block("local function dissect_message(buffer, pinfo, tree, following)", () => {
    lua.print(
      `pinfo.cols.protocol = "${model.id.toUpperCase()}"`,
      `local size = needed(buffer, 0)`,
      `local root = tree:add(${model.id}, buffer(0, math.min(size, buffer:len())))`,
    );
    if (hasJson(model)) lua.print(`local text_info = ""`);
    lua.block(
      "if size > buffer:len() then",
      () => {
        lua.print(
          `root:add_proto_expert_info(wrong, "the message breaks off: " .. size - buffer:len() .. " octets are missing")`,
        );
        lua.print(`pinfo.cols.info = "truncated"`, "return buffer:len()");
      },
      "end",
    );
    lua.print(`local refused = refusal(buffer)`);
    lua.print(`if refused then root:add_proto_expert_info(wrong, refused .. " has a value that is not allowed") end`);
    lua.print("local at = 0");
    declareLengths(lua, model);
    walk(lua, model, (segment, text) => {
      if (segment.kind === "blob") {
        addBlob(lua, model, segment.field, text);
        return;
      }
      for (const field of segment.fields) addField(lua, model, field, segment.condition === undefined);
      lua.print(`at = at + ${segment.size}`);
    });
    lua.print(
      `if at < buffer:len() then root:add_proto_expert_info(trailing, buffer:len() - at .. " octets behind the message") end`,
    );
    printInfo(lua, model, head);
    lua.print("return buffer:len()");
  });
}

function addBlob(lua: LuaWriter, model: KsyModel, field: OctetsField, text: (expression: Expression) => string): void {
  const count = octetCount(field);
  lua.block(`if ${count} > 0 then`, () => {
    lua.print(`local range = buffer(at, ${count})`, `root:add(${luaField(field.id)}, range)`);
    if (field.text !== undefined) {
      const add = `root:add_packet_field(${luaField(`${field.id}_text`)}, range, ENC_UTF_8 + ENC_STRING)`;
      lua.print(`if ${text(field.text)} then ${add} end`);
    }
    if (field.json)
      lua.print(
        `json:call(range:tvb(), pinfo, root)`,
        "text_info = range:string()",
        `pinfo.cols.protocol = "${model.id.toUpperCase()}"`,
      );
    lua.print(`at = at + ${count}`);
  });
}

function addField(lua: LuaWriter, model: KsyModel, field: IntegerField, outer: boolean): void {
  const used = isNeeded(model, field) || field.valid?.kind === "expression" || !field.packed;
  if (used && (outer || field.lengthOf !== undefined)) readField(lua, model, field, "at");
  if (field.switched !== undefined) {
    const add = `root[${isLittle(model, field.switched)} and "add_le" or "add"]`;
    lua.print(`${add}(root, ${luaField(field.id)}, buffer(${rangeOf(field, "at")}))`);
    return;
  }
  const add = field.littleEndian && !field.packed ? "add_le" : "add";
  const range = `buffer(${rangeOf(field, "at")})`;
  const parts = partsOf(model).filter(([, whole]) => whole === field);
  lua.print(`${parts.length > 0 ? "local item = " : ""}root:${add}(${luaField(field.id)}, ${range})`);
  for (const [part] of parts) lua.print(`item:${add}(${luaField(part.id)}, ${range})`);
}

/** The info column: what the first enumerated field of whole octets says, and the identifiers beside it. */
function printInfo(lua: LuaWriter, model: KsyModel, head: Run): void {
  if (hasJson(model)) {
    lua.print(
      "local info = text_info:sub(1, 200)",
      `if following then pinfo.cols.info:append("; " .. info) else pinfo.cols.info = info end`,
    );
    return;
  }
  const main = head.fields.find((field) => field.enum !== undefined && !field.packed);
  const numbers = head.fields.filter((field) => field.enum === undefined && !field.packed);
  const shown = numbers.map((field) => `"${field.original} " .. ${luaName(field.id)}`);
  const name = main === undefined ? [] : [`(${main.enum?.id}_names[${luaName(main.id)}] or ${unnamed(model, main)})`];
  const info = [...name, ...shown].join(` .. ", " .. `);
  lua.print(
    `local info = ${info === "" ? `"${model.id}"` : info}`,
    `if following then pinfo.cols.info:append("; " .. info) else pinfo.cols.info = info end`,
  );
}

/** `-display` as a Lua expression. */
function unnamed(model: KsyModel, field: IntegerField): string {
  if (field.display === undefined) return luaName(field.id);
  const values: string[] = [];
  const format = field.display.replaceAll(/\{([a-z_0-9]+)(?::(\d+))?\}/g, (_, id: string, digits?: string) => {
    const instance = model.instances.find((one) => one.id === id);
    values.push(instance === undefined ? luaName(field.id) : printExpression(instance.expression, luaDialect(model)));
    return digits === undefined ? "%d" : `%0${digits}d`;
  });
  return `string.format("${format}", ${values.join(", ")})`;
}

function printStream(lua: LuaWriter): void {
  lua.print("-- TCP: messages one behind the other, wherever segments end.");
  lua.block("local function dissect_stream(buffer, pinfo, tree)", () => {
    lua.print("local offset = 0");
    lua.block("while offset < buffer:len() do", () => {
      lua.print("local size = needed(buffer, offset)", "local missing = size - (buffer:len() - offset)");
      lua.block("if missing > 0 then", () => {
        lua.print("pinfo.desegment_offset = offset", "pinfo.desegment_len = missing", "return buffer:len()");
      });
      lua.print(
        "local message = buffer(offset, size):tvb()",
        "dissect_message(message, pinfo, tree, offset > 0)",
        "local _, lost = refusal(message)",
        "if lost then return buffer:len() end",
        "offset = offset + size",
      );
    });
    lua.print("return buffer:len()");
  });
}
