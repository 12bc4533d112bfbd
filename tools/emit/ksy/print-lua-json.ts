import type { KsyModel } from "./ksy-model.js";
import { type LuaWriter, luaString } from "./lua.js";

/** Is one of the fields a JSON text? */
export function hasJson(model: KsyModel): boolean {
  return model.segments.some((segment) => segment.kind === "blob" && segment.field.json);
}

/** announced_size: what a JSON header says of the octets behind it. Wireshark's own JSON dissector only shows. */
export function printLuaJson(lua: LuaWriter, model: KsyModel): void {
  if (hasJson(model)) lua.print(`local json = Dissector.get("json")`, "");
  const last = model.segments.at(-1);
  const rest = last?.kind === "blob" ? last.field.size.rest : undefined;
  if (rest === undefined) return;
  lua.print("local json_string, json_members", "");
  lua.print(
    "-- The value that starts in a JSON text at a place, and the place behind it; nothing where there is none.",
  );
  lua.block("local function json_value(text, at, depth)", () => {
    lua.print(
      `at = text:find("%S", at)`,
      "if not at or depth > 32 then return nil end",
      "local first = text:sub(at, at)",
      `if first == '"' then return json_string(text, at + 1) end`,
      `if first == "{" or first == "[" then return json_members(text, at + 1, first == "{", depth) end`,
      `local word, behind = text:match("^([%w%.%+%-]+)()", at)`,
      "if not word then return nil end",
      "return tonumber(word) or word, behind",
    );
  });
  lua.block("function json_string(text, from)", () => {
    lua.print("local to = from");
    lua.block("while true do", () => {
      lua.print(
        `to = text:find('["\\\\]', to)`,
        "if not to then return nil end",
        `if text:sub(to, to) == '"' then return text:sub(from, to - 1), to + 1 end`,
        "to = to + 2",
      );
    });
  });
  lua.block("function json_members(text, at, named, depth)", () => {
    lua.print(
      "local members = {}",
      `local close = named and "}" or "]"`,
      `at = text:find("%S", at)`,
      "if at and text:sub(at, at) == close then return members, at + 1 end",
    );
    lua.block("while at do", () => {
      lua.print("local name, value, mark");
      lua.block("if named then", () => {
        lua.print("name, at = json_value(text, at, depth + 1)", `at = at and text:match("^%s*:()", at)`);
        lua.print("if not at then return nil end");
      });
      lua.print(
        "value, at = json_value(text, at, depth + 1)",
        "if not at then return nil end",
        "if name then members[name] = value end",
        `mark, at = text:match("^%s*([,%]}])()", at)`,
        "if mark == close then return members, at end",
      );
    });
    lua.print("return nil");
  });
  const places = rest.at.map((place) => `{ ${place.map(luaString).join(", ")} }`);
  lua.block("local places = {", () => lua.print(...places.map((place) => `${place},`)), "}");
  lua.print("-- The numbers at these places of the header, added up.");
  lua.block("local function announced_size(text)", () => {
    lua.print("local sum = 0", "local value = json_value(text, 1, 1)");
    lua.block("for _, place in ipairs(places) do", () => {
      lua.print("local found = value");
      lua.print(`for _, name in ipairs(place) do found = type(found) == "table" and found[name] or nil end`);
      lua.print(`if type(found) == "number" and found >= 0 then sum = sum + math.floor(found) end`);
    });
    lua.print("return sum");
  });
}
