import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rejudged } from "../../bundle/judge.js";
import { rejudge } from "../../bundle/judge.js";
import type { Bundle } from "../../bundle/reader.js";
import { readBundle } from "../../bundle/reader.js";
import { record } from "../../bundle/record.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { entities } from "../../entities.js";

/** A run that was recorded, and the same judged again with the product gone. */
export interface Twice extends Rejudged {
  readonly live: RunResult;
  readonly bundle: Bundle;
}

/** `judge` runs against a live product by the function that it gets, and ends it. */
export async function twice(
  judge: (run: (options: RunOptions) => Promise<RunResult>) => Promise<RunResult>,
): Promise<Twice> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const path = join(folder, "run.bundle.gz");
  try {
    const live = await judge((options) => record(path, options));
    const bundle = readBundle(path);
    return { live, bundle, ...(await rejudge(entities[live.entity], bundle)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
