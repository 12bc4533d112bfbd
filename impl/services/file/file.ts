import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, restart, type Service, startAll, until } from "../stage/direct.js";
import { remains } from "../stage/remains.js";
import { downloadAll, httpServerRole } from "./http.js";
import { peerRole } from "./peer.js";
import { sourceRole } from "./source.js";

/** Content distribution over a managed overlay network [X.609.10 7], with peers and the OMS killed in between. */
export const file: Service = {
  description: "a file from one source peer to many peers [X.609.10 7], some of them and the OMS killed in between",
  options: {
    peers: { default: 20, description: "peers that want the file" },
    megabytes: { default: 100, description: "size of the file, in MB of 1,000,000 octets" },
    rate: { default: 20, description: "upload limit of the source, of every peer and of the HTTP server, in MB/s" },
    killed: { default: 3, description: "peers killed half-way; they begin again with what is on their disks" },
  },
  servers: ["pams", "ixs", "oms"],
  roles: { source: sourceRole, peer: peerRole, http: httpServerRole },
  direct,
};

const MB = 1_000_000;
const TITLE = "A file for everybody";

async function direct(production: Production): Promise<readonly Finding[]> {
  const { cast, urls, folder, number, tell, servers } = production;
  const size = number("megabytes") * MB;
  const content = randomBytes(size);
  const digest = createHash("sha256").update(content).digest("hex");
  const path = join(folder, "content");
  writeFileSync(path, content);
  const rates = { uploadRate: number("rate") * MB };

  // 1. Initiation [7.1.1].
  const source = cast.start("source", "source", { ...urls, ...rates, file: path, title: TITLE, fragmentSize: 262_144 });
  await source.heard("ready");
  const wishes = (name: string) => ({ ...rates, title: TITLE, folder: join(folder, name) });
  const peers = await startAll(production, "peer", named("peer", number("peers")), wishes);
  tell(`${size / MB} MB at the source peer, ${peers.length} peers want it`);

  // 2. Distribution [7.1.2]; the OMS and some peers die in it.
  const began = Date.now();
  for (const peer of peers) peer.tell("begin");
  await Promise.all(peers.map((peer) => peer.heard("joined")));
  await servers.oms?.kill();
  tell("the OMS was killed");
  const victims = peers.slice(0, number("killed"));
  await halfWay(victims, size);
  await Promise.all(victims.map((peer) => peer.kill()));
  tell(`${victims.length} peers were killed`);
  const oms = await restart(production, "oms");
  const again = await startAll(
    production,
    "peer",
    victims.map(({ name }) => name),
    wishes,
  );
  for (const peer of again) peer.tell("begin");
  tell("the OMS and these peers were started again");
  const all = [...again, ...peers.slice(victims.length)];
  const complete = await Promise.all(all.map((peer) => peer.heard("complete", 300_000)));
  const tookMs = Math.max(...complete.map(({ at }) => Number(at))) - began;
  source.tell("uploaded");
  const uploaded = Number((await source.heard("uploaded")).octets);
  tell(
    `all complete after ${seconds(tookMs)}; the source peer uploaded ${(uploaded / size).toFixed(2)} times the file`,
  );

  // 3. Termination [7.1.3].
  await source.stop();
  await Promise.all(all.map((peer) => peer.stop()));
  const left = await remains(production);
  await oms.stop();

  const http = cast.start("http", "http", { ...rates, file: path });
  const { url } = await http.heard("ready");
  const httpMs = await downloadAll(String(url), peers.length, size);
  tell(`${peers.length} downloads from one HTTP server with the same limit: ${seconds(httpMs)}`);
  const right = complete.filter((one) => one.digest === digest).length;
  const resumed = again.filter(({ said }) => said.some(({ event }) => event === "resumed")).length;
  const accused = all.flatMap(({ said }) => said.filter(({ event }) => event === "culprit"));
  return [
    { what: "every peer has the file", holds: right === all.length, seen: `${right} of ${all.length}` },
    {
      what: "peers that were killed went on with what they had",
      holds: resumed === again.length,
      seen: `${resumed} of ${again.length}`,
    },
    {
      what: "faster than as many downloads from one HTTP server",
      holds: tookMs < httpMs,
      seen: `${seconds(tookMs)} against ${seconds(httpMs)}`,
    },
    { what: "nobody was accused of anything", holds: accused.length === 0, seen: `${accused.length} accusations` },
    { what: "nothing of the session remains on any server [7.1.3]", holds: left === "", seen: left || "nothing" },
  ];
}

/** Waits until each of them has half of the file, or all of it. */
async function halfWay(peers: readonly Actor[], size: number): Promise<void> {
  const had = ({ said }: Actor) => Number(said.findLast(({ event }) => event === "progress")?.octets ?? 0);
  await until(() => {
    for (const peer of peers) peer.tell("progress");
    return peers.every((peer) => had(peer) > size / 2);
  }, 120_000);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
