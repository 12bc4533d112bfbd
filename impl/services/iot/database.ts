import Database from "libsql";
import { joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import { type Role, text } from "../stage/stage.js";
import { APP_ID, parseReading, STORE_TITLE } from "./reading.js";

/** Role: a member of the SubMesh, which keeps every reading in a SQLite file, also those from before it came [Q.4100 9.1]. */
export const databaseRole: Role = async (wishes, stage) => {
  const database = new Database(text(wishes, "file"));
  database.exec(
    `CREATE TABLE IF NOT EXISTS readings (peer TEXT, number INTEGER, sensor TEXT, at INTEGER, value TEXT, PRIMARY KEY (peer, number))`,
  );
  const insert = database.prepare("INSERT INTO readings VALUES (?, ?, ?, ?, ?)");
  const counting = database.prepare("SELECT count(*) AS kept FROM readings");
  const peer = await startServicePeer(wishes);
  const { network } = await joinByTitle(peer, STORE_TITLE);
  network.application(APP_ID).onData(({ payload }) => {
    const { peer: from, number, sensor, at, value } = parseReading(payload);
    // A reading that came twice would break the primary key: exactly once is judged here, not assumed.
    insert.run(from, number, sensor, at, JSON.stringify(value));
    stage.say({ event: "kept", kept: (counting.get() as { kept: number }).kept });
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  await peer.close();
  database.close();
};
