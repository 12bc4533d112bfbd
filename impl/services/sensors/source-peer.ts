import { createPeer } from "../../peer/index.js";
import { startSourcePeer } from "../../source-peer/index.js";
import { startStreamingSession } from "../../source-peer/session/session.js";
import { createMemoryStore } from "../../store/index.js";
import { patience, type Role, text } from "../stage/stage.js";

/** Role: takes data of its data sources on R11 and shares them on R10 [X.609.10 8.10]. The session ends with its last data source. */
export const sourcePeerRole: Role = async (wishes, stage) => {
  const store = createMemoryStore();
  const peer = await createPeer({ times: patience, peerId: text(wishes, "name"), ixs: text(wishes, "ixs") });
  const sourcePeer = await startSourcePeer({ store, id: 1, tcp: { host: "127.0.0.1", port: 0 } });
  const session = startStreamingSession({
    peer,
    sourcePeer,
    oms: text(wishes, "oms"),
    ixs: text(wishes, "ixs"),
    title: text(wishes, "title"),
    description: "Readings of this machine, as they are taken.",
    flushMs: 20,
    lingerMs: 500,
    drainMs: 500,
    ...(typeof wishes.cacheServers === "number" && { session: { csResources: { wanted: wishes.cacheServers } } }),
  });
  session.onNews((news) => {
    if (news.kind === "opened" || news.kind === "closed") stage.say({ event: news.kind });
  });
  stage.say({ event: "ready", address: `tcp://127.0.0.1:${String(sourcePeer.tcp?.port)}` });
  await stage.ended;
  await session.close();
  await sourcePeer.close();
  await peer.close();
  await store.close();
};
