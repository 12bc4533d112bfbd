/** Every emitter, one line each. Order does not matter: output is sorted by path, and two files of one path are an error. */
import { catalogueEmitter } from "./catalogue-emitter.js";
import { digestEmitter } from "./digest.js";
import type { CatalogueEmitter, KsyEmitter, OpenApiEmitter, SpecEmitter } from "./emitter.js";
import { clientEmitter } from "./http-client.js";
import { expressEmitter } from "./http-express.js";
import { operationsEmitter } from "./http-operations.js";
import { serverEmitter } from "./http-server.js";
import { indexEmitter } from "./index-file.js";
import { ksyEmitters } from "./ksy/index.js";
import { readersEmitter } from "./readers.js";
import { typesEmitter } from "./types.js";
import { validatorsEmitter } from "./validators.js";

export interface Registry {
  readonly openapi: readonly OpenApiEmitter[];
  readonly ksy: readonly KsyEmitter[];
  readonly catalogue: readonly CatalogueEmitter[];
  readonly spec: readonly SpecEmitter[];
}

export const registry: Registry = {
  openapi: [
    operationsEmitter,
    clientEmitter,
    serverEmitter,
    expressEmitter,
    typesEmitter,
    validatorsEmitter,
    readersEmitter,
    indexEmitter,
  ],
  ksy: ksyEmitters,
  catalogue: [catalogueEmitter],
  spec: [digestEmitter],
};
