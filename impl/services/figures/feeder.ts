import { randomBytes } from "node:crypto";
import { createPeer } from "../../peer/index.js";
import { count, patience, type Role, text } from "../stage/stage.js";

/** Role: a source peer that makes as many fragments as it is told (`append 10`), ends its content (`end`), and becomes slow (`slow`). */
export const feederRole: Role = async (wishes, stage) => {
  const peer = await createPeer({ times: patience, peerId: text(wishes, "name"), ixs: text(wishes, "ixs") });
  const fragmentSize = count(wishes, "fragmentSize");
  const { umsSession } = wishes;
  const session = await peer.createSession({
    oms: text(wishes, "oms"),
    title: text(wishes, "title"),
    description: "Random octets, made for a figure.",
    dataSourceId: "figures",
    dataId: text(wishes, "title"),
    contentType: wishes.contentType === "STREAM" ? "STREAM" : "FILE",
    fragmentSize,
    refreshExpiration: 60,
    ...(typeof umsSession === "string" && { umsSession, serviceClasses: true }),
  });
  const perform = async (line: string): Promise<void> => {
    const [word, how] = line.split(" ");
    if (word === "append")
      for (let made = 0; made < Number(how); made++) await session.append(randomBytes(fragmentSize));
    if (word === "end") await session.end();
    if (word === "slow") session.limit({ uploadRate: Number(how) });
    stage.say({ event: "done", line });
  };
  let before = Promise.resolve();
  stage.onTold((line) => {
    before = before.then(() => perform(line));
  });
  stage.say({ event: "ready", overlayId: session.overlayId });
  await stage.ended;
  await session.terminate();
  await peer.close();
};
