import { fileURLToPath } from "node:url";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";

const program = fileURLToPath(new URL("tiny-peer.mjs", import.meta.url));

interface Wishes {
  readonly only?: readonly string[];
  readonly declaration?: DeclarationInput;
}

/** Judges the tiny peer with one of its switches, as a product whose maker declared everything. */
export function judgePeer(quirk: string, { only = [], declaration = {} }: Wishes = {}): Promise<RunResult> {
  return runConformance({
    entity: entities["hybrid-peer"],
    target: { adapter: `exec "${process.execPath}" "${program}" adapter "${quirk}"` },
    only,
    timeoutMs: 3_000,
    declaration: {
      options: {
        "sub-tree": true,
        "sub-mesh": true,
        "checks-tickets": true,
        "vertical-candidates": true,
        ipv6: true,
        ...declaration.options,
      },
      readings: { "E-HP2P-24": "A", ...declaration.readings },
      values: {
        "max-primary": 4,
        "outgoing-candidates": 1,
        "max-incoming-candidates": 2,
        "heartbeat-interval": 1,
        "heartbeat-timeout": 2,
        "answers-within": 2,
        "next-entry-within": 4,
        "acts-within": 4,
        ...declaration.values,
      },
    },
  });
}
