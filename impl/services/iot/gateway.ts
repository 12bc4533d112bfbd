import { createAndJoin, joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import type { Role } from "../stage/stage.js";
import { APP_ID, CORE_TITLE, LIVE_TITLE, STORE_TITLE } from "./reading.js";

/**
 * Role: H-PEER B of figure 9-2 [Q.4100 9.1]. A member of the core tree, and the source of a SubTree with the live state and of a SubMesh
 * that keeps everything; what it receives from the one it hands over to the others at the application level, as R3 has it [8.3].
 */
export const gatewayRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const core = await joinByTitle(peer, CORE_TITLE);
  // The live state needs no history: a message that was missed is overtaken by the next one.
  const live = await createAndJoin(peer, {
    title: LIVE_TITLE,
    type: "sub",
    subType: "tree",
    cache: 20,
    recovery: "push",
  });
  const store = await createAndJoin(peer, {
    title: STORE_TITLE,
    type: "sub",
    subType: "mesh",
    cache: 100_000,
    recovery: "pull",
  });
  const targets = [live, store].map(({ network }) => network.application(APP_ID));
  let handedOver = 0;
  core.network.application(APP_ID).onData(({ payload, payloadType }) => {
    for (const target of targets) target.send(payload, { payloadType });
    handedOver++;
  });
  stage.onTold((word) => {
    if (word === "total") stage.say({ event: "total", handedOver });
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  await peer.close();
};
