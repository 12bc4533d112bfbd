import type { Dialect, Operator } from "./expression.js";
import type { KsyModel } from "./ksy-model.js";

/** A printer for Lua, which the TypeScript one cannot be. */
export interface LuaWriter {
  print(...lines: string[]): void;
  /** `head` … `tail`, the body one level deeper, an empty line behind functions. */
  block(head: string, body: () => void, tail?: string): void;
  toString(): string;
}

export function luaWriter(banner: readonly string[]): LuaWriter {
  const lines = [...banner.map((line) => `-- ${line}`), ""];
  let depth = 0;
  const print = (...texts: string[]): void => {
    for (const text of texts) lines.push(text === "" ? "" : "  ".repeat(depth) + text);
  };
  return {
    print,
    block(head, body, tail = "end") {
      print(head);
      depth++;
      body();
      depth--;
      print(tail);
      if (depth === 0) print("");
    },
    toString: () => `${lines.join("\n").trimEnd()}\n`,
  };
}

/** JSON's escapes are Lua's, for text without controls. */
export function luaString(text: string): string {
  return JSON.stringify(text);
}

/** Expressions over local variables; parameters are preferences. */
export function luaDialect(model: KsyModel): Dialect {
  const bits: Partial<Record<Operator, string>> = { "|": "bor", "&": "band", "<<": "lshift", ">>": "rshift" };
  return {
    name: (id) => (model.params.some((param) => param.id === id) ? `${model.id}.prefs.${id}` : luaName(id)),
    enumValue: (enumId, valueId) => {
      const type = model.enums.find(({ id }) => id === enumId);
      return String(type?.values.find(({ id }) => id === valueId)?.value);
    },
    not: (operand) => `not (${operand})`,
    binary: (operator, left, right) => {
      const call = bits[operator];
      if (call !== undefined) return `bit.${call}(${left}, ${right})`;
      return `${left} ${operator === "!=" ? "~=" : operator} ${right}`;
    },
  };
}

const KEYWORDS = new Set(
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/** Names that the dissector uses itself. */
const TAKEN = new Set(
  "announced at base bit buffer fields following info item missing message offset pinfo range refused root size tables trailing tree type wrong".split(
    " ",
  ),
);

/** `fields.code`, `fields["end"]` */
export function luaField(id: string): string {
  return KEYWORDS.has(id) ? `fields["${id}"]` : `fields.${id}`;
}

/** A local variable for a field or instance. */
export function luaName(id: string): string {
  return KEYWORDS.has(id) || TAKEN.has(id) ? `${id}_value` : id;
}
