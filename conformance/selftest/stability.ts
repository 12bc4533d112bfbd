import type { EntityId } from "../engine/entity.js";
import type { CaseResult, RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import type { Impairment, Passed } from "./impairment.js";
import { impairedCommand, relay, scheduleOf } from "./impairment.js";
import { sentIn } from "./judge-products.js";
import type { Reference, ReferenceOptions } from "./reference.js";
import { startReference } from "./reference.js";

export interface StabilityOptions {
  readonly entity: EntityId;
  readonly runs: number;
  /** Runs side by side, each against a reference of its own that all its runs share. */
  readonly parallel?: number;
  /** What the network between suite and product does; nothing unless given. */
  readonly impairment?: Impairment;
  readonly reference?: ReferenceOptions;
  onRun?(run: RunResult, done: number): void;
}

/** A case that came to something else than in the first run. */
export interface Difference {
  readonly run: number;
  readonly seed: string;
  readonly case: string;
  readonly first: string;
  readonly now: string;
  readonly reason: string;
}

export interface StabilityFigures {
  readonly entity: EntityId;
  readonly impaired: boolean;
  readonly runs: number;
  readonly cases: number;
  /** Verdicts of the first run that are neither pass nor n/a: stable or not, the reference is to have none. */
  readonly blemishes: readonly string[];
  readonly differences: readonly Difference[];
  /** Cases that came to their verdict at a later try only. */
  readonly triedAgain: number;
  /** What the relay did; zeros where there was none. */
  readonly passed: Passed;
  /** Messages that the suite sent in all runs. */
  readonly sent: number;
  /** Of one run. */
  readonly median: number;
  readonly slowest: number;
  readonly milliseconds: number;
}

/** Judges the reference so often and compares the verdicts of every run with those of the first. */
export async function judgeStability(options: StabilityOptions): Promise<StabilityFigures> {
  const { entity, runs, parallel = 2, impairment, onRun } = options;
  const begun = performance.now();
  const results: RunResult[] = [];
  const passed: Passed = { datagrams: 0, lost: 0, twice: 0 };
  const lanes = Math.min(parallel, runs);
  const references: Reference[] = [];
  // One after another: what they say of themselves goes through this process's environment.
  for (let lane = 0; lane < lanes; lane++) references.push(await startReference(entity, options.reference));
  let begunRuns = 0;
  const work = async (reference: Reference): Promise<void> => {
    while (begunRuns < runs) {
      const number = begunRuns++;
      const result = await judgeOnce(entity, reference, impairment, number, passed);
      results.push(result);
      onRun?.(result, results.length);
    }
  };
  try {
    await Promise.all(references.map(work));
  } finally {
    await Promise.all(references.map((one) => one.stop()));
  }
  const [first] = results;
  const times = results.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    entity,
    impaired: impairment !== undefined,
    runs: results.length,
    cases: first?.cases.length ?? 0,
    blemishes: (first?.cases ?? []).filter(isBlemish).map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`),
    differences: first ? results.flatMap((one, index) => differences(first, one, index + 1)) : [],
    triedAgain: results.reduce((sum, { network }) => sum + (network?.triedAgain.length ?? 0), 0),
    passed,
    sent: results.reduce((sum, one) => sum + sentIn(one), 0),
    median: times[Math.floor(times.length / 2)] ?? 0,
    slowest: times.at(-1) ?? 0,
    milliseconds: Math.round(performance.now() - begun),
  };
}

async function judgeOnce(
  entity: EntityId,
  { target, declaration }: Reference,
  impairment: Impairment | undefined,
  number: number,
  passed: Passed,
): Promise<RunResult> {
  const run = (changed: typeof target): Promise<RunResult> =>
    runConformance({ entity: entities[entity], target: changed, declaration });
  if (!impairment) return await run(target);
  // Each run meets another network of the same kind.
  const schedule = scheduleOf({ ...impairment, seed: `${impairment.seed}/${number}` });
  const add = (more: Passed): void => {
    passed.datagrams += more.datagrams;
    passed.lost += more.lost;
    passed.twice += more.twice;
  };
  if (target.exec !== undefined) {
    const impaired = await impairedCommand(target.exec, schedule);
    try {
      return await run({ exec: impaired.command });
    } finally {
      add(impaired.passed());
      await impaired.close();
    }
  }
  const between = await relay(target.url ?? "", schedule);
  try {
    return await run({ url: between.url });
  } finally {
    add(between.passed);
    await between.close();
  }
}

const isBlemish = ({ verdict }: CaseResult): boolean => verdict !== "pass" && verdict !== "n/a";

function differences(first: RunResult, { cases, seed }: RunResult, run: number): Difference[] {
  const before = new Map(first.cases.map((one) => [one.id, one.verdict]));
  return cases
    .filter(({ id, verdict }) => before.get(id) !== verdict)
    .map(({ id, verdict, reason }) => ({
      run,
      seed,
      case: id,
      first: before.get(id) ?? "not run",
      now: verdict,
      reason,
    }));
}

/** The figures and what differs, for a terminal. */
export function renderStability(figures: StabilityFigures): string {
  const { entity, impaired, runs, cases, blemishes, differences, triedAgain, passed, median, slowest } = figures;
  const share = (part: number): string => `${((100 * part) / Math.max(1, passed.datagrams)).toFixed(1)} %`;
  const network = impaired
    ? `; ${passed.datagrams} datagrams, ${share(passed.lost)} lost, ${share(passed.twice)} twice; ${triedAgain} verdicts at a later try`
    : "";
  return [
    ...blemishes.map((one) => `  ${one}`),
    ...differences.map(
      (one) => `  run ${one.run} (seed ${one.seed}): ${one.case} ${one.first}, then ${one.now}: ${one.reason}`,
    ),
    `${entity}${impaired ? ", impaired" : ""}: ${runs} runs of ${cases} cases, ${differences.length} differences; ${(median / 1000).toFixed(1)} s a run, ${(slowest / 1000).toFixed(1)} s at most${network}`,
  ].join("\n");
}
