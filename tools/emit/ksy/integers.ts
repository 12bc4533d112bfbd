import type { IntegerField } from "./ksy-model.js";
import { localName } from "./typescript-names.js";

/**
 * TypeScript that reads and writes integers octet by octet: three to eight times as fast as DataView in V8.
 */

/** `bytes[at + 2]`, folded where the base is a literal. */
export function octetAt(base: string, octet: number): string {
  if (base === "0") return String(octet);
  return octet === 0 ? base : `${base} + ${octet}`;
}

/** The octets of the run that the field touches, first to last. */
export function octetsOfField({ bit, width }: IntegerField): number[] {
  const first = Math.floor(bit / 8);
  const last = Math.floor((bit + width - 1) / 8);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** A variable for an octet that several fields share. */
export function sharedOctet(octet: number): string {
  return `octet${octet}`;
}

/** The field's value; `octet` gives the expression for one octet of the run. */
export function readInteger(field: IntegerField, octet: (index: number) => string): string {
  const { switched } = field;
  if (switched !== undefined) {
    const either = { ...field, switched: undefined };
    const [little, big] = [true, false].map((littleEndian) => readInteger({ ...either, littleEndian }, octet));
    return `(${isLittle(switched)} ? ${little} : ${big})`;
  }
  const touched = octetsOfField(field);
  const last = touched.at(-1) ?? 0;
  const drop = (last + 1) * 8 - (field.bit + field.width);
  const ordered = field.littleEndian && !field.packed ? [...touched].reverse() : touched;
  const parts = ordered.map((index, i) => {
    const shift = (ordered.length - 1 - i) * 8;
    return shift === 0 ? octet(index) : `${bracket(octet(index))} << ${shift}`;
  });
  const word =
    parts.length === 1 ? (parts[0] ?? "") : parts.map((part) => (part.includes("<<") ? `(${part})` : part)).join(" | ");
  const total = touched.length * 8;
  const wide = total === 32;
  if (drop === 0 && field.width === total) return wide ? `(${word}) >>> 0` : word;
  const base = parts.length === 1 ? bracket(word) : `(${word})`;
  const shifted = drop === 0 ? base : `${base} ${wide ? ">>>" : ">>"} ${drop}`;
  // The top bits need no mask when the field starts at the top of its octets.
  if (field.bit % 8 === 0) return wide && drop === 0 ? `${base} >>> 0` : shifted;
  const mask = field.max <= 9 ? String(field.max) : `0x${field.max.toString(16)}`;
  return `${drop === 0 ? base : `(${shifted})`} & ${mask}${field.width === 32 ? " >>> 0" : ""}`;
}

function isLittle({ param, little }: NonNullable<IntegerField["switched"]>): string {
  return `${localName(param)} === ${JSON.stringify(little.original)}`;
}

function bracket(text: string): string {
  return text.includes(" ") && !/^\(.*\)$/.test(text) ? `(${text})` : text;
}

/** What the field adds to one octet of the run; storing into a Uint8Array keeps the low eight bits. */
export function partOfOctet(field: IntegerField, value: string, octet: number): string {
  const { switched } = field;
  if (switched !== undefined) {
    const either = { ...field, switched: undefined };
    const [little, big] = [true, false].map((littleEndian) => partOfOctet({ ...either, littleEndian }, value, octet));
    return `${isLittle(switched)} ? ${little} : ${big}`;
  }
  if (field.littleEndian && !field.packed) {
    const shift = (octet - Math.floor(field.bit / 8)) * 8;
    return shift === 0 ? value : `${value} >>> ${shift}`;
  }
  const shift = (octet + 1) * 8 - (field.bit + field.width);
  if (shift === 0) return value;
  return shift > 0 ? `${value} << ${shift}` : `${value} >>> ${-shift}`;
}

/** A condition that holds when the value is no integer of the field's width. */
export function unfit(local: string, width: number): string {
  return width === 32 ? `${local} >>> 0 !== ${local}` : `(${local} & ${mask(width)}) !== ${local}`;
}

function mask(width: number): string {
  const max = 2 ** width - 1;
  return max <= 9 ? String(max) : `0x${max.toString(16)}`;
}
