import { readFileSync } from "node:fs";
import type { DeclarationInput, DeclarationShape } from "../engine/declaration.js";
import { checkDeclaration } from "../engine/declaration-check.js";
import { UsageError } from "./arguments.js";

/**
 * Reads a PICS/PIXIT file, YAML or JSON; says everything that is wrong with it at once. `${NAME}` in a text stands for the environment
 * variable of that name: for secrets, and for addresses known only when the product has started.
 */
export async function readDeclaration(path: string, shape: DeclarationShape): Promise<DeclarationInput> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read the declaration: ${error instanceof Error ? error.message : String(error)}`);
  }
  const missing = new Set<string>();
  const input = fillIn(withoutRemarks(await parseText(path, text)), missing);
  const mistakes = [
    ...[...missing].map((name) => `\${${name}}: the environment has no variable of that name`),
    ...checkDeclaration(shape, input),
  ];
  if (mistakes.length > 0) throw new UsageError(`${path}:\n${mistakes.map((one) => `  ${one}`).join("\n")}`);
  return input as DeclarationInput;
}

/** Members `$…` are for people and programs that write declarations. */
function withoutRemarks(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith("$")));
}

function fillIn(value: unknown, missing: Set<string>): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
      const found = process.env[name];
      if (found === undefined) missing.add(name);
      return found ?? "";
    });
  }
  if (Array.isArray(value)) return value.map((one) => fillIn(one, missing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, missing)]));
}

/** The value that a text holds: JSON where the file is named so, else YAML. */
export async function parseText(path: string, text: string): Promise<unknown> {
  try {
    if (path.endsWith(".json")) return JSON.parse(text) as unknown;
    const { parse } = await import("yaml");
    return (parse(text) as unknown) ?? {};
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
