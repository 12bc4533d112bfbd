import { setTimeout as sleep } from "node:timers/promises";
import { createOmsClient } from "../../../generated/oms/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import type { Finding, Production } from "../stage/direct.js";
import { health, remains } from "../stage/remains.js";

/** The three phases of a session: figures 2 to 5 of X.609.10 [7.1]. */
export async function streamingFigures(production: Production): Promise<readonly Finding[]> {
  const { cast, urls } = production;
  const operator = createOmsClient({ baseUrl: String(urls.oms), auth: { bearer: "operator" } });
  const cache_server = { cs_id: "cs", url: String(urls.cs), capacity: 4 };
  unwrap(await operator.OMS_CACHE_SERVER_REGISTER({ body: { cache_server } }));
  const title = "Figure 2";

  // Figure 3: the data source commands, the source peer creates and registers, the OMS assigns resources and tells the PAMS.
  const sourcePeer = cast.start("source-peer", "source-peer", { ...urls, title, cacheServers: 1 });
  const { address } = await sourcePeer.heard("ready");
  const before = await health(production);
  const dataSource = cast.start("data-source", "data-source", { id: 2001, sourcePeer: address, periodMs: 100 });
  await dataSource.heard("ready");
  await sourcePeer.heard("opened");
  const has = (...wanted: readonly RegExp[]) => lookUntil(production, (seen) => wanted.every((one) => one.test(seen)));
  const initiated = await has(/OMS: 1 overlays/, /PAMS: 1 overlays/, /IXS: \d/, /CS: 1 allocations/);

  // Figure 4: fragments to peers and cache servers, reports to the PAMS.
  const peers = ["peer-1", "peer-2"].map((name) => cast.start("receiver", name, { ...urls, title }));
  await Promise.all(peers.map((peer) => peer.heard("ready")));
  dataSource.tell("begin");
  await Promise.all(peers.map((peer) => peer.heard("datum")));
  const distributed = await has(/PAMS: 4 peers/);

  // Figure 5: the data source commands, index file and overlay network go, at the PAMS too.
  await dataSource.stop();
  await sourcePeer.heard("closed");
  await Promise.all(peers.map((peer) => peer.heard("over")));
  await Promise.all([...peers, sourcePeer].map((one) => one.stop()));
  await operator.OMS_CACHE_SERVER_REMOVE({ params: { CSID: "cs" } });
  const left = await remains(production);
  return [
    {
      what: "X.609.10 figure 3: overlay network at OMS and PAMS, index file at the IXS, a cache server assigned",
      holds: before === "" && initiated.holds,
      seen: initiated.seen,
    },
    {
      what: "X.609.10 figure 4: data reach every peer; source peer, peers and virtual peer are registered at the PAMS",
      holds: distributed.holds,
      seen: distributed.seen,
    },
    {
      what: "X.609.10 figures 5 and 2: nothing of the session remains",
      holds: left === "",
      seen: left || "nothing",
    },
  ];
}

/** Looks at what the servers have until it is as wanted. */
async function lookUntil(
  production: Production,
  wanted: (seen: string) => boolean,
): Promise<{ holds: boolean; seen: string }> {
  for (const end = performance.now() + 60_000; ; ) {
    const seen = await health(production);
    const holds = wanted(seen);
    if (holds || performance.now() > end) return { holds, seen };
    await sleep(100);
  }
}
