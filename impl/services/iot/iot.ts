import { join } from "node:path";
import Database from "libsql";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { databaseRole } from "./database.js";
import { gatewayRole } from "./gateway.js";
import type { Reading } from "./reading.js";
import { sensorRole } from "./sensor.js";
import { viewerRole } from "./viewer.js";

/** IoT data streaming [Q.4100 9.1]: figures 9-1 and 9-2 with every peer as a process of its own. */
export const iot: Service = {
  description: "IoT data streaming [Q.4100 9.1]: readings of this machine over a core tree, a SubTree and a SubMesh",
  options: {
    sensors: { default: 4, description: "peers with sensors in the core tree" },
    viewers: { default: 3, description: "peers in the SubTree (live state)" },
    databases: { default: 3, description: "peers in the SubMesh (kept); one of them comes late" },
    readings: { default: 25, description: "readings of each sensor peer" },
    periodMs: { default: 100, description: "time between two readings" },
  },
  servers: ["homs"],
  roles: { sensor: sensorRole, gateway: gatewayRole, viewer: viewerRole, database: databaseRole },
  direct,
};

async function direct(production: Production): Promise<readonly Finding[]> {
  const { number, tell, folder } = production;
  const file = (name: string) => join(folder, `${name}.sqlite`);

  // 1. H-PEER A creates the overlay network [9.1 step 1], B and the others find it and join [step 2]; paths come about [step 3].
  const sensing = { readings: number("readings"), periodMs: number("periodMs") };
  const [first, ...others] = named("sensor", number("sensors"));
  const sensors: Actor[] = [
    ...(await startAll(production, "sensor", [first ?? "sensor-1"], () => ({ ...sensing, creates: true }))),
    ...(await startAll(production, "sensor", others, () => sensing)),
  ];
  const [gateway] = await startAll(production, "gateway", ["gateway"]);
  tell(`${sensors.length} sensor peers and a gateway in the core tree`);
  const viewers = await startAll(production, "viewer", named("viewer", number("viewers")));
  const [late, ...early] = named("database", number("databases"));
  const databases = [...(await startAll(production, "database", early, (name) => ({ file: file(name) })))];
  tell(`${viewers.length} viewers in the SubTree, ${databases.length} databases in the SubMesh`);

  // 2. Everybody produces at once [step 4]; the gateway hands over [step 5].
  for (const sensor of sensors) sensor.tell("begin");
  await sensors[0]?.heard("reading");
  databases.push(
    ...(await startAll(production, "database", late === undefined ? [] : [late], (name) => ({ file: file(name) }))),
  );
  await Promise.all(sensors.map((sensor) => sensor.heard("finished")));
  const sent = sensors.flatMap(({ said }) =>
    said.flatMap((one) => (one.event === "reading" ? [one.reading as Reading] : [])),
  );
  tell(`${sent.length} readings sent`);

  // 3. What arrived is what was sent: everything in each database, the latest in each viewer.
  const latest = new Map(sent.map((reading) => [`${reading.peer} ${reading.sensor}`, reading]));
  const kept = (actor: Actor): number => Number(actor.said.findLast(({ event }) => event === "kept")?.kept ?? 0);
  const current = (actor: Actor): boolean =>
    [...latest.values()].every((reading) => actor.said.some((one) => sameReading(one.reading, reading)));
  await until(() => databases.every((one) => kept(one) >= sent.length) && viewers.every(current));
  const delays = viewers.flatMap(({ said }) =>
    said.flatMap(({ delayMs }) => (typeof delayMs === "number" ? [delayMs] : [])),
  );
  tell(`delay from a sensor to a viewer: median ${median(delays)} ms over ${delays.length} readings`);
  for (const one of [...viewers, ...databases]) await one.stop();
  gateway?.tell("total");
  const total = Number((await gateway?.heard("total"))?.handedOver ?? 0);
  return [
    {
      what: "the gateway handed over every reading once",
      holds: total === sent.length,
      seen: `${total} of ${sent.length}`,
    },
    ...databases.map(({ name }) => ({
      what: `${name} kept every reading, in full`,
      ...compareTable(file(name), sent),
    })),
    ...viewers.map((viewer) => ({ what: `${viewer.name} shows the latest readings`, ...compareState(viewer, latest) })),
  ];
}

type Compared = Omit<Finding, "what">;

function compareTable(file: string, sent: readonly Reading[]): Compared {
  const database = new Database(file);
  const rows = database.prepare("SELECT * FROM readings").all() as { peer: string; number: number; value: string }[];
  database.close();
  const found = new Map(rows.map(({ peer, number, value }) => [`${peer} ${number}`, value]));
  const right = sent.filter(({ peer, number, value }) => found.get(`${peer} ${number}`) === JSON.stringify(value));
  return {
    holds: right.length === sent.length && rows.length === sent.length,
    seen: `${right.length} of ${sent.length} in ${rows.length} rows`,
  };
}

function compareState(viewer: Actor, latest: ReadonlyMap<string, Reading>): Compared {
  const final = viewer.said.find(({ event }) => event === "final")?.state;
  const shown = Array.isArray(final) ? (final as Reading[]) : [];
  const right = shown.filter((one) => sameReading(one, latest.get(`${one.peer} ${one.sensor}`)));
  return {
    holds: right.length === latest.size && shown.length === latest.size,
    seen: `${right.length} of ${latest.size}`,
  };
}

const sameReading = (a: unknown, b: unknown): boolean => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
