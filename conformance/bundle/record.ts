import { randomBytes } from "node:crypto";
import type { RunResult } from "../engine/result.js";
import type { RunOptions } from "../engine/runner.js";
import { runConformance } from "../engine/runner.js";
import { LiveWorld } from "../engine/world/live.js";
import { headerOf } from "./options.js";
import { Redactor } from "./redact.js";
import { BundleWriter } from "./writer.js";

/** A credential too short to be hidden. */
export class CannotHide extends Error {
  constructor(names: readonly string[]) {
    super(
      `${names.join(", ")}: a credential of fewer than 4 characters cannot be hidden in a bundle; declare a longer one`,
    );
    this.name = "CannotHide";
  }
}

/** Judges a product and writes the run down in a bundle. @throws CannotHide before anything runs */
export async function record(path: string, given: RunOptions): Promise<RunResult> {
  const options = { bundle: path, ...given, seed: given.seed ?? randomBytes(4).toString("hex") };
  const redactor = new Redactor(options.entity.declaration, options.declaration ?? {}, options.target.url);
  if (redactor.tooShort.length > 0) throw new CannotHide(redactor.tooShort);
  const started = new Date().toISOString();
  const writer = new BundleWriter(path, redactor);
  writer.begin(headerOf(options, started, redactor));
  const result = await runConformance({ ...options, world: LiveWorld.open(writer, started) });
  await writer.finish(result);
  return result;
}
