import { parseArgs } from "node:util";
import type { Drift } from "../bundle/drift.js";
import { rejudge } from "../bundle/judge.js";
import type { Bundle } from "../bundle/reader.js";
import { BundleError, readBundle } from "../bundle/reader.js";
import { exitCodeOf } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { writePcap } from "../pcap/capture.js";
import { entityNamed, parse, UsageError } from "./arguments.js";
import { knownFailures, withBaseline } from "./baseline.js";
import type { Output } from "./output.js";
import { checkWritable, report } from "./reports.js";

const options = {
  json: { type: "string" },
  junit: { type: "string" },
  html: { type: "string" },
  pcap: { type: "string" },
  baseline: { type: "string" },
  quiet: { type: "boolean" },
} as const;

/** `mp2p conformance judge BUNDLE`: the verdicts of a recorded run, once more and without the product. */
export async function judgeBundle(argv: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new UsageError("judge takes one bundle: mp2p conformance judge RUN.bundle.gz");
  const bundle = bundleAt(path);
  const entity = entities[entityNamed(bundle.header.entity)];
  const known = values.baseline === undefined ? undefined : await knownFailures(values.baseline);
  checkWritable([values.json, values.junit, values.html, values.pcap]);
  const { result: judged, drift } = await rejudge(entity, bundle).catch((error: unknown) => {
    if (error instanceof BundleError) throw new UsageError(`${path}: ${error.message}`);
    // An edition that this version does not have.
    throw error instanceof RangeError ? new UsageError(`${path}: ${error.message}`) : error;
  });
  const result = known === undefined ? judged : withBaseline(judged, values.baseline ?? "", known, entity);
  report(result, values, output);
  if (values.pcap !== undefined) writePcap(values.pcap, bundle, judged);
  const summary = `${compared(bundle, drift)}\n`;
  if (values.json === "-") output.err(summary);
  else output.out(summary);
  return exitCodeOf(result);
}

/** The bundle that an argument names. */
export function bundleAt(path: string): Bundle {
  try {
    return readBundle(path);
  } catch (error) {
    throw error instanceof BundleError ? new UsageError(error.message) : error;
  }
}

function compared({ header, results }: Bundle, drift: readonly Drift[]): string {
  const when = `when it was recorded (${header.started}, ${header.suite})`;
  if (drift.length === 0) return `All ${results.results.length} verdicts are the same as ${when}.`;
  const verdicts = drift.filter(({ verdict }) => verdict).length;
  const head =
    verdicts > 0
      ? `${verdicts} of ${results.results.length} verdicts differ from those ${when}:`
      : `All ${results.results.length} verdicts are the same as ${when}, but not all of what was said:`;
  return [head, ...drift.map((one) => `  ${one.case}: ${one.text}`)].join("\n");
}
