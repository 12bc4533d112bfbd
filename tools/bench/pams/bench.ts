import { Agent, request } from "node:http";
import { startServer } from "../child.js";
import { type Goal, median, printGoals } from "../rounds.js";
import { fragmentGoals } from "./fragments.js";
import { queries, reportOf } from "./messages.js";

/** Reports per second that arrive while queries are timed. */
const reportsPerSecond = 2_000;
const queriesPerRound = 400;

/** List queries while peers report: 100,000 registered against 1,000; and fragment queries over 10,000 × 10,000. */
export async function benchPams(rounds: number): Promise<readonly Goal[]> {
  const goals = [...(await fragmentGoals(rounds)), ...(await sizeGoals(rounds))];
  printGoals(goals);
  return goals;
}

interface Contender {
  readonly name: string;
  readonly peers: number;
  readonly reports: number;
  readonly port: number;
  /** Milliseconds of each query, by its kind. */
  readonly times: Map<string, number[]>;
  readonly p99: number[];
}

async function sizeGoals(rounds: number): Promise<Goal[]> {
  const few = await startServer(new URL("./servers/few.js", import.meta.url));
  const many = await startServer(new URL("./servers/many.js", import.meta.url));
  const contenders: Contender[] = [
    contender("1,000 peers", 1_000, few.port, reportsPerSecond),
    contender("100,000 peers", 100_000, many.port, reportsPerSecond),
    // As often each as those of the 100,000.
    contender("1,000 peers, 20 reports/s", 1_000, few.port, reportsPerSecond / 100),
  ];
  try {
    // The first queries make the rankings, in the background.
    for (const one of contenders) await round(one, 100);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    for (const one of contenders) {
      one.times.clear();
      one.p99.length = 0;
    }
    for (let i = 0; i < rounds; i++) for (const one of contenders) await round(one, queriesPerRound);
  } finally {
    await few.stop();
    await many.stop();
  }
  console.log(
    `\n### A list query over HTTP while ${reportsPerSecond} reports/s arrive, where nothing else is said, ms\n\n| query | peers | median | p99 |\n|---|---|---|---|`,
  );
  for (const kind of Object.keys(queries)) {
    for (const { name, times } of contenders) {
      const own = times.get(kind) ?? [];
      console.log(`| ${kind} | ${name} | ${median(own).toFixed(2)} | ${percentile(own, 0.99).toFixed(2)} |`);
    }
  }
  const [small, large, calm] = contenders;
  const over = (other: Contender | undefined): number =>
    median((large?.p99 ?? []).map((p99, i) => p99 / (other?.p99[i] ?? Number.NaN)));
  const measured = over(small);
  console.log(`\np99 of all, 100,000 peers times 1,000 that send 20 reports/s in all: ${over(calm).toFixed(2)}`);
  const what = "pams: p99 of list queries with 100,000 peers reporting, times that with 1,000";
  return [{ what, wanted: "≤ 2", measured, met: measured <= 2 }];
}

function contender(name: string, peers: number, port: number, reports: number): Contender {
  return { name, peers, reports, port, times: new Map(), p99: [] };
}

/** Reports at a steady rate, queries one after the other. */
async function round(one: Contender, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const { port, peers, reports } = one;
  let sent = 0;
  const begun = performance.now();
  const under: Promise<unknown>[] = [];
  const reporting = setInterval(() => {
    const due = ((performance.now() - begun) / 1000) * reports;
    for (; sent < due; sent++) {
      const peer = (sent * 7919) % peers;
      const body = JSON.stringify({ peer_status: reportOf(peer, sent) });
      under.push(exchange(agent, port, "PUT", `/pams/bench/peer/peer-${peer}/`, body));
    }
  }, 5);
  const querying = new Agent({ keepAlive: true, maxSockets: 1 });
  const all: number[] = [];
  for (let n = 0; n < count; n++) {
    for (const [kind, condition] of Object.entries(queries)) {
      const body = JSON.stringify({ peer_query_condition: condition(n) });
      const start = performance.now();
      const status = await exchange(querying, port, "GET", "/pams/bench/peer", body);
      if (status !== 200) throw new Error(`${kind} was answered ${status}`);
      const time = performance.now() - start;
      all.push(time);
      const times = one.times.get(kind) ?? [];
      one.times.set(kind, times);
      times.push(time);
    }
  }
  clearInterval(reporting);
  await Promise.all(under);
  agent.destroy();
  querying.destroy();
  one.p99.push(percentile(all, 0.99));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function exchange(agent: Agent, port: number, method: string, path: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    request({ agent, port, host: "127.0.0.1", method, path, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", reject)
      .end(body);
  });
}
