import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPampClient } from "../../../generated/pamp/index.js";
import { peerRole } from "../file/peer.js";
import { sourceRole } from "../file/source.js";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { corrupterRole } from "./corrupter.js";
import { liarRole } from "./liar.js";

/** A swarm in which most are slow and some mean no good [X.609.1 7.2.1.3, 8.2.6; X.609.10 8.9]. */
export const trust: Service = {
  description:
    "free-riders, liars, corrupters and a slow majority: the honest are served, and it is said who was what [X.609.1 8.2.6]",
  options: {
    honest: { default: 5, description: "honest peers" },
    slow: { default: 8, description: "honest peers with little upload" },
    riders: { default: 2, description: "peers that take and do not give" },
    corrupters: { default: 2, description: "peers that send garbage" },
    liars: { default: 2, description: "peers that report what never was" },
    megabytes: { default: 12, description: "size of the file, in MB" },
  },
  servers: ["pams", "ixs", "oms"],
  serverWishes: { receipts: "check", operator: "operator" },
  roles: { source: sourceRole, peer: peerRole, corrupter: corrupterRole, liar: liarRole },
  direct,
};

const MB = 1_000_000;
const FRAGMENT = 65_536;
const TITLE = "A file among strangers";

async function direct(production: Production): Promise<readonly Finding[]> {
  const { cast, urls, folder, number, tell } = production;
  const size = number("megabytes") * MB;
  const content = randomBytes(size);
  const digest = createHash("sha256").update(content).digest("hex");
  const path = join(folder, "content");
  writeFileSync(path, content);
  const source = cast.start("source", "source", {
    ...urls,
    uploadRate: 2 * MB,
    file: path,
    title: TITLE,
    fragmentSize: FRAGMENT,
  });
  const { overlayId } = await source.heard("ready");
  const common = (name: string) => ({
    title: TITLE,
    folder: join(folder, name),
    fragments: Math.ceil(size / FRAGMENT),
  });

  // 1. Those who mean no good are there first.
  const corrupters = await startAll(production, "corrupter", named("corrupter", number("corrupters")), common);
  const liars = await startAll(production, "liar", named("liar", number("liars")), (name) => ({
    ...common(name),
    victim: "honest-1",
  }));
  const peers = (role: string, how: number, uploadRate: number) =>
    startAll(production, "peer", named(role, how), (name) => ({ ...common(name), uploadRate }));
  const riders = await peers("rider", number("riders"), 1);
  const slow = await peers("slow", number("slow"), MB / 4);
  const honest = await peers("honest", number("honest"), 2 * MB);
  tell(
    `${honest.length} honest peers, ${slow.length} slow ones, ${riders.length} free-riders, ${corrupters.length} corrupters, ${liars.length} liars`,
  );

  // 2. Everybody wants the file.
  const began = Date.now();
  for (const peer of [...riders, ...slow, ...honest]) peer.tell("begin");
  const good = [...honest, ...slow];
  const complete = await Promise.all(good.map((peer) => peer.heard("complete", 300_000)));
  const took = (some: readonly Actor[]): string => {
    const last = Math.max(...some.map(({ said }) => Number(said.find(({ event }) => event === "complete")?.at)));
    return `${((last - began) / 1000).toFixed(1)} s`;
  };
  tell(`the honest have it after ${took(honest)}, the slow after ${took(slow)}`);

  // 3. Who was what: by the peers, and by the operator's view of the PAMS.
  const accused = (who: readonly Actor[]): { peerId: string; fault: string }[] =>
    who.flatMap(({ said }) =>
      said.flatMap((one) =>
        one.event === "culprit" ? [{ peerId: String(one.peerId), fault: String(one.fault) }] : [],
      ),
    );
  await until(() => corrupters.every(({ name }) => accused(good).some(({ peerId }) => peerId === name)), 10_000);
  const seen = accused(good);
  const view = await operatorView(
    String(urls.pams),
    liars.map(({ name }) => name),
  );
  const ranking = await mostUploaded(String(urls.pams), String(overlayId));
  for (const { peerId, fault } of distinct(seen)) tell(`peers say: ${peerId} is a culprit (${fault})`);
  for (const { peer_id, faults, one_sided } of view) {
    tell(`the PAMS says: ${peer_id}: ${JSON.stringify(faults)}${one_sided ? ", uploads that nobody confirms" : ""}`);
  }
  tell(`most uploaded, as confirmed: ${ranking.slice(0, 5).join(", ")}`);
  const innocent = good.map(({ name }) => name);
  const right = complete.filter((one) => one.digest === digest).length;
  const wronged = [...seen.map(({ peerId }) => peerId), ...view.map(({ peer_id }) => peer_id)].filter((name) =>
    innocent.includes(name),
  );
  const named_ = (some: readonly Actor[], by: readonly string[]) => some.filter(({ name }) => by.includes(name)).length;
  const bySwarm = named_(
    corrupters,
    seen.filter(({ fault }) => fault === "corrupt-fragment").map(({ peerId }) => peerId),
  );
  const byPams = named_(
    liars,
    view.map(({ peer_id }) => peer_id),
  );
  const place = (name: string): number => (ranking.includes(name) ? ranking.indexOf(name) : ranking.length);
  const firstLiar = Math.min(...liars.map(({ name }) => place(name)));
  const firstHonest = Math.min(...innocent.map(place));
  return [
    {
      what: "every honest and every slow peer has the file",
      holds: right === good.length,
      seen: `${right} of ${good.length}`,
    },
    {
      what: "peers name who sent garbage",
      holds: bySwarm === corrupters.length,
      seen: `${bySwarm} of ${corrupters.length}`,
    },
    {
      what: "the PAMS names who reported what never was",
      holds: byPams === liars.length,
      seen: `${byPams} of ${liars.length}`,
    },
    {
      what: "no lie counts: honest peers are before every liar in the order of uploads",
      holds: firstHonest < firstLiar,
      seen: `${firstHonest} before ${firstLiar}`,
    },
    { what: "nobody honest is accused", holds: wronged.length === 0, seen: wronged.join(", ") || "nobody" },
    {
      what: "who takes and does not give comes last in the order of uploads",
      holds: Math.max(...innocent.map(place)) < Math.min(...riders.map(({ name }) => place(name))),
      seen: riders.map(({ name }) => `${name} at ${place(name) + 1} of ${ranking.length}`).join(", "),
    },
  ];
}

interface Suspect {
  readonly peer_id: string;
  readonly one_sided: boolean;
  readonly faults: Readonly<Record<string, number>>;
}

/** The suspects of the PAMS, once those wanted are among them; reports come every second. */
async function operatorView(pams: string, wanted: readonly string[]): Promise<readonly Suspect[]> {
  let peers: readonly Suspect[] = [];
  const look = async (): Promise<void> => {
    const reply = await fetch(`${pams}/operator/reports`, { headers: { authorization: "Bearer operator" } });
    peers = ((await reply.json()) as { peers: Suspect[] }).peers;
  };
  for (let looks = 0; looks < 40 && !wanted.every((name) => peers.some(({ peer_id }) => peer_id === name)); looks++) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return peers;
}

async function mostUploaded(pams: string, overlay: string): Promise<readonly string[]> {
  const result = await createPampClient({ baseUrl: pams }).PAMP_PEER_LIST_QUERY({
    params: { NID: overlay },
    body: { peer_query_condition: { ordering: "UPLOADED", max_peer_num: 100 } },
  });
  return result.status === 200 ? (result.body.peer_list.peer_id ?? []) : [];
}

function distinct(all: readonly { peerId: string; fault: string }[]): { peerId: string; fault: string }[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
