import { existsSync, readFileSync } from "node:fs";

/** Name and version of the suite, from the package.json above this file: two levels up in the source, three in what is built. */
export function suiteName(): string {
  const path = ["../../package.json", "../../../package.json"]
    .map((up) => new URL(up, import.meta.url))
    .find(existsSync);
  if (path === undefined) return "mp2p";
  const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { name: string; version: string };
  return `${name} ${version}`;
}
