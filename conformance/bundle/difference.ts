import { isObject, show } from "../engine/matchers.js";

/**
 * Where two JSON values differ, in words; undefined where they do not. Words that a redactor put into the first count as whatever stands in
 * their place in the second.
 */
export function difference(recorded: unknown, now: unknown, masks: readonly string[], path = ""): string | undefined {
  if (Array.isArray(recorded) && Array.isArray(now)) {
    if (recorded.length !== now.length) return `${path || "the list"}: ${recorded.length} items, now ${now.length}`;
    return first(recorded.map((one, index) => () => difference(one, now[index], masks, `${path}[${index}]`)));
  }
  if (isObject(recorded) && isObject(now)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])];
    return first(
      names.map((name) => () => difference(recorded[name], now[name], masks, path === "" ? name : `${path}.${name}`)),
    );
  }
  if (recorded === now) return undefined;
  if (typeof recorded === "string" && typeof now === "string")
    return ofTexts(seeThrough(recorded, now, masks), now, path);
  return `${path || "the value"}: ${brief(recorded)}, now ${brief(now)}`;
}

function first(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofTexts(recorded: string, now: string, path: string): string | undefined {
  if (recorded === now) return undefined;
  let at = 0;
  while (at < recorded.length && recorded[at] === now[at]) at++;
  const place = path.replace(/\.\$(text|base64)$/, "");
  const unit = path.endsWith("$base64") ? "octet" : "character";
  const where = path.endsWith("$base64") ? Math.floor(at / 4) * 3 : at;
  return `${place || "the text"}, ${unit} ${where}: ${brief(recorded.slice(at, at + 40))}, now ${brief(now.slice(at, at + 40))}`;
}

function brief(value: unknown): string {
  return value === undefined ? "absent" : show(value);
}

/** The recorded text with what it now is in the places of its masks. */
function seeThrough(recorded: string, now: string, masks: readonly string[]): string {
  let text = recorded;
  for (const mask of masks) {
    for (let at = recorded.indexOf(mask); at >= 0; at = recorded.indexOf(mask, at + mask.length)) {
      text = text.slice(0, at) + now.slice(at, at + mask.length) + text.slice(at + mask.length);
    }
  }
  return text;
}
