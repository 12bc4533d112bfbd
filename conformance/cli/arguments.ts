import { parseArgs } from "node:util";
import type { EntityId } from "../engine/entity.js";
import { entities } from "../entities.js";

/** A mistake on the command line: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

const options = {
  url: { type: "string" },
  listen: { type: "string" },
  exec: { type: "string" },
  adapter: { type: "string" },
  wait: { type: "boolean" },
  pics: { type: "string" },
  only: { type: "string", multiple: true },
  edition: { type: "string", multiple: true },
  list: { type: "boolean" },
  seed: { type: "string" },
  timeout: { type: "string" },
  json: { type: "string" },
  junit: { type: "string" },
  html: { type: "string" },
  bundle: { type: "string" },
  pcap: { type: "string" },
  baseline: { type: "string" },
  quiet: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `--json` takes a file for a run and nothing for `coverage`. */
const flags = { ...options, json: { type: "boolean" } } as const;

export function parseRun(argv: readonly string[]) {
  const { positionals: _, ...given } = parseRunOf(argv, false);
  return given;
}

/** The options of a run, with what it is a run of. */
export function parseRunOf(argv: readonly string[], allowPositionals = true) {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals }));
  const timeoutMs = values.timeout === undefined ? undefined : Number(values.timeout);
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new UsageError(`--timeout ${values.timeout}: write milliseconds, such as 3000`);
  return { ...values, timeoutMs, positionals };
}

/** `coverage` can print itself for documents. */
const coverageFlags = { ...flags, markdown: { type: "boolean" } } as const;

export function parseCoverage(argv: readonly string[]) {
  const { values, positionals } = parse(() =>
    parseArgs({ args: [...argv], options: coverageFlags, allowPositionals: true }),
  );
  return { ...values, entities: positionals.map(entityNamed) };
}

export function parseTable(argv: readonly string[]) {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options: flags, allowPositionals: true }));
  return { ...values, entities: positionals.map(entityNamed) };
}

export function entityNamed(name: string): EntityId {
  if (Object.hasOwn(entities, name)) return name as EntityId;
  throw new UsageError(`${name}: no such entity; there are ${Object.keys(entities).join(", ")}`);
}

/** Runs a parser of command lines; what it throws is a mistake on the command line. */
export function parse<Parsed>(parseThem: () => Parsed): Parsed {
  try {
    return parseThem();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
