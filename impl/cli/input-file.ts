import { readFileSync } from "node:fs";
import { UsageError } from "./output.js";

/**
 * The JSON object in a file, or on standard input for `-`; what stands in a member of this name, where it has one. The client checks
 * it against the spec before it sends anything; here it only has to be JSON.
 */
export function readObject<T extends object>(file: string, wrapper: string): T {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--file ${file} holds no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null) throw new UsageError(`--file ${file} holds no JSON object`);
  return (wrapper in value ? (value as Record<string, unknown>)[wrapper] : value) as T;
}
