import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPampClient } from "../../../generated/pamp/index.js";
import { peerRole } from "../file/peer.js";
import { sourceRole } from "../file/source.js";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { corrupterRole } from "./corrupter.js";
import { liarRole, lies } from "./liar.js";
import { riderRole } from "./rider.js";

/** A swarm in which most are slow and some mean no good [X.609.1 7.2.1.3, 8.2.6; X.609.10 8.9]. */
export const trust: Service = {
  description:
    "free-riders, liars, corrupters and a slow majority: the honest are served, and peers and PAMS say who was what, and how it was found [X.609.1 8.2.6]",
  options: {
    honest: { default: 4, description: "honest peers" },
    slow: { default: 12, description: "honest peers with little upload: more than all others together" },
    riders: { default: 2, description: "peers that take, and hide what they have" },
    corrupters: { default: 2, description: "peers that send garbage" },
    liars: { default: 3, description: "peers that report what never was, each in another way" },
    megabytes: { default: 12, description: "size of the file, in MB" },
  },
  servers: ["pams", "ixs", "oms"],
  serverWishes: { receipts: "check", operator: "operator" },
  roles: { source: sourceRole, peer: peerRole, corrupter: corrupterRole, liar: liarRole, rider: riderRole },
  direct,
};

const MB = 1_000_000;
const FRAGMENT = 32_768;
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
    fragmentSize: FRAGMENT,
  });

  // 1. Those who mean no good are there first.
  const corrupters = await startAll(production, "corrupter", named("corrupter", number("corrupters")), common);
  await Promise.all(corrupters.map((one) => one.heard("armed")));
  const lieOf = (name: string): (typeof lies)[number] =>
    lies[(Number(name.split("-")[1]) - 1) % lies.length] ?? "forged";
  const liars = await startAll(production, "liar", named("liar", number("liars")), (name) => ({
    ...common(name),
    victim: "honest-1",
    lie: lieOf(name),
  }));
  const riders = await startAll(production, "rider", named("rider", number("riders")), common);
  const peers = (role: string, how: number, uploadRate: number) =>
    startAll(production, "peer", named(role, how), (name) => ({ ...common(name), uploadRate }));
  const slow = await peers("slow", number("slow"), MB / 4);
  const honest = await peers("honest", number("honest"), 2 * MB);
  tell(
    `${honest.length} honest peers, ${slow.length} slow ones, ${riders.length} free-riders, ${corrupters.length} corrupters, ${liars.length} liars`,
  );

  // 2. Everybody wants the file.
  const began = Date.now();
  for (const peer of [...slow, ...honest]) peer.tell("begin");
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
  const isNamed = (name: string, fault: string): boolean =>
    accused(good).some((one) => one.peerId === name && one.fault === fault);
  await until(
    () =>
      corrupters.every(({ name }) => isNamed(name, "corrupt-fragment")) &&
      riders.every(({ name }) => isNamed(name, "free-rider")),
    60_000,
  );
  const seen = accused(good);
  /** Whether the PAMS found this liar by the check that its lie calls for. */
  const isFound = ({ name }: Actor, by: readonly Suspect[]): boolean => {
    const suspect = by.find(({ peer_id }) => peer_id === name);
    const how = lieOf(name);
    return suspect !== undefined && (how === "one-sided" ? suspect.one_sided : (suspect.faults[how] ?? 0) > 0);
  };
  const view = await operatorView(String(urls.pams), (suspects) => liars.every((liar) => isFound(liar, suspects)));
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
  const namedBy = (some: readonly Actor[], fault: string): Omit<Finding, "what"> => {
    const who = some.map(({ name }) => ({
      name,
      by: seen.filter((one) => one.peerId === name && one.fault === fault).length,
    }));
    const told = who.map(({ name, by }) => `${name} by ${by} peers`).join(", ");
    return { holds: who.every(({ by }) => by > 0), seen: told };
  };
  const everybody = good.length + riders.length + corrupters.length + liars.length;
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
      what: "most peers are slow",
      holds: slow.length > everybody / 2,
      seen: `${slow.length} of ${everybody}`,
    },
    { what: "peers name who sent garbage (corrupt-fragment)", ...namedBy(corrupters, "corrupt-fragment") },
    { what: "peers name who took and did not give (free-rider)", ...namedBy(riders, "free-rider") },
    ...liars.map((liar) => ({
      what: `the PAMS names ${liar.name}, and finds it by the check for: ${lieOf(liar.name)}`,
      holds: isFound(liar, view),
      seen: JSON.stringify(view.find(({ peer_id }) => peer_id === liar.name)?.faults ?? "not found"),
    })),
    {
      what: "no lie counts: honest peers are before every liar in the order of uploads",
      holds: firstHonest < firstLiar,
      seen: `${firstHonest} before ${firstLiar}`,
    },
    { what: "nobody honest is accused", holds: wronged.length === 0, seen: wronged.join(", ") || "nobody" },
  ];
}

interface Suspect {
  readonly peer_id: string;
  readonly one_sided: boolean;
  readonly faults: Readonly<Record<string, number>>;
}

/** The suspects of the PAMS, once those wanted are among them; reports come every second. */
async function operatorView(
  pams: string,
  isDone: (suspects: readonly Suspect[]) => boolean,
): Promise<readonly Suspect[]> {
  let peers: readonly Suspect[] = [];
  const look = async (): Promise<void> => {
    const reply = await fetch(`${pams}/operator/reports`, { headers: { authorization: "Bearer operator" } });
    peers = ((await reply.json()) as { peers: Suspect[] }).peers;
  };
  for (let looks = 0; looks < 120 && !isDone(peers); looks++) {
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
