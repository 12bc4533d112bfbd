import { type LuaWriter, luaString, luaWriter } from "../lua.js";
import { type Compound, type Field, headOffset, headSize, type NumberField, type Size, type Struct } from "./model.js";

/** A dissector for stock Wireshark and tshark. Runs over TCP and TLS, wherever segments end. */
export function printCompoundLua(model: Compound, banner: readonly string[]): string {
  const lua = luaWriter(banner);
  lua.print(
    `-- ${model.title} [${model.citation}].`,
    "-- Put this file into Wireshark's personal Lua plugin folder (Help, About, Folders), or: tshark -X lua_script:FILE",
    "",
    `local ${model.id} = Proto(${luaString(model.id)}, ${luaString(model.title)})`,
    "",
  );
  for (const type of model.enums) {
    lua.block(
      `local ${type.id}_names = {`,
      () => {
        for (const { value, original } of type.values) lua.print(`[${value}] = ${luaString(original)},`);
      },
      "}",
    );
  }
  printFields(lua, model);
  for (const type of model.types) printStruct(lua, model, type);
  printMessage(lua, model);
  printStream(lua, model);
  printRegistration(lua, model);
  return lua.toString();
}

/** Display filter: `peer_frame.hello.peer_id`, `peer_frame.type`. */
function filterOf(model: Compound, type: Struct, field: Field): string {
  return [model.id, ...(type === model.root ? [] : [type.id]), field.id].join(".");
}

function variable(model: Compound, type: Struct, field: Field): string {
  return `fields[${luaString(filterOf(model, type, field))}]`;
}

function printFields(lua: LuaWriter, model: Compound): void {
  lua.print("local fields = {}");
  for (const type of [model.root, ...model.types]) {
    for (const field of type.fields) {
      const proto = protoField(field);
      if (proto === undefined) continue;
      const name = luaString(filterOf(model, type, field));
      const rest = [luaString(labelOf(field)), ...proto.slice(1), luaString(`${field.doc} [${field.citation}]`)];
      lua.print(`${variable(model, type, field)} = ProtoField.${proto[0]}(${[name, ...rest].join(", ")})`);
    }
  }
  lua.print(
    `local listed = {}`,
    "for _, field in pairs(fields) do listed[#listed + 1] = field end",
    `${model.id}.fields = listed`,
    `local wrong = ProtoExpert.new("${model.id}.wrong", "Not as specified", expert.group.MALFORMED, expert.severity.ERROR)`,
    `local trailing = ProtoExpert.new("${model.id}.trailing", "Octets behind the message", expert.group.PROTOCOL, expert.severity.WARN)`,
    `${model.id}.experts = { wrong, trailing }`,
    "",
  );
}

/** Kind of ProtoField, and its arguments behind the label. */
function protoField(field: Field): string[] | undefined {
  if (field.kind === "number") {
    const names = field.enum === undefined ? [] : [`${field.enum.id}_names`];
    return [`uint${field.octets * 8}`, "base.DEC", ...(names.length === 0 ? ["nil"] : names), "nil"];
  }
  if (field.kind === "octets") return ["bytes", "base.NONE"];
  return field.kind === "text" ? ["string", "base.UNICODE"] : undefined;
}

function labelOf({ id, original }: Field): string {
  const words = id.replaceAll("_", " ");
  return original === id ? words.charAt(0).toUpperCase() + words.slice(1) : original;
}

/** One function for each type: shows the octets from `at` to `stop`, and gives back where others start, or nothing where they break off. */
function printStruct(lua: LuaWriter, model: Compound, type: Struct): void {
  lua.block(`local function dissect_${type.id}(buffer, at, stop, tree)`, () => {
    for (const field of type.fields) showField(lua, model, type, field);
    lua.print("return at");
  });
}

function showField(lua: LuaWriter, model: Compound, type: Struct, field: Field): void {
  switch (field.kind) {
    case "number":
      breaksOff(lua, String(field.octets), field);
      lua.print(`local ${local(field)} = ${numberAt("at", field)}`);
      lua.print(`tree:add(${variable(model, type, field)}, buffer(at, ${field.octets}))`);
      refuse(lua, field, "tree");
      lua.print(`at = at + ${field.octets}`);
      return;
    case "octets":
    case "text": {
      const size = sizeIn(field.size);
      breaksOff(lua, size, field);
      const range = `buffer(at, ${size})`;
      const add =
        field.kind === "text"
          ? `tree:add_packet_field(${variable(model, type, field)}, ${range}, ENC_UTF_8 + ENC_STRING)`
          : `tree:add(${variable(model, type, field)}, ${range})`;
      lua.block(`if ${size} > 0 then`, () => lua.print(add));
      lua.print(`at = at + ${size}`);
      return;
    }
    case "list": {
      const count = field.count;
      const head = count === "rest" ? "while at < stop do" : `for _ = 1, ${local(count)} do`;
      lua.block(head, () => showInner(lua, field.item));
      return;
    }
    case "struct":
      lua.block("do", () => showInner(lua, field.type));
      return;
    case "choice":
      return;
  }
}

function showInner(lua: LuaWriter, type: Struct): void {
  lua.print(
    `if at >= stop then tree:add_proto_expert_info(wrong, "${type.id} breaks off") return nil end`,
    `local item = tree:add(buffer(at, stop - at), ${luaString(labelOf({ ...type, kind: "struct", type }))})`,
    `local after = dissect_${type.id}(buffer, at, stop, item)`,
    "if not after then return nil end",
    "item:set_len(after - at)",
    "at = after",
  );
}

/** A variable that no name of Lua or of the dissector is. */
function local({ id }: { readonly id: string }): string {
  return `v_${id}`;
}

function numberAt(at: string, { octets }: NumberField): string {
  return octets === 8 ? `buffer(${at}, 8):uint64():tonumber()` : `buffer(${at}, ${octets}):uint()`;
}

function sizeIn(size: Size): string {
  if (typeof size === "number") return String(size);
  if (size === "rest") return "(stop - at)";
  const { field, plus } = size;
  return plus === 0 ? local(field) : `(${local(field)} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)})`;
}

function breaksOff(lua: LuaWriter, size: string, field: Field): void {
  if (size === "(stop - at)") return;
  lua.block(`if ${size} < 0 or stop - at < ${size} then`, () => {
    lua.print(`tree:add_proto_expert_info(wrong, "${field.id} breaks off")`, "return nil");
  });
}

function refuse(lua: LuaWriter, field: NumberField, tree: string): void {
  const { least, most, max, values, octets } = field;
  const name = local(field);
  const parts = values?.map((value) => `${name} ~= ${value}`).join(" and ");
  const bounds = [
    ...(least > 0 ? [`${name} < ${least}`] : []),
    ...(most < max || octets === 8 ? [`${name} > ${most}`] : []),
  ];
  const wrong = parts ?? bounds.join(" or ");
  if (wrong === "") return;
  lua.print(`if ${wrong} then ${tree}:add_proto_expert_info(wrong, "${field.id} has a value that is not allowed") end`);
}

function printMessage(lua: LuaWriter, model: Compound): void {
  const { choice, root } = model;
  if (choice === undefined) return;
  const head = headSize(model);
  lua.block(
    "local bodies = {",
    () => {
      for (const { value, type } of choice.cases) lua.print(`[${value.value}] = dissect_${type.id},`);
    },
    "}",
  );
  lua.print("-- Octets that the message at offset takes; exact once its head is there.");
  lua.block("local function needed(buffer, offset)", () => {
    const { field, plus } = choice.size;
    const length = `buffer(offset + ${headOffset(model, field)}, ${field.octets}):uint()`;
    lua.print(`if buffer:len() - offset < ${head} then return ${head} end`);
    lua.print(
      `return ${head} + math.max(0, ${plus === 0 ? length : `${length} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`})`,
    );
  });
  lua.block("local function dissect_message(buffer, pinfo, root, following)", () => {
    lua.print(
      `pinfo.cols.protocol = "${model.id.toUpperCase()}"`,
      "local at, stop = 0, buffer:len()",
      `local tree = root:add(${model.id}, buffer())`,
    );
    for (const field of root.fields) if (field.kind === "number") showField(lua, model, root, field);
    const on = local(choice.on);
    const names = `${choice.on.enum?.id ?? ""}_names`;
    lua.print(`local info = ${names}[${on}] or ("type " .. ${on})`);
    lua.print(`if following then pinfo.cols.info:append(", " .. info) else pinfo.cols.info = info end`);
    lua.print(`local body = bodies[${on}]`, "if not body then return nil end");
    lua.print("at = body(buffer, at, stop, tree)");
    lua.print(
      `if at and at < stop then tree:add_proto_expert_info(trailing, stop - at .. " octets behind the message") end`,
    );
    lua.print("return at");
  });
}

function printStream(lua: LuaWriter, model: Compound): void {
  const { choice } = model;
  if (choice === undefined) return;
  const fatal = model.root.fields.filter(
    (field): field is NumberField => field.kind === "number" && field.fatal && field !== choice.size.field,
  );
  lua.print("-- TCP: messages one behind the other, wherever segments end.");
  lua.block(`function ${model.id}.dissector(buffer, pinfo, tree)`, () => {
    lua.print("local offset = 0");
    lua.block("while offset < buffer:len() do", () => {
      lua.print("local size = needed(buffer, offset)", "local missing = size - (buffer:len() - offset)");
      lua.block("if missing > 0 then", () => {
        lua.print("pinfo.desegment_offset = offset", "pinfo.desegment_len = missing", "return buffer:len()");
      });
      lua.print("dissect_message(buffer(offset, size):tvb(), pinfo, tree, offset > 0)");
      for (const field of fatal) {
        const at = `offset + ${headOffset(model, field)}`;
        lua.print(
          `if ${numberAt(at, field)} < ${field.least} or ${numberAt(at, field)} > ${field.most} then return buffer:len() end`,
        );
      }
      lua.print("offset = offset + size");
    });
    lua.print("return buffer:len()");
  });
}

function printRegistration(lua: LuaWriter, model: Compound): void {
  const { id } = model;
  for (const name of ["tcp", "tls"]) {
    const text = `${name.toUpperCase()} port, 0 for none`;
    lua.print(`${id}.prefs.${name}_port = Pref.uint(${luaString(text)}, 0, ${luaString(text)})`);
  }
  lua.print(`local tables = { tcp_port = "tcp.port", tls_port = "tls.port" }`, "local registered = {}");
  lua.block(`function ${id}.prefs_changed()`, () => {
    lua.block("for preference, name in pairs(tables) do", () => {
      lua.print(
        "local ports = DissectorTable.get(name)",
        `local port = ${id}.prefs[preference]`,
        `if registered[preference] then ports:remove(registered[preference], ${id}) end`,
        "registered[preference] = port > 0 and port or nil",
        `if port > 0 then ports:add(port, ${id}) end`,
      );
    });
  });
  lua.print(`${id}.prefs_changed()`);
  lua.print(`DissectorTable.get("tcp.port"):add_for_decode_as(${id})`);
}
