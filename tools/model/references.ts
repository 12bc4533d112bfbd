/** `$ref` through json-schema-ref-parser, restricted to files of this machine, and the names that references give to schemas. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { $RefParser } from "@apidevtools/json-schema-ref-parser";
import { Cursor, isObject } from "./cursor.js";
import type { JsonValue, SpecFile } from "./model.js";
import type { Problem } from "./problem.js";
import { nearest } from "./vocabulary.js";

/** Reads (once) the file at an absolute path; undefined if there is none. */
export type ReadFile = (absolute: string) => SpecFile | undefined;

export interface References {
  /** The target of a `$ref`, in the file where it stands; undefined after reporting a problem. */
  follow(ref: Cursor): Cursor | undefined;
  /** `value`, or what it refers to if it is a bare `$ref` (parameters, responses, path items). */
  deref(cursor: Cursor): Cursor;
  /** Files reached, in the order met. */
  readonly files: readonly SpecFile[];
}

/** Checks every `$ref` reachable from the entry file or the others, then lets ref-parser crawl them. */
export async function resolveReferences(
  entry: SpecFile,
  others: readonly SpecFile[],
  read: ReadFile,
  problems: Problem[],
): Promise<References> {
  const files = new Map<string, SpecFile>();
  for (const file of [entry, ...others]) collect(file, files, read, problems);

  // ref-parser crawls what was found sound: it must reach the same files, and meet nothing it cannot resolve.
  if (problems.length === 0) await crawl(entry, files);

  const follow = (ref: Cursor): Cursor | undefined => {
    const target = locate(ref);
    const file = target === undefined ? undefined : files.get(target.absolute);
    if (target === undefined || file === undefined) return undefined;
    const value = valueAt(file.value, target.steps);
    return value === undefined ? undefined : new Cursor(file, target.steps, value, ref.problems);
  };

  return {
    follow,
    deref: (cursor) => (cursor.has("$ref") ? (follow(cursor.get("$ref")) ?? cursor) : cursor),
    files: [...files.values()],
  };
}

async function crawl(entry: SpecFile, files: ReadonlyMap<string, SpecFile>): Promise<void> {
  // It may mutate what it is given: it gets clones.
  await new $RefParser().resolve(entry.absolute, structuredClone(entry.value) as object, {
    resolve: { http: false, file: { order: 1, canRead: true, read: ({ url }: { url: string }) => url } },
    parse: {
      json: false,
      text: false,
      binary: false,
      yaml: {
        order: 1,
        canParse: true,
        parse: ({ url }: { url: string }) => structuredClone(files.get(pathOf(url))?.value ?? null),
      },
    },
  });
}

interface Target {
  readonly absolute: string;
  readonly pointer: string;
  readonly steps: readonly string[];
}

function locate(ref: Cursor): Target | undefined {
  if (typeof ref.value !== "string") return undefined;
  const [path = "", fragment = ""] = ref.value.split("#");
  const absolute = path === "" ? ref.file.absolute : resolve(dirname(ref.file.absolute), decodeURI(path));
  const steps = fragment
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return { absolute, pointer: fragment, steps };
}

function collect(file: SpecFile, files: Map<string, SpecFile>, read: ReadFile, problems: Problem[]): void {
  if (files.has(file.absolute)) return;
  files.set(file.absolute, file);
  const visit = (cursor: Cursor): void => {
    if (Array.isArray(cursor.value)) {
      for (const item of cursor.items()) visit(item);
      return;
    }
    for (const [key, child] of cursor.entries()) {
      if (key === "$ref" && typeof child.value === "string") {
        const target = check(child, read);
        if (target !== undefined) collect(target, files, read, problems);
      } else if (!key.startsWith("x-") && key !== "example" && key !== "examples") {
        visit(child);
      }
    }
  };
  visit(new Cursor(file, [], file.value, problems));
}

/** The file a sound reference leads to; otherwise reports what is wrong with it. */
function check(ref: Cursor, read: ReadFile): SpecFile | undefined {
  const text = String(ref.value);
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) {
    ref.problem(`$ref ${text} leaves this machine. Copy the file into the spec folder and refer to the copy.`);
    return undefined;
  }
  const target = locate(ref);
  if (target === undefined) return undefined;
  const file = target.absolute === ref.file.absolute ? ref.file : read(target.absolute);
  if (file === undefined) {
    ref.problem(`$ref ${text} leads to no file. ${advice(target.absolute, ref)}`);
    return undefined;
  }
  if (valueAt(file.value, target.steps) === undefined) {
    ref.problem(`$ref ${text}: ${file.path} has nothing at #${target.pointer}. Correct the part after #.`);
    return undefined;
  }
  return file;
}

function advice(absolute: string, ref: Cursor): string {
  const folder = dirname(absolute);
  if (!existsSync(folder)) return "The folder does not exist either: correct the path.";
  const near = nearest(absolute.slice(folder.length + 1), siblings(folder));
  return near === undefined
    ? `Correct the path (it starts at ${ref.file.path}) or add the file.`
    : `Did you mean ${near}?`;
}

function valueAt(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of steps) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

function siblings(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** ref-parser gives paths or file URLs, depending on the platform. */
function pathOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : decodeURIComponent(url);
}
