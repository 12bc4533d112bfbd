import { PamsCore } from "../../../impl/pams/core.js";
import { defaultLimits, defaultPolicy } from "../../../impl/pams/policy.js";
import type { PeerQueryCondition } from "../../../impl/pams/types.js";
import { type Goal, median } from "../rounds.js";

const peers = 10_000;
const fragments = 10_000;
const limitMs = 20;

/** Rarest fragments and lists by fragments where 10,000 peers hold anything from nothing to almost all of 10,000 fragments, in no order. */
export async function fragmentGoals(rounds: number): Promise<Goal[]> {
  const before = heap();
  const { core, report } = filled();
  const octets = (heap() - before) / peers;
  core.listPeers("bench", {});
  while (core.upkeep());
  const everybody = Array.from({ length: peers }, (_, i) => `peer-${i}`);
  const list = (condition: PeerQueryCondition) => () => core.listPeers("bench", { max_peer_num: 50, ...condition });
  const range = (start_fragment_id: number, end_fragment_id: number) => ({
    fragment_range: { start_fragment_id, end_fragment_id },
  });
  const kinds: [string, () => unknown][] = [
    ["rarest of all peers", () => core.advise("bench", {})],
    ["rarest among 10,000 candidates", () => core.advise("bench", { peer_id: everybody })],
    ["rarest among 1,000 candidates", () => core.advise("bench", { peer_id: everybody.slice(0, 1_000) })],
    ["all of 20 fragments", list(range(700, 719))],
    ["all of 1,000 fragments, which nobody holds: who has most", list(range(3_000, 3_999))],
    ["all of 10,000 fragments, which nobody holds: who has most", list(range(0, fragments - 1))],
    [
      "1,000 fragments one by one",
      list({ fragment_list: { fragment: Array.from({ length: 1_000 }, (_, i) => i * 7) } }),
    ],
  ];
  console.log(`\n### ${fragments} fragments × ${peers} peers: ${octets.toFixed(0)} octets of memory per peer, ms\n`);
  console.log("| query | CPU, median | clock, median | least | most |\n|---|---|---|---|---|");
  const goals: Goal[] = [];
  let n = 0;
  for (const [what, query] of kinds) {
    const costs: Cost[] = [];
    for (let i = 0; i < rounds * 5; i++) {
      for (let j = 0; j < 20; j++) report(n++);
      costs.push(timed(query));
    }
    const measured = row(what, costs);
    if (what.endsWith("one by one")) continue;
    goals.push({ what: `pams: ${what}, ms of CPU`, wanted: `< ${limitMs}`, measured, met: measured < limitMs });
  }
  row(
    "(a report of a list of 5,000 fragments on average)",
    Array.from({ length: 200 }, () => timed(() => report(n++))),
  );
  return goals;
}

function filled(): { core: PamsCore; report: (n: number) => void } {
  const nothing = () => {};
  const core = new PamsCore({
    policy: { ...defaultPolicy, reportInterval: 3600 },
    limits: defaultLimits,
    clock: { now: () => Date.now() },
    journal: {
      overlayRegistered: nothing,
      overlayDeregistered: nothing,
      peerRegistered: nothing,
      peerDeregistered: nothing,
      peerReported: nothing,
      accountChanged: nothing,
    },
  });
  core.registerOverlay("bench", "FILE");
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  const report = (n: number) => {
    const peer = (n * 7919) % peers;
    // Each peer is somewhere on its way, and gets its fragments in no order.
    const share = (peer + 0.5) / (peers + 50);
    const fragment: number[] = [];
    for (let at = 0; at < fragments; at++) if (random() < share) fragment.push(at);
    core.report("bench", `peer-${peer}`, { dynamic_status: { overlay_event: "STARTED", fragment_list: { fragment } } });
  };
  for (let i = 0; i < peers; i++) core.registerPeer("bench", `peer-${i}`, {});
  for (let i = 0; i < peers; i++) report(i);
  return { core, report };
}

function heap(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

interface Cost {
  /** Milliseconds on the clock, other work on the machine included. */
  readonly wall: number;
  /** Milliseconds of processor time of this process. */
  readonly cpu: number;
}

function timed(action: () => unknown): Cost {
  const before = process.cpuUsage();
  const start = performance.now();
  action();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

function row(what: string, costs: readonly Cost[]): number {
  const cpu = median(costs.map((one) => one.cpu));
  const walls = costs.map((one) => one.wall);
  const figures = [cpu, median(walls), Math.min(...walls), Math.max(...walls)];
  console.log(`| ${what} | ${figures.map((one) => one.toFixed(2)).join(" | ")} |`);
  return cpu;
}
