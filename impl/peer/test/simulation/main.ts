/** `npm run swarm`: runs swarms under a simulated network and clock. */
import { parseArgs } from "node:util";
import { runFile } from "./file-run.js";
import { runLive } from "./live-run.js";
import { type MixName, mixes, planOf } from "./plan.js";

const help = `npm run swarm -- [--peers N] [--from N] [--count N] [--seed N] [--mix NAME] [--octets N] [--fragment N] [--villains N] [--churn SHARE]
npm run swarm -- --live [--peers N] [--seed N] [--count N] [--late SHARE] [--churn SHARE]

One source peer and N peers with the core of R10, its octets and signatures left out. Prints how long the last peer took, as a multiple of
the fluid lower bound max(F/us, F/dmin, N F/(us + sum u)), or the delays of a stream; and whether everything held that must.

  --peers N      default 50
  --seed N       this seed only
  --from N       first seed, default 1
  --count N      how many seeds, default 3
  --mix NAME     ${Object.keys(mixes).join(", ")}; default: all
  --octets N     of the file, default 32000000
  --fragment N   octets of a fragment, default 131072
  --villains N   peers of each kind that breaks the rules, default 0
  --churn S      share of the peers that die on the way, and, of a file, as many that come later; default 0
  --late S       share of a stream's peers that come while it runs, default 0.2

Exit codes: 0 all held, 1 some did not, 2 usage.`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    live: { type: "boolean" },
    peers: { type: "string", default: "50" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    count: { type: "string", default: "3" },
    mix: { type: "string" },
    octets: { type: "string", default: "32000000" },
    fragment: { type: "string", default: "131072" },
    villains: { type: "string", default: "0" },
    churn: { type: "string", default: "0" },
    late: { type: "string", default: "0.2" },
  },
});
const [peers, octets, fragmentSize, villains, churn, late] = [
  values.peers,
  values.octets,
  values.fragment,
  values.villains,
  values.churn,
  values.late,
].map(Number) as [number, number, number, number, number, number];
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.count) : 1;
const names = Object.keys(mixes) as MixName[];
const chosen = values.mix === undefined ? names : names.filter((name) => name === values.mix);
const seeds = Array.from({ length: count || 0 }, (_, at) => from + at);

if (values.help) console.log(help);
else if (
  chosen.length === 0 ||
  [peers, octets, fragmentSize, from].some((value) => !(value >= 1)) ||
  seeds.length === 0
) {
  console.error(`numbers are 1 or more, and a mix is one of those named\n\n${help}`);
  process.exitCode = 2;
} else if (values.live) live();
else files();

function files(): void {
  for (const mix of chosen) {
    const ratios: number[] = [];
    for (const seed of seeds) {
      const outcome = runFile(planOf(seed, { mix, peers, octets, fragmentSize, villains, churn }));
      ratios.push(outcome.ratio);
      const { ratio, seconds, bound, sourceShare, overhead, violations, culprits } = outcome;
      console.log(`${mix}, seed ${seed}: ${seconds?.toFixed(1) ?? "never"} s, ${ratio.toFixed(3)} x the bound of ${bound.toFixed(1)} s; \
the source sent ${sourceShare.toFixed(2)} x the file, all ${overhead.toFixed(3)} x what was needed`);
      for (const culprit of culprits) console.log(`  named: ${culprit}`);
      report(violations);
    }
    ratios.sort((a, b) => a - b);
    const median = ratios[Math.floor(ratios.length / 2)] as number;
    console.log(
      `${mix}: median ${median.toFixed(3)}, worst ${(ratios.at(-1) as number).toFixed(3)} of ${ratios.length}`,
    );
  }
}

function live(): void {
  for (const seed of seeds) {
    const plan = {
      seed,
      peers,
      fragments: 400,
      fragmentSize: 25_000,
      perSecond: 20,
      sourceUpload: 4,
      peerUpload: 1.5,
      late,
      mortal: churn,
    };
    const { delay, delivered, missed, firstAfter, violations } = runLive(plan);
    console.log(`stream, seed ${seed}: delay median ${delay.median.toFixed(0)}, 99 of 100 in ${delay.p99.toFixed(0)}, most ${delay.most.toFixed(0)} ms; \
${delivered} delivered, ${missed} missed; who came late had its first after ${firstAfter.toFixed(0)} ms at most`);
    report(violations);
  }
}

function report(violations: readonly string[]): void {
  for (const violation of violations) console.log(`  VIOLATED: ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}
