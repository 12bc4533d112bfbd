import { open } from "node:fs/promises";
import { createPeer } from "../../peer/index.js";
import { count, patience, type Role, text } from "../stage/stage.js";

/** Role: has a file, creates a session for it and seeds it; terminates it when told to. */
export const sourceRole: Role = async (wishes, stage) => {
  const peer = await createPeer({
    times: patience,
    peerId: text(wishes, "name"),
    ixs: text(wishes, "ixs"),
    settings: { uploadRate: count(wishes, "uploadRate") },
  });
  const fragmentSize = count(wishes, "fragmentSize");
  const session = await peer.createSession({
    oms: text(wishes, "oms"),
    title: text(wishes, "title"),
    description: "Random octets, to be had by everybody.",
    dataSourceId: "file-service",
    dataId: "1",
    contentType: "FILE",
    fragmentSize,
    refreshExpiration: 30,
  });
  const file = await open(text(wishes, "file"));
  for await (const octets of file.createReadStream({ highWaterMark: fragmentSize }))
    await session.append(octets as Buffer);
  await session.end();
  session.onNews((news) => {
    if (news.kind === "server") stage.say({ event: "server", server: news.server, change: news.change });
  });
  stage.onTold((word) => {
    if (word === "uploaded") stage.say({ event: "uploaded", octets: session.state.uploaded });
  });
  stage.say({ event: "ready", overlayId: session.overlayId });
  await stage.ended;
  await session.terminate();
  await peer.close();
  stage.say({ event: "terminated" });
};
