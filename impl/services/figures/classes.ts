import { unwrap } from "../../../generated/runtime/http-result.js";
import { createUmsClient } from "../../../generated/ums/index.js";
import type { Finding, Production } from "../stage/direct.js";
import { gotBy, holdsSoMany, listsOf, openSwarm } from "./swarm.js";

const CHANNEL = "live";
const users = { gold: 1, bronze: 3 } as const;
/** Fragments that everybody has, and those that only some have. */
const [OLD, NEW] = [20, 20];

/**
 * Figure 12: users of a better class are nearer to what is new [8.2.5]. Some peers of a stream are up to date and some are behind; who comes
 * with a class of the UMS gets the lists of that class, and then the fragments.
 *
 * @param urls of an OMS that names three peers in a list
 */
export async function classes(production: Production, urls: Production["urls"]): Promise<Finding> {
  const ums = createUmsClient({ baseUrl: String(urls.ums), auth: { bearer: "operator" } });
  for (const [UID, service_class] of Object.entries(users)) {
    const user = { credential: `secret-of-${UID}`, service_class };
    unwrap(await ums.UMS_USER_PUT({ params: { UID }, body: { user } }));
  }
  const channel = {
    title: "A live stream",
    ixs_url: String(urls.ixs),
    data_source_id: "figures",
    data_id: "Figure 12",
    users: Object.keys(users).map((user_id) => ({ user_id })),
  };
  unwrap(await ums.UMS_CHANNEL_PUT({ params: { CID: CHANNEL }, body: { channel } }));
  const swarm = await openSwarm(production, urls, {
    title: "Figure 12",
    fragmentSize: 16_384,
    contentType: "STREAM",
    umsSession: CHANNEL,
  });
  const viewer = (name: string, userId: keyof typeof users) =>
    swarm.peer(name, { userId, userCredential: `secret-of-${userId}` });
  const current = await Promise.all(["current-1", "current-2", "current-3"].map((name) => viewer(name, "gold")));
  const behind = await Promise.all(["behind-1", "behind-2", "behind-3"].map((name) => viewer(name, "gold")));
  await Promise.all([...current, ...behind].map((peer) => peer.heard("linked")));
  await swarm.command(`append ${OLD}`);
  await Promise.all([...current, ...behind].map((peer) => holdsSoMany(peer, OLD)));
  for (const peer of behind) peer.tell("freeze");
  await Promise.all(behind.map((peer) => peer.heard("frozen")));
  await swarm.command(`append ${NEW}`);
  await Promise.all(current.map((peer) => holdsSoMany(peer, OLD + NEW)));
  const head = OLD + NEW - 1;
  const told = await swarm.reported(...current, ...behind);
  const isBehind = behind.every(({ name }) => !told.get(name)?.has(head));
  for (let looks = 0; looks < 100 && !(await swarm.toldOf(swarm.source.name)).has(head); looks++);

  const bronze = await viewer("viewer-bronze", "bronze");
  const gold = await viewer("viewer-gold", "gold");
  await Promise.all([gold, bronze].map((peer) => holdsSoMany(peer, 1)));
  const [best, other] = [listsOf(gold)[0], listsOf(bronze)[0]];
  const newest = (fragments: readonly number[] = []): number => Math.max(-1, ...fragments);
  const named = (peers: readonly string[] = []) => peers.filter((name) => !name.startsWith("source"));
  const all = (peers: readonly string[], prefix: string) =>
    peers.length > 0 && peers.every((name) => name.startsWith(prefix));
  const [first, third] = [named(best?.peers), named(other?.peers)];
  const gotNewest = gotBy(gold).some(({ index }) => index >= newest(other?.fragments));
  await swarm.end();
  await ums.UMS_CHANNEL_DELETE({ params: { CID: CHANNEL } });
  for (const UID of Object.keys(users)) await ums.UMS_USER_DELETE({ params: { UID } });
  return {
    what: "X.609.1 figure 12: lists and fragments of a live stream by the class of the user, from the UMS; the peers then get them",
    holds:
      isBehind &&
      all(first, "current") &&
      all(third, "behind") &&
      newest(best?.fragments) === head &&
      newest(other?.fragments) >= 0 &&
      newest(other?.fragments) < head &&
      gotNewest,
    seen: `class 1: ${first.join(", ")} up to fragment ${newest(best?.fragments)}; class 3: ${third.join(", ")} up to ${newest(other?.fragments)}`,
  };
}
