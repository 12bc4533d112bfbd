import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly hasInstallScript?: boolean;
        readonly dev?: boolean;
        readonly license?: string;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")) as T;
const { dependencies, devDependencies } = read<Manifest>("package.json");
const { packages } = read<Lockfile>("package-lock.json");

/** Whether a package finds another in its own folder or in one above. */
function isLocked(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (packages[`${folder}${folder === "" ? "" : "/"}node_modules/${name}`] !== undefined) return true;
    if (folder === "") return false;
  }
}

describe("dependencies", () => {
  test("are pinned", () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    );
    expect(loose).toEqual([]);
  });

  test("run no script when they are installed", () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path]) => path)).toEqual([]);
  });

  // npm leaves an optional package out of the lockfile when its registry lacks it, and then `npm ci` refuses the lockfile everywhere.
  test("are all in the lockfile, those of other platforms included", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    expect(missing).toEqual([]);
  });

  test("of the package are under no copyleft: the GPL's compiler stays a tool of development", () => {
    const copyleft = Object.entries(packages).filter(([, { dev, license }]) => !dev && /GPL/.test(license ?? ""));
    expect(copyleft.map(([path]) => path)).toEqual([]);
  });
});
