/** The keys of a .ksy with `types`, by place; as ../vocabulary.ts for the others. */
const citation = ["doc", "-clause", "-document", "-errata", "-orig-id", "-source", "-requirements"] as const;

export const compoundWords = {
  root: ["meta", "seq", "types", "enums", ...citation],
  type: ["seq", ...citation],
  field: [
    ...["id", "type", "size", "size-eos", "encoding", "enum", "valid", "repeat", "repeat-expr"],
    ...["-error", "-fatal", "-boolean", "-parts-at", ...citation],
  ],
  valid: ["eq", "any-of", "min", "max", "in-enum"],
  choice: ["switch-on", "cases"],
  enumValue: ["id", ...citation],
} as const;
