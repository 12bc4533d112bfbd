import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { fullNodeRole } from "./full-node.js";
import { producerRole } from "./producer.js";

/** Blockchain service [Q.4100 9.2]: figures 9-3 and 9-4 with every peer as a process of its own. */
export const blockchain: Service = {
  description:
    "Blockchain [Q.4100 9.2]: transactions on the core tree of producers, blocks into a SubMesh of full nodes",
  options: {
    producers: { default: 4, description: "peers in the core tree that make transactions and blocks" },
    nodes: { default: 4, description: "full nodes in the SubMesh; one of them comes late" },
    transactions: { default: 15, description: "transactions of each producer" },
    memoOctets: { default: 3000, description: "size of a transaction; blocks of many are larger than a frame" },
    periodMs: { default: 150, description: "time between two transactions" },
  },
  servers: ["homs"],
  roles: { producer: producerRole, node: fullNodeRole },
  direct,
};

async function direct(production: Production): Promise<readonly Finding[]> {
  const { number, tell } = production;
  const making = {
    transactions: number("transactions"),
    memoOctets: number("memoOctets"),
    periodMs: number("periodMs"),
  };
  // 1. H-PEER A creates the overlay network, the others find and join it [9.2 steps 1 to 3]; B feeds the SubMesh.
  const [first = "producer-1", ...others] = named("producer", Math.max(2, number("producers")));
  const producers: Actor[] = [
    ...(await startAll(production, "producer", [first], () => ({ ...making, creates: true }))),
    ...(await startAll(production, "producer", others, (name) => ({ ...making, feedsMesh: name === others[0] }))),
  ];
  const [late = "node-1", ...early] = named("node", number("nodes"));
  const nodes = [...(await startAll(production, "node", early))];
  tell(`${producers.length} producers in the core tree, ${nodes.length} full nodes in the SubMesh`);

  // 2. Everybody makes transactions and blocks [steps 4, 5]; the blocks reach the full nodes [step 6].
  for (const producer of producers) producer.tell("begin");
  await producers[0]?.heard("block");
  nodes.push(...(await startAll(production, "node", [late])));
  await Promise.all(producers.map((producer) => producer.heard("finished")));
  const ids = producers.flatMap(({ said }) =>
    said.filter(({ event }) => event === "transaction").map(({ id }) => String(id)),
  );
  tell(`${ids.length} transactions made`);

  // 3. Producers go on until everything is in the chain, and all have the same one.
  const tips = (): (Actor["said"][number] | undefined)[] =>
    [...producers, ...nodes].map(({ said }) => said.findLast(({ event }) => event === "tip"));
  const agreed = await until(() => {
    for (const producer of producers) producer.tell("tip");
    const seen = tips();
    const settled = seen.slice(0, producers.length).every((tip) => tip?.unconfirmed === 0);
    return settled && new Set(seen.map((tip) => tip?.hash)).size === 1;
  }, 60_000);
  const heights = tips().map((tip) => tip?.height);
  tell(
    `height ${heights[0]}, blocks by ${new Set(producers.flatMap(({ said }) => said.filter(isBlock).map(({ producer }) => producer))).size} producers`,
  );
  for (const node of nodes) await node.stop();
  return [
    { what: "all producers and full nodes have the same chain", holds: agreed, seen: `heights ${heights.join(", ")}` },
    ...nodes.map((node) => ({ what: `${node.name} has every transaction once`, ...compare(node, ids) })),
  ];
}

function compare(node: Actor, ids: readonly string[]): Omit<Finding, "what"> {
  const chain = node.said.find(({ event }) => event === "final")?.chain;
  const found = Array.isArray(chain) ? (chain as { ids: string[] }[]).flatMap((block) => block.ids) : [];
  const once = new Set(found).size === found.length;
  return {
    holds: once && found.length === ids.length && ids.every((id) => found.includes(id)),
    seen: `${found.length} of ${ids.length}`,
  };
}

const isBlock = ({ event }: { event: string }): boolean => event === "block";
