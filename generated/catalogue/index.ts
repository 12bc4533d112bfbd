// Written by tools/emit/catalogue.ts from spec/requirements/*.yaml and spec/errata.yaml. Do not edit.

export * from "./errata.js";
export * from "./requirements.js";
