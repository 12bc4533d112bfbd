import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createPeer } from "../../peer/index.js";
import { count, patience, type Role, text } from "../stage/stage.js";

/** Role: fetches the file when told to, goes on seeding, and says what it then has on its disk. */
export const peerRole: Role = async (wishes, stage) => {
  const peer = await createPeer({
    times: patience,
    peerId: text(wishes, "name"),
    ixs: text(wishes, "ixs"),
    folder: text(wishes, "folder"),
    key: join(text(wishes, "folder"), "key"),
    settings: { uploadRate: count(wishes, "uploadRate") },
  });
  const begun = new Promise<void>((resolve) => stage.onTold((word) => word === "begin" && resolve()));
  stage.say({ event: "ready" });
  await Promise.race([begun, stage.ended]);
  const session = await peer.join(await peer.find({ title: text(wishes, "title") }));
  stage.onTold((word) => {
    if (word === "progress") stage.say({ event: "progress", octets: session.state.downloaded });
  });
  session.onNews((news) => {
    if (news.kind === "culprit") stage.say({ event: "culprit", peerId: news.peerId, fault: news.fault });
  });
  const held = session.state.held.reduce((sum, { count: fragments }) => sum + fragments, 0);
  if (held > 0) stage.say({ event: "resumed", fragments: held });
  stage.say({ event: "joined" });
  await Promise.race([session.completed, stage.ended]);
  if (session.state.complete) {
    const at = Date.now();
    const hash = createHash("sha256");
    await pipeline(createReadStream(session.path ?? ""), hash);
    stage.say({ event: "complete", at, digest: hash.digest("hex"), uploaded: session.state.uploaded });
  }
  await stage.ended;
  await session.leave();
  await peer.close();
};
