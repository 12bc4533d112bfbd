import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "./case.js";
import { budgetOf } from "./case.js";
import { clauseOf, isMandatory, levels, strongest } from "./catalogue.js";
import type { EntityUnderTest, RunContext } from "./entity.js";
import type { Failure } from "./outcome.js";
import { CheckFailed, HeldUp, Inconclusive, NoAnswer, NotApplicable } from "./outcome.js";
import type { CaseResult } from "./result.js";
import { Test } from "./test.js";
import type { CaseVerdict } from "./verdict.js";
import { awaitEnter, PATIENCE_MS } from "./wait.js";
import type { World } from "./world.js";

const CLEANUP_BUDGET_MS = 2_000;

interface Ending {
  verdict: CaseVerdict;
  reason: string;
  /** The suite's own machine was in the way. */
  heldUp?: boolean;
  /** Nobody was there to answer. */
  gone?: boolean;
}

/** What one try of a case came to. */
interface Attempt {
  readonly result: CaseResult;
  /** Another try may come to something else for reasons that are not the product's. */
  readonly doubtful: boolean;
  /** The suite's own machine was in the way. */
  readonly heldUp: boolean;
  /** So much so that the case gave up. */
  readonly unmeasured: boolean;
  /** There is no recording of this try. */
  readonly lost: boolean;
  /** The product ended with a message of this case in its hands: one that was right, or one that was wrong on purpose. */
  readonly ended?: "right" | "wrong" | undefined;
  /** Nobody was there to answer. */
  readonly gone?: boolean;
}

/** Held up for less, no time that a case measures comes out wrong, in ms. */
const NOTICEABLE_MS = 100;

/** Runs one case, twice more where the suite's own machine was too busy to judge it, and says how it ended; never rejects. */
export async function execute(
  entity: EntityUnderTest,
  definition: CaseDefinition,
  run: RunContext,
): Promise<CaseResult> {
  for (let tried = 0; ; tried++) {
    const { result, heldUp } = await attempt(entity, definition, run, tried);
    if (!heldUp || tried === 2) return result;
  }
}

/** Runs one case once, after so many tries before; never rejects. */
export async function attempt(
  entity: EntityUnderTest,
  definition: CaseDefinition,
  run: RunContext,
  tried = 0,
): Promise<Attempt> {
  const applicable = applies(definition, run);
  if (applicable !== true) {
    const undeclared = "the declaration says that the product does not have this option";
    const reason = applicable === false ? undeclared : applicable;
    return {
      result: withoutRun(definition, run, "n/a", reason),
      doubtful: false,
      heldUp: false,
      unmeasured: false,
      lost: false,
    };
  }
  const budget = new AbortController();
  const t = new Test(definition, run, budget.signal, tried);
  const { world } = t;
  const patient = run.target.wait === true;
  if (patient && !entity.announces) {
    await awaitEnter(world, [
      definition.id,
      `  ${definition.title}`,
      `  ${run.target.url ?? run.target.listen ?? run.target.exec ?? ""}`,
    ]);
  }
  const budgetMs = patient ? PATIENCE_MS : budgetOf(definition, run.declared);
  let end = world.now() + budgetMs;
  const expire = (): void => {
    const left = end - world.now();
    if (left <= 0) budget.abort();
    else cancel = world.timer(left, expire);
  };
  let cancel = world.timer(budgetMs, expire);
  t.extend = (milliseconds) => {
    end += milliseconds;
  };
  let ending: Ending;
  try {
    const equipped = entity.equip(t, run);
    t.alive = () => entity.alive(equipped);
    ending = await Promise.race([
      conduct(t, () => definition.run(equipped)),
      once(budget.signal).then(() => ({
        verdict: "inconclusive" as const,
        reason: `not done within its budget of ${budgetMs} ms`,
      })),
      untold(world).then(() => ({ verdict: "inconclusive" as const, reason: world.lost ?? "" })),
    ]);
  } catch (error) {
    ending = { verdict: "error", reason: stackOf(error) };
  }
  cancel();
  budget.abort();
  if (world.lost === undefined) await undo(t);
  t.transcript.seal();
  // Whatever the case made of it: without its recording, nothing can be said.
  if (world.lost !== undefined) ending = { verdict: "inconclusive", reason: world.lost };
  const result = conclude(t, run, ending);
  const blamed = world.lost === undefined && (result.verdict === "fail" || result.verdict === "inconclusive");
  const late = blamed && (ending.heldUp === true || world.heldUp(result.milliseconds) >= NOTICEABLE_MS);
  const doubtful = blamed && (late || entity.network !== undefined);
  run.world.close(world, result.verdict);
  const ended = t.record.ended ? (t.record.wrong ? "wrong" : "right") : undefined;
  const unmeasured = ending.heldUp === true;
  return {
    result,
    doubtful,
    heldUp: late,
    unmeasured,
    lost: world.lost !== undefined,
    ended,
    gone: ending.gone === true,
  };
}

/** The verdict for a case that could not run, such as after a failed preflight. */
export function withoutRun(
  definition: CaseDefinition,
  run: RunContext,
  verdict: CaseVerdict,
  reason: string,
): CaseResult {
  return {
    ...describe(definition, run),
    verdict,
    level: strongest(definition.requirements),
    reason,
    failures: [],
    warnings: [],
    judged: definition.requirements.map((requirement) => ({ requirement, verdict })),
    milliseconds: 0,
    transcript: [],
  };
}

function applies({ needs }: CaseDefinition, { declared, target }: RunContext): boolean | string {
  if (needs === undefined) return true;
  return typeof needs === "function" ? needs(declared, target) : needs.every((option) => declared.option(option));
}

/** Runs the body and turns whatever it throws into a verdict. */
async function conduct(t: Test, body: () => Promise<void>): Promise<Ending> {
  try {
    await body();
  } catch (error) {
    if (error instanceof CheckFailed) {
      t.record.failures.push(error.failure);
      return { verdict: "fail", reason: error.message };
    }
    if (error instanceof HeldUp) return { verdict: "inconclusive", reason: error.message, heldUp: true };
    if (error instanceof Inconclusive) return { verdict: "inconclusive", reason: error.message, gone: error.gone };
    if (error instanceof NotApplicable) return { verdict: "n/a", reason: error.message };
    if (error instanceof NoAnswer) return await unanswered(t, error);
    return { verdict: "error", reason: stackOf(error) };
  }
  const unjudged = t.definition.requirements.filter((id) => !t.record.judged.has(id));
  if (unjudged.length > 0)
    return { verdict: "error", reason: `the case claims ${unjudged.join(", ")}, but no check of it cites that` };
  const [soft] = t.record.failures;
  if (soft) return { verdict: "fail", reason: new CheckFailed(soft).message };
  return { verdict: "pass", reason: "" };
}

/**
 * A product that lives but leaves one message unanswered breaks the statement judged, and so does one that ends with the message in its hands.
 * One that is gone already leaves nothing to judge.
 */
async function unanswered(t: Test, error: NoAnswer): Promise<Ending> {
  if (error.kind === "unreachable") return { verdict: "inconclusive", reason: error.message, gone: true };
  t.transcript.phase = "cleanup";
  const lives = await t.alive().catch(() => false);
  if (!lives && error.kind !== "closed")
    return {
      verdict: "inconclusive",
      reason: `${error.message}, and the product answers nothing else either`,
      gone: true,
    };
  t.record.ended = !lives;
  const seen = lives ? error.message : `${error.message}, and the product answers nothing any more`;
  const open = t.definition.requirements.filter((id) => !t.record.judged.has(id));
  const requirement = open.length > 0 ? open : t.definition.requirements;
  const entry = error.entry === undefined ? {} : { entry: error.entry };
  const failure = t.failure(["an answer"], seen, { requirement, what: t.definition.title, ...entry });
  t.record.failures.push(failure);
  return { verdict: "fail", reason: seen };
}

/** Clean-up is never judged: what goes wrong in it is only noted. */
async function undo(t: Test): Promise<void> {
  t.transcript.phase = "cleanup";
  for (const { what, undo } of t.record.cleanups.reverse()) {
    const limit = new AbortController();
    const cancel = t.world.timer(CLEANUP_BUDGET_MS, () => limit.abort());
    t.signal = limit.signal;
    try {
      await Promise.race([undo(), once(limit.signal).then(() => Promise.reject(new Error("took too long")))]);
    } catch (error) {
      t.transcript.add(
        "note",
        `clean-up of ${what} did not work: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    cancel();
  }
}

function conclude(t: Test, run: RunContext, { verdict, reason }: Ending): CaseResult {
  const { warnings, judged } = t.record;
  const failures = t.world.lost === undefined ? t.record.failures : [];
  const failed = new Set<RequirementId>(failures.flatMap(({ requirements }) => requirements));
  const level = failures.length > 0 ? strongestFailure(failures) : strongest(t.definition.requirements);
  return {
    ...describe(t.definition, run),
    verdict: verdict === "pass" || failures.length === 0 || verdict === "error" ? verdict : "fail",
    level,
    reason,
    failures: [...failures].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    warnings,
    judged: t.definition.requirements.map((requirement) => ({
      requirement,
      verdict: failed.has(requirement)
        ? "fail"
        : judged.has(requirement)
          ? "pass"
          : verdict === "error" || verdict === "n/a"
            ? verdict
            : "inconclusive",
    })),
    milliseconds: Math.round(t.transcript.now()),
    transcript: t.transcript.entries,
  };
}

function strongestFailure(failures: readonly Failure[]) {
  return levels.find((level) => failures.some((one) => one.level === level)) ?? "optional";
}

function describe({ id, title, group, security = false, requirements }: CaseDefinition, run: RunContext) {
  return {
    id,
    title,
    group,
    security,
    requirements,
    clauses: [...new Set(requirements.map(clauseOf))],
    repeat: run.repeat(id),
  };
}

/** A failure that makes the product non-conforming, as against one of a recommendation or of security. */
export function breaksConformance(result: CaseResult): boolean {
  return result.verdict === "fail" && isMandatory(result.level) && !result.security;
}

/** Ends when the recording does not hold what the case asks for; never in a live run. */
export function untold(world: World): Promise<undefined> {
  return new Promise((resolve) => world.onLost(() => resolve(undefined)));
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "SuiteError"
    ? error.message
    : (error.stack ?? error.message).split("\n").slice(0, 4).join("\n");
}
