import type { Catalogue, CatalogueFile, ErratumEntry, RequirementEntry } from "../model/catalogue.js";
import type { CatalogueSpec, SpecFile } from "../model/model.js";
import { contentHash } from "../model/spec-file.js";
import { emitCatalogue } from "./catalogue.js";
import type { CatalogueEmitter } from "./emitter.js";

/** The catalogue emitter over the files that the loader has read. */
export const catalogueEmitter: CatalogueEmitter = {
  name: "catalogue",
  emit(spec, context) {
    const catalogue = catalogueOf(spec);
    if (catalogue === undefined) return [];
    const files = [...spec.requirements, ...(spec.errata === undefined ? [] : [spec.errata])];
    const folder = files[0]?.path.split("/")[0] ?? "spec";
    const hash = contentHash(files.map(({ value }) => value));
    const banner = context
      .banner({ source: `${folder}/requirements/*.yaml and ${folder}/errata.yaml`, hash })
      .map((line) => `// ${line}\n`)
      .join("");
    return Object.entries(emitCatalogue(catalogue, banner)).map(([path, content]) => ({ path, content }));
  },
};

function catalogueOf({ requirements, errata }: CatalogueSpec): Catalogue | undefined {
  if (errata === undefined) return undefined;
  return {
    requirements: requirements.map((file) => listOf<RequirementEntry>(file)),
    errata: listOf<ErratumEntry>(errata),
  };
}

function listOf<Entry>(file: SpecFile): CatalogueFile<Entry> {
  const entries = (Array.isArray(file.value) ? file.value : []) as unknown as Entry[];
  return { path: file.path, entries, lines: entries.map((_, index) => file.at([index]).line), errors: [] };
}
