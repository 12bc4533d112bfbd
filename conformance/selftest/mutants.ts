import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { EntityId } from "../engine/entity.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { mutants } from "../test/reference-mutants/all.js";
import type { Mutant } from "../test/reference-mutants/mutant.js";
import { startReference } from "./reference.js";

/**
 * claimed: a case that claims it fails citing the very statement, for every statement that the mutant breaks; other: only other
 * statements are cited; survived: nothing fails; not run: the product did not come up with the defect in force.
 */
export type Fate = "claimed" | "other" | "survived" | "not run";

export interface MutantResult {
  readonly mutant: Mutant;
  readonly fate: Fate;
  /** Cases that failed, with the statements they cite. */
  readonly failed: readonly { readonly id: string; readonly cites: readonly RequirementId[] }[];
  /** Statements that the mutant is to break and no failure cites. */
  readonly missed: readonly RequirementId[];
  /** Why cases that claim what is broken could not judge it. */
  readonly unjudged: readonly string[];
  /** What went wrong in the suite itself, or with the start. */
  readonly trouble: readonly string[];
  readonly milliseconds: number;
}

export interface MutantFigures {
  /** Mutants that an observer can tell from the reference. */
  readonly mutants: number;
  readonly equivalent: number;
  readonly killed: number;
  readonly killedByClaim: number;
  /** Equivalent ones that a case tells from the reference after all: the list is wrong. */
  readonly notEquivalent: readonly string[];
  readonly results: readonly MutantResult[];
  readonly milliseconds: number;
}

export interface MutantOptions {
  readonly entities?: readonly EntityId[];
  /** Ids of mutants, or beginnings of them. */
  readonly only?: readonly string[];
  /** Mutants judged at a time; most of the time they wait. */
  readonly parallel?: number;
  onResult?(result: MutantResult): void;
}

const servers: ReadonlySet<EntityId> = new Set(["pams", "homs", "ldmp-source-peer"]);

/** Judges every mutant of the reference: first by the cases that claim what it breaks, then, if it lives on, by the whole suite. */
export async function judgeMutants(options: MutantOptions = {}): Promise<MutantFigures> {
  const begun = performance.now();
  const { only = [], parallel = 6 } = options;
  const chosen = mutants.filter(
    ({ id, entity }) =>
      (options.entities?.includes(entity) ?? true) && (only.length === 0 || only.some((one) => id.startsWith(one))),
  );
  const results = new Map<Mutant, MutantResult>();
  const judgeAll = async (some: readonly Mutant[], lanes: number): Promise<void> => {
    const next = interleaved(some)[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const mutant of next) {
        const first = await judgeMutant(mutant);
        // A busy machine may be too slow for a product to come up.
        const result = first.fate === "not run" ? await judgeMutant(mutant) : first;
        results.set(mutant, result);
        options.onResult?.(result);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };
  // One that is started for each case starts many processes at once already.
  const startedOnce = ({ entity }: Mutant): boolean => servers.has(entity);
  await Promise.all([
    judgeAll(chosen.filter(startedOnce), parallel),
    judgeAll(
      chosen.filter((one) => !startedOnce(one)),
      Math.max(1, Math.floor(parallel / 3)),
    ),
  ]);
  const judged = chosen.flatMap((mutant) => results.get(mutant) ?? []);
  const real = judged.filter(({ mutant }) => mutant.equivalent === undefined);
  const fated = (fate: Fate): number => real.filter((one) => one.fate === fate).length;
  return {
    mutants: real.length,
    equivalent: judged.length - real.length,
    killed: fated("claimed") + fated("other"),
    killedByClaim: fated("claimed"),
    notEquivalent: judged
      .filter(({ mutant, fate }) => mutant.equivalent !== undefined && fate !== "survived")
      .map(({ mutant }) => mutant.id),
    results: judged,
    milliseconds: Math.round(performance.now() - begun),
  };
}

/** Those that wait among those that work: entities take turns. */
function interleaved(all: readonly Mutant[]): Mutant[] {
  const queues = [...new Set(all.map(({ entity }) => entity))].map((one) => all.filter(({ entity }) => entity === one));
  const order: Mutant[] = [];
  for (let i = 0; order.length < all.length; i++) for (const queue of queues) order.push(...queue.slice(i, i + 1));
  return order;
}

async function judgeMutant(mutant: Mutant): Promise<MutantResult> {
  const begun = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "mp2p-mutant-"));
  const seen = join(folder, "seen");
  const failed: { id: string; cites: readonly RequirementId[] }[] = [];
  const trouble: string[] = [];
  const unjudged: string[] = [];
  let missed: readonly RequirementId[] = mutant.breaks;
  const note = (run: RunResult): void => {
    for (const { id, verdict, reason, failures, judged } of run.cases) {
      if (verdict === "error") trouble.push(`${id}: ${reason}`);
      const claims = new Set(judged.map(({ requirement }) => requirement));
      if (verdict === "inconclusive" && mutant.breaks.some((one) => claims.has(one))) unjudged.push(`${id}: ${reason}`);
      const cites = [...new Set(failures.flatMap(({ requirements }) => requirements))].filter((one) => claims.has(one));
      if (cites.length > 0) failed.push({ id, cites });
    }
    const cited = new Set(failed.flatMap(({ cites }) => cites));
    missed = mutant.breaks.filter((one) => !cited.has(one));
  };
  let started = false;
  try {
    const env = { MP2P_DEFECT: mutant.id, MP2P_DEFECT_SEEN: seen };
    const reference = await startReference(mutant.entity, { setting: mutant.setting, env });
    try {
      const judge = (only: readonly string[]): Promise<RunResult> =>
        runConformance({ entity: entities[mutant.entity], ...reference, only });
      note(await judge(mutant.breaks));
      // What an observer cannot see needs no second look.
      if (missed.length > 0 && mutant.equivalent === undefined) note(await judge([]));
    } finally {
      await reference.stop();
    }
    started = readFileSync(seen, "utf8").includes(mutant.id);
  } catch (error) {
    trouble.push(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const dead: Fate = missed.length === 0 ? "claimed" : "other";
  const fate: Fate = !started ? "not run" : failed.length === 0 ? "survived" : dead;
  return { mutant, fate, failed, missed, unjudged, trouble, milliseconds: Math.round(performance.now() - begun) };
}
