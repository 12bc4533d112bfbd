import type { RunResult } from "../result.js";

export function toHtml(runs: readonly RunResult[]): string {
  return JSON.stringify(runs);
}
