import { octetsOf } from "./address.js";
import type { Network } from "./network.js";

/** Takes one line of a file into the tables. What it gives is what is wrong with the line; undefined where nothing is. */
export type ReadLine = (line: string, network: Network) => string | undefined;

/**
 * A prefix and who announces it, in the forms in which such tables are published: `prefix ⇥ length ⇥ AS` (pfx2as; several origins
 * joined by `_` or `,`), `prefix/length,AS` or `prefix,length,AS`. Blank lines, `#` comments and a heading say nothing.
 */
export const readPrefix: ReadLine = (line, network) => {
  const text = line.trim();
  if (text === "" || text.startsWith("#") || /^"?(prefix|network|cidr|ip)\b/i.test(text)) return undefined;
  const fields = text.split(separatorOf(text)).map((field) => field.replace(/^"|"$/g, ""));
  const [prefix = "", ...rest] = fields;
  const slash = prefix.indexOf("/");
  const [length = "", origins = ""] = slash === -1 ? rest : [prefix.slice(slash + 1), rest[0]];
  const address = slash === -1 ? prefix : prefix.slice(0, slash);
  const octets = octetsOf(address);
  if (octets === undefined) return `${quote(address)} is no address`;
  // An IPv4 address in the form of IPv6 has the length of that form.
  const bits = Number(length) - (address.includes(":") && octets.length === 4 ? 96 : 0);
  if (!/^\d{1,3}$/.test(length) || bits < 0 || bits > octets.length * 8) return `${quote(length)} is no prefix length`;
  const systems = origins.split(/[_,{}]/).flatMap((one) => (one === "" ? [] : systemOf(one)));
  if (systems.length === 0 || systems.some(Number.isNaN)) return `${quote(origins)} is no AS number`;
  network.addPrefix(octets, bits, systems);
  return undefined;
};

/** How two autonomous systems are related, in the form serial-1: `provider|customer|-1` and `peer|peer|0`. */
export const readRelation: ReadLine = (line, network) => {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const [first = "", second = "", kind] = text.split("|");
  const [system, other] = [systemOf(first), systemOf(second)];
  if (Number.isNaN(system)) return `${quote(first)} is no AS number`;
  if (Number.isNaN(other)) return `${quote(second)} is no AS number`;
  if (kind !== "-1" && kind !== "0") return `${quote(kind ?? "")} is neither -1 nor 0`;
  network.addRelation(system, other, kind === "0" ? "peer" : "customer");
  return undefined;
};

/** Commas join origins where tabs are between the fields. */
function separatorOf(text: string): RegExp {
  if (text.includes("\t")) return /\t/;
  return /[,|;]/.test(text) ? /[,|;]/ : / +/;
}

function systemOf(text: string): number {
  const value = /^(AS)?\d{1,10}$/i.test(text) ? Number(text.replace(/^AS/i, "")) : Number.NaN;
  return value <= 0xffff_ffff ? value : Number.NaN;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
