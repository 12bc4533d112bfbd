import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";
import type { Twist } from "./proxy.js";
import { proxy } from "./proxy.js";

export const TOKEN = "the-token-of-the-oms";

/** What the reference in its guarded form wants (`--oms-token`, `--peer-tokens`). */
export const guardedDeclaration: DeclarationInput = {
  values: {
    headers: [`authorization: Bearer ${TOKEN}`],
    "provider-headers": [`authorization: Bearer ${TOKEN}`],
    "peer-token-header": "PAMP-Peer-Token",
    "authenticated-operations": [
      "PAMP_OVERLAY_NW_REG",
      "PAMP_OVERLAY_NW_DEREG",
      "PAMP_PEER_DEREG",
      "PAMP_PEER_STATUS_REPORT",
      "PAMP_PEER_LIST_QUERY",
      "PAMP_PEER_INFO_QUERY",
    ],
  },
};

/** Runs the suite, or the cases selected, against a product with a twist in front of it. */
export async function judge(
  url: string,
  twist: Twist,
  {
    only = [],
    declaration = {},
    run = runConformance,
  }: {
    only?: readonly string[];
    declaration?: DeclarationInput;
    run?: (options: RunOptions) => Promise<RunResult>;
  } = {},
): Promise<RunResult> {
  const twisted = await proxy(url, twist);
  try {
    return await run({
      entity: entities.pams,
      target: { url: twisted.url },
      declaration,
      only,
      timeoutMs: 1_500,
    });
  } finally {
    await twisted.close();
  }
}

/** For messages of a failing test: what went wrong with the run, case by case. */
export function blemishes({ cases }: RunResult): string[] {
  return cases
    .filter(({ verdict }) => verdict !== "pass" && verdict !== "n/a")
    .map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`);
}
