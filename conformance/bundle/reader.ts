import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { isObject } from "../engine/matchers.js";
import type { End, Header, Line, Results } from "./format.js";
import { FORMAT } from "./format.js";

export interface Bundle {
  readonly header: Header;
  readonly log: readonly Line[];
  readonly results: Results;
}

/** What is wrong with a bundle, for its user. */
export class BundleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BundleError";
  }
}

/** More than any run writes. */
const MOST_OCTETS = 512 * 1024 * 1024;

/** True if a file begins as a bundle does, sound or not; false also where it cannot be read. */
export function isBundle(path: string): boolean {
  try {
    const file = openSync(path, "r");
    const beginning = `{"format":"${FORMAT.split("/")[0]}`;
    const start = Buffer.alloc(beginning.length);
    readSync(file, start);
    closeSync(file);
    return (start[0] === 0x1f && start[1] === 0x8b) || start.toString("latin1") === beginning;
  } catch {
    return false;
  }
}

/** Reads a bundle and checks its digest. @throws BundleError that says what is wrong */
export function readBundle(path: string): Bundle {
  const lines = linesOf(path);
  const header = parse(path, lines[0] ?? "", 1);
  if (!isObject(header) || header.format !== FORMAT) {
    const what = isObject(header) && typeof header.format === "string" ? header.format : "no bundle";
    throw new BundleError(`${path}: this is ${what}; a bundle begins with {"format": "${FORMAT}", …}`);
  }
  const end = parse(path, lines.at(-1) ?? "", lines.length) as Partial<End>;
  if (!isObject(end) || !isObject(end.end)) {
    throw new BundleError(`${path}: the end is missing: the bundle is cut off, or the run did not come to its end`);
  }
  const digest = createHash("sha256");
  for (const line of lines.slice(0, -1)) digest.update(`${line}\n`);
  if (end.end.lines !== lines.length - 1 || end.end.sha256 !== digest.digest("hex")) {
    throw new BundleError(`${path}: the digest does not fit: the bundle was changed after the run`);
  }
  const [, ...rest] = lines.slice(0, -1).map((line, index) => parse(path, line, index + 1));
  const results = rest.pop();
  if (!isObject(results) || !Array.isArray(results.results)) throw new BundleError(`${path}: the results are missing`);
  return { header: header as unknown as Header, log: rest as Line[], results: results as unknown as Results };
}

function linesOf(path: string): string[] {
  let octets: Buffer;
  try {
    octets = readFileSync(path);
  } catch (error) {
    throw new BundleError(`cannot read the bundle: ${messageOf(error)}`);
  }
  if (octets[0] === 0x1f && octets[1] === 0x8b) {
    try {
      octets = gunzipSync(octets, { maxOutputLength: MOST_OCTETS });
    } catch (error) {
      throw new BundleError(`${path}: the bundle is cut off or damaged (${messageOf(error)})`);
    }
  }
  if (octets.length > MOST_OCTETS) throw new BundleError(`${path}: larger than any bundle`);
  const lines = octets.toString("utf8").split("\n");
  // What stands behind the last line end is part of a line that was cut off.
  if (lines.pop() !== "") throw new BundleError(`${path}: cut off within line ${lines.length + 1}`);
  return lines;
}

function parse(path: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new BundleError(`${path}: line ${number} is no JSON: this is no bundle, or a damaged one`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
