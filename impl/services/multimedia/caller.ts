import { createAndJoin, joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import { count, type Role, text } from "../stage/stage.js";
import { startCamera } from "../stage/video.js";
import { openRecording } from "./recording.js";

export const CORE_TITLE = "call";
export const WATCH_TITLE = "call watch";
export const STORE_TITLE = "call store";
/** Application identifier of a stream in the sub-overlays, where it no longer comes from who made it. */
export const streamApp = (stream: string): string => `media:${stream}`;
const APP_ID = "media";

/**
 * Role: a party of a video call in the core tree: sends its own stream and records the others' [Q.4100 9.3 step 4]. With `handsOver` it
 * is H-PEER B of figure 9-6, and pushes all streams to the sub-overlays whose source it is [step 5].
 */
export const callerRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const folder = text(wishes, "folder");
  const core =
    wishes.creates === true
      ? await createAndJoin(peer, { title: CORE_TITLE, type: "core", subType: "tree", cache: 2000, recovery: "push" })
      : await joinByTitle(peer, CORE_TITLE);
  const subs =
    wishes.handsOver === true
      ? [
          await createAndJoin(peer, {
            title: WATCH_TITLE,
            type: "sub",
            subType: "tree",
            cache: 2000,
            recovery: "push",
          }),
          await createAndJoin(peer, {
            title: STORE_TITLE,
            type: "sub",
            subType: "mesh",
            cache: 100_000,
            recovery: "pull",
          }),
        ]
      : [];
  const handOver = (stream: string, payload: Uint8Array): void => {
    for (const { network } of subs) network.application(streamApp(stream)).send(payload, { payloadType: "video/mp2t" });
  };
  const received = openRecording(folder, peer.peerId);
  const sent = openRecording(folder, "sent");
  const media = core.network.application(APP_ID);
  media.onData(({ source, payload }) => {
    received.add(source, payload);
    handOver(source, payload);
  });

  stage.onTold((word) => {
    if (word === "octets") stage.say({ event: "octets", octets: Object.fromEntries(received.octets) });
    if (word !== "begin") return;
    const camera = startCamera(count(wishes, "camera"), count(wishes, "seconds"));
    camera.stdout?.on("data", (chunk: Uint8Array) => {
      media.send(chunk, { payloadType: "video/mp2t" });
      sent.add(peer.peerId, chunk);
      handOver(peer.peerId, chunk);
    });
    camera.once("close", async (code) => {
      await sent.close();
      stage.say({ event: "finished", code, octets: sent.octets.get(peer.peerId) ?? 0 });
    });
    camera.once("error", (error) => stage.say({ event: "finished", code: -1, octets: 0, reason: error.message }));
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  await peer.close();
  await received.close();
};
