/** Every emitter, one line each. Order does not matter: output is sorted by path, and two files of one path are an error. */
import type { CatalogueEmitter, KsyEmitter, OpenApiEmitter, SpecEmitter } from "./emitter.js";

export interface Registry {
  readonly openapi: readonly OpenApiEmitter[];
  readonly ksy: readonly KsyEmitter[];
  readonly catalogue: readonly CatalogueEmitter[];
  readonly spec: readonly SpecEmitter[];
}

export const registry: Registry = {
  openapi: [],
  ksy: [],
  catalogue: [],
  spec: [],
};
