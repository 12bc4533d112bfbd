import { fileURLToPath } from "node:url";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";

const program = fileURLToPath(new URL("tiny-hybrid-peer.mjs", import.meta.url));

interface Wishes {
  readonly only?: readonly string[];
  readonly declaration?: DeclarationInput;
}

/** Judges the tiny hybrid peer with one of its switches, as a product whose maker declared everything. */
export function judgeHybridPeer(quirk: string, { only = [], declaration = {} }: Wishes = {}): Promise<RunResult> {
  return runConformance({
    entity: entities["homp-hybrid-peer"],
    target: { adapter: `exec "${process.execPath}" "${program}" adapter "${quirk}"` },
    only,
    timeoutMs: 3_000,
    declaration: {
      options: { applications: true, "cr-policy": true, "settable-peer-id": true, ...declaration.options },
      readings: declaration.readings ?? {},
      values: { lifetime: 2, "acts-within": 4, ...declaration.values },
    },
  });
}
