import { joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import { type Role, text } from "../stage/stage.js";
import { streamApp } from "./caller.js";
import { openRecording } from "./recording.js";

/** Role: somebody who watches in the SubTree, or records in the SubMesh [Q.4100 9.3]; here both write files, for a player to judge. */
export const watcherRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const recording = openRecording(text(wishes, "folder"), peer.peerId);
  const { network } = await joinByTitle(peer, text(wishes, "title"));
  const prefix = streamApp("");
  network.onData(({ appId, payload }) => {
    if (appId.startsWith(prefix)) recording.add(appId.slice(prefix.length), payload);
  });
  stage.onTold((word) => {
    if (word === "octets") stage.say({ event: "octets", octets: Object.fromEntries(recording.octets) });
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  await peer.close();
  await recording.close();
};
