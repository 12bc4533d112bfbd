/** Content negotiation for servers that speak JSON, and take octets. */
import { OCTETS_TYPE } from "./http-source.js";

/** Whether a Content-Type names UTF-8 JSON. Its absence is taken as JSON: there is nothing else it could be. */
export function isJsonContentType(value: string | undefined): boolean {
  if (value === undefined || value === "application/json") return true;
  const [type = "", ...parameters] = value.split(";");
  const name = type.trim().toLowerCase();
  if (name !== "application/json" && !/^application\/[\w.!#$&^-]+\+json$/.test(name)) return false;
  return parameters.every((parameter) => {
    const charset = /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(parameter)?.[1];
    return charset === undefined || /^utf-?8$/i.test(charset);
  });
}

/** Whether a Content-Type names octets. Its absence does: whoever sends octets may not know what they are [RFC 9110 8.3]. */
export function isOctetsContentType(value: string | undefined): boolean {
  return value === undefined || value.split(";", 1)[0]?.trim().toLowerCase() === OCTETS_TYPE;
}

/** Whether an Accept header leaves room for `application/json` [RFC 9110 12.5.1]. */
export function acceptsJson(value: string | undefined): boolean {
  // An empty field lists nothing, not even what is unwelcome.
  if (value === undefined || value === "" || value === "application/json" || value === "*/*") return true;
  let best = -1;
  let accepted = false;
  for (const range of value.split(",")) {
    const [type = "", ...parameters] = range.split(";");
    const precision = ["*/*", "application/*", "application/json"].indexOf(type.trim().toLowerCase());
    if (precision === -1 || precision < best) continue;
    const quality = parameters.map((text) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(text)?.[1]).find((q) => q !== undefined);
    const wanted = quality === undefined || Number(quality) > 0;
    accepted = precision === best ? accepted || wanted : wanted;
    best = precision;
  }
  return accepted;
}
