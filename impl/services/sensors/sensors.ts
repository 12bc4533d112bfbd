import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { remains } from "../stage/remains.js";
import { dataSourceRole } from "./data-source.js";
import { peerRole } from "./peer.js";
import { sourcePeerRole } from "./source-peer.js";

/** Live data of this machine's sensors [X.609.10 6]: data sources, LDMP, source peer, peers; every entity a process of its own. */
export const sensors: Service = {
  description:
    "readings of this machine over LDMP to a source peer, and over R10 to many peers: what arrives is what was sent, in order, with its delay [X.609.10 6, 7.1]",
  options: {
    peers: { default: 20, description: "peers that receive" },
    sources: { default: 3, description: "data sources at the one source peer" },
    periodMs: { default: 100, description: "time between two looks at the sensors" },
    seconds: { default: 8, description: "how long readings are posted" },
    withinMs: { default: 10_000, description: "what 99 of 100 readings may take from sensor to peer" },
  },
  servers: ["pams", "ixs", "oms"],
  roles: { "data-source": dataSourceRole, "source-peer": sourcePeerRole, peer: peerRole },
  direct,
};

const TITLE = "Readings of this machine";
/** Identifier of the first data source. */
const FIRST = 1001;

async function direct(production: Production): Promise<readonly Finding[]> {
  const { cast, urls, number, tell } = production;
  // 1. Initiation [7.1.1]: the first data source that registers opens the session (E-DS-21).
  const sourcePeer = cast.start("source-peer", "source-peer", { ...urls, title: TITLE });
  const { address } = await sourcePeer.heard("ready");
  const names = named("data-source", number("sources"));
  const sources = await startAll(production, "data-source", names, (name) => ({
    id: FIRST + names.indexOf(name),
    sourcePeer: address,
    periodMs: number("periodMs"),
  }));
  await sourcePeer.heard("opened");
  const peers = await startAll(production, "peer", named("peer", number("peers")), () => ({ title: TITLE }));
  tell(`${sources.length} data sources, ${peers.length} peers`);

  // 2. Distribution [7.1.2].
  for (const source of sources) source.tell("begin");
  await sleep(number("seconds") * 1000);
  for (const source of sources) source.tell("pause");
  await Promise.all(sources.map((source) => source.heard("finished")));
  const posted = sources.map(({ said }) => said.filter(({ event }) => event === "posted"));
  const total = posted.reduce((sum, one) => sum + one.length, 0);
  const data = ({ said }: Actor) => said.filter(({ event }) => event === "datum");
  await until(() => peers.every((peer) => data(peer).length >= total));
  const nameOf = (sourceId: unknown, payload: unknown): string => `${String(sourceId)} ${String(payload)}`;
  const at = new Map(
    posted.flatMap((all, source) => all.map((one) => [nameOf(FIRST + source, one.payload), Number(one.at)] as const)),
  );
  const delays = peers
    .flatMap((peer) =>
      data(peer).map((one) => Number(one.at) - (at.get(nameOf(one.sourceId, one.payload)) ?? Number.NaN)),
    )
    .sort((a, b) => a - b);
  const delay = (share: number): number => delays[Math.floor(delays.length * share)] ?? Number.NaN;
  const measured = delays.length > 0 && !delays.some(Number.isNaN);
  const told = `median ${delay(0.5)} ms, 99 of 100 within ${delay(0.99)} ms, ${delays.length} measured`;
  tell(`${total} readings posted; from sensor to peer: ${told}`);

  // 3. Termination [7.1.3]: the last data source leaves.
  await Promise.all(sources.map((source) => source.stop()));
  await sourcePeer.heard("closed");
  await Promise.all(peers.map((peer) => peer.heard("over")));
  await Promise.all(peers.map((peer) => peer.stop()));
  await sourcePeer.stop();
  const left = await remains(production);

  const wanted = posted.map((one) => one.map(({ payload }) => String(payload)));
  return [
    { what: "readings were posted", holds: total > 0 && posted.every((one) => one.length > 0), seen: String(total) },
    {
      what: "from sensor to peer no reading takes long",
      holds: measured && delay(0.99) <= number("withinMs"),
      seen: told,
    },
    ...peers.map((peer) => ({
      what: `${peer.name} got what was sent, in order`,
      ...compare(
        data(peer).map(({ sourceId, payload }) => [String(sourceId), String(payload)] as const),
        wanted,
      ),
    })),
    { what: "nothing of the session remains on any server [7.1.3]", holds: left === "", seen: left || "nothing" },
  ];
}

/** Of each data source everything, once, in the order it was posted. */
function compare(
  got: readonly (readonly [string, string])[],
  wanted: readonly (readonly string[])[],
): Omit<Finding, "what"> {
  const bySource = new Map<string, string[]>();
  for (const [source, payload] of got) bySource.set(source, [...(bySource.get(source) ?? []), payload]);
  const lines = (all: readonly (readonly string[])[]) => all.map((one) => one.join("\n")).sort();
  const holds = JSON.stringify(lines([...bySource.values()])) === JSON.stringify(lines(wanted));
  return { holds, seen: `${got.length} of ${wanted.flat().length} from ${bySource.size} sources` };
}
