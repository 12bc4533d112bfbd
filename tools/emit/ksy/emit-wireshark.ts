import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { isCompound } from "./compound/load.js";
import { printCompoundLua } from "./compound/print-lua.js";
import { compoundOf, compoundSource, folderOf, modelOf, sourceOf } from "./generated-file.js";
import type { KsyModel, Run } from "./ksy-model.js";
import { type LuaWriter, luaString, luaWriter } from "./lua.js";
import { printLuaDissect } from "./print-lua-dissect.js";
import { luaFields, luaTypes } from "./print-lua-fields.js";

/** A dissector for stock Wireshark and tshark: one Lua file, to be put into the personal plugin folder. */
export const wiresharkEmitter: KsyEmitter = {
  name: "ksy-wireshark",
  emit(spec, context: EmitContext): GeneratedFile[] {
    if (isCompound(spec)) {
      const compound = compoundOf(spec, context);
      // What says nothing of its length is no message of a stream.
      if (compound?.choice === undefined) return [];
      const content = printCompoundLua(compound, context.banner(compoundSource(spec, compound)));
      return [{ path: `${folderOf(spec)}/${spec.ksy.name}.lua`, content }];
    }
    const model = modelOf(spec, context);
    if (model === undefined) return [];
    const lua = luaWriter(context.banner(sourceOf(spec, model)));
    const ports = portsOf(spec.data.get("profile")?.value);
    lua.print(
      `-- ${model.title} [${model.document} ${model.clause}].`,
      "-- Put this file into Wireshark's personal Lua plugin folder (Help, About, Folders), or: tshark -X lua_script:FILE",
      "",
      `local ${model.id} = Proto(${luaString(model.id)}, ${luaString(model.title)})`,
      "",
    );
    luaTypes(lua, model);
    luaFields(lua, model);
    printPreferences(lua, model, ports);
    printLuaDissect(lua, model);
    printHeuristic(lua, model);
    printRegistration(lua, model);
    return [{ path: `${folderOf(spec)}/${spec.ksy.name}.lua`, content: lua.toString() }];
  },
};

interface Ports {
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
}

/** The profile's default ports; 0 is none. */
function portsOf(profile: unknown): Ports {
  const transports = (profile as { transports?: Record<string, { port?: number }> } | undefined)?.transports ?? {};
  const port = (name: string): number => transports[name]?.port ?? 0;
  return { udp: port("udp"), tcp: port("tcp"), tls: port("tls") };
}

function printPreferences(lua: LuaWriter, model: KsyModel, ports: Ports): void {
  for (const param of model.params) {
    const choices = param.enum.values.map(
      ({ value, original, doc }, i) => `{ ${i + 1}, ${luaString(`${original}: ${doc}`)}, ${value} }`,
    );
    lua.print(
      `${model.id}.prefs.${param.id} = Pref.enum(${luaString(param.id)}, ${param.default.value}, ${luaString(param.doc)},`,
      `  { ${choices.join(", ")} }, false)`,
    );
  }
  for (const [name, port] of Object.entries(ports)) {
    const text = `${name.toUpperCase()} port, 0 for none`;
    lua.print(`${model.id}.prefs.${name}_port = Pref.uint(${luaString(text)}, ${port}, ${luaString(text)})`);
  }
  lua.print(
    `${model.id}.prefs.guess = Pref.bool("Recognise by content", false, "Try every UDP datagram, whatever its port")`,
    "",
  );
}

/** Content alone says little in so short a header, so this is off unless asked for, and exact in what it takes. */
function printHeuristic(lua: LuaWriter, model: KsyModel): void {
  const head = model.segments.find((segment): segment is Run => segment.kind === "run");
  lua.block("local function guess(buffer, pinfo, tree)", () => {
    lua.print(
      `if not ${model.id}.prefs.guess or buffer:len() < ${head?.size ?? 0} then return false end`,
      "if needed(buffer, 0) ~= buffer:len() or refusal(buffer) or not listed(buffer) then return false end",
      "dissect_message(buffer, pinfo, tree)",
      "return true",
    );
  });
}

function printRegistration(lua: LuaWriter, model: KsyModel): void {
  const { id } = model;
  lua.block(`function ${id}.dissector(buffer, pinfo, tree)`, () => {
    lua.print(
      "if pinfo.port_type == 2 then return dissect_stream(buffer, pinfo, tree) end",
      "return dissect_message(buffer, pinfo, tree)",
    );
  });
  lua.print(`local tables = { udp_port = "udp.port", tcp_port = "tcp.port", tls_port = "tls.port" }`);
  lua.print("local registered = {}");
  lua.block("local function register()", () => {
    lua.block(
      "for preference, name in pairs(tables) do",
      () => {
        lua.print(
          "local ports = DissectorTable.get(name)",
          `local port = ${id}.prefs[preference]`,
          `if registered[preference] then ports:remove(registered[preference], ${id}) end`,
          "registered[preference] = port > 0 and port or nil",
          `if port > 0 then ports:add(port, ${id}) end`,
        );
      },
      "end",
    );
  });
  lua.print(`${id}.prefs_changed = register`, "register()", `${id}:register_heuristic("udp", guess)`);
}
