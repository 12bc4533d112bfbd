import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";
import type { Quirks } from "./tiny-source-peer.js";
import { OWN_ID, TINY_TIMES, TinySourcePeer } from "./tiny-source-peer.js";

/** Judges the tiny source peer with its quirks, as a product whose maker declared everything. */
export async function judgeSourcePeer(
  quirks: Quirks,
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
  const peer = await new TinySourcePeer(quirks).start();
  try {
    return await run({
      entity: entities["ldmp-source-peer"],
      target: { url: peer.url },
      only,
      timeoutMs: 3_000,
      declaration: {
        ...declaration,
        readings: declaration.readings ?? { "E-LDMP-01": "A", "E-LDMP-02": "A" },
        values: {
          "heartbeat-time": TINY_TIMES.heartbeatMs / 1000,
          "retransmission-time": TINY_TIMES.retransmissionMs / 1000,
          "max-retransmissions": 3,
          "peer-id": OWN_ID,
          "refused-source-id": OWN_ID,
          "get-stimulus": `POST ${peer.control}/get/{source} {payload}`,
          "put-stimulus": `POST ${peer.control}/put/{source} {payload}`,
          "reset-stimulus": `POST ${peer.control}/reset/{source}`,
          "data-hook": `GET ${peer.control}/data/{source}`,
          "failure-shows": "refused",
          ...declaration.values,
        },
      },
    });
  } finally {
    await peer.close();
  }
}
