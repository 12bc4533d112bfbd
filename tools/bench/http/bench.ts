import { startServer } from "../child.js";
import { compare, type Goal, printGoals, printRanking } from "../rounds.js";
import { drive, request } from "./load.js";
import { peers, refreshBody, reportBody } from "./messages.js";

/** What this bench needs of one entity's server process. */
interface Entity {
  /** Module under `servers/`. */
  readonly server: "pams" | "homs";
  readonly title: string;
  readonly requests: readonly Buffer[];
}

const load = { count: 6000, connections: 64 };

/** PAMS report and HOMS refresh through the whole stack, against bare `node:http`, Express and Fastify. */
export async function benchHttp(rounds: number): Promise<readonly Goal[]> {
  const indexes = Array.from({ length: peers }, (_, index) => index);
  const entities: readonly Entity[] = [
    {
      server: "pams",
      title: "PAMS: PAMP_PEER_STATUS_REPORT",
      requests: indexes.map((i) => request("PUT", `/pams/bench/peer/peer-${i}/`, reportBody(i))),
    },
    {
      server: "homs",
      title: "HOMS: HybridOverlayRefresh",
      requests: indexes.map((i) => request("PUT", "/peer", refreshBody("@overlay", i))),
    },
  ];
  const goals: Goal[] = [];
  for (const entity of entities) goals.push(...(await benchEntity(entity, rounds)));
  return goals;
}

async function benchEntity({ server, title, requests }: Entity, rounds: number): Promise<readonly Goal[]> {
  const names = ["bare", "express", "fastify", server];
  const processes = await Promise.all(
    names.map((name) => startServer(new URL(`./servers/${name}.js`, import.meta.url))),
  );
  try {
    const contenders = names.map((name, position) => {
      const running = processes[position];
      if (running === undefined) throw new Error(`${name} did not start`);
      return {
        name,
        // Less is better: the server's own CPU time per request, in microseconds.
        round: async () => {
          const octets = server === "homs" ? await addressed(running.port, requests, name) : requests;
          await drive(running.port, octets, { ...load, count: 500 });
          const before = await running.cpu();
          await drive(running.port, octets, load);
          return ((await running.cpu()) - before) / load.count;
        },
      };
    });
    const ranking = await compare(contenders, { rounds, reference: "bare" });
    printRanking(`${title}, Node ${process.versions.node}`, "server CPU µs per request", ranking);
    const cost = (name: string): number => ranking.find((row) => row.name === name)?.ratio ?? Number.NaN;
    const goals = [
      goal(`${server}: of bare node:http`, 1 / cost(server), 0.7, "≥ 0.7 ×"),
      goal(`${server}: of stock Express`, cost("express") / cost(server), 3, "≥ 3 ×"),
      goal(`${server}: of Fastify with schemas`, cost("fastify") / cost(server), 1, "> 1 ×"),
    ];
    printGoals(goals);
    return goals;
  } finally {
    await Promise.all(processes.map((running) => running.stop()));
  }
}

/** The HOMS allocates its own overlay-id; its bench process tells it, so the requests are made to fit. */
async function addressed(port: number, requests: readonly Buffer[], name: string): Promise<readonly Buffer[]> {
  if (name !== "homs") return requests;
  const answer = await fetch(`http://127.0.0.1:${port}/homs`);
  const { overlay } = (await answer.json()) as { overlay: readonly { "overlay-id": string }[] };
  const overlayId = overlay[0]?.["overlay-id"] ?? "";
  return requests.map((_, index) => request("PUT", "/peer", refreshBody(overlayId, index)));
}

function goal(what: string, measured: number, least: number, wanted: string): Goal {
  return { what, wanted, measured, met: measured >= least };
}
