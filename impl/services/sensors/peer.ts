import { createPeer } from "../../peer/index.js";
import { createRecordReader } from "../../records/index.js";
import { patience, type Role, text } from "../stage/stage.js";

/** So late a fragment may come, in ms: nothing is to be missed where many processes share a processor. */
const delayMs = 30_000;

/** Role: joins the session and says each datum as it comes. */
export const peerRole: Role = async (wishes, stage) => {
  const peer = await createPeer({ times: patience, peerId: text(wishes, "name"), ixs: text(wishes, "ixs") });
  const session = await peer.join(await peer.find({ title: text(wishes, "title") }), { settings: { delayMs } });
  const reader = createRecordReader();
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const { octets, missed } of session.read()) {
      for (const record of reader.push(octets, missed)) {
        const { sourceId, payload } = record;
        stage.say({
          event: "datum",
          sourceId,
          payload: decoder.decode(payload),
          missed: record.missed,
          at: Date.now(),
        });
      }
    }
    stage.say({ event: "over" });
  })();
  stage.say({ event: "ready" });
  await stage.ended;
  await session.leave();
  await reading;
  await peer.close();
};
