import { joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import type { Role } from "../stage/stage.js";
import { APP_ID, LIVE_TITLE, parseReading, type Reading } from "./reading.js";

/** Role: a member of the SubTree, which keeps the latest value of each sensor and nothing else [Q.4100 9.1]. */
export const viewerRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const { network } = await joinByTitle(peer, LIVE_TITLE);
  const state = new Map<string, Reading>();
  network.application(APP_ID).onData(({ payload }) => {
    const reading = parseReading(payload);
    state.set(`${reading.peer} ${reading.sensor}`, reading);
    stage.say({ event: "state", reading, delayMs: Date.now() - reading.at });
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  stage.say({ event: "final", state: [...state.values()] });
  await peer.close();
};
