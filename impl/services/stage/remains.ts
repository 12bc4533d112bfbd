import { setTimeout as sleep } from "node:timers/promises";
import type { Production } from "./direct.js";

/** What one server has: its own figures, and the keys of the rows in its store, by table. */
interface Belongings {
  readonly figures: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

/** What the servers of a production had before any session, by name. */
export type Inventory = Readonly<Record<string, Belongings>>;

/** Of no session: how a server runs, that it runs, and what the UNIS said of addresses, which is kept for as long as it allows [8.3 c]. */
const ofTheServer =
  /_store_|_process_|^process_|^nodejs_|_open_|_in_flight|_build_info|_start_time|_uptime|_cache_servers$|_distances$|_away$/;

/** How many overlay networks an OMS ever had, in a row of its own: of no session. */
const counters: Readonly<Record<string, readonly string[]>> = { oms_state: ["generation"] };

/** How long servers may take to be told, and to write it. */
const settleMs = 20_000;

/** What the servers say of themselves in /healthz, as `PAMS: 4 peers`; empty where nothing is there. */
export async function health({ urls }: Pick<Production, "urls">): Promise<string> {
  const there: string[] = [];
  for (const [server, url] of Object.entries(urls)) {
    const said = (await (await fetch(`${url}/healthz`)).json()) as Readonly<Record<string, unknown>>;
    for (const [what, how] of Object.entries(said)) {
      if (typeof how === "number" && how > 0) there.push(`${server.toUpperCase()}: ${how} ${what}`);
    }
  }
  return there.join(", ");
}

/** Figures of every server in /healthz and /metrics, and every row of its store. */
export async function takeInventory({ servers, urls }: Pick<Production, "servers" | "urls">): Promise<Inventory> {
  const all: Record<string, Belongings> = {};
  for (const [server, actor] of Object.entries(servers)) {
    const url = String(urls[server as keyof typeof urls]);
    const figures = gaugesIn(await (await fetch(`${url}/metrics`)).text());
    const said = (await (await fetch(`${url}/healthz`)).json()) as Readonly<Record<string, unknown>>;
    for (const [what, how] of Object.entries(said)) if (typeof how === "number") figures[`healthz ${what}`] = how;
    const before = actor.said.length;
    actor.tell("rows");
    const { rows } = await actor.heardAfter(before, "rows");
    all[server] = { figures, rows: rows as Belongings["rows"] };
  }
  return all;
}

/**
 * What the servers of a production still keep of any session, in memory or on disk: figures above those before it, and rows that were not
 * there; empty where that is nothing [X.609.10 7.1.3]. What is being told and written is waited for.
 */
export async function remains(production: Pick<Production, "servers" | "urls" | "before">): Promise<string> {
  for (const end = performance.now() + settleMs; ; ) {
    const left = difference(production.before, await takeInventory(production));
    if (left.length === 0 || performance.now() > end) return left.join(", ");
    await sleep(500);
  }
}

function difference(before: Inventory, after: Inventory): string[] {
  const left: string[] = [];
  for (const [server, { figures, rows }] of Object.entries(after)) {
    const { figures: had, rows: held } = before[server] ?? { figures: {}, rows: {} };
    for (const [what, how] of Object.entries(figures)) {
      if (how > (had[what] ?? 0)) left.push(`${server.toUpperCase()}: ${what} ${how}`);
    }
    for (const [table, keys] of Object.entries(rows)) {
      const known = new Set([...(held[table] ?? []), ...(counters[table] ?? [])]);
      const fresh = keys.filter((key) => !known.has(key));
      if (fresh.length > 0) left.push(`${server.toUpperCase()}: ${fresh.length} rows in ${table} (${fresh[0]})`);
    }
  }
  return left;
}

/** Gauges of the text format of Prometheus, by name and labels: counters only ever rise. */
function gaugesIn(text: string): Record<string, number> {
  const gauges = new Set<string>();
  const found: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const [, declared] = /^# TYPE (\S+) gauge$/.exec(line) ?? [];
    if (declared !== undefined) gauges.add(declared);
    const [, name = "", labels = "", value] = /^([a-zA-Z_:][\w:]*)(\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (gauges.has(name) && !ofTheServer.test(name)) found[name + labels] = Number(value);
  }
  return found;
}
