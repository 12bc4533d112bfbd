import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./world.js";

/** Figures over many seeds. */
export interface Summary {
  readonly seeds: number;
  readonly failures: readonly Pick<Outcome, "seed" | "fault" | "at">[];
  readonly events: number;
  readonly deliveries: number;
  /** Of all undisturbed recoveries, in simulated ms. */
  readonly recovery: { readonly count: number; readonly median: number; readonly p90: number; readonly most: number };
  /** Seeds with the longest recoveries, longest first. */
  readonly slowest: readonly { readonly seed: number; readonly ms: number }[];
  /** From the last disturbance to one tree. */
  readonly settled: { readonly median: number; readonly p90: number; readonly most: number };
  /** Of all seeds, in order: the same for two runs. */
  readonly fingerprint: number;
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const recoveries = outcomes.flatMap(({ recoveries: own }) => own).sort((a, b) => a - b);
  const settled = outcomes.flatMap(({ settledAfter }) => settledAfter ?? []).sort((a, b) => a - b);
  return {
    seeds: outcomes.length,
    failures: outcomes.filter(({ fault }) => fault !== undefined).map(({ seed, fault, at }) => ({ seed, fault, at })),
    events: sum(outcomes.map(({ events }) => events)),
    deliveries: sum(outcomes.map(({ deliveries }) => deliveries)),
    recovery: { count: recoveries.length, ...spread(recoveries) },
    slowest: outcomes
      .map(({ seed, recoveries: own }) => ({ seed, ms: Math.max(0, ...own) }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 5),
    settled: spread(settled),
    fingerprint: outcomes.reduce((all, { fingerprint }) => (Math.imul(all, 31) + fingerprint) | 0, 0),
  };
}

/** Runs the seeds in several processes at once; outcomes come back in the order of the seeds. */
export async function runInProcesses(from: number, count: number, processes: number): Promise<readonly Outcome[]> {
  const share = Math.ceil(count / processes);
  const shares = Array.from({ length: processes }, (_, index) => ({
    from: from + index * share,
    count: Math.max(0, Math.min(share, count - index * share)),
  }));
  const outcomes = await Promise.all(shares.map((own) => (own.count === 0 ? [] : runInProcess(own.from, own.count))));
  return outcomes.flat();
}

const runner = fileURLToPath(new URL("../../../../tools/test/run-typescript.mjs", import.meta.url));

function runInProcess(from: number, count: number): Promise<readonly Outcome[]> {
  const child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), ["--share", `${from}`, `${count}`], {
    execArgv: ["--import", runner],
  });
  return new Promise((resolve, reject) => {
    const outcomes: Outcome[] = [];
    child.on("message", (outcome: Outcome) => outcomes.push(outcome));
    child.once("exit", (code) => {
      if (outcomes.length === count) resolve(outcomes);
      else
        reject(new Error(`a process of the simulation ended with ${code} after ${outcomes.length} of ${count} seeds`));
    });
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

function spread(sorted: readonly number[]): { median: number; p90: number; most: number } {
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9), most: at(1) };
}
