/** Reads a spec folder into the model. The only part of the generator that touches the file system besides the writer. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { pascalCase } from "../print/names.js";
import type { CatalogueSpec, KsySpec, Protocol, Spec, SpecFile } from "./model.js";
import { compareText, type Problem, SpecError } from "./problem.js";
import { readProtocol } from "./protocol.js";
import type { ReadFile } from "./references.js";
import { NOT_YAML, parseSpecFile } from "./spec-file.js";

/** What makes a folder a protocol: operations over HTTP, or only messages. */
const ENTRIES: readonly string[] = ["openapi.yaml", "protocol.yaml"];

/**
 * Reads everything under a spec folder. Files are named from the folder up: `spec/pamp/openapi.yaml`.
 *
 * @throws SpecError with every problem of the run
 */
export async function loadSpec(directory: string): Promise<Spec> {
  const problems: Problem[] = [];
  const spec = await readSpec(directory, problems);
  if (problems.length > 0) throw new SpecError(problems.filter(causes(problems)));
  return spec;
}

/** In a file that is no YAML, what else seems wrong only follows from that. */
function causes(problems: readonly Problem[]): (problem: Problem) => boolean {
  const isSyntax = ({ message }: Problem): boolean => message.startsWith(NOT_YAML);
  const broken = new Set(problems.filter(isSyntax).map(({ position }) => position.file));
  return (problem) => isSyntax(problem) || !broken.has(problem.position.file);
}

async function readSpec(directory: string, problems: Problem[]): Promise<Spec> {
  const root = resolve(directory);
  const nowhere = { file: directory, line: 1, column: 1 };
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    problems.push({ position: nowhere, message: "there is no such folder. Name the spec folder with --spec DIR." });
    return { root, protocols: [], ksy: [], catalogue: { requirements: [], errata: undefined }, files: [] };
  }
  const cache = new Map<string, SpecFile>();
  const label = (absolute: string): string => join(basename(root), relative(root, absolute)).split(sep).join("/");
  const read: ReadFile = (absolute) => {
    const known = cache.get(absolute);
    if (known !== undefined) return known;
    if (!existsSync(absolute) || !statSync(absolute).isFile()) return undefined;
    const file = parseSpecFile(label(absolute), absolute, readFileSync(absolute, "utf8"), problems);
    cache.set(absolute, file);
    return file;
  };

  const protocols: Protocol[] = [];
  const ksy: KsySpec[] = [];
  for (const folder of folders(root)) {
    const entry = read(join(root, folder, "openapi.yaml")) ?? read(join(root, folder, "protocol.yaml"));
    if (entry !== undefined) {
      const schemaFiles = ["schemas", "messages"]
        .flatMap((kind) => yamlFiles(join(root, folder, kind)))
        .flatMap((path) => read(path) ?? []);
      const protocol = await readProtocol(entry, schemaFiles, read, problems);
      if (protocol !== undefined) protocols.push(protocol);
    }
    const names = readdirSync(join(root, folder)).sort(compareText);
    const data = names
      .filter((name) => /\.ya?ml$/.test(name) && !ENTRIES.includes(name) && names.some((one) => one.endsWith(".ksy")))
      .flatMap((name) => read(join(root, folder, name)) ?? []);
    for (const name of names.filter((one) => one.endsWith(".ksy"))) {
      const file = read(join(root, folder, name));
      if (file === undefined) continue;
      ksy.push({
        name: folder,
        prefix: pascalCase(file.name === folder ? folder : `${folder}-${file.name}`),
        ksy: file,
        data: new Map(data.map((one) => [one.name, one])),
      });
    }
  }
  const catalogue: CatalogueSpec = {
    requirements: yamlFiles(join(root, "requirements")).flatMap((path) => read(path) ?? []),
    errata: read(join(root, "errata.yaml")),
  };
  if (protocols.length + ksy.length + catalogue.requirements.length === 0 && problems.length === 0) {
    problems.push({
      position: nowhere,
      message: "nothing to generate from. Put an openapi.yaml or a .ksy file into a folder below it, one per protocol.",
    });
  }
  const files = [...cache.values()].sort((a, b) => compareText(a.path, b.path));
  return { root, protocols, ksy, catalogue, files };
}

function folders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort(compareText);
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort(compareText)
    .map((name) => join(folder, name));
}
