import { createDice } from "../../../hybrid-peer/test/simulation/random.js";
import { createSchedule } from "../../../hybrid-peer/test/simulation/schedule.js";
import { defaultSwarmSettings, type SwarmSettings } from "../../core/settings.js";
import { createContent } from "./content.js";
import { createWitness } from "./invariants.js";
import { Node, type Surroundings } from "./node.js";
import { listOf } from "./oms.js";

/** A stream from one source peer to all. Rates in octets per second. */
export interface LivePlan {
  readonly seed: number;
  readonly peers: number;
  readonly fragments: number;
  readonly fragmentSize: number;
  readonly perSecond: number;
  /** Uploads, as multiples of the stream's rate. */
  readonly sourceUpload: number;
  readonly peerUpload: number;
  /** Share of the peers that come while the stream runs; and that die while it runs. */
  readonly late: number;
  readonly mortal: number;
}

export interface LiveOutcome {
  readonly plan: LivePlan;
  /** From making to having, of all fragments at all peers, in ms. */
  readonly delay: { readonly median: number; readonly p99: number; readonly most: number };
  readonly delivered: number;
  /** Fragments that somebody missed after it had joined. */
  readonly missed: number;
  /** Who missed which. */
  readonly misses: readonly string[];
  /** From joining to the first fragment, of those who come late, in ms. */
  readonly firstAfter: number;
  readonly violations: readonly string[];
}

/** Simulated ms before the stream starts. */
const prelude = 2_000;

export function runLive(plan: LivePlan): LiveOutcome {
  const dice = createDice(plan.seed ^ 0x11fe);
  const schedule = createSchedule();
  const content = createContent(plan.fragments * plan.fragmentSize, plan.fragmentSize);
  const nodes = new Map<string, Node>();
  const witness = createWitness(content, () => schedule.now);
  const around: Surroundings = { schedule, content, nodes, witness, list: (asker) => listOf(nodes, asker, dice) };
  const rate = plan.fragmentSize * plan.perSecond;

  const add = (peerId: string, role: SwarmSettings["role"], upload: number) => {
    const settings: SwarmSettings = {
      ...defaultSwarmSettings,
      peerId,
      role,
      contentType: "STREAM",
      fragmentSize: plan.fragmentSize,
      uploadRate: upload * rate,
    };
    const access = { upload: (1.1 * upload * rate) / 1000, download: (6 * rate) / 1000, latency: dice.between(2, 40) };
    const node = new Node(around, { peerId, settings, access, dice: dice.fork() });
    nodes.set(peerId, node);
    return node;
  };

  const source = add("source", "source-peer", plan.sourceUpload);
  const madeAt = (index: number) => prelude + (index * 1000) / plan.perSecond;
  for (let index = 0; index < plan.fragments; index++) {
    schedule.at(madeAt(index), () => {
      source.swarm.produced(content.describe(schedule.now, index === plan.fragments - 1));
    });
  }
  const lasts = madeAt(plan.fragments);
  for (let at = 0; at < plan.peers; at++) {
    const isLate = dice.chance(plan.late);
    const joins = isLate ? dice.between(prelude + 2_000, 0.8 * lasts) : dice.between(0, 500);
    schedule.at(joins, () => {
      const node = add(`${isLate ? "late" : "peer"}${at}`, "peer", plan.peerUpload);
      node.join();
      if (dice.chance(plan.mortal)) schedule.after(dice.between(1_000, lasts), () => node.kill());
    });
  }
  schedule.runUntil(lasts + 6_000);

  const violations = [...witness.violations];
  const delays: number[] = [];
  let missed = 0;
  const misses: string[] = [];
  let firstAfter = 0;
  for (const node of nodes.values()) {
    if (node.role !== "peer" || !node.isAlive) continue;
    for (const [index, at] of node.got) if (madeAt(index) >= node.startedAt) delays.push(at - madeAt(index));
    missed += node.missed.length;
    if (node.missed.length > 0) misses.push(`${node.peerId}: ${node.missed.join(" ")}`);
    if (node.startedAt > prelude) firstAfter = Math.max(firstAfter, Math.min(...node.got.values()) - node.startedAt);
    if (node.completedAt === undefined) violations.push(`${node.peerId} did not see the end of the stream`);
  }
  for (const { by, peerId, fault } of witness.names)
    violations.push(`${by.peerId} names ${peerId} (honest) for ${fault}`);
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Number.NaN;
  const delay = { median: at(0.5), p99: at(0.99), most: at(1) };
  return { plan, delay, delivered: delays.length, missed, misses, firstAfter, violations };
}
