import { benchCodec } from "./codec.js";
import { benchGenerate } from "./generate/bench.js";
import { benchHttp } from "./http/bench.js";
import { benchOms } from "./oms/bench.js";
import { benchPams } from "./pams/bench.js";
import { type Goal, printGoals } from "./rounds.js";
import { benchIxs } from "./servers/ixs.js";
import { benchUnis } from "./servers/unis.js";
import { benchState } from "./state/bench.js";
import { benchTransfer } from "./transfer/bench.js";
import { benchTree } from "./tree/bench.js";
import { benchUdp } from "./udp/bench.js";
import { benchWire } from "./wire.js";

interface Bench {
  readonly about: string;
  run(rounds: number): Promise<readonly Goal[]>;
}

/** Each bench by its name on the command line. */
const benches: Record<string, Bench> = {
  // First: those with servers confine this process, and what it starts, to one processor.
  generate: { about: "npm run generate from cold (at most 5 rounds)", run: benchGenerate },
  codec: { about: "LDMP codec against hand-written code, coap-packet and Kaitai (always 25 rounds)", run: benchCodec },
  wire: { about: "frames between hybrid peers against the JSON in them (always 25 rounds)", run: benchWire },
  http: { about: "PAMS report and HOMS refresh against bare node:http, Express and Fastify", run: benchHttp },
  state: { about: "the best 50 of 1,000,000 peers, and what keeping the ranking costs", run: benchState },
  pams: {
    about: "list queries of 100,000 reporting peers against 1,000; 10,000 fragments x 10,000 peers",
    run: benchPams,
  },
  oms: { about: "joins and peer lists among 10,000 members against 100", run: benchOms },
  ixs: { about: "queries of 100,000 index files against 1,000", run: benchIxs },
  unis: { about: "1,000 peers in order of distance, among 500,000 prefixes against 1,000", run: benchUnis },
  transfer: { about: "R10 from peer to peer against a raw socket and WebTorrent, verified", run: benchTransfer },
  tree: { about: "a message to nine others: hybrid peers against raw TCP, gossipsub and mosquitto", run: benchTree },
  udp: { about: "LDMP source peer against a dgram echo and the coap package; a burst", run: benchUdp },
};

const help = `npm run bench [-- NAME… [--rounds N]]

Measures against limits and peers in the same run, round by round; prints costs, ratios, and which goals are met.

${Object.entries(benches)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join("\n")}

  NAME…       which to run; default: all, one after the other
  --rounds N  how often each contender runs; default 7, the median counts

Takes about three minutes and wants an otherwise idle machine with two processors (taskset keeps server and client apart).
Exit codes: 0 all goals met, 1 some missed, 2 usage. tools/bench/README.md has the figures and how to read them.`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  console.log(help);
} else {
  const flag = args.indexOf("--rounds");
  const rounds = flag === -1 ? 7 : Number(args[flag + 1]);
  const given = args.filter((_, index) => flag === -1 || (index !== flag && index !== flag + 1));
  const names = given.length === 0 ? Object.keys(benches) : given;
  const unknown = names.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    const wrong = unknown.length > 0 ? `unknown: ${unknown.join(" ")}` : "--rounds takes a positive integer";
    console.error(`${wrong}\n\n${help}`);
    process.exitCode = 2;
  } else {
    const goals: Goal[] = [];
    for (const name of names) goals.push(...((await benches[name]?.run(rounds)) ?? []));
    console.log("\n### Goals\n");
    printGoals(goals);
    process.exitCode = goals.every(({ met }) => met) ? 0 : 1;
  }
}
