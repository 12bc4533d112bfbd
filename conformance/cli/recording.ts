import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle } from "../bundle/reader.js";
import { CannotHide, record } from "../bundle/record.js";
import type { RunResult } from "../engine/result.js";
import type { RunOptions } from "../engine/runner.js";
import { runConformance } from "../engine/runner.js";
import { writePcap } from "../pcap/capture.js";
import { UsageError } from "./arguments.js";

/** Makes a run, and keeps what `--bundle` and `--pcap` ask for. */
export async function runKept(
  options: RunOptions,
  { bundle, pcap }: { readonly bundle?: string; readonly pcap?: string },
): Promise<RunResult> {
  if (bundle === undefined && pcap === undefined) return await runConformance(options);
  const folder = bundle === undefined ? mkdtempSync(join(tmpdir(), "mp2p-")) : undefined;
  const path = bundle ?? join(folder ?? "", "run.bundle");
  try {
    const result = await record(path, bundle === undefined ? options : { ...options, bundle });
    if (pcap !== undefined) writePcap(pcap, readBundle(path), result);
    return result;
  } catch (error) {
    throw error instanceof CannotHide ? new UsageError(error.message) : error;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}
