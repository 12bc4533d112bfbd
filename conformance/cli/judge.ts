import { requirementSet } from "../editions/editions.js";
import type { EntityId, EntityUnderTest } from "../engine/entity.js";
import type { RunResult } from "../engine/result.js";
import type { RunOptions } from "../engine/runner.js";
import { select } from "../engine/select.js";
import { suiteName } from "../engine/suite.js";
import { exitCodeOf, exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { parseRun, UsageError } from "./arguments.js";
import { knownFailures, withBaseline } from "./baseline.js";
import { readDeclaration } from "./declaration-file.js";
import { listCases } from "./list.js";
import type { Output } from "./output.js";
import { runKept } from "./recording.js";
import { checkWritable, report, reportPreflight } from "./reports.js";
import { targetOf } from "./target.js";

/** `mp2p conformance ENTITY …`: one run against one product. */
export async function judge(id: EntityId, argv: readonly string[], output: Output): Promise<number> {
  const given = parseRun(argv);
  const entity = entities[id];
  const target = given.list ? {} : targetOf(id, given);
  const only = given.only?.flatMap((one) => one.split(",")) ?? [];
  const chosen = select(entity.cases, only);
  if (chosen.length === 0 && only.length > 0)
    throw new UsageError(`--only ${only.join(",")}: selects no case of ${id}; see mp2p conformance list ${id}`);
  if (given.list) {
    listCases(chosen, output);
    return exitCodes.conforms;
  }
  const declaration = given.pics === undefined ? {} : await readDeclaration(given.pics, entity.declaration);
  const options: RunOptions = {
    entity,
    target,
    declaration,
    only,
    suite: suiteName(),
    edition: editionsNamed(given.edition ?? [], entity),
    ...(given.pics === undefined ? {} : { declarationFile: given.pics }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(given.timeoutMs === undefined ? {} : { timeoutMs: given.timeoutMs }),
  };
  return exitCodeOf(await perform(options, given, output));
}

function editionsNamed(ids: readonly string[], { id: entity, documents }: EntityUnderTest): readonly string[] {
  try {
    const known = requirementSet(ids).of(documents);
    const strange = ids.find((id) => !known.some((one) => one.id === id));
    if (strange === undefined) return ids;
    throw new UsageError(`--edition ${strange}: ${entity} is judged by ${known.map((one) => one.id).join(", ")}`);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--edition: ${error.message}`);
    throw error;
  }
}

/** Makes a run and reports it. */
export async function perform(
  options: RunOptions,
  given: Pick<ReturnType<typeof parseRun>, "baseline" | "bundle" | "html" | "json" | "junit" | "pcap" | "quiet">,
  output: Output,
): Promise<RunResult> {
  const { entity } = options;
  const known = given.baseline === undefined ? undefined : await knownFailures(given.baseline);
  checkWritable([given.json, given.junit, given.html, given.bundle, given.pcap]);
  const count = select(entity.cases, options.only ?? []).length;
  let done = 0;
  const judged = await runKept(
    {
      ...options,
      onPreflight: (step) => reportPreflight(step, given, output),
      onCase: () => {
        done++;
        if (output.terminal) output.err(`\r${done} of ${count} cases\u001b[K${done === count ? "\r\u001b[K" : ""}`);
      },
    },
    given,
  );
  const result = known === undefined ? judged : withBaseline(judged, given.baseline ?? "", known, entity);
  report(result, given, output);
  return result;
}
