import { compare, type Goal, median, printGoals, printRanking } from "../rounds.js";
import { type Latency, messageOctets, nodes } from "./broadcaster.js";
import { type Contender, startContender } from "./contender.js";

/** Messages per round: about a second each. */
const messages: Readonly<Record<string, number>> = {
  peers: 8000,
  raw: 10_000,
  "raw-corked": 20_000,
  mosquitto: 10_000,
  gossipsub: 300,
  "gossipsub-tree": 500,
};
const window = 64;
const goals: readonly (readonly [against: string, factor: number])[] = [
  ["raw", 0.7],
  ["gossipsub", 15],
  ["mosquitto", 1],
];

/** A message to nine others over TCP: the hybrid peers' core tree against what does as much, and against what does less. */
export async function benchTree(rounds: number): Promise<readonly Goal[]> {
  const running = new Map<string, Contender>();
  try {
    for (const name of Object.keys(messages)) {
      const contender = await startContender(name);
      if (typeof contender === "string") console.log(contender);
      else running.set(name, contender);
    }
    return await measure(running, rounds);
  } finally {
    await Promise.all([...running.values()].map((contender) => contender.stop()));
  }
}

async function measure(running: ReadonlyMap<string, Contender>, rounds: number): Promise<readonly Goal[]> {
  const cpu = new Map<string, number[]>([...running.keys()].map((name) => [name, []]));
  for (const [name, contender] of running) await contender.throughput((messages[name] ?? 0) / 2, window);
  const ranking = await compare(
    [...running].map(([name, contender]) => ({
      name,
      round: async () => {
        const { deliveriesPerSecond, cpuMicroseconds } = await contender.throughput(messages[name] ?? 0, window);
        cpu.get(name)?.push(cpuMicroseconds);
        return 1e6 / deliveriesPerSecond;
      },
    })),
    { rounds, reference: "peers" },
  );
  const title = `Tree broadcast, ${nodes} nodes, ${messageOctets} octets, ${window} under way, Node ${process.versions.node}`;
  printRanking(title, "µs per delivery", ranking);
  const latencies = await latency(running);
  const cpuOf = (name: string): number => median(cpu.get(name) ?? []);
  console.log(
    "| contender | deliveries/s, median | CPU µs per delivery | of the peers' CPU | p50 / p99 ms at 50 messages/s |",
  );
  console.log("|---|---|---|---|---|");
  for (const { name, median: cost } of ranking) {
    const { p50, p99 } = latencies.get(name) ?? { p50: Number.NaN, p99: Number.NaN };
    const own = cpuOf(name);
    const share = (own / cpuOf("peers")).toFixed(2);
    console.log(
      `| ${name} | ${(1e6 / cost).toFixed(0)} | ${own.toFixed(1)} | ${share} | ${p50.toFixed(2)} / ${p99.toFixed(2)} |`,
    );
  }
  console.log("");
  const met = goals.flatMap(([against, factor]): readonly Goal[] => {
    const ratio = ranking.find(({ name }) => name === against)?.ratio;
    if (ratio === undefined) return [];
    return [
      { what: `peers' deliveries/s, of ${against}`, wanted: `≥ ${factor} ×`, measured: ratio, met: ratio >= factor },
    ];
  });
  printGoals(met);
  return met;
}

/** One contender after the other: 10 s each. */
async function latency(running: ReadonlyMap<string, Contender>): Promise<ReadonlyMap<string, Latency>> {
  const latencies = new Map<string, Latency>();
  for (const [name, contender] of running) latencies.set(name, await contender.latency(500));
  return latencies;
}
