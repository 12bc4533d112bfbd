import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { runConformance } from "../../engine/runner.js";
import { entities } from "../../entities.js";
import type { Reply, Twist } from "./tiny-homs.js";
import { TinyHoms } from "./tiny-homs.js";

export interface Oddity extends Twist {
  /** Instead of the plain way of putting an answer onto the wire. */
  readonly write?: (response: ServerResponse, reply: Reply) => void;
  readonly delayMs?: number;
}

interface Setting {
  readonly only: readonly string[];
  readonly declaration: DeclarationInput;
  /** To look at afterwards. */
  readonly homs: TinyHoms;
  /** In place of a run that is not recorded. */
  readonly run: (options: RunOptions) => Promise<RunResult>;
}

/** Lifetimes of a second: the waiting cases are done in two. */
const SHORT = { "short-expires": 1, "expiry-grace": 1 };

/** Runs the suite, or the cases selected, against a tiny HOMS with an oddity. */
export async function judge(
  oddity: Oddity,
  { only = [], declaration = {}, homs = new TinyHoms(oddity), run = runConformance }: Partial<Setting> = {},
): Promise<RunResult> {
  const server = createServer((request, response) => void serve(homs, oddity, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await run({
      entity: entities.homs,
      target: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      declaration: { ...declaration, values: { ...SHORT, ...declaration.values } },
      only,
      seed: "0",
      timeoutMs: 10_000,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function serve(homs: TinyHoms, oddity: Oddity, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://homs");
  const body = parse(Buffer.concat(chunks).toString());
  let reply: Reply;
  try {
    reply = homs.handle({ method: request.method ?? "", path: pathname, query: searchParams, body });
  } catch {
    reply = { status: 500 };
  }
  if (oddity.delayMs) await new Promise((resolve) => setTimeout(resolve, oddity.delayMs));
  if (oddity.write) oddity.write(response, reply);
  else if (reply.body === undefined) response.writeHead(reply.status).end();
  else response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
}

function parse(text: string): unknown {
  if (text.includes("[".repeat(1000))) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** For messages of a failing test: what went wrong with the run, case by case. */
export function blemishes({ cases }: RunResult): string[] {
  return cases
    .filter(({ verdict }) => verdict !== "pass" && verdict !== "n/a")
    .map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`);
}
