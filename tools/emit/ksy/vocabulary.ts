/** The keys of a .ksy that the emitters understand, by place. Any other is a problem: what is not read must not be written. */
const citation = ["doc", "-clause", "-errata", "-orig-id", "-source", "-requirements"] as const;

export const words = {
  root: ["meta", "params", "seq", "instances", "enums", ...citation],
  meta: ["id", "title", "license", "ks-version", "endian", "bit-endian", "-document"],
  param: ["id", "type", "enum", "-default", ...citation],
  endian: ["switch-on", "cases"],
  field: [
    ...["id", "type", "size", "size-eos", "if", "valid", "enum", "-error", "-fatal", "-display", "-text-if", "-json"],
    ...["-size-in", "-size-at", ...citation],
  ],
  valid: ["eq", "any-of", "min", "max", "expr", "in-enum"],
  instance: ["value", "enum", ...citation],
  enumValue: ["id", ...citation],
} as const;
