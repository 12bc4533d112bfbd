import { joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import type { Role } from "../stage/stage.js";
import { Chain } from "./chain.js";
import { APP_ID, MESH_TITLE, parseBlock } from "./producer.js";

/** Role: a node that keeps the chain without producing, a member of the SubMesh [Q.4100 9.2]. It checks every block for itself. */
export const fullNodeRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const { network } = await joinByTitle(peer, MESH_TITLE);
  const chain = new Chain();
  network.application(APP_ID).onData(({ payload, source }) => {
    try {
      chain.add(parseBlock(payload));
    } catch (error) {
      stage.say({ event: "refused", source, reason: (error as Error).message });
    }
    const { hash, height } = chain.tip;
    stage.say({ event: "tip", hash, height });
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  stage.say({
    event: "final",
    chain: chain.main.map(({ hash, transactions }) => ({ hash, ids: transactions.map(({ id }) => id) })),
  });
  await peer.close();
};
