import { fileURLToPath } from "node:url";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";

type Client = "pamp-peer" | "pamp-oms";

const program = (client: Client): string =>
  fileURLToPath(new URL(client === "pamp-peer" ? "tiny-peer.mjs" : "tiny-oms.mjs", import.meta.url));

/** What the tiny clients can do, all of it. */
const declared: Readonly<Record<Client, DeclarationInput>> = {
  "pamp-peer": {
    options: { "takes-identifiers": true },
    values: { performs: ["change-profile", "exchange", "hold", "pause", "complete"], "acts-within": 3 },
  },
  "pamp-oms": {
    options: { "takes-identifiers": true, streams: true, advises: true, "repeats-registration": true },
    values: { performs: ["create-another", "close-overlay", "query-list", "query-peer"], "acts-within": 3 },
  },
};

/** Judges a tiny client with one of its switches, as a product whose maker declared everything. */
export async function judgeClient(
  client: Client,
  quirk: string,
  { mode = "adapter", only = [] }: { mode?: "adapter" | "exec"; only?: readonly string[] } = {},
): Promise<RunResult> {
  const command = (where: string): string => `exec "${process.execPath}" "${program(client)}" ${where} "${quirk}"`;
  const target = mode === "exec" ? { exec: command("{url}") } : { adapter: command("adapter") };
  return await runConformance({ entity: entities[client], target, declaration: declared[client], only });
}
