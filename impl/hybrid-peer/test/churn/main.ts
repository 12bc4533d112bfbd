/** `npm run churn`: peers as processes, killed, paused and cut off at random while all publish. */
import { parseArgs } from "node:util";
import { printReport } from "./print.js";
import { type FailureKind, runChurn } from "./run.js";

const kinds: readonly FailureKind[] = ["kill", "pause", "cut", "leave", "homs"];
const help = `npm run churn -- [--minutes N] [--peers N] [--every MS] [--publish MS] [--recovery push|pull] [--degree N] [--kinds LIST] [--quiet]

Starts a HOMS and peers, each a process of its own; kills (kill -9), pauses (SIGSTOP), cuts off and sends away peers at random, cuts the
HOMS off, and starts others, while all publish. Tells what is missing at those who stayed, and how long orphans had no parent.

  --minutes N    default 10
  --peers N      default 20
  --every MS     mean pause between two failures, default 2000
  --publish MS   pause between two messages of one peer, default 500
  --recovery     push (default) or pull
  --degree N     primary paths of one peer at most, default 3: a deep tree
  --kinds LIST   of ${kinds.join(",")}; default kill,kill,pause,cut,leave,homs
  --quiet        the report only

Exit codes: 0 nothing missing and one tree, 1 otherwise, 2 usage.`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    minutes: { type: "string", default: "10" },
    peers: { type: "string", default: "20" },
    every: { type: "string", default: "2000" },
    publish: { type: "string", default: "500" },
    recovery: { type: "string", default: "push" },
    degree: { type: "string", default: "3" },
    kinds: { type: "string", default: "kill,kill,pause,cut,leave,homs" },
    quiet: { type: "boolean" },
  },
});
const numbers = [values.minutes, values.peers, values.every, values.publish, values.degree].map(Number);
const [minutes, peers, everyMs, publishMs, maxPrimary] = numbers;
const wanted = values.kinds
  .split(",")
  .filter((kind): kind is FailureKind => (kinds as readonly string[]).includes(kind));

if (values.help) console.log(help);
else if (
  !numbers.every((value) => value > 0) ||
  wanted.length !== values.kinds.split(",").length ||
  (values.recovery !== "push" && values.recovery !== "pull")
) {
  console.error(help);
  process.exitCode = 2;
} else {
  const report = await runChurn({
    minutes: Number(minutes),
    peers: Number(peers),
    everyMs: Number(everyMs),
    publishMs: Number(publishMs),
    recoveryBy: values.recovery,
    maxPrimary: Number(maxPrimary),
    kinds: wanted,
    ...(!values.quiet && { log: (line: string) => console.log(line) }),
  });
  printReport(report);
  process.exitCode = report.missing.length + report.wrong.length === 0 && report.shapeFault === undefined ? 0 : 1;
}
