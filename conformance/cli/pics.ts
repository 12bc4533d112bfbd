import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { describeItems } from "../declare/items.js";
import { toTemplate } from "../declare/template.js";
import { exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { entityNamed, parse, UsageError } from "./arguments.js";
import type { Output } from "./output.js";

const options = { out: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `mp2p conformance pics ENTITY [--out FILE] [--json]` */
export function pics(argv: readonly string[], output: Output): number {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new UsageError(`pics: name one entity: ${Object.keys(entities).join(", ")}`);
  }
  const entity = entities[entityNamed(name)];
  const text = values.json ? `${JSON.stringify(asJson(entity), null, 2)}\n` : toTemplate(entity);
  if (values.out === undefined) {
    output.out(text);
    return exitCodes.conforms;
  }
  // What somebody has declared is not written over.
  if (existsSync(values.out)) throw new UsageError(`--out ${values.out}: the file is there already`);
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, text);
  return exitCodes.conforms;
}

/** A declaration that declares nothing; what can be declared stands in `$items`, which is read over. */
function asJson(entity: (typeof entities)[keyof typeof entities]) {
  const { id, title, documents } = entity;
  return { $entity: { id, title, documents }, options: {}, readings: {}, values: {}, $items: describeItems(entity) };
}
