/** `npm run simulate`: runs seeds, or replays one. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createPeerCore } from "../../core/peer-core.js";
import { runInProcesses, summarize } from "./batch.js";
import { planOf } from "./plan.js";
import { runPlan } from "./world.js";

const help = `npm run simulate -- [--seed N [--trace]] [--from N] [--count N] [--processes N]

Runs the hybrid peer's core under a simulated network and clock, and checks that there is no loop, that everything is delivered once,
that recovery and memory are bounded. Each seed decides a schedule of its own: the same on every machine.

  --seed N       run this seed only, and say what its plan was
  --trace        print what every peer was told and did
  --from N       first seed, default 1
  --count N      how many, default 10000
  --processes N  default: as many as there are processors

Exit codes: 0 all held, 1 some did not, 2 usage.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean" },
    seed: { type: "string" },
    trace: { type: "boolean" },
    from: { type: "string", default: "1" },
    count: { type: "string", default: "10000" },
    processes: { type: "string", default: `${cpus().length}` },
    share: { type: "boolean" },
  },
});
const [from, count, processes, seed] = [values.from, values.count, values.processes, values.seed ?? "1"].map(Number);

if (values.help) console.log(help);
else if (values.share) {
  const [first = 1, most = 0] = positionals.map(Number);
  for (let own = first; own < first + most; own++) {
    await new Promise((resolve) => process.send?.(runPlan(planOf(own), createPeerCore), resolve));
  }
  process.disconnect?.();
} else if (![from, count, processes, seed].every((value) => Number.isInteger(value) && Number(value) >= 0)) {
  console.error(`seeds and counts are whole numbers\n\n${help}`);
  process.exitCode = 2;
} else if (values.seed !== undefined) {
  const plan = planOf(Number(seed));
  console.log(JSON.stringify(plan));
  const outcome = runPlan(plan, createPeerCore, values.trace ? (line) => console.log(line) : undefined);
  console.log(JSON.stringify(outcome));
  process.exitCode = outcome.fault === undefined ? 0 : 1;
} else {
  const started = performance.now();
  const summary = summarize(await runInProcesses(Number(from), Number(count), Math.max(1, Number(processes))));
  const { failures, recovery, settled } = summary;
  for (const { seed: own, fault, at } of failures.slice(0, 50)) {
    console.log(`seed ${own}, ${at.toFixed(0)} ms: ${fault}\n  npm run simulate -- --seed ${own} --trace`);
  }
  console.log(`${summary.seeds} seeds in ${((performance.now() - started) / 1000).toFixed(1)} s, ${failures.length} failed; \
${summary.events} events, ${summary.deliveries} deliveries; fingerprint ${summary.fingerprint}`);
  console.log(`recoveries that nothing hindered: ${recovery.count}; median ${recovery.median.toFixed(0)}, 9 of 10 in \
${recovery.p90.toFixed(0)}, most ${recovery.most.toFixed(0)} simulated ms; slowest seeds ${summary.slowest.map(({ seed: own, ms }) => `${own} (${ms.toFixed(0)})`).join(", ")}`);
  console.log(`settled after the last disturbance: median ${settled.median.toFixed(0)}, 9 of 10 in ${settled.p90.toFixed(0)}, most \
${settled.most.toFixed(0)} simulated ms`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
