import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { expect } from "vitest";
import { damage, generator, mutate } from "./mutate.js";

/** A request that is right, before it is damaged. */
export type ValidRequest = readonly [method: string, path: string, body?: object | undefined, bearer?: string];

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface DamagedRequests {
  readonly url: string;
  readonly inputs: number;
  readonly seed: number;
  /** One right request, with the help of the randomness given. */
  valid(pick: <T>(items: readonly T[]) => T, random: () => number): ValidRequest;
  /** Everything that a request may not have changed when it was refused. */
  state(): string;
  /** Told of every answer that was not a refusal. */
  accepted?(path: string, body: unknown, text: string): void;
}

/**
 * Sends damaged requests and holds the server to it: each is answered, none with an error of the server's own, refusals say why
 * and change nothing.
 *
 * @returns how often which method met which status: `POST 200`
 */
export async function sendDamaged(options: DamagedRequests): Promise<Map<string, number>> {
  const random = generator(options.seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const counts = new Map<string, number>();
  let before = options.state();
  for (let i = 0; i < options.inputs; i++) {
    const [method, path, given, bearer] = options.valid(pick, random);
    const body = structuredClone(given);
    if (body !== undefined && random() < 0.6) mutate(body, random);
    let octets = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    if (octets !== undefined && random() < 0.1) octets = Buffer.from(damage(octets.toString(), random));
    const tail = pick(["/", "//", "%", "%00", "%2f", "?a=%", "/../x", "x".repeat(300), "?".repeat(50), "&version=x"]);
    const target = random() < 0.05 ? path + tail : path;
    const odd = pick(["text/plain", "application/json; charset=utf-16", "", "a/b/c"]);
    const type = random() < 0.03 ? odd : "application/json";
    const verb = random() < 0.03 ? pick(["PATCH", "OPTIONS", "HEAD", "TRACE"]) : method;

    const what = `input ${i}: ${verb} ${target} (${type}) ${octets?.toString("latin1").slice(0, 300)}`;
    const answered = send(`${options.url}${target}`, agent, verb, type, octets, bearer);
    const { status, headers, text } = await answered.catch((error: Error) => expect.fail(`${error.message}: ${what}`));
    const shown = `${what} → ${status} ${text.slice(0, 300)}`;
    const key = `${verb} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(status < 500 || status === 503, shown).toBe(true);
    const after = options.state();
    if (status < 400) {
      options.accepted?.(target, body, text);
      before = after;
      continue;
    }
    if (text !== "") {
      expect(headers["content-type"], shown).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(text), shown).toMatchObject({ status });
    } else if (verb !== "HEAD") {
      expect([401, 404, 405], shown).toContain(status);
    }
    if (after !== before) expect.fail(`a refusal changed the state: ${shown}`);
  }
  agent.destroy();
  return counts;
}

function send(
  url: string,
  agent: Agent,
  method: string,
  type: string,
  body: Buffer | undefined,
  bearer: string | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(body === undefined ? {} : { "content-type": type, "content-length": body.length }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    };
    const outgoing = request(url, { agent, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    outgoing.on("error", reject).end(body);
  });
}
