import type { Finding, Production } from "../stage/direct.js";
import { gotBy, holdsSoMany, listsOf, openSwarm } from "./swarm.js";

/** Fragments that everybody has, and as many that only two have. */
const HALF = 24;
const SIZE = 16_384;

/**
 * Figures 10 and 11: the fragments that few have are to be fetched first [8.2.4]. Peers stop taking when half of the file is made; a newcomer
 * is told which fragments are rare, and fetches those first of whoever has them.
 */
export async function rarest(production: Production, urls: Production["urls"]): Promise<readonly Finding[]> {
  const swarm = await openSwarm(production, urls, { title: "Figure 11", fragmentSize: SIZE });
  // The latest fragment of a file is kept back until it is known whether it is the last.
  await swarm.command(`append ${HALF + 1}`);
  const common = await Promise.all(["common-1", "common-2", "common-3", "common-4"].map((name) => swarm.peer(name)));
  await Promise.all(common.map((peer) => holdsSoMany(peer, HALF)));
  for (const peer of common) peer.tell("freeze");
  await Promise.all(common.map((peer) => peer.heard("frozen")));
  await swarm.command(`append ${HALF - 1}`);
  await swarm.command("end");
  const rich = await swarm.peer("rich");
  await holdsSoMany(rich, 2 * HALF);
  const told = new Map(await swarm.reported(...common, rich));
  const { name } = swarm.source;
  for (let looks = 0; looks < 100 && (told.get(name)?.size ?? 0) < 2 * HALF; looks++) {
    told.set(name, await swarm.toldOf(name));
  }
  const expected = rareAmong([...told.values()]);

  const newcomer = await swarm.peer("newcomer", { reachable: false, settings: { pipeline: 2 * SIZE } });
  await holdsSoMany(newcomer, 2 * HALF);
  const advised = [...(listsOf(newcomer)[0]?.fragments ?? [])].sort((a, b) => a - b);
  // Of those who have both, in the order of coming; the others have nothing rare to give.
  const order = gotBy(newcomer).filter(({ from }) => from === "rich" || from === name);
  const first = order.slice(0, expected.length).filter(({ index }) => expected.includes(index)).length;
  await swarm.end();
  return [
    {
      what: "X.609.1 figure 10: the PAMS finds the rare fragments in what peers reported",
      holds: expected.length > 0 && expected.length <= HALF && advised.join() === expected.join(),
      seen: `advised ${advised.join(", ") || "none"}; rare are ${expected.join(", ")}`,
    },
    {
      what: "X.609.1 figure 11: they come with the list, and the peer fetches them before others",
      // Two requests are under way at each of two peers when the last rare one is asked for.
      holds: expected.length > 0 && first >= expected.length - 4 && first > expected.length / 2,
      seen: `${first} of the first ${expected.length} fragments of those who have all`,
    },
  ];
}

/** Held by fewer than half as many as fragments are held by on average. */
function rareAmong(peers: readonly ReadonlySet<number>[]): number[] {
  const holders = Array.from({ length: 2 * HALF }, (_, index) => peers.filter((held) => held.has(index)).length);
  const average = holders.reduce((sum, one) => sum + one, 0) / holders.length;
  return holders.flatMap((how, index) => (how < average / 2 ? [index] : []));
}
