import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPampClient } from "../../../generated/pamp/index.js";
import type { Actor } from "../stage/actor.js";
import type { Production } from "../stage/direct.js";
import type { Wishes } from "../stage/stage.js";

/** A session made for one figure: its source peer, and peers that exchange its fragments over R10. */
export interface FigureSwarm {
  readonly overlayId: string;
  readonly source: Actor;
  /** The source peer carries out `append 10`, `end` or `slow 1000`. */
  command(line: string): Promise<void>;
  /** Starts a peer in a process of its own and waits until it has joined. */
  peer(name: string, wishes?: Wishes): Promise<Actor>;
  /** Waits until the PAMS knows what each of these holds. Gives back the fragments by peer. */
  reported(...peers: readonly Actor[]): Promise<ReadonlyMap<string, ReadonlySet<number>>>;
  /** What the PAMS was told of a peer. */
  toldOf(name: string): Promise<ReadonlySet<number>>;
  end(): Promise<void>;
}

/** A PAMS to which peers report every second, and an OMS that asks it. `lists` bounds how many peers a list names. */
export async function reportingServers(
  { cast, folder, urls }: Production,
  name: string,
  lists: number,
): Promise<Production["urls"]> {
  const store = (server: string) => ({ store: join(folder, `${server}-${name}.sqlite`) });
  const { url } = await cast.start("pams", `pams-${name}`, store("pams")).heard("ready");
  const oms = cast.start("oms", `oms-${name}`, { ...store("oms"), pams: url, ums: urls.ums, peerList: lists });
  return { ...urls, pams: String(url), oms: String((await oms.heard("ready")).url) };
}

export async function openSwarm({ cast }: Production, urls: Production["urls"], wishes: Wishes): Promise<FigureSwarm> {
  const source = cast.start("feeder", `source of ${String(wishes.title)}`.replaceAll(" ", "-"), { ...urls, ...wishes });
  const overlayId = String((await source.heard("ready")).overlayId);
  const peers: Actor[] = [];
  const client = createPampClient({ baseUrl: String(urls.pams) });
  const toldOf = async (PID: string): Promise<ReadonlySet<number>> => {
    const told = await client.PAMP_PEER_INFO_QUERY({ params: { NID: overlayId, PID } });
    if (told.status !== 200) return new Set();
    const { fragment_list, fragment_range } = told.body.peer_status.dynamic_status ?? {};
    const { start_fragment_id: first = 0, end_fragment_id: last = -1 } = fragment_range ?? {};
    const run = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    return new Set([...(fragment_list?.fragment ?? []), ...run]);
  };
  return {
    overlayId,
    source,
    async command(line) {
      const before = source.said.length;
      source.tell(line);
      await source.heardAfter(before, "done");
    },
    async peer(name, more = {}) {
      const actor = cast.start("swarm-peer", name, { ...urls, title: wishes.title, ...more });
      peers.push(actor);
      await actor.heard("ready");
      return actor;
    },
    toldOf,
    async reported(...some) {
      const end = performance.now() + 60_000;
      for (;;) {
        const states = await Promise.all(some.map((peer) => stateOf(peer)));
        const told = await Promise.all(some.map(({ name }) => toldOf(name)));
        const same = told.every((fragments, at) => isSame(fragments, states[at]?.held ?? []));
        if (same || performance.now() > end) return new Map(some.map(({ name }, at) => [name, told[at] ?? new Set()]));
        await sleep(250);
      }
    },
    async end() {
      await Promise.all([...peers, source].map((one) => one.stop()));
    },
  };
}

export async function stateOf(peer: Actor): Promise<{ held: number[]; links: string[] }> {
  const before = peer.said.length;
  peer.tell("state");
  const { held, links } = await peer.heardAfter(before, "state");
  return { held: held as number[], links: links as string[] };
}

/** What a peer of the swarm was listed: in answer to its joining first, then each time that it asked. */
export interface Listed {
  readonly peers: readonly string[];
  readonly fragments: readonly number[];
  /** It asked for fragments. */
  readonly wanted: boolean;
}

export function listsOf({ said }: Actor): Listed[] {
  return said.filter(({ event }) => event === "listed") as unknown as Listed[];
}

/** Has a peer ask its OMS for peers. Gives back the list. */
export async function askAgain(peer: Actor): Promise<Listed | undefined> {
  const before = peer.said.length;
  peer.tell("ask");
  await peer.heardAfter(before, "asked");
  return listsOf(peer).at(-1);
}

/** What came, in the order in which it came. */
export function gotBy({ said }: Actor): { index: number; from: string }[] {
  return said.flatMap(({ event, index, from }) =>
    event === "got" ? [{ index: Number(index), from: String(from) }] : [],
  );
}

/** Waits until a peer holds so many fragments. */
export async function holdsSoMany(peer: Actor, fragments: number): Promise<void> {
  for (const end = performance.now() + 60_000; (await stateOf(peer)).held.length < fragments; ) {
    if (performance.now() > end) throw new Error(`${peer.name} did not get ${fragments} fragments`);
    await sleep(100);
  }
}

function isSame(some: ReadonlySet<number>, others: readonly number[]): boolean {
  return some.size === others.length && others.every((one) => some.has(one));
}
