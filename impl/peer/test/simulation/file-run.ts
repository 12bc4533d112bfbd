import { createDice } from "../../../hybrid-peer/test/simulation/random.js";
import { createSchedule } from "../../../hybrid-peer/test/simulation/schedule.js";
import { defaultSwarmSettings, type SwarmSettings } from "../../core/settings.js";
import { createBehaviours } from "./behaviour.js";
import { createContent } from "./content.js";
import { createWitness } from "./invariants.js";
import { Node, type Surroundings } from "./node.js";
import { listOf } from "./oms.js";
import { type Capacity, lowerBound, type Plan } from "./plan.js";

export interface Outcome {
  readonly plan: Plan;
  /** Until the last honest peer had everything; undefined: not in time. */
  readonly seconds: number | undefined;
  readonly bound: number;
  readonly ratio: number;
  /** What must never be, and was. */
  readonly violations: readonly string[];
  /** Octets that the source sent, over those of the content. */
  readonly sourceShare: number;
  /** Octets that all sent, over those that were needed. */
  readonly overhead: number;
  /** Behaviour and fault of every culprit that somebody named. */
  readonly culprits: readonly string[];
  /** Behaviours that nobody named. */
  readonly unnamed: readonly string[];
  readonly events: number;
}

/** An access line is so much faster than the limit that its peer is set to: for what is no payload. */
const headroom = 1.1;

/** A FILE from one source peer to all. @param observe is told ten times per simulated second. Gives up after four times the lower bound */
export function runFile(plan: Plan, observe?: (now: number, nodes: ReadonlyMap<string, Node>) => void): Outcome {
  const dice = createDice(plan.seed ^ 0x5eed);
  const schedule = createSchedule();
  const content = createContent(plan.octets, plan.fragmentSize);
  const nodes = new Map<string, Node>();
  const witness = createWitness(content, () => schedule.now);
  const around: Surroundings = { schedule, content, nodes, witness, list: (asker) => listOf(nodes, asker, dice) };
  const total = Math.ceil(plan.octets / plan.fragmentSize);
  const behaviours = createBehaviours(content, dice.fork());
  const bound = lowerBound(plan);

  const add = (
    peerId: string,
    role: SwarmSettings["role"],
    capacity: Capacity,
    behaviour?: ReturnType<(typeof behaviours)[number]>,
  ) => {
    const settings: SwarmSettings = {
      ...defaultSwarmSettings,
      peerId,
      role,
      contentType: "FILE",
      fragmentSize: plan.fragmentSize,
      uploadRate: capacity.upload,
      downloadRate: capacity.download,
    };
    const access = {
      upload: (headroom * capacity.upload) / 1000,
      download: (headroom * capacity.download) / 1000,
      latency: dice.between(2, 40),
    };
    const node = new Node(around, { peerId, settings, access, dice: dice.fork(), behaviour });
    nodes.set(peerId, node);
    return node;
  };

  const source = add("source", "source-peer", plan.source);
  for (let index = 0; index < total; index++) source.swarm.produced(content.describe(0, index === total - 1));
  const honest = plan.peers.map((capacity, at) => add(`peer${at}`, "peer", capacity));
  const villains = Array.from({ length: plan.villains }).flatMap((_, round) =>
    behaviours.map((create, at) => add(`villain${round}.${at}`, "peer", dice.pick(plan.peers), create())),
  );
  const joining = [...honest, ...villains];
  for (const node of joining) schedule.at(dice.between(0, 100), () => node.join());
  const mortal = honest.filter(() => dice.chance(plan.churn));
  for (const node of mortal) {
    schedule.at(dice.between(0, bound * 1000), () => (dice.chance(0.5) ? node.kill() : node.leave()));
  }
  const late = mortal.map((_, at) => ({ at: dice.between(0, bound * 500), peerId: `late${at}` }));
  for (const { at, peerId } of late) schedule.at(at, () => add(peerId, "peer", dice.pick(plan.peers)).join());

  const wanted = () =>
    [...nodes.values()].filter((node) => node.role === "peer" && node.behaviour === undefined && node.isAlive);
  const isDone = () =>
    nodes.size >= 1 + joining.length + late.length && wanted().every((node) => node.completedAt !== undefined);
  const end = Math.max(4 * bound * 1000, 30_000);
  while (!isDone() && schedule.now < end) {
    schedule.runUntil(schedule.now + 100);
    observe?.(schedule.now, nodes);
  }
  const done = isDone();
  const seconds = done ? Math.max(...wanted().map(({ completedAt }) => completedAt ?? 0)) / 1000 : undefined;

  const violations = [...witness.violations];
  for (const { by, peerId, fault } of witness.names) {
    const behaviour = nodes.get(peerId)?.behaviour;
    if (by.behaviour === undefined && behaviour?.faults.includes(fault) !== true) {
      violations.push(`${by.peerId} names ${peerId} (${behaviour?.name ?? "honest"}) for ${fault}`);
    }
  }
  if (!done) violations.push("not all honest peers got everything in time");
  const named = new Set(witness.names.filter(({ by }) => by.behaviour === undefined).map(({ peerId }) => peerId));
  const complete = wanted().length;
  return {
    plan,
    seconds,
    bound,
    ratio: (seconds ?? Number.POSITIVE_INFINITY) / bound,
    violations,
    sourceShare: source.swarm.state.uploaded / plan.octets,
    overhead: witness.uploaded / (complete * plan.octets),
    culprits: [
      ...new Set(witness.names.map(({ peerId, fault }) => `${nodes.get(peerId)?.behaviour?.name ?? peerId}: ${fault}`)),
    ],
    unnamed: villains.filter(({ peerId }) => !named.has(peerId)).map(({ behaviour }) => behaviour?.name ?? ""),
    events: schedule.events,
  };
}
