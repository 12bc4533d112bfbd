import type { ChurnReport } from "./run.js";

/** Median and ninth decile. */
export function spread(times: readonly number[]): {
  readonly median: number;
  readonly p90: number;
  readonly most: number;
} {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9), most: at(1) };
}

export function printReport(report: ChurnReport): void {
  const { failures, messages, deliveries, missing, wrong, shapeFault, givenUp, reattachment } = report;
  const counts = Object.entries(failures).map(([kind, count]) => `${count} × ${kind}`);
  console.log(`\nfailures: ${counts.join(", ") || "none"}`);
  console.log(
    `${messages} messages, ${deliveries} deliveries; missing at peers that stayed: ${missing.length}; wrong: ${wrong.length}`,
  );
  for (const one of [...missing.slice(0, 10), ...wrong.slice(0, 10)]) console.log(`  ${one}`);
  if (givenUp > 0) console.log(`given up as lost, by some peer: ${givenUp}`);
  console.log(shapeFault === undefined ? "one tree in the end" : `no tree in the end: ${shapeFault}`);
  const row = (name: string, times: readonly number[]): string => {
    const { median, p90, most } = spread(times);
    return `| ${name} | ${times.length} | ${median.toFixed(0)} | ${p90.toFixed(0)} | ${most.toFixed(0)} |`;
  };
  console.log("\n| a new parent, ms | orphans | median | 9 of 10 in | most |\n|---|---|---|---|---|");
  for (const [kind, times] of reattachment.sinceFailure) console.log(row(`since the failure: ${kind}`, times));
  console.log(row("since the failure, all", [...reattachment.sinceFailure.values()].flat()));
  console.log(row("since it was noticed", reattachment.sinceNoticed));
  if (reattachment.waiting > 0) console.log(`${reattachment.waiting} had none when it ended`);
}
