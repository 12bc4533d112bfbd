import { randomBytes } from "node:crypto";
import type { Finding } from "../declare/finding.js";
import { hintReadings } from "../declare/hints.js";
import { adoptReadings, compareWithWire } from "../declare/observe.js";
import { review } from "../declare/review.js";
import type { Edition } from "../editions/edition.js";
import { nameOf } from "../editions/edition.js";
import type { RequirementSet } from "../editions/editions.js";
import { requirementSet } from "../editions/editions.js";
import { budgetOf, defineCase } from "./case.js";
import { levels } from "./catalogue.js";
import type { DeclarationInput } from "./declaration.js";
import { Declaration } from "./declaration.js";
import type { EntityUnderTest, RunContext, Target } from "./entity.js";
import { commandMissing } from "./exec-advice.js";
import { breaksConformance, untold, withoutRun } from "./execute.js";
import { SeededRandom } from "./random.js";
import type { CaseResult, Conclusion, PreflightResult, RunResult } from "./result.js";
import { select } from "./select.js";
import { shellQuote } from "./shell.js";
import { Test } from "./test.js";
import { Tries } from "./tries.js";
import type { CaseVerdict } from "./verdict.js";
import { PATIENCE_MS } from "./wait.js";
import { LiveWorld } from "./world/live.js";
import type { RunWorld } from "./world.js";

export interface RunOptions {
  readonly entity: EntityUnderTest;
  readonly target: Target;
  readonly declaration?: DeclarationInput;
  /** The file the declaration came from, for the lines that repeat a case. */
  readonly declarationFile?: string;
  readonly only?: readonly string[];
  /** Editions to judge by, such as `x.609.1-2016`: the newest of each Recommendation unless given. */
  readonly edition?: readonly string[];
  /** Where editions are looked up: those frozen in this package unless given. */
  readonly editions?: readonly Edition[];
  /** Repeats the random choices of an earlier run. */
  readonly seed?: string;
  /** Longest wait for one answer, in ms. */
  readonly timeoutMs?: number;
  /** Name and version, for the report. */
  readonly suite?: string;
  /** The bundle that is written of this run: for the lines that repeat a case. */
  readonly bundle?: string;
  /** Where the run takes place: the real world unless given. */
  readonly world?: RunWorld;
  onPreflight?(result: PreflightResult): void;
  /** Called as each case ends. */
  onCase?(result: CaseResult): void;
}

const DEFAULT_TIMEOUT_MS = 3_000;
const PREFLIGHT_BUDGET_MS = 10_000;

/** Judges one product; rejects only for faults of the caller. */
export async function runConformance(options: RunOptions): Promise<RunResult> {
  const { entity, target, onCase } = options;
  const world = options.world ?? LiveWorld.open();
  const seed = options.seed ?? randomBytes(4).toString("hex");
  const run: RunContext = {
    target,
    declared: new Declaration(entity.declaration, options.declaration),
    seed,
    random: new SeededRandom(seed),
    timeoutMs: options.timeoutMs ?? (target.wait ? PATIENCE_MS : DEFAULT_TIMEOUT_MS),
    world,
    repeat: (id) => repeatLine(options, seed, id),
    replay: (id) =>
      options.bundle === undefined
        ? repeatLine(options, seed, id)
        : `mp2p conformance replay ${shellQuote(`${options.bundle}#${id}`)}`,
  };
  const editions = requirementSet(options.edition, options.editions);
  const chosen = select(entity.cases, options.only ?? []);
  const findings: Finding[] = review(entity, run.declared);
  const close = await entity.open?.(run);
  const preflight = await checkFirst(entity, run, options);
  const missing = preflight.find(({ holds }) => !holds);
  const tries = new Tries(entity, run, onCase);
  let results: CaseResult[];
  try {
    if (missing) {
      results = chosen.map((one) => withoutRun(one, run, "inconclusive", `precondition missing: ${missing.what}`));
    } else {
      findings.push(...(await adoptReadings(entity, run)));
      results = await hintReadings(entity, run, await inParallel(entity, chosen, run, tries, editions));
      // A selection is made to look at something else, and quickly.
      if ((options.only ?? []).length === 0) findings.push(...(await compareWithWire(entity, run)));
    }
  } finally {
    await close?.();
  }
  const network = tries.note();
  const ended = tries.ended();
  return {
    format: "mp2p-conformance-report/1",
    suite: options.suite ?? "mp2p",
    entity: entity.id,
    product: run.declared.product,
    target: target.url ?? target.exec ?? target.listen ?? target.adapter ?? "",
    edition: editions.of(entity.documents).map(nameOf),
    seed,
    started: world.started,
    milliseconds: Math.round(world.now()),
    declaration: run.declared.effective(),
    preflight,
    selection: { only: options.only ?? [], of: entity.cases.length },
    review: findings,
    conclusion: concludeRun(results, findings),
    ...count(results),
    ...(network === undefined ? {} : { network }),
    ...(ended === undefined ? {} : { ended }),
    cases: results,
  };
}

async function checkFirst(entity: EntityUnderTest, run: RunContext, options: RunOptions): Promise<PreflightResult[]> {
  const results: PreflightResult[] = [];
  const definition = defineCase({
    id: `${entity.id}/preflight/all`,
    title: "preconditions",
    requirements: ["LDMP-1-01"],
    group: "basic",
    run: async () => {},
  });
  const budget = new AbortController();
  const cancel = run.world.timer(run.target.wait ? PATIENCE_MS : PREFLIGHT_BUDGET_MS, () => budget.abort());
  const t = new Test(definition, run, budget.signal);
  const equipped = entity.equip(t, run);
  for (const { what, hint, check } of entity.preflight) {
    let advice = hint;
    const holds = await Promise.race([check(equipped), untold(t.world)]).then(
      (answer) => {
        if (typeof answer === "string") advice = answer;
        return answer !== false && typeof answer !== "string" && t.world.lost === undefined;
      },
      (error: unknown) => {
        if (error instanceof Error) advice = `${hint} (${error.message})`;
        return false;
      },
    );
    const result = { what, holds, hint: holds ? "" : (commandMissing(t) ?? advice) };
    results.push(result);
    options.onPreflight?.(result);
    if (!holds) break;
  }
  cancel();
  for (const { undo } of t.record.cleanups.reverse()) await Promise.resolve(undo()).catch(() => {});
  return results;
}

/** Cases that wait wait together: a run takes as long as its longest case, not as the sum. Cases that must be alone come last. */
async function inParallel(
  entity: EntityUnderTest,
  cases: RunContextCases,
  run: RunContext,
  tries: Tries,
  editions: RequirementSet,
): Promise<CaseResult[]> {
  const lacking = new Map(cases.map((one) => [one.id, editions.missing(one.requirements)]));
  const within = cases.filter(({ id }) => lacking.get(id)?.length === 0);
  // The longest first, so that no long wait begins when everything else is done.
  const budget = (one: RunContextCases[number]): number => budgetOf(one, run.declared);
  const together = within.filter(({ alone }) => !alone).sort((a, b) => budget(b) - budget(a));
  await tries.settle(together, run.target.wait ? 1 : entity.parallel(run));
  for (const one of within.filter(({ alone }) => alone)) await tries.settle([one], 1);
  return cases.flatMap((one) => {
    const missing = lacking.get(one.id) ?? [];
    if (missing.length === 0) return tries.settled.get(one.id) ?? [];
    return [withoutRun(one, run, "n/a", `the edition judged by does not have ${missing.join(", ")}`)];
  });
}

type RunContextCases = EntityUnderTest["cases"];

/** A fault of the suite does not hide a failure of the product, and neither hides behind what could not be judged. */
function concludeRun(results: readonly CaseResult[], findings: readonly Finding[]): Conclusion {
  if (results.some(breaksConformance) || findings.some(({ breaks }) => breaks)) return "fails";
  if (results.some(({ verdict }) => verdict === "error")) return "suite error";
  const judged = results.filter(({ verdict }) => verdict !== "n/a");
  return judged.length === 0 || judged.some(({ verdict }) => verdict === "inconclusive") ? "inconclusive" : "conforms";
}

function noVerdicts(): Record<CaseVerdict, number> {
  return { pass: 0, inconclusive: 0, fail: 0, error: 0, "n/a": 0 };
}

function count(results: readonly CaseResult[]): Pick<RunResult, "totals" | "security"> {
  const totals = Object.fromEntries(levels.map((level) => [level, noVerdicts()])) as Record<
    (typeof levels)[number],
    Record<CaseVerdict, number>
  >;
  const apart = noVerdicts();
  for (const { level, verdict, security } of results) (security ? apart : totals[level])[verdict]++;
  return { totals, security: apart };
}

function repeatLine(
  { entity, target, declarationFile, timeoutMs, edition = [] }: RunOptions,
  seed: string,
  id: string,
): string {
  const words = ["mp2p", "conformance", entity.id];
  for (const name of ["url", "listen", "exec", "adapter"] as const) {
    const value = target[name];
    if (value !== undefined) words.push(`--${name}`, shellQuote(value));
  }
  if (declarationFile !== undefined) words.push("--pics", shellQuote(declarationFile));
  if (timeoutMs !== undefined) words.push("--timeout", String(timeoutMs));
  for (const one of edition) words.push("--edition", one);
  return [...words, "--seed", seed, "--only", id].join(" ");
}
