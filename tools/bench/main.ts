import { benchCodec } from "./codec.js";
import { benchHttp } from "./http/bench.js";
import type { Goal } from "./rounds.js";
import { benchState } from "./state/bench.js";
import { benchUdp } from "./udp/bench.js";

/** Each bench by its name on the command line. */
const benches: Record<string, (rounds: number) => Promise<readonly Goal[]>> = {
  codec: benchCodec,
  http: benchHttp,
  state: benchState,
  udp: benchUdp,
};

const help = `npm run bench [-- NAME… [--rounds N]]

Measures against limits and peers in the same run, round by round; prints medians, ratios, and which goals are met.
  ${Object.keys(benches).join(", ")} (default: all); --rounds 7
Takes minutes; wants an otherwise idle machine. README.md has the figures and how to read them.`;

const args = process.argv.slice(2);
if (args.includes("--help")) {
  console.log(help);
} else {
  const flag = args.indexOf("--rounds");
  const rounds = flag === -1 ? 7 : Number(args[flag + 1]);
  const names = args.filter((_, index) => flag === -1 || (index !== flag && index !== flag + 1));
  let missed = 0;
  for (const name of names.length === 0 ? Object.keys(benches) : names) {
    const bench = benches[name];
    if (bench === undefined || !Number.isInteger(rounds) || rounds < 1) {
      console.error(help);
      process.exit(2);
    }
    missed += (await bench(rounds)).filter(({ met }) => !met).length;
  }
  process.exitCode = missed === 0 ? 0 : 1;
}
