import { setTimeout as sleep } from "node:timers/promises";
import { machineSensors } from "../../data-source/sensors.js";
import { createAndJoin, joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import { count, type Role } from "../stage/stage.js";
import { APP_ID, CORE_TITLE, type Reading } from "./reading.js";

/** Role: a peer with sensors, H-PEER A of figure 9-2 [Q.4100 9.1]. The first one creates the core tree, the others find it. */
export const sensorRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const overlay =
    wishes.creates === true
      ? await createAndJoin(peer, { title: CORE_TITLE, type: "core", subType: "tree", cache: 1000, recovery: "push" })
      : await joinByTitle(peer, CORE_TITLE);
  const application = overlay.network.application(APP_ID);
  const sensors = await machineSensors();
  const total = count(wishes, "readings");
  let began = false;
  stage.onTold((word) => {
    if (word !== "begin" || began) return;
    began = true;
    void measure();
  });
  stage.say({ event: "ready", peer: peer.peerId });

  async function measure(): Promise<void> {
    for (let number = 1; number <= total; number++) {
      const sensor = sensors[number % sensors.length];
      if (sensor === undefined) throw new Error("this machine has no sensor");
      const reading: Reading = {
        peer: peer.peerId,
        sensor: sensor.name,
        number,
        at: Date.now(),
        value: await sensor.read(),
      };
      application.send(JSON.stringify(reading), { payloadType: "application/json" });
      stage.say({ event: "reading", reading });
      await sleep(count(wishes, "periodMs"));
    }
    stage.say({ event: "finished" });
  }
  await stage.ended;
  await peer.close();
};
