import { parseArgs } from "node:util";
import type { Finding } from "../declare/finding.js";
import { review as reviewOf } from "../declare/review.js";
import { Declaration } from "../engine/declaration.js";
import { exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { entityNamed, parse, UsageError } from "./arguments.js";
import { readDeclaration } from "./declaration-file.js";
import type { Output } from "./output.js";

const options = { pics: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `mp2p conformance review ENTITY --pics FILE [--json]`: static conformance review alone, without a product. */
export async function review(argv: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new UsageError(`review: name one entity: ${Object.keys(entities).join(", ")}`);
  }
  if (values.pics === undefined) throw new UsageError("review: --pics FILE is missing: the declaration to review");
  const entity = entities[entityNamed(name)];
  const declared = new Declaration(entity.declaration, await readDeclaration(values.pics, entity.declaration));
  const findings = reviewOf(entity, declared);
  if (values.json) {
    output.out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    output.out(`${[...findings.map(line), summary(findings.length, declared)].join("\n")}\n`);
  }
  return findings.some(({ breaks }) => breaks) ? exitCodes.fails : exitCodes.conforms;
}

function line({ item, text, clause, requirement, breaks }: Finding): string {
  const where = [clause, requirement].filter((one) => one !== undefined).join("; ");
  return `${breaks ? "✗" : "!"} ${item}: ${text}${where === "" ? "" : ` [${where}]`}`;
}

function summary(findings: number, declared: Declaration): string {
  const items = declared.effective().explicit.length;
  const said = `${items} ${items === 1 ? "item" : "items"} declared`;
  return findings === 0 ? `${said}, nothing to say against them` : `${said}, ${findings} to look at`;
}
