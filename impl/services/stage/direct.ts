import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, type Cast, openCast } from "./actor.js";
import { type Inventory, takeInventory } from "./remains.js";
import type { ServerName } from "./servers.js";
import { count, type Role, type Wishes } from "./stage.js";

/** What a demonstration found, by what was checked. */
export interface Finding {
  readonly what: string;
  readonly holds: boolean;
  readonly seen: string;
}

export interface Service {
  readonly description: string;
  /** Whole numbers that may be given on the command line, and their defaults. */
  readonly options: Readonly<Record<string, { readonly default: number; readonly description: string }>>;
  /** Started before it plays, in this order. */
  readonly servers: readonly ServerName[];
  /** What they are told beside one another's addresses. */
  readonly serverWishes?: Wishes;
  readonly roles: Readonly<Record<string, Role>>;
  /** Plays the service through, and checks what came of it. */
  readonly direct: (production: Production) => Promise<readonly Finding[]>;
}

export interface Production {
  readonly cast: Cast;
  /** The servers of the service, and where they listen: what every role is told. */
  readonly servers: Readonly<Partial<Record<ServerName, Actor>>>;
  readonly urls: Readonly<Partial<Record<ServerName, string>>>;
  /** What the servers had when they were started. */
  readonly before: Inventory;
  /** For files; removed at the end unless it was given. */
  readonly folder: string;
  /** An option of the service. */
  number(name: string): number;
  /** A line for whoever watches. */
  tell(line: string): void;
}

/** Starts the servers, lets the service play, ends all processes. Gives back what was found. */
export async function produce(
  name: string,
  service: Service,
  options: Wishes,
  tell: (line: string) => void,
  keepIn?: string,
): Promise<readonly Finding[]> {
  const folder = keepIn ?? mkdtempSync(join(tmpdir(), `mp2p-${name}-`));
  mkdirSync(folder, { recursive: true });
  const cast = openCast(name);
  try {
    const servers: Partial<Record<ServerName, Actor>> = {};
    const urls: Partial<Record<ServerName, string>> = {};
    for (const one of service.servers) {
      const actor = cast.start(one, one, { ...service.serverWishes, ...urls, store: join(folder, `${one}.sqlite`) });
      urls[one] = String((await actor.heard("ready")).url);
      servers[one] = actor;
      tell(`${one.toUpperCase()} at ${urls[one]}`);
    }
    const before = await takeInventory({ servers, urls });
    const number = (option: string): number => count(options, option);
    return await service.direct({ cast, servers, urls, before, folder, number, tell });
  } finally {
    await cast.stop();
    if (keepIn === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts actors of one role, `name-1` and so on, and waits until all are ready. */
export async function startAll(
  { cast, urls }: Production,
  role: string,
  names: readonly string[],
  wishes: (name: string) => Wishes = () => ({}),
): Promise<readonly Actor[]> {
  const actors = names.map((name) => cast.start(role, name, { ...urls, ...wishes(name) }));
  await Promise.all(actors.map((actor) => actor.heard("ready")));
  return actors;
}

export const named = (role: string, how: number): string[] => Array.from({ length: how }, (_, i) => `${role}-${i + 1}`);

/** Looks again until `done` or the time is over. */
export async function until(done: () => boolean, withinMs = 30_000): Promise<boolean> {
  for (const end = performance.now() + withinMs; !done(); ) {
    if (performance.now() > end) return false;
    await sleep(50);
  }
  return true;
}

/** Starts a server again that was killed: at the same address, on what it had written. */
export async function restart({ cast, urls, folder, servers }: Production, server: ServerName): Promise<Actor> {
  const { port } = new URL(urls[server] ?? "");
  const actor = cast.start(server, server, { ...urls, store: join(folder, `${server}.sqlite`), port: Number(port) });
  await actor.heard("ready");
  (servers as Partial<Record<ServerName, Actor>>)[server] = actor;
  return actor;
}
