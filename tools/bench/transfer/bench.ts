import { compare, type Goal, median, printGoals, printRanking } from "../rounds.js";
import { contentOctets, pieceOctets } from "./content.js";
import { type Pair, startPair } from "./party.js";

const names = ["raw", "peers", "webtorrent"];
const goals: readonly (readonly [against: string, factor: number])[] = [
  ["raw", 0.6],
  ["webtorrent", 1],
];
const megabytes = contentOctets / 1e6;

/** A file from one process to another, verified: R10 between two peers, a raw socket with the same hash, and WebTorrent. */
export async function benchTransfer(rounds: number): Promise<readonly Goal[]> {
  const running = new Map<string, Pair>();
  try {
    for (const name of names) {
      const pair = await startPair(name);
      if (typeof pair === "string") console.log(pair);
      else running.set(name, pair);
    }
    return await measure(running, rounds);
  } finally {
    await Promise.all([...running.values()].map((pair) => pair.stop()));
  }
}

async function measure(running: ReadonlyMap<string, Pair>, rounds: number): Promise<readonly Goal[]> {
  const cpu = new Map<string, { giver: number; taker: number }[]>([...running.keys()].map((name) => [name, []]));
  for (const pair of running.values()) await pair.transfer();
  const ranking = await compare(
    [...running].map(([name, pair]) => ({
      name,
      round: async () => {
        const { seconds, giver, taker } = await pair.transfer();
        cpu.get(name)?.push({ giver, taker });
        return seconds;
      },
    })),
    { rounds, reference: "peers" },
  );
  const what = `${contentOctets / 1024 / 1024} MiB in pieces of ${pieceOctets / 1024} KiB`;
  printRanking(`Transfer of ${what} over TCP, verified, Node ${process.versions.node}`, "seconds", ranking);
  console.log("| contender | MB/s, median | CPU seconds of giver / taker |\n|---|---|---|");
  for (const { name, median: seconds } of ranking) {
    const used = cpu.get(name) ?? [];
    const [giver, taker] = [median(used.map((one) => one.giver)), median(used.map((one) => one.taker))];
    console.log(`| ${name} | ${(megabytes / seconds).toFixed(0)} | ${giver.toFixed(2)} / ${taker.toFixed(2)} |`);
  }
  console.log("");
  const met = goals.flatMap(([against, factor]): readonly Goal[] => {
    const ratio = ranking.find(({ name }) => name === against)?.ratio;
    if (ratio === undefined) return [];
    const what = `R10 transfer, as fast as ${against}`;
    return [
      {
        what,
        wanted: `${factor === 1 ? ">" : "≥"} ${factor} ×`,
        measured: ratio,
        met: factor === 1 ? ratio > 1 : ratio >= factor,
      },
    ];
  });
  printGoals(met);
  return met;
}
