import { createSensorFeed, type Feed, startDataSource } from "../../data-source/index.js";
import { count, type Role, text } from "../stage/stage.js";

/** Role: the sensors of this machine, posted over LDMP [X.609.8 7.4]; says what it posted. It stops posting when told to, and stays registered. */
export const dataSourceRole: Role = async (wishes, stage) => {
  const sensors = await createSensorFeed({
    period: count(wishes, "periodMs") / 1000,
    sample: count(wishes, "periodMs") / 1000,
  });
  let quiet = true;
  const feed: Feed = {
    ...sensors,
    start: (context) =>
      sensors.start?.({
        ...context,
        post(payload) {
          if (quiet || !context.post(payload)) return false;
          stage.say({ event: "posted", payload: String(payload), at: Date.now() });
          return true;
        },
      }),
  };
  const source = await startDataSource({ id: count(wishes, "id"), sourcePeer: text(wishes, "sourcePeer"), feed });
  stage.onTold((word) => {
    quiet = word !== "begin";
    if (quiet) stage.say({ event: "finished" });
  });
  await source.registered();
  stage.say({ event: "ready" });
  await stage.ended;
  await source.close();
};
