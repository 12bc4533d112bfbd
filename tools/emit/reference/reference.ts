/** reference/*.md: offline pages with every operation, member and value, its clause, its errata and the cases that judge it. */
import type { KsySpec } from "../../model/model.js";
import { contentHash } from "../../model/spec-file.js";
import { citation } from "../../print/describe.js";
import type { GeneratedFile, SpecEmitter } from "../emitter.js";
import { casesPage, catalogueIndex } from "./cases-page.js";
import { type CaseEntry, catalogueOf, Evidence } from "./evidence.js";
import { ksyPage } from "./ksy-page.js";
import { code, plain, table } from "./markdown.js";
import { protocolPage } from "./protocol-page.js";

/** `ldmp`, or `hybrid-peer-frame` for a file of another name than its folder. */
function pageOf({ name, ksy }: KsySpec): string {
  return ksy.name === name ? name : `${name}-${ksy.name}`;
}

/** @param cases of the conformance suite; none where they are not known */
export function referenceEmitter(cases: readonly CaseEntry[]): SpecEmitter {
  return {
    name: "reference",
    emit(spec, context) {
      const evidence = new Evidence(spec, cases);
      const page = (
        path: string,
        source: Parameters<typeof context.banner>[0],
        lines: readonly string[],
      ): GeneratedFile => {
        const banner = context.banner(source).map((line) => `<!-- ${line} -->`);
        return { path: `reference/${path}.md`, content: `${[...banner, "", ...lines].join("\n").trimEnd()}\n` };
      };
      const protocols = spec.protocols.map((protocol) => {
        const { source, hash, document, clauses, name } = protocol;
        return page(name, { source, hash, clauses: citation(document, clauses) }, protocolPage(protocol, evidence));
      });
      const layouts = spec.ksy.map((ksy) =>
        page(pageOf(ksy), { source: ksy.ksy.path, hash: ksy.ksy.hash }, ksyPage(ksy, evidence)),
      );
      const catalogues = [...new Set(cases.map(({ id }) => catalogueOf(id)))].map((path) => {
        const own = cases.filter(({ id }) => catalogueOf(id) === path);
        const hash = contentHash([JSON.stringify(own)]);
        return page(path, { source: "conformance/cases.json", hash }, casesPage(own, evidence));
      });
      const rows = [
        ...spec.protocols.map(({ name, title, document, operations }) => [
          `[${name}](${name}.md)`,
          plain(title),
          document,
          operations.map(({ id }) => `[${code(id)}](${name}.md#${id})`).join(" "),
        ]),
        ...spec.ksy.map(pageOf).map((name) => [`[${name}](${name}.md)`, "binary message", "", ""]),
      ];
      const hash = contentHash([spec.protocols.map((one) => one.hash), spec.ksy.map((one) => one.ksy.hash)]);
      const index = page("index", { source: spec.root.split(/[\\/]/).at(-1) ?? "spec", hash }, [
        "# Reference",
        "",
        ...table(["protocol", "title", "document", "operations"], rows),
        ...catalogueIndex(cases),
      ]);
      return spec.protocols.length + spec.ksy.length === 0 ? [] : [...protocols, ...layouts, ...catalogues, index];
    },
  };
}
