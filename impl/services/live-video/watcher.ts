import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createPeer } from "../../peer/index.js";
import { patience, type Role, text } from "../stage/stage.js";

/** A player's buffer: so late a fragment may come, in ms. */
const delayMs = 30_000;

/** Role: joins the session and writes the video to a file as it comes, for a player to read. */
export const watcherRole: Role = async (wishes, stage) => {
  const peer = await createPeer({ times: patience, peerId: text(wishes, "name"), ixs: text(wishes, "ixs") });
  const session = await peer.join(await peer.find({ title: text(wishes, "title") }), { settings: { delayMs } });
  session.onNews((news) => {
    if (news.kind === "link" && news.change === "up") stage.say({ event: "linked", peer: news.remote.peerId });
  });
  const file = createWriteStream(text(wishes, "file"));
  const watching = (async () => {
    let missed = 0;
    let first: number | undefined;
    let latestMs = 0;
    for await (const fragment of session.read()) {
      if (first === undefined) stage.say({ event: "watching", first: fragment.index });
      first ??= fragment.index;
      missed += fragment.missed;
      latestMs = Math.max(latestMs, Date.now() - fragment.time);
      file.write(fragment.octets);
    }
    file.end();
    await finished(file);
    stage.say({ event: "over", first, missed, latestMs });
  })();
  stage.say({ event: "ready" });
  await stage.ended;
  await session.leave();
  await watching;
  await peer.close();
};
