import { setTimeout as sleep } from "node:timers/promises";
import type { Finding, Production } from "../stage/direct.js";
import { ask } from "./overlay.js";
import { askAgain, gotBy, openSwarm, stateOf } from "./swarm.js";

const FRAGMENTS = 40;

/**
 * Figure 8: who has the fragments that a peer cannot get [8.2.2]. The source peer has died; of those who are left one has some fragments
 * and one has all, and who lacks some is told of the right one, connects, and gets them.
 */
export async function holders(production: Production, urls: Production["urls"]): Promise<Finding> {
  const swarm = await openSwarm(production, urls, { title: "Figure 8", fragmentSize: 65_536 });
  await swarm.command(`append ${FRAGMENTS}`);
  await swarm.command("end");
  const slowly = { freezeAt: 8, settings: { downloadRate: 800_000, pipeline: 131_072 } };
  const partial = await swarm.peer("has-some", slowly);
  // Others cannot connect to it: whom it knows, it knows from its lists.
  const asker = await swarm.peer("asks", { ...slowly, reachable: false });
  await Promise.all([partial, asker].map((one) => one.heard("frozen")));
  // Who asks again without anything having come since asks for what it lacks.
  for (let asks = 0; asks < 50 && (await askAgain(asker))?.wanted !== true; asks++) await sleep(200);
  const holder = await swarm.peer("has-all");
  await holder.heard("complete");
  await swarm.source.kill();
  await swarm.reported(partial, asker, holder);

  const before = { asker: (await stateOf(asker)).held, partial: (await stateOf(partial)).held };
  let list = await askAgain(asker);
  for (let asks = 0; asks < 50 && list?.wanted !== true; asks++) list = await askAgain(asker);
  const observer = production.cast.start("member", "observes", { ...urls, overlay: swarm.overlayId });
  await observer.heard("ready");
  const range = await ask(observer, { fragment_range: { start_fragment_id: 0, end_fragment_id: FRAGMENTS - 1 } });
  asker.tell("thaw");
  await asker.heard("complete");
  const lacking = Array.from({ length: FRAGMENTS }, (_, index) => index).filter(
    (index) => !before.asker.includes(index) && !before.partial.includes(index),
  );
  const from = new Map(gotBy(asker).map((one) => [one.index, one.from]));
  const fetched = lacking.filter((index) => from.get(index) === "has-all").length;
  await observer.stop();
  await swarm.end();
  const peers = (names: readonly string[] = []) => names.filter((one) => one.startsWith("has-")).join(", ");
  return {
    what: "X.609.1 figure 8: a peer asks for fragments, is told who holds them, by list and by range, and gets them there",
    holds:
      list?.wanted === true &&
      peers(list.peers) === "has-all" &&
      peers(range.peers) === "has-all" &&
      lacking.length > 0 &&
      fetched === lacking.length,
    seen: `told of ${peers(list?.peers)} by list, of ${peers(range.peers)} by range; ${fetched} of ${lacking.length} fragments that nobody else had came from there`,
  };
}
