import { fileURLToPath } from "node:url";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";

const program = fileURLToPath(new URL("tiny-data-source.mjs", import.meta.url));

interface Wishes {
  readonly only?: readonly string[];
  readonly transport?: "udp" | "tcp";
  readonly declaration?: DeclarationInput;
  /** In place of a run that is not recorded. */
  readonly run?: (options: RunOptions) => Promise<RunResult>;
}

/** Judges the tiny data source with one of its switches, as a product whose maker declared everything. */
export function judgeDataSource(
  quirk: string,
  { only = [], transport = "udp", declaration = {}, run = runConformance }: Wishes = {},
): Promise<RunResult> {
  const command = (url: string): string => `exec "${process.execPath}" "${program}" ${url} "${quirk}"`;
  return run({
    entity: entities["ldmp-data-source"],
    target: { exec: command("{url}") },
    only,
    timeoutMs: 3_000,
    declaration: {
      ...declaration,
      readings: declaration.readings ?? { "E-LDMP-01": "A", "E-LDMP-02": "A" },
      values: {
        transport,
        "heartbeat-time": 0.8,
        "retransmission-time": 0.24,
        "max-retransmissions": 3,
        "registers-within": 4,
        "posts-within": 2,
        "get-payload": "load",
        "second-get-payload": "memory",
        "put-payload": '{"period":0.5}',
        "put-shows-selector": "period",
        "put-shows-text": '"value":0.5',
        "unacceptable-put-payload": '{"period":-1}',
        "unauthorised-put-payload": '{"owner":"nobody"}',
        "forbidden-put-payload": '{"firmware":"mine"}',
        "binary-get-payload": "image",
        "two-source-peers": command("{url},{url2}"),
        ...declaration.values,
      },
    },
  });
}
