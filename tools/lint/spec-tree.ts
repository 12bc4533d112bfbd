/** The files of a spec folder as the lint rules walk them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { Cursor, isObject } from "../model/cursor.js";
import type { SpecFile } from "../model/model.js";
import { compareText, type Problem } from "../model/problem.js";
import { parseSpecFile } from "../model/spec-file.js";

export interface SpecTree {
  /** Folder as people know it: `spec`. */
  readonly root: string;
  /** By path below the root: `pamp/schemas/PeerList.yaml`. */
  readonly files: ReadonlyMap<string, SpecFile>;
  /** One per file, at its root. */
  cursor(path: string): Cursor | undefined;
  /** The file that a `$ref` leads to; undefined if there is none, or the `$ref` has a fragment. */
  follow(ref: Cursor): Cursor | undefined;
  readonly problems: Problem[];
}

const CATALOGUE = /^(requirements\/|errata\.yaml$)/;

/** Reads every YAML and .ksy file below `root`, the catalogue aside (it has checks of its own). */
export function readSpecTree(root: string): SpecTree {
  const problems: Problem[] = [];
  const files = new Map<string, SpecFile>();
  for (const path of list(root, "")) {
    if (!/\.(yaml|yml|ksy)$/.test(path) || CATALOGUE.test(path)) continue;
    const absolute = join(root, path);
    files.set(path, parseSpecFile(posix.join(toPosix(root), path), absolute, readFileSync(absolute, "utf8"), problems));
  }
  const cursor = (path: string): Cursor | undefined => {
    const file = files.get(path);
    return file === undefined ? undefined : new Cursor(file, [], file.value, problems);
  };
  return {
    root,
    files,
    problems,
    cursor,
    follow: (ref) => {
      if (typeof ref.value !== "string" || ref.value.includes("#")) return undefined;
      return cursor(posix.join(posix.dirname(below(root, ref.file)), ref.value));
    },
  };
}

/** Path of a file below the spec folder: `homp/messages/OverlayReference.yaml`. */
export function below(root: string, file: SpecFile): string {
  return posix.relative(toPosix(root), file.path);
}

export function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}

function list(root: string, folder: string): string[] {
  const here = join(root, folder);
  if (!existsSync(here)) return [];
  return readdirSync(here)
    .sort(compareText)
    .flatMap((name) => {
      const path = posix.join(folder, name);
      return statSync(join(root, path)).isDirectory() ? list(root, path) : [path];
    });
}

/** Every value below a cursor, itself first. */
export function* walk(cursor: Cursor): Generator<Cursor> {
  yield cursor;
  if (Array.isArray(cursor.value)) for (const item of cursor.items()) yield* walk(item);
  else if (isObject(cursor.value)) for (const [, child] of cursor.entries()) yield* walk(child);
}

/** The last step of a cursor's path, as text. */
export function nameOf(cursor: Cursor): string {
  return String(cursor.path.at(-1) ?? "");
}
