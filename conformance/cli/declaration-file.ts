import { readFileSync } from "node:fs";
import type { DeclarationInput, DeclarationShape } from "../engine/declaration.js";
import { checkDeclaration } from "../engine/declaration.js";
import { UsageError } from "./arguments.js";

/** Reads a PICS/PIXIT file, YAML or JSON; says everything that is wrong with it at once. */
export async function readDeclaration(path: string, shape: DeclarationShape): Promise<DeclarationInput> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read the declaration: ${error instanceof Error ? error.message : String(error)}`);
  }
  const input = await parseText(path, text);
  const mistakes = checkDeclaration(shape, input);
  if (mistakes.length > 0) throw new UsageError(`${path}:\n${mistakes.map((one) => `  ${one}`).join("\n")}`);
  return input as DeclarationInput;
}

async function parseText(path: string, text: string): Promise<unknown> {
  try {
    if (path.endsWith(".json")) return JSON.parse(text) as unknown;
    const { parse } = await import("yaml");
    return (parse(text) as unknown) ?? {};
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
