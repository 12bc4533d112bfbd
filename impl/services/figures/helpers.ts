import { join } from "node:path";
import type { Finding, Production } from "../stage/direct.js";
import { askAgain, gotBy, holdsSoMany, openSwarm, stateOf } from "./swarm.js";

const FRAGMENTS = 256;
/** Octets per second, the most first: this is the order in which they can help. */
const rates = { "helper-z": 900_000, "helper-m": 600_000, "helper-a": 300_000 };

/**
 * Figure 9: a peer that is served badly is helped by those with room [8.2.3]. Its links bring little; peers that come back with what they
 * have on their disks are listed first, the one with most room before the others; it connects to them, and is served well.
 */
export async function helpers(production: Production, urls: Production["urls"]): Promise<Finding> {
  const { folder } = production;
  const swarm = await openSwarm(production, urls, { title: "Figure 9", fragmentSize: 16_384 });
  await swarm.command(`append ${FRAGMENTS}`);
  await swarm.command("end");
  const begin = (name: string, uploadRate: number, more = {}) =>
    swarm.peer(name, { settings: { uploadRate }, ...more });
  const helping = (name: string, rate: number) => begin(name, rate, { folder: join(folder, `figure-9-${name}`) });
  const before = await Promise.all(Object.entries(rates).map(([name, rate]) => helping(name, rate)));
  const busy = await Promise.all(["busy-1", "busy-2", "busy-3", "busy-4"].map((name) => begin(name, 10_000)));
  await Promise.all([...before, ...busy].map((one) => holdsSoMany(one, FRAGMENTS)));
  await Promise.all(before.map((one) => one.stop()));
  await swarm.command("slow 10000");

  // Others cannot connect to it: whom it knows, it knows from its lists.
  const needy = await swarm.peer("needy", { reachable: false, settings: { downloadRate: 2_000_000 } });
  await holdsSoMany(needy, 2);
  const back = await Promise.all(Object.entries(rates).map(([name, rate]) => helping(name, rate)));
  await swarm.reported(...back, ...busy);
  const poor = (await stateOf(needy)).held.length;
  const list = await askAgain(needy);
  const order = list?.peers.filter((name) => /^(helper|busy)/.test(name)) ?? [];
  await holdsSoMany(needy, FRAGMENTS);
  const after = gotBy(needy).slice(poor);
  const share = (prefix: string) => after.filter(({ from }) => from.startsWith(prefix)).length;
  const [helped, other] = [share("helper"), after.length - share("helper")];
  const linked = (await stateOf(needy)).links.filter((name) => name in rates).length;
  await swarm.end();
  return {
    what: "X.609.1 figure 9: a peer with poor service is told of helpers, best first, connects to them and is served well",
    holds: order.slice(0, 3).join() === Object.keys(rates).join() && linked === 3 && poor < FRAGMENTS && helped > other,
    seen: `listed ${order.join(", ")}; before ${poor} fragments, then ${helped} of helpers and ${other} of others`,
  };
}
