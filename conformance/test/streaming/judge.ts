import { ixsOperations } from "../../../generated/ixs/operations.js";
import { omsOperations } from "../../../generated/oms/operations.js";
import type { Operation } from "../../../generated/runtime/http-operation.js";
import { umsOperations } from "../../../generated/ums/operations.js";
import { unisOperations } from "../../../generated/unis/operations.js";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";
import type { Tiny } from "./frame.js";
import { serveTiny } from "./frame.js";
import type { ServerId } from "./products.js";
import { TinyIxs } from "./tiny-ixs.js";
import { TinyOms } from "./tiny-oms.js";
import { TinyUms } from "./tiny-ums.js";
import { TinyUnis } from "./tiny-unis.js";

interface Throwaway {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly make: (quirk: string) => Tiny;
  /** What its maker would declare. */
  readonly declaration: DeclarationInput;
}

const servers: Readonly<Record<ServerId, Throwaway>> = {
  ixs: {
    operations: ixsOperations,
    make: (quirk) => new TinyIxs(quirk),
    declaration: { options: { "partial-queries": true, "several-data-sources": true } },
  },
  ums: {
    operations: umsOperations,
    make: (quirk) => new TinyUms(quirk),
    declaration: {
      values: {
        headers: ["authorization: Bearer the-oms"],
        "admin-headers": ["authorization: Bearer the-administrator"],
      },
    },
  },
  unis: {
    operations: unisOperations,
    make: (quirk) => new TinyUnis(quirk),
    declaration: {
      values: {
        "nearest-first": ["192.0.2.1", "192.0.2.1", "192.0.2.9", "198.51.100.1"],
        "from-elsewhere": ["198.51.100.1", "198.51.100.1", "198.51.100.9", "192.0.2.1"],
        preference: ["low-rtt", "198.51.100.1", "192.0.2.9", "192.0.2.1"],
      },
    },
  },
  oms: {
    operations: omsOperations,
    make: (quirk) => new TinyOms(quirk),
    declaration: {
      options: { "session-keys": true, "partial-lists": true },
      values: { "short-refresh": 2, "large-overlay": 24 },
    },
  },
};

interface Wishes {
  readonly only?: readonly string[];
  readonly declaration?: DeclarationInput;
}

/** Runs the suite, or the cases selected, against a throw-away server with a switch. */
export async function judgeStreaming(
  entity: ServerId,
  quirk: string,
  { only = [], declaration = {} }: Wishes = {},
): Promise<RunResult & { readonly left: number }> {
  const { operations, make, declaration: usual } = servers[entity];
  const tiny = make(quirk);
  const serving = await serveTiny(operations, tiny);
  try {
    const run = await runConformance({
      entity: entities[entity],
      target: { url: serving.url },
      declaration: {
        options: { ...usual.options, ...declaration.options },
        readings: { "E-DS-36": "A", ...usual.readings, ...declaration.readings },
        values: { ...usual.values, ...declaration.values },
      },
      only,
      seed: "0",
      timeoutMs: 5_000,
    });
    return { ...run, left: tiny.left?.() ?? 0 };
  } finally {
    await serving.close();
  }
}
